//! Which constraints the members of requests have.
//!
//! Source: the model of 2012-08-10. How many entries a page may have is checked elsewhere.

use super::super::model::Member;
use super::super::model::Shape;
use super::super::model::Shape::{Any, Name, Object, Text, Word};

const STREAM_ARN: Shape = Text(37, 1024);
const SHARD_ID: Shape = Text(28, 65);
const SEQUENCE_NUMBER: Shape = Text(21, 40);

const SHARD_FILTER: Shape = Object(
    "ShardFilter",
    &[("Type", false, &Word(&["CHILD_SHARDS"])), ("ShardId", false, &SHARD_ID)],
);

pub(super) const DESCRIBE_STREAM: &[Member] = &[
    ("StreamArn", true, &STREAM_ARN),
    ("ExclusiveStartShardId", false, &SHARD_ID),
    ("ShardFilter", false, &SHARD_FILTER),
];

pub(super) const GET_RECORDS: &[Member] = &[("ShardIterator", true, &Text(1, 2048))];

pub(super) const GET_SHARD_ITERATOR: &[Member] = &[
    ("StreamArn", true, &STREAM_ARN),
    ("ShardId", true, &SHARD_ID),
    (
        "ShardIteratorType",
        true,
        &Word(&[
            "AFTER_SEQUENCE_NUMBER",
            "LATEST",
            "AT_SEQUENCE_NUMBER",
            "TRIM_HORIZON",
            "AT_TIMESTAMP",
        ]),
    ),
    ("SequenceNumber", false, &SEQUENCE_NUMBER),
    ("Timestamp", false, &Any),
];

pub(super) const LIST_STREAMS: &[Member] =
    &[("TableName", false, &Name), ("ExclusiveStartStreamArn", false, &STREAM_ARN)];
