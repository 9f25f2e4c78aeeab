//! DescribeMetricFilters: metric filters of a group or of all, by name or by metric.
//!
//! Limits: pages of 50.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API reference "DescribeMetricFilters"; recordings of 2026-02-05.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, FILTER_NAME, METRIC_NAME};
use crate::services::logs::error::LogsError;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::MetricFilter;
use crate::services::logs::state::Logs;
use crate::wire::Gather as _;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub filter_name_prefix: Option<String>,
    pub limit: Option<i32>,
    pub log_group_name: Option<String>,
    pub metric_name: Option<String>,
    pub metric_namespace: Option<String>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub metric_filters: Option<Vec<MetricFilter>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    let prefix = request.filter_name_prefix.as_deref();
    FILTER_NAME.check(&mut check, "filterNamePrefix", prefix);
    let (metric, namespace) = (request.metric_name.as_deref(), request.metric_namespace.as_deref());
    METRIC_NAME.check(&mut check, "metricName", metric);
    METRIC_NAME.check(&mut check, "metricNamespace", namespace);
    check.done()?;
    if metric.is_some() != namespace.is_some() {
        // Unverified: the text.
        let text = "metricName and metricNamespace must be specified together.";
        return Err(LogsError::parameter(text));
    }
    let group = request.log_group_name.as_ref();
    if group.is_some() {
        constraint::names(group, None)?;
    }
    let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
    if let Some(group) = group {
        logs.group(group)?;
    }
    let groups = logs.groups.values().filter(|it| group.is_none_or(|name| **name == *it.name));
    let filters =
        groups.flat_map(|group| group.metric_filters.values().map(move |filter| (group, filter)));
    let filters = filters.filter(|(_, filter)| {
        let of = &filter.transformation;
        prefix.is_none_or(|prefix| filter.name.starts_with(prefix))
            && metric.is_none_or(|metric| of.metric_name.as_deref() == Some(metric))
            && namespace.is_none_or(|name| of.metric_namespace.as_deref() == Some(name))
    });
    // By the filter's name, as recorded.
    let filters = filters.map(|(group, filter)| {
        (format!("{}\n{}", filter.name, group.name), filter.described(&group.name))
    });
    let (filters, next_token) = page.cut(ctx, filters.into_map().into_iter());
    Ok(Response { metric_filters: Some(filters), next_token })
}
