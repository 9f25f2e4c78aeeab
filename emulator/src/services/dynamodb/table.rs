//! DynamoDB on the wire: names, protocol and the operation table.

use super::operations::*;
use super::state::DynamoDb;
use crate::kernel::OperationTable;
use crate::wire::{Protocol, Service, default_naming};

/// DynamoDB as the wire sees it.
pub static SERVICE: Service = Service {
    name: "dynamodb",
    signing_name: "dynamodb",
    target_prefix: Some("DynamoDB_20120810"),
    namespace: "com.amazonaws.dynamodb.v20120810",
    protocols: &[Protocol::AwsJson10],
    query_version: None,
    xml_namespace: "http://dynamodb.amazonaws.com/doc/2012-08-10/",
    naming: default_naming,
    without_result: &[],
    every_operation: false,
    path_member: None,
    query_compatible: false,
    error_detail: false,
    crc32: true,
};

/// The operations of DynamoDB.
pub fn table() -> OperationTable<DynamoDb> {
    OperationTable::default()
        .on("BatchGetItem", batch_get_item::run)
        .on("BatchWriteItem", batch_write_item::run)
        .on("CreateTable", create_table::run)
        .on("DeleteItem", delete_item::run)
        .on("DeleteTable", delete_table::run)
        .on("DescribeEndpoints", describe_endpoints::run)
        .on("DescribeTable", describe_table::run)
        .on("GetItem", get_item::run)
        .on("ListTables", list_tables::run)
        .on("PutItem", put_item::run)
        .on("Query", query::run)
        .on("Scan", scan::run)
        .on("TransactGetItems", transact_get_items::run)
        .on("TransactWriteItems", transact_write_items::run)
        .on("UpdateItem", update_item::run)
        .on("UpdateTable", update_table::run)
}
