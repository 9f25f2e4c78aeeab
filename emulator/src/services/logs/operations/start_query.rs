//! StartQuery: begins an Insights query over groups.
//!
//! Limits: 50 groups, texts of 10,000 letters, 100,000 rows.
//! Errors: `MalformedQueryException`, `InvalidParameterException`, `ResourceNotFoundException`,
//! `LimitExceededException`.
//! Source: API reference "StartQuery". Unverified: the texts on groups and times.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, QUERY, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::insights;
use crate::services::logs::query::{Asked, ROWS_MAX};
use crate::services::logs::state::Logs;
use crate::services::logs::state::of_identifier;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub end_time: Option<i64>,
    pub limit: Option<i32>,
    pub log_group_identifiers: Option<Vec<String>>,
    pub log_group_name: Option<String>,
    pub log_group_names: Option<Vec<String>>,
    pub query_language: Option<String>,
    pub query_string: Option<String>,
    pub start_time: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub query_id: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    QUERY.required(&mut check, "queryString", request.query_string.as_ref());
    check.required("startTime", request.start_time.as_ref());
    check.required("endTime", request.end_time.as_ref());
    constraint::time(&mut check, "startTime", request.start_time);
    constraint::time(&mut check, "endTime", request.end_time);
    check.range("limit", request.limit, (1, ROWS_MAX as i32));
    let language = request.query_language.as_deref();
    check.one_of("queryLanguage", language, &["CWLI", "SQL", "PPL"]);
    check.done()?;
    if let Some(language) = language.filter(|language| *language != "CWLI") {
        return Err(LogsError::NotImplemented(format!("The query language {language}")));
    }
    let text = given("queryString", request.query_string)?;
    let (start, end) =
        (millis(request.start_time.unwrap_or(0)), millis(request.end_time.unwrap_or(0)));
    if start >= end {
        return Err(LogsError::parameter("End time should be greater than the start time."));
    }
    // Source: API reference "StartQuery": exactly one of the three. Unverified: the text.
    let named = request.log_group_names.is_some();
    let ways = [request.log_group_name.is_some(), named, request.log_group_identifiers.is_some()];
    if ways.into_iter().filter(|is_given| *is_given).count() > 1 {
        return Err(LogsError::parameter(
            "logGroupName, logGroupNames and logGroupIdentifiers are mutually exclusive \
             parameters.",
        ));
    }
    let one = request.log_group_name.into_iter();
    let groups = one.chain(request.log_group_names.into_iter().flatten());
    let mut groups: Vec<String> = groups.collect();
    for identifier in request.log_group_identifiers.into_iter().flatten() {
        groups.push(of_identifier(ctx, &identifier)?.to_owned());
    }
    let query = insights::Query::parse(&text)?;
    groups.sort();
    groups.dedup();
    if groups.is_empty() || groups.len() > GROUPS_MAX {
        let text = format!("A query needs 1 to {GROUPS_MAX} log groups.");
        return Err(LogsError::parameter(text));
    }
    for group in &groups {
        logs.group(group)?;
    }
    let asked = Asked { text, groups, start, end, limit: request.limit.map(|it| it as usize) };
    let query_id = logs.start_query(ctx, &query, asked)?;
    Ok(Response { query_id: Some(query_id) })
}

const GROUPS_MAX: usize = 50;

/// Times are in seconds, or in milliseconds where seconds would be far in the future.
fn millis(time: i64) -> i64 {
    const SECONDS_MAX: i64 = 100_000_000_000;
    if time < SECONDS_MAX { time * 1000 } else { time }
}
