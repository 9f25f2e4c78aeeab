//! GetShardIterator: a place in a shard, from which to read for a quarter of an hour.
//!
//! Errors: `ResourceNotFoundException`, `TrimmedDataAccessException`, `ValidationException`.
//! Source: API reference "GetShardIterator" of DynamoDB Streams.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::streams::StreamsError;
use crate::services::dynamodb::streams::iterator::ShardIterator;
use crate::services::dynamodb::streams::model_inputs;
use crate::services::dynamodb::streams::request::{check, required};
use crate::services::dynamodb::streams::stream::{self, Stream};
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub sequence_number: Option<String>,
    pub shard_id: Option<String>,
    pub shard_iterator_type: Option<String>,
    pub stream_arn: Option<String>,
    pub timestamp: Option<Timestamp>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub shard_iterator: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, StreamsError> {
    check(model_inputs::GET_SHARD_ITERATOR, &request)?;
    let arn = required("streamArn", request.stream_arn.clone())?;
    let id = required("shardId", request.shard_id.clone())?;
    let kind = required("shardIteratorType", request.shard_iterator_type.clone())?;
    let stream = db.stream(ctx.now(), &arn)?;
    let Some(shard) = stream.shards().find(|shard| shard.id == id) else {
        return Err(StreamsError::ShardNotFound { shard: id, stream: arn });
    };
    let end = shard.end.unwrap_or_else(|| stream.next());
    let from = match kind.as_str() {
        "TRIM_HORIZON" => None,
        "LATEST" => Some(end),
        "AT_SEQUENCE_NUMBER" => Some(numbered(stream, (shard.first, end), &request)?),
        "AFTER_SEQUENCE_NUMBER" => Some(numbered(stream, (shard.first, end), &request)? + 1),
        "AT_TIMESTAMP" => {
            let since = stream.first_since(required("timestamp", request.timestamp)?);
            Some(since.clamp(shard.first, end))
        }
        other => {
            return Err(StreamsError::constraint(
                Some(other),
                "shardIteratorType",
                "Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, \
                 AT_SEQUENCE_NUMBER, TRIM_HORIZON, AT_TIMESTAMP]",
            ));
        }
    };
    let iterator = ShardIterator { stream: arn, shard: shard.number, from, issued: ctx.now() };
    Ok(Response { shard_iterator: Some(iterator.text()) })
}

/// The number of the record that the request names; it must still be there, or come next.
fn numbered(
    stream: &Stream,
    (first, end): (u64, u64),
    request: &Request,
) -> Result<u64, StreamsError> {
    let text = required("sequenceNumber", request.sequence_number.clone())?;
    let number = stream::number(&text).filter(|number| (first..=end).contains(number));
    let number = number
        .ok_or_else(|| StreamsError::Validation(format!("Invalid SequenceNumber: {text}")))?;
    if number < stream.first() {
        return Err(StreamsError::Trimmed(text));
    }
    Ok(number)
}
