//! DynamoDB Streams on the wire: names, protocol and the operation table.

use super::super::state::DynamoDb;
use super::operations::*;
use crate::kernel::{OperationTable, Throttling};
use crate::wire::{Protocol, Service, default_naming};

/// DynamoDB Streams as the wire sees it.
pub static SERVICE: Service = Service {
    name: "dynamodbstreams",
    signing_name: "dynamodb",
    target_prefix: Some("DynamoDBStreams_20120810"),
    namespace: "com.amazonaws.dynamodb.v20120810",
    protocols: &[Protocol::AwsJson10],
    query_version: None,
    xml_namespace: "",
    naming: default_naming,
    without_result: &[],
    every_operation: true,
    path_member: None,
    query_compatible: false,
    error_detail: false,
    crc32: true,
};

/// Source: API reference, "Common errors", and the model's exceptions; SDKs retry it.
const THROTTLING: Throttling =
    Throttling { shape: "ThrottlingException", query_code: "ThrottlingException", status: 400 };

/// The operations of DynamoDB Streams.
pub fn table() -> OperationTable<DynamoDb> {
    OperationTable::new("dynamodb", THROTTLING)
        .on("DescribeStream", describe_stream::run)
        .about("StreamArn")
        .on_waiting("GetRecords", get_records::run)
        .about("ShardIterator")
        .on("GetShardIterator", get_shard_iterator::run)
        .about("StreamArn")
        .on("ListStreams", list_streams::run)
        .about("TableName")
}
