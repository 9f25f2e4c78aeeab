//! GetRecords: what happened from a place in a shard on, and the place after it.
//!
//! Limits: 1 to 1,000 records, 1 MB in all. An iterator can be used for a quarter of an hour.
//! Errors: `ExpiredIteratorException`, `TrimmedDataAccessException`, `ResourceNotFoundException`,
//! `ValidationException`.
//! Source: API reference "GetRecords" of DynamoDB Streams; recordings of 2025-10-08.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Outcome};
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::streams::StreamsError;
use crate::services::dynamodb::streams::iterator::ShardIterator;
use crate::services::dynamodb::streams::model_inputs;
use crate::services::dynamodb::streams::record;
use crate::services::dynamodb::streams::request::{check, limit, required};
use crate::services::dynamodb::streams::shapes::{Record, shown};
use crate::services::dynamodb::streams::stream::{Reader, Stream, sequence_number};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub limit: Option<i32>,
    pub shard_iterator: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub next_shard_iterator: Option<String>,
    pub records: Option<Vec<Record>>,
}

const LIMIT_MAX: usize = 1000;
const BYTES_MAX: usize = 1024 * 1024;

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Outcome<Response>, StreamsError> {
    check(model_inputs::GET_RECORDS, &request)?;
    let now = ctx.now();
    let text = required("shardIterator", request.shard_iterator)?;
    let limit = limit(request.limit, LIMIT_MAX)?;
    let iterator = ShardIterator::parse(&text, now)?;
    let stream = db.stream(now, &iterator.stream)?;
    let answer = read(ctx, stream, &iterator, limit)?;
    if ctx.is_patient() && !answer.says_something() {
        let key = Arc::from(stream.arn.as_str());
        let reader = Reader { shard: iterator.shard, from: iterator.from, limit };
        stream.readers.insert(ctx.park(&key), reader);
        return Ok(Outcome::Parked);
    }
    Ok(Outcome::Done(answer))
}

impl Response {
    /// It holds records, or that none will come.
    fn says_something(&self) -> bool {
        self.next_shard_iterator.is_none() || self.records.as_ref().is_some_and(|it| !it.is_empty())
    }
}

/// Answers those who wait at the stream and for whom there is something.
pub(in crate::services::dynamodb) fn wake(ctx: &mut Context<'_>, stream: &mut Stream) {
    for (call, reader) in std::mem::take(&mut stream.readers) {
        let Reader { shard, from, limit } = reader;
        let iterator = ShardIterator { stream: stream.arn.clone(), shard, from, issued: ctx.now() };
        match read(ctx, stream, &iterator, limit) {
            Ok(answer) if answer.says_something() => ctx.complete(call, answer),
            Ok(_) => drop(stream.readers.insert(call, reader)),
            Err(error) => ctx.fail(call, error.into()),
        }
    }
}

fn read(
    ctx: &Context<'_>,
    stream: &Stream,
    iterator: &ShardIterator,
    limit: usize,
) -> Result<Response, StreamsError> {
    let now = ctx.now();
    let shard = stream.shards().find(|shard| shard.number == iterator.shard);
    let from = iterator
        .from
        .unwrap_or_else(|| shard.as_ref().map_or(0, |shard| shard.first).max(stream.first()));
    let Some(shard) = shard.filter(|_| from >= stream.first()) else {
        return Err(StreamsError::Trimmed(sequence_number(from)));
    };
    let in_shard = |(number, _): &(u64, &record::Record)| shard.end.is_none_or(|end| *number < end);
    let mut bytes = 0;
    let fits = |(_, record): &(u64, &record::Record)| {
        bytes += record.size();
        bytes <= BYTES_MAX || bytes == record.size()
    };
    let found: Vec<_> =
        stream.from(from).take_while(in_shard).take(limit).take_while(fits).collect();
    let place = found.last().map_or(from, |(number, _)| number + 1);
    let region = ctx.region();
    let records = found.iter().map(|(number, record)| shown(stream, region, *number, record));
    let is_over = shard.end.is_some_and(|end| place >= end);
    let next = ShardIterator { from: Some(place), issued: now, ..iterator.clone() };
    Ok(Response {
        records: Some(records.collect()),
        next_shard_iterator: (!is_over).then(|| next.text()),
    })
}
