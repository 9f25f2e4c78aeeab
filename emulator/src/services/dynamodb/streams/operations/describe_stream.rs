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
use crate::services::dynamodb::streams::model_inputs;
use crate::services::dynamodb::streams::request::{check, limit, required};
use crate::services::dynamodb::streams::stream::{self, sequence_number};
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
    check(model_inputs::DESCRIBE_STREAM, &request)?;
    let arn = required("streamArn", request.stream_arn)?;
    let limit = limit(request.limit, LIMIT_MAX)?;
    let (after, filter) = (request.exclusive_start_shard_id, request.shard_filter);
    let stream = db.stream(ctx.now(), &arn)?;
    let mut shards = stream.shards().filter(|shard| {
        after.as_ref().is_none_or(|after| shard.id > *after)
            && filter
                .as_ref()
                .is_none_or(|filter| shard.parent.is_some() && shard.parent == filter.shard_id)
    });
    let page: Vec<Shard> = shards.by_ref().take(limit).map(told).collect();
    let last = page.last().filter(|_| shards.next().is_some());
    let description = StreamDescription {
        creation_request_date_time: Some(stream.created),
        key_schema: Some(stream.key_schema.clone()),
        last_evaluated_shard_id: last.and_then(|last| last.shard_id.clone()),
        shards: Some(page),
        stream_arn: Some(arn),
        stream_label: Some(stream.label.clone()),
        stream_status: Some(if stream.is_closed() { "DISABLED" } else { "ENABLED" }.to_owned()),
        stream_view_type: Some(stream.view.as_str().to_owned()),
        table_name: Some(stream.table.clone()),
    };
    Ok(Response { stream_description: Some(description) })
}

fn told(shard: stream::Shard) -> Shard {
    // A shard that was closed without a record ends where it began.
    let ending = shard.end.map(|end| end.saturating_sub(1).max(shard.first));
    Shard {
        parent_shard_id: shard.parent,
        sequence_number_range: Some(SequenceNumberRange {
            ending_sequence_number: ending.map(sequence_number),
            starting_sequence_number: Some(sequence_number(shard.first)),
        }),
        shard_id: Some(shard.id),
    }
}
