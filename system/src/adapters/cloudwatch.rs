//! Sends figures to CloudWatch as custom metrics.

use std::time::Duration;

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit, StatisticSet};
use aws_smithy_types::DateTime;

use super::aws::Aws;
use crate::config::METRIC_NAMESPACE;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

/// Data of one PutMetricData call. Source: PutMetricData, API reference.
const DATA_MAX: usize = 1000;

#[derive(Clone, Debug)]
pub struct MetricSink {
    client: Client,
}

/// Durations of one kind of work since the last publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Durations {
    pub count: u64,
    pub sum: Duration,
    pub least: Duration,
    pub most: Duration,
}

/// One figure with its dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub name: &'static str,
    pub dimensions: Vec<(&'static str, String)>,
    pub value: FigureValue,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FigureValue {
    Count(u64),
    /// Of a moment: its average says something, its sum does not.
    Gauge(f64),
    Durations(Durations),
}

impl MetricSink {
    pub fn new(aws: &Aws) -> Self {
        Self { client: aws.cloudwatch() }
    }

    pub async fn put(&self, figures: &[Figure], now: Timestamp) -> Result<(), Failure> {
        for chunk in figures.chunks(DATA_MAX) {
            let data = chunk.iter().map(|figure| datum(figure, now)).collect();
            self.client
                .put_metric_data()
                .namespace(METRIC_NAMESPACE)
                .set_metric_data(Some(data))
                .send()
                .await
                .map_err(|error| {
                    Failure::of_call(Dependency::CloudWatch, "PutMetricData", &error)
                })?;
        }
        Ok(())
    }
}

fn datum(figure: &Figure, now: Timestamp) -> MetricDatum {
    let mut datum = MetricDatum::builder()
        .metric_name(figure.name)
        .timestamp(DateTime::from_millis(now.as_millis()));
    for (name, value) in &figure.dimensions {
        datum = datum.dimensions(Dimension::builder().name(*name).value(value).build());
    }
    let datum = match figure.value {
        FigureValue::Count(count) => datum.unit(StandardUnit::Count).value(count as f64),
        FigureValue::Gauge(value) => datum.value(value),
        FigureValue::Durations(durations) => {
            let millis = |duration: Duration| duration.as_secs_f64() * 1000.0;
            let set = StatisticSet::builder()
                .sample_count(durations.count as f64)
                .sum(millis(durations.sum))
                .minimum(millis(durations.least))
                .maximum(millis(durations.most))
                .build();
            datum.unit(StandardUnit::Milliseconds).statistic_values(set)
        }
    };
    datum.build()
}
