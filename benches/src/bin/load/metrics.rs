//! CloudWatch's requests: the same bytes each time, so that what a request costs is what it does.

use std::io;

use serde_json::json;

use super::clock;
use super::sqs::Client;

/// The target of CloudWatch's operations.
pub(crate) const TARGET: &str = "GraniteServiceVersion20100801.";
const NAMESPACE: &str = "Load";
/// Data points of one PutMetricData.
const POINTS: u64 = 20;
const DAY: u64 = 86_400;

/// What is asked of CloudWatch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Metrics {
    /// Twenty data points, each of a metric of its own.
    Put,
    /// A day's figures of one metric, by the minute.
    Get,
}

impl Metrics {
    pub(crate) fn operation(self) -> &'static str {
        match self {
            Self::Put => "PutMetricData",
            Self::Get => "GetMetricData",
        }
    }

    /// The request's body.
    pub(crate) fn body(self) -> Vec<u8> {
        let body = match self {
            Self::Put => {
                let point = |number: u64| {
                    let dimensions = json!([{"Name": "Instance", "Value": format!("i-{number}")}]);
                    json!({
                        "MetricName": "Latency", "Dimensions": dimensions, "Unit": "Milliseconds",
                        "Value": number as f64 + 0.5,
                    })
                };
                let points: Vec<_> = (0..POINTS).map(point).collect();
                json!({"Namespace": NAMESPACE, "MetricData": points})
            }
            Self::Get => {
                let metric = json!({"Namespace": NAMESPACE, "MetricName": "Minutes"});
                let stat = json!({"Metric": metric, "Period": 60, "Stat": "Average"});
                let end = minute();
                json!({
                    "MetricDataQueries": [{"Id": "m1", "MetricStat": stat}],
                    "StartTime": end - DAY, "EndTime": end,
                })
            }
        };
        body.to_string().into_bytes()
    }

    /// Puts the data that is asked for.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(crate) async fn prepare(self, address: &str) -> io::Result<()> {
        if self == Self::Put {
            return Ok(());
        }
        let mut client = Client::open(address).await?;
        let minutes: Vec<u64> = (minute() - DAY..minute()).step_by(60).collect();
        for part in minutes.chunks(720) {
            let point =
                |at: &u64| json!({"MetricName": "Minutes", "Value": at % 977, "Timestamp": at});
            let points: Vec<_> = part.iter().map(point).collect();
            let body = json!({"Namespace": NAMESPACE, "MetricData": points});
            client.ask("PutMetricData", &body).await?;
        }
        Ok(())
    }
}

/// The minute that is now, in seconds since 1970.
fn minute() -> u64 {
    (clock::unix_nanos() / 1_000_000_000) as u64 / 60 * 60
}
