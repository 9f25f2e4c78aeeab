//! GetQueryResults: the rows of a query, as far as it has come.
//!
//! Limits: 10,000 rows a page; results are kept for a week, up to 1,000 queries and 64 MiB.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API reference "GetQueryResults". Unverified: the text on a query that is not there.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, QUERY_ID, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::shapes::{QueryStatistics, ResultField};
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub max_items: Option<i32>,
    pub next_token: Option<String>,
    pub query_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub encryption_key: Option<String>,
    pub next_token: Option<String>,
    pub query_language: Option<String>,
    pub results: Option<Vec<Vec<ResultField>>>,
    pub statistics: Option<QueryStatistics>,
    pub status: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    QUERY_ID.required(&mut check, "queryId", request.query_id.as_ref());
    check.range("maxItems", request.max_items, (0, ROWS_A_PAGE as i32));
    check.done()?;
    let id = given("queryId", request.query_id)?;
    logs.queries.told(ctx, &id);
    let query = logs
        .queries
        .find(ctx, &id)
        .ok_or(LogsError::NotFound("The specified query does not exist."))?;
    let position = |token: &str| {
        let place = ctx.page_position(token);
        let place = place.and_then(|place| place.strip_prefix(&format!("{id}/"))?.parse().ok());
        place.ok_or(LogsError::InvalidToken)
    };
    let first: usize = request.next_token.as_deref().map(position).transpose()?.unwrap_or(0);
    let size = request.max_items.filter(|max| *max > 0).map_or(ROWS_A_PAGE, |max| max as usize);
    let rows = query.rows(ctx);
    let page = rows.get(first..).unwrap_or_default();
    let page = &page[..page.len().min(size)];
    let next = first + page.len();
    let next_token = (next < rows.len()).then(|| ctx.page_token(&format!("{id}/{next}")));
    Ok(Response {
        encryption_key: None,
        next_token,
        query_language: Some("CWLI".to_owned()),
        results: Some(page.to_vec()),
        statistics: Some(query.statistics.clone()),
        status: Some(query.status(ctx).to_owned()),
    })
}

const ROWS_A_PAGE: usize = 10_000;
