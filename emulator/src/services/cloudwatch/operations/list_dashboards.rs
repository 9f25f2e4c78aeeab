//! ListDashboards: dashboards by the beginning of their names.
//!
//! Limits: 1,000 a page.
//! Errors: `InvalidParameterValue`.
//! Source: API reference "ListDashboards".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::dashboard::arn;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::paging::position_of_parameter;
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

const PAGE: usize = 1000;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub dashboard_name_prefix: Option<String>,
    /// The name after which the page begins.
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub dashboard_entries: Option<Vec<DashboardEntry>>,
    pub next_token: Option<String>,
}

/// A dashboard without its body.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DashboardEntry {
    pub dashboard_name: Option<String>,
    pub dashboard_arn: Option<String>,
    pub last_modified: Option<Timestamp>,
    /// Bytes of the body.
    pub size: Option<i64>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let prefix = request.dashboard_name_prefix.unwrap_or_default();
    let after = position_of_parameter(ctx, request.next_token.as_deref())?;
    let after = after.as_deref();
    let wanted = |name: &str| name.starts_with(&prefix) && after.is_none_or(|it| name > it);
    let all = &cloudwatch.dashboards.by_name;
    let mut found = all.iter().filter(|(name, _)| wanted(name));
    let page: Vec<_> = found.by_ref().take(PAGE).collect();
    let more = found.next().is_some();
    let next_token = page.last().filter(|_| more).map(|(name, _)| ctx.page_token(name));
    let entries = page.into_iter().map(|(name, dashboard)| DashboardEntry {
        dashboard_name: Some(name.clone()),
        dashboard_arn: Some(arn(ctx, name)),
        last_modified: Some(dashboard.modified),
        size: i64::try_from(dashboard.body.len()).ok(),
    });
    Ok(Response { dashboard_entries: Some(entries.collect()), next_token })
}
