//! DescribeQueries: the queries of the last week, the youngest first.
//!
//! Limits: pages of 1,000.
//! Errors: `InvalidParameterException`.
//! Source: API reference "DescribeQueries".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::Constraints;
use crate::services::logs::error::LogsError;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::QueryInfo;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub log_group_name: Option<String>,
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
    pub query_language: Option<String>,
    pub status: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub next_token: Option<String>,
    pub queries: Option<Vec<QueryInfo>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    check.one_of("status", request.status.as_deref(), &STATUSES);
    check.one_of("queryLanguage", request.query_language.as_deref(), &["CWLI", "SQL", "PPL"]);
    check.done()?;
    let token = request.next_token.as_deref();
    let page = Page::up_to(ctx, token, ("maxResults", request.max_results), 1000)?;
    let (group, status) = (request.log_group_name.as_ref(), request.status.as_deref());
    let in_language = request.query_language.as_deref().is_none_or(|it| it == "CWLI");
    let queries = logs.queries.youngest_first(ctx).filter(|query| {
        in_language
            && group.is_none_or(|group| query.groups.contains(group))
            && status.is_none_or(|status| query.status(ctx) == status)
    });
    let queries = queries.map(|query| (query.key(), query.described(ctx)));
    let (queries, next_token) = page.cut(ctx, queries);
    Ok(Response { next_token, queries: Some(queries) })
}

/// Source: the model's enumeration.
const STATUSES: [&str; 7] =
    ["Scheduled", "Running", "Complete", "Failed", "Cancelled", "Timeout", "Unknown"];
