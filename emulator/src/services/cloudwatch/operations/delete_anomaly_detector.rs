//! DeleteAnomalyDetector: forgets a detector, by its id or by what it is of.
//!
//! Errors: `ResourceNotFoundException`, `MissingParameter`, `InvalidParameterValue`,
//! `InvalidParameterCombination`.
//! Source: API reference "DeleteAnomalyDetector".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::detector_request::Named;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::held::{MetricMathAnomalyDetector, SingleMetricAnomalyDetector};
use crate::services::cloudwatch::metric::Dimension;
use crate::services::cloudwatch::state::CloudWatch;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub anomaly_detector_id: Option<String>,
    pub dimensions: Option<Vec<Dimension>>,
    pub metric_math_anomaly_detector: Option<MetricMathAnomalyDetector>,
    pub metric_name: Option<String>,
    pub namespace: Option<String>,
    pub single_metric_anomaly_detector: Option<SingleMetricAnomalyDetector>,
    pub stat: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    _ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let all = &mut cloudwatch.held.detectors;
    let not_found = |name: String| CloudWatchError::ResourceNotFound("anomaly-detector", name);
    if let Some(id) = request.anomaly_detector_id {
        return match all.remove(&id) {
            Some(_) => Ok(Response {}),
            None => Err(not_found(id)),
        };
    }
    let named = Named {
        namespace: request.namespace,
        metric_name: request.metric_name,
        dimensions: request.dimensions,
        stat: request.stat,
        single: request.single_metric_anomaly_detector,
        math: request.metric_math_anomaly_detector,
    };
    let wanted = named.detector()?;
    let known = all.iter().find(|(_, known)| known.is_of_the_same(&wanted));
    match known.map(|(id, _)| id.clone()) {
        Some(id) => {
            all.remove(&id);
            Ok(Response {})
        }
        None => {
            let name = wanted.single.and_then(|single| single.metric_name);
            Err(not_found(name.unwrap_or_else(|| "metric math".to_owned())))
        }
    }
}
