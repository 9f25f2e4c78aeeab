//! DescribeSubscriptionFilters: subscription filters of a group.
//!
//! Limits: pages of 50.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API reference "DescribeSubscriptionFilters"; recordings of 2026-02-06.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, FILTER_NAME, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::SubscriptionFilter;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub filter_name_prefix: Option<String>,
    pub limit: Option<i32>,
    pub log_group_name: Option<String>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub next_token: Option<String>,
    pub subscription_filters: Option<Vec<SubscriptionFilter>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    constraint::names(request.log_group_name.as_ref(), None)?;
    let mut check = Constraints::default();
    let prefix = request.filter_name_prefix.as_deref();
    FILTER_NAME.check(&mut check, "filterNamePrefix", prefix);
    check.done()?;
    let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
    let group = logs.group(&given("logGroupName", request.log_group_name)?)?;
    let filters = group.subscriptions.values();
    let filters = filters.filter(|it| prefix.is_none_or(|prefix| it.name.starts_with(prefix)));
    let filters = filters.map(|it| (it.name.clone(), it.described(&group.name)));
    let (filters, next_token) = page.cut(ctx, filters);
    Ok(Response { subscription_filters: Some(filters), next_token })
}
