//! DescribeStream: a stream and its shards.
//!
//! Limits: 1 to 100 shards a page.
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DescribeStream" of DynamoDB Streams; recordings of 2025-10-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::shapes::KeySchemaElement;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::streams::StreamsError;
use crate::services::dynamodb::streams::request::{limit, required};
use crate::services::dynamodb::streams::stream::{Stream, sequence_number};
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub exclusive_start_shard_id: Option<String>,
    pub limit: Option<i32>,
    pub shard_filter: Option<ShardFilter>,
    pub stream_arn: Option<String>,
}

/// Which shards to tell: the children of one.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ShardFilter {
    pub shard_id: Option<String>,
    #[serde(rename = "Type")]
    pub kind: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub stream_description: Option<StreamDescription>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct StreamDescription {
    pub creation_request_date_time: Option<Timestamp>,
    pub key_schema: Option<Vec<KeySchemaElement>>,
    pub last_evaluated_shard_id: Option<String>,
    pub shards: Option<Vec<Shard>>,
    pub stream_arn: Option<String>,
    pub stream_label: Option<String>,
    pub stream_status: Option<String>,
    pub stream_view_type: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Shard {
    pub parent_shard_id: Option<String>,
    pub sequence_number_range: Option<SequenceNumberRange>,
    pub shard_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SequenceNumberRange {
    pub ending_sequence_number: Option<String>,
    pub starting_sequence_number: Option<String>,
}

/// Most shards of one page.
const LIMIT_MAX: usize = 100;

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, StreamsError> {
    let arn = required("streamArn", request.stream_arn)?;
    limit(request.limit, LIMIT_MAX)?;
    let stream = db.stream(ctx.now(), &arn)?;
    let id = stream.shard_id();
    let is_after = request.exclusive_start_shard_id.is_some_and(|start| start >= id);
    // The one shard has no children, so a filter leaves none.
    let shown = (!is_after && request.shard_filter.is_none()).then(|| shard(stream, id));
    let description = StreamDescription {
        creation_request_date_time: Some(stream.created),
        key_schema: Some(stream.key_schema.clone()),
        last_evaluated_shard_id: None,
        shards: Some(shown.into_iter().collect()),
        stream_arn: Some(arn),
        stream_label: Some(stream.label.clone()),
        stream_status: Some(if stream.is_closed() { "DISABLED" } else { "ENABLED" }.to_owned()),
        stream_view_type: Some(stream.view.as_str().to_owned()),
        table_name: Some(stream.table.clone()),
    };
    Ok(Response { stream_description: Some(description) })
}

fn shard(stream: &Stream, id: String) -> Shard {
    let ending = stream.is_closed().then(|| stream.next().saturating_sub(1));
    Shard {
        parent_shard_id: None,
        sequence_number_range: Some(SequenceNumberRange {
            ending_sequence_number: ending.map(sequence_number),
            starting_sequence_number: Some(sequence_number(0)),
        }),
        shard_id: Some(id),
    }
}
