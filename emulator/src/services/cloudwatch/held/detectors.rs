//! Anomaly detectors: of which metrics and expressions a band is asked for.
//!
//! A band needs no detector here (see `math::band`); one says what a client has set up.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::services::cloudwatch::alarm::MetricDataQuery;
use crate::services::cloudwatch::metric::Dimension;
use crate::wire::Timestamp;

/// A detector as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Detector {
    pub(in crate::services::cloudwatch) single: Option<SingleMetricAnomalyDetector>,
    pub(in crate::services::cloudwatch) math: Option<MetricMathAnomalyDetector>,
    pub(in crate::services::cloudwatch) configuration: Option<AnomalyDetectorConfiguration>,
    pub(in crate::services::cloudwatch) characteristics: Option<MetricCharacteristics>,
}

impl Detector {
    /// AWS's word for what it is of.
    pub(in crate::services::cloudwatch) fn kind(&self) -> &'static str {
        if self.math.is_some() { "METRIC_MATH" } else { "SINGLE_METRIC" }
    }

    /// Whether another one would be of the same data.
    pub(in crate::services::cloudwatch) fn is_of_the_same(&self, other: &Self) -> bool {
        self.single == other.single && self.math == other.math
    }

    /// As it is shown; the members of old clients are those of the single metric.
    pub(in crate::services::cloudwatch) fn shown(&self, id: &str) -> AnomalyDetector {
        let single = self.single.clone();
        AnomalyDetector {
            namespace: single.as_ref().and_then(|it| it.namespace.clone()),
            metric_name: single.as_ref().and_then(|it| it.metric_name.clone()),
            dimensions: single.as_ref().and_then(|it| it.dimensions.clone()),
            stat: single.as_ref().and_then(|it| it.stat.clone()),
            configuration: self.configuration.clone(),
            // Bands are made of whatever data is there.
            state_value: Some("TRAINED".to_owned()),
            metric_characteristics: self.characteristics.clone(),
            single_metric_anomaly_detector: single,
            metric_math_anomaly_detector: self.math.clone(),
            anomaly_detector_id: Some(id.to_owned()),
        }
    }
}

/// A detector in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AnomalyDetector {
    pub anomaly_detector_id: Option<String>,
    pub configuration: Option<AnomalyDetectorConfiguration>,
    pub dimensions: Option<Vec<Dimension>>,
    pub metric_characteristics: Option<MetricCharacteristics>,
    pub metric_math_anomaly_detector: Option<MetricMathAnomalyDetector>,
    pub metric_name: Option<String>,
    pub namespace: Option<String>,
    pub single_metric_anomaly_detector: Option<SingleMetricAnomalyDetector>,
    pub stat: Option<String>,
    pub state_value: Option<String>,
}

/// How a model would be trained.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AnomalyDetectorConfiguration {
    pub adaptation_speed: Option<String>,
    pub excluded_time_ranges: Option<Vec<TimeRange>>,
    pub metric_timezone: Option<String>,
    pub outlier_filtering_strength: Option<String>,
}

/// A time that would not count.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TimeRange {
    pub end_time: Option<Timestamp>,
    pub start_time: Option<Timestamp>,
}

/// What is known of a metric.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricCharacteristics {
    pub periodic_spikes: Option<bool>,
}

/// A metric and its statistic.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SingleMetricAnomalyDetector {
    pub account_id: Option<String>,
    pub dimensions: Option<Vec<Dimension>>,
    pub metric_name: Option<String>,
    pub namespace: Option<String>,
    pub stat: Option<String>,
}

/// An expression and what it builds on.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricMathAnomalyDetector {
    pub metric_data_queries: Option<Vec<MetricDataQuery>>,
}
