//! DescribeAnomalyDetectors: detectors by id, metric or kind.
//!
//! Limits: 100 a page.
//! Errors: `InvalidNextToken`, `InvalidParameterValue`.
//! Source: API reference "DescribeAnomalyDetectors".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::{Findings, Path};
use crate::services::cloudwatch::held::{AnomalyDetector, Detector};
use crate::services::cloudwatch::metric::{Dimension, check_dimensions};
use crate::services::cloudwatch::paging::position;
use crate::services::cloudwatch::state::CloudWatch;

const PAGE: usize = 100;
const KINDS: [&str; 2] = ["SINGLE_METRIC", "METRIC_MATH"];
const IDS_MAX: usize = 50;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub anomaly_detector_ids: Option<Vec<String>>,
    pub anomaly_detector_types: Option<Vec<String>>,
    pub dimensions: Option<Vec<Dimension>>,
    pub max_results: Option<i32>,
    pub metric_name: Option<String>,
    pub namespace: Option<String>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub anomaly_detectors: Option<Vec<AnomalyDetector>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    request.check()?;
    let asked = request.max_results.map_or(PAGE, |max| max.unsigned_abs() as usize);
    let after = position(ctx, request.next_token.as_deref())?;
    let mut found = cloudwatch
        .held
        .detectors
        .iter()
        .filter(|(id, _)| after.as_ref().is_none_or(|after| *id > after))
        .filter(|(id, detector)| request.wants(id, detector));
    let page: Vec<_> = found.by_ref().take(asked.min(PAGE)).collect();
    let last = page.last().filter(|_| found.next().is_some());
    let next_token = last.map(|(id, _)| ctx.page_token(id));
    let shown = page.into_iter().map(|(id, detector)| detector.shown(id));
    Ok(Response { anomaly_detectors: Some(shown.collect()), next_token })
}

impl Request {
    fn check(&self) -> Result<(), CloudWatchError> {
        let mut findings = Findings::default();
        let dimensions = self.dimensions.as_deref().unwrap_or_default();
        check_dimensions(&mut findings, Path::of("Dimensions"), dimensions);
        for (number, kind) in (1..).zip(self.anomaly_detector_types.iter().flatten().take(2)) {
            if !KINDS.contains(&kind.as_str()) {
                findings.one_of(Path::of("AnomalyDetectorTypes").item(number), &KINDS);
            }
        }
        let kinds = self.anomaly_detector_types.as_ref().map_or(0, Vec::len);
        findings.size(Path::of("AnomalyDetectorTypes"), kinds, KINDS.len());
        let ids = self.anomaly_detector_ids.as_ref().map_or(0, Vec::len);
        findings.size(Path::of("AnomalyDetectorIds"), ids, IDS_MAX);
        if self.max_results.is_some_and(|max| max < 1) {
            findings.value("The parameter MaxResults must be greater than or equal to 1.");
        }
        findings.done()
    }

    /// Detectors of single metrics, unless other kinds are asked for.
    fn wants(&self, id: &String, detector: &Detector) -> bool {
        let kinds = self.anomaly_detector_types.as_deref().filter(|kinds| !kinds.is_empty());
        let ids = self.anomaly_detector_ids.as_deref().filter(|ids| !ids.is_empty());
        let is_kind = match kinds {
            Some(kinds) => kinds.iter().any(|kind| kind == detector.kind()),
            None => ids.is_some() || detector.single.is_some(),
        };
        let same = |wanted: &Option<String>, has: Option<&String>| {
            wanted.as_ref().is_none_or(|wanted| has == Some(wanted))
        };
        let single = detector.single.as_ref();
        let has = single.and_then(|it| it.dimensions.as_deref()).unwrap_or_default();
        is_kind
            && ids.is_none_or(|ids| ids.contains(id))
            && same(&self.namespace, single.and_then(|it| it.namespace.as_ref()))
            && same(&self.metric_name, single.and_then(|it| it.metric_name.as_ref()))
            && self.dimensions.iter().flatten().all(|wanted| has.contains(wanted))
    }
}
