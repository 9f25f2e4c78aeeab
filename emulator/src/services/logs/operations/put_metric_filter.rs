//! PutMetricFilter: makes or replaces a filter that turns events into data points.
//!
//! Limits: 100 filters a group, one metric each, three dimensions; patterns of 1,024 letters.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `LimitExceededException`.
//! Source: API reference "PutMetricFilter"; recordings of 2026-02-05.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, FILTER_NAME, FILTER_PATTERN, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::metric_filter::MetricFilter;
use crate::services::logs::metric_transformation;
use crate::services::logs::pattern::FilterPattern;
use crate::services::logs::shapes::MetricTransformation;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub apply_on_transformed_logs: Option<bool>,
    pub emit_system_field_dimensions: Option<Vec<String>>,
    pub field_selection_criteria: Option<String>,
    pub filter_name: Option<String>,
    pub filter_pattern: Option<String>,
    pub log_group_name: Option<String>,
    pub metric_transformations: Option<Vec<MetricTransformation>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    constraint::names(request.log_group_name.as_ref(), None)?;
    let mut check = Constraints::default();
    FILTER_NAME.required(&mut check, "filterName", request.filter_name.as_ref());
    FILTER_PATTERN.required(&mut check, "filterPattern", request.filter_pattern.as_ref());
    let transformations = request.metric_transformations.as_deref();
    check.required("metricTransformations", transformations.as_ref());
    let shown: Vec<String> =
        transformations.unwrap_or_default().iter().map(metric_transformation::shown).collect();
    if transformations.is_some() {
        check.entries("metricTransformations", &shown, (1, 1));
    }
    for transformation in transformations.unwrap_or_default().iter().take(1) {
        metric_transformation::check(&mut check, transformation);
    }
    check.done()?;
    let group = given("logGroupName", request.log_group_name)?;
    let name = given("filterName", request.filter_name)?;
    let pattern = FilterPattern::parse(&given("filterPattern", request.filter_pattern)?)?;
    let transformations = request.metric_transformations.unwrap_or_default();
    let transformation = given("metricTransformations", transformations.into_iter().next())?;
    metric_transformation::validate(&transformation)?;
    let existing = &logs.group(&group)?.metric_filters;
    if !existing.contains_key(&name) && existing.len() >= FILTERS_MAX {
        return Err(LogsError::LimitExceeded);
    }
    for (member, used) in [
        ("applyOnTransformedLogs", request.apply_on_transformed_logs == Some(true)),
        ("emitSystemFieldDimensions", request.emit_system_field_dimensions.is_some()),
        ("fieldSelectionCriteria", request.field_selection_criteria.is_some()),
    ] {
        if used {
            ctx.not_honoured(member)?;
        }
    }
    let filter = MetricFilter {
        name: name.clone(),
        pattern,
        transformation,
        created: ctx.now().millis(),
        apply_on_transformed_logs: request.apply_on_transformed_logs.unwrap_or_default(),
        emit_system_field_dimensions: request.emit_system_field_dimensions,
        field_selection_criteria: request.field_selection_criteria,
    };
    logs.group_mut(&group)?.metric_filters.insert(name, filter);
    Ok(Response {})
}

/// Source: user guide "CloudWatch Logs quotas".
const FILTERS_MAX: usize = 100;
