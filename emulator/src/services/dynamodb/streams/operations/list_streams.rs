//! ListStreams: the streams of all tables or of one, in pages.
//!
//! Limits: 1 to 100 a page. Streams that were disabled are listed for a day.
//! Errors: `ValidationException`.
//! Source: API reference "ListStreams" of DynamoDB Streams; recordings of 2025-10-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::streams::StreamsError;
use crate::services::dynamodb::streams::model_inputs;
use crate::services::dynamodb::streams::request::{check, limit};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub exclusive_start_stream_arn: Option<String>,
    pub limit: Option<i32>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub last_evaluated_stream_arn: Option<String>,
    pub streams: Option<Vec<StreamSummary>>,
}

/// A stream in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct StreamSummary {
    pub stream_arn: Option<String>,
    pub stream_label: Option<String>,
    pub table_name: Option<String>,
}

/// Most streams of one page.
const LIMIT_MAX: usize = 100;

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, StreamsError> {
    check(model_inputs::LIST_STREAMS, &request)?;
    let limit = limit(request.limit, LIMIT_MAX)?;
    let (table, after) = (request.table_name, request.exclusive_start_stream_arn);
    let all = db.streams(ctx.now()).filter(|stream| {
        table.as_ref().is_none_or(|table| *table == stream.table)
            && after.as_ref().is_none_or(|after| stream.arn > *after)
    });
    let mut all: Vec<StreamSummary> = all
        .map(|stream| StreamSummary {
            stream_arn: Some(stream.arn.clone()),
            stream_label: Some(stream.label.clone()),
            table_name: Some(stream.table.clone()),
        })
        .collect();
    all.sort_by(|one, other| one.stream_arn.cmp(&other.stream_arn));
    let has_more = all.len() > limit;
    all.truncate(limit);
    let last = all.last().filter(|_| has_more).and_then(|stream| stream.stream_arn.clone());
    Ok(Response { last_evaluated_stream_arn: last, streams: Some(all) })
}
