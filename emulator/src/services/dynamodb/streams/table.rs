//! DynamoDB Streams on the wire: names, protocol and the operation table.

use super::super::state::DynamoDb;
use super::operations::*;
use crate::kernel::OperationTable;
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

/// The operations of DynamoDB Streams.
pub fn table() -> OperationTable<DynamoDb> {
    OperationTable::default()
        .on("DescribeStream", describe_stream::run)
        .on("GetRecords", get_records::run)
        .on("GetShardIterator", get_shard_iterator::run)
        .on("ListStreams", list_streams::run)
}
