//! PutAnomalyDetector: says of which metric or expression a band will be asked for.
//!
//! Limits: see `detector_request.rs`.
//! Errors: `MissingParameter`, `InvalidParameterValue`, `InvalidParameterCombination`,
//! `LimitExceededException`.
//! Source: API reference "PutAnomalyDetector". Unverified: the form of ids.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::detector_request::Named;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::held::{
    AnomalyDetectorConfiguration, Detector, MetricCharacteristics, MetricMathAnomalyDetector,
    SingleMetricAnomalyDetector, check_number,
};
use crate::services::cloudwatch::metric::Dimension;
use crate::services::cloudwatch::state::CloudWatch;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub configuration: Option<AnomalyDetectorConfiguration>,
    pub dimensions: Option<Vec<Dimension>>,
    pub metric_characteristics: Option<MetricCharacteristics>,
    pub metric_math_anomaly_detector: Option<MetricMathAnomalyDetector>,
    pub metric_name: Option<String>,
    pub namespace: Option<String>,
    pub single_metric_anomaly_detector: Option<SingleMetricAnomalyDetector>,
    pub stat: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub anomaly_detector_id: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let named = Named {
        namespace: request.namespace,
        metric_name: request.metric_name,
        dimensions: request.dimensions,
        stat: request.stat,
        single: request.single_metric_anomaly_detector,
        math: request.metric_math_anomaly_detector,
    };
    let detector = Detector {
        configuration: request.configuration,
        characteristics: request.metric_characteristics,
        ..named.detector()?
    };
    let all = &mut cloudwatch.held.detectors;
    let known = all.iter().find(|(_, known)| known.is_of_the_same(&detector));
    let known = known.map(|(id, _)| id.clone());
    if known.is_none() {
        check_number(all.len())?;
    }
    if detector.configuration.is_some() {
        ctx.not_honoured("Configuration")?;
    }
    if detector.characteristics.is_some() {
        ctx.not_honoured("MetricCharacteristics")?;
    }
    let id = known.unwrap_or_else(|| ctx.ids().uuid().to_string());
    all.insert(id.clone(), detector);
    Ok(Response { anomaly_detector_id: Some(id) })
}
