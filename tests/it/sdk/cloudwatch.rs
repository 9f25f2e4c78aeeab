//! `aws-sdk-cloudwatch`: rpcv2Cbor.

use std::time::Duration;

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::error::ProvideErrorMetadata as _;
use aws_sdk_cloudwatch::operation::put_metric_data::PutMetricDataError;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{MetricDatum, StandardUnit, Statistic};

use super::emulator;

#[tokio::test(start_paused = true)]
async fn data_become_statistics() {
    let emulator = emulator();
    let metrics = Client::new(&emulator.sdk_config());
    let now = DateTime::from_secs(emulator.now().seconds());
    for value in [1.0, 4.0] {
        let datum = MetricDatum::builder().metric_name("orders").value(value);
        let datum = datum.unit(StandardUnit::Count).timestamp(now).build();
        let put = metrics.put_metric_data().namespace("Shop");
        put.metric_data(datum).send().await.unwrap();
    }
    emulator.advance(Duration::from_secs(60));
    let get = metrics.get_metric_statistics().namespace("Shop");
    let get = get.metric_name("orders").period(60).start_time(now);
    let end = DateTime::from_secs(emulator.now().seconds());
    let get = get.end_time(end).statistics(Statistic::Sum);
    let answer = get.statistics(Statistic::Maximum).send().await.unwrap();
    let [point] = answer.datapoints() else {
        panic!("one point is expected: {answer:?}");
    };
    assert_eq!((point.sum(), point.maximum()), (Some(5.0), Some(4.0)));
    assert_eq!(point.timestamp(), Some(&now));
}

#[tokio::test(start_paused = true)]
async fn missing_data_are_a_typed_error() {
    let metrics = Client::new(&emulator().sdk_config());
    let put = metrics.put_metric_data().namespace("Shop").send().await;
    let error = put.unwrap_err().into_service_error();
    let PutMetricDataError::MissingRequiredParameterException(error) = error else {
        panic!("another error: {error:?}");
    };
    assert_eq!(error.code(), Some("MissingParameter"));
}
