//! PutMetricData: adds samples to metrics, all of them or none.
//!
//! Limits: 1,000 entries; those of an entry are in `datum.rs`.
//! Errors: `InvalidParameterValue`, `InvalidParameterCombination`, `MissingParameter`.
//! Source: API reference "PutMetricData"; recordings of 2025-09-19.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::datum::MetricDatum;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::{Findings, Path};
use crate::services::cloudwatch::metric::check_namespace;
use crate::services::cloudwatch::state::CloudWatch;

/// Most entries of one request, those with an entity included.
const ENTRIES_MAX: usize = 1000;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub namespace: Option<String>,
    pub metric_data: Option<Vec<MetricDatum>>,
    /// The samples count; the entities they belong to are not kept.
    pub entity_metric_data: Option<Vec<EntityMetricData>>,
    pub strict_entity_validation: Option<bool>,
}

/// Samples and what they describe.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EntityMetricData {
    pub entity: Option<Entity>,
    pub metric_data: Option<Vec<MetricDatum>>,
}

/// What samples describe, such as a service or a host.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Entity {
    pub key_attributes: Option<BTreeMap<String, String>>,
    pub attributes: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    request.check(ctx)?;
    if request.entity_metric_data.iter().flatten().any(|data| data.entity.is_some()) {
        ctx.not_honoured("EntityMetricData.Entity")?;
    }
    if request.strict_entity_validation == Some(true) {
        ctx.not_honoured("StrictEntityValidation")?;
    }
    let now = ctx.now();
    let namespace = request.namespace.unwrap_or_default();
    let with_entity = request.entity_metric_data.into_iter().flatten();
    let with_entity = with_entity.filter_map(|data| data.metric_data).flatten();
    let data = request.metric_data.into_iter().flatten().chain(with_entity);
    for (metric, sample) in data.filter_map(|datum| datum.into_sample(&namespace, now)) {
        cloudwatch.put(ctx, metric, &sample);
    }
    Ok(Response {})
}

impl Request {
    fn check(&self, ctx: &Context<'_>) -> Result<(), CloudWatchError> {
        let mut findings = Findings::default();
        check_namespace(&mut findings, self.namespace.as_deref());
        let plain = self.metric_data.as_deref().unwrap_or_default();
        let entities = self.entity_metric_data.as_deref().unwrap_or_default();
        let of_entity = |data: &EntityMetricData| data.metric_data.as_ref().map_or(0, Vec::len);
        let entries = plain.len() + entities.iter().map(of_entity).sum::<usize>();
        if entries == 0 {
            findings.required(Path::of("MetricData"));
        }
        findings.size(Path::of("MetricData"), entries, ENTRIES_MAX);
        // Not worth looking at one by one, and the answer would be as long.
        if entries <= ENTRIES_MAX {
            for (number, datum) in (1..).zip(plain) {
                datum.check(&mut findings, Path::of("MetricData").item(number), ctx.now());
            }
            for (outer, data) in (1..).zip(entities) {
                let above = Path::of("EntityMetricData").item(outer);
                for (inner, datum) in (1..).zip(data.metric_data.iter().flatten()) {
                    let path = above.member("MetricData").item(inner);
                    datum.check(&mut findings, path, ctx.now());
                }
            }
        }
        findings.done()
    }
}
