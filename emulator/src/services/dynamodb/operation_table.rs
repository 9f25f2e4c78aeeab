//! DynamoDB on the wire: names, protocol and the operation table.

use super::operations::*;
use super::replica_update;
use super::state::DynamoDb;
use crate::kernel::{OperationTable, Throttling, ThrottlingReason};
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

/// Source: API reference, "Common errors", and the model's exceptions; SDKs retry it.
const THROTTLING: Throttling =
    Throttling { shape: "ThrottlingException", query_code: "ThrottlingException", status: 400 };

/// Requests are slowed down by fault rules alone, so it is the reason that comes with each billing
/// mode. Source: API reference, "ThrottlingReason".
const OF_READS: ThrottlingReason = ThrottlingReason {
    member: "throttlingReasons",
    reason: "TableReadKeyRangeThroughputExceeded",
    before: "table/",
};
const OF_WRITES: ThrottlingReason =
    ThrottlingReason { reason: "TableWriteKeyRangeThroughputExceeded", ..OF_READS };

/// The operations of DynamoDB.
pub fn table() -> OperationTable<DynamoDb> {
    on_settings(on_backups(on_global_tables(on_items(on_tables()))))
}

fn on_tables() -> OperationTable<DynamoDb> {
    OperationTable::new("dynamodb", THROTTLING)
        .on("CreateTable", create_table::run)
        .about("TableName")
        .stores(&["ResourcePolicy", "SSESpecification", "WarmThroughput"])
        .refuses(&["GlobalTableSettingsReplicationMode", "GlobalTableSourceArn", "VectorIndexes"])
        .on("DeleteTable", delete_table::run)
        .about("TableName")
        .on("DescribeEndpoints", describe_endpoints::run)
        .about_nothing()
        .on("DescribeTable", describe_table::run)
        .about("TableName")
        .on("ListTables", list_tables::run)
        .about_nothing()
        .on("UpdateTable", update_table::run)
        .about("TableName")
        .stores(&["SSESpecification", "WarmThroughput"])
        .stores(&replica_update::STORED)
        .forgets(&["DisassociationProtectionEnabled"])
        .refuses(&[
            "GlobalTableSettingsReplicationMode",
            "GlobalTableWitnessUpdates",
            "VectorIndexUpdates",
        ])
        .refuses_values("MultiRegionConsistency", "STRONG", "MultiRegionConsistency STRONG")
        .refuses_values("ReplicaUpdates", "to disassociate", "ReplicaUpdates.Disassociate")
}

fn on_global_tables(table: OperationTable<DynamoDb>) -> OperationTable<DynamoDb> {
    table
        .on("CreateGlobalTable", create_global_table::run)
        .about("GlobalTableName")
        .on("DescribeGlobalTable", describe_global_table::run)
        .about("GlobalTableName")
        .on("ListGlobalTables", list_global_tables::run)
        .about_nothing()
        .on("UpdateGlobalTable", update_global_table::run)
        .about("GlobalTableName")
}

fn on_items(table: OperationTable<DynamoDb>) -> OperationTable<DynamoDb> {
    table
        .on_often_in_json("BatchExecuteStatement", batch_execute_statement::run)
        .about_nothing()
        .on_often_in_json("BatchGetItem", batch_get_item::run)
        .about("RequestItems{}")
        .entries("RequestItems")
        .throttled(OF_READS)
        .on_often_in_json("BatchWriteItem", batch_write_item::run)
        .about("RequestItems{}")
        .entries("RequestItems")
        .throttled(OF_WRITES)
        .on_often_in_json("DeleteItem", delete_item::run)
        .about("TableName")
        .throttled(OF_WRITES)
        .on_often_in_json("ExecuteStatement", execute_statement::run)
        .about_nothing()
        .on_often_in_json("ExecuteTransaction", execute_transaction::run)
        .about_nothing()
        .on_often_in_json("GetItem", get_item::run)
        .about("TableName")
        .throttled(OF_READS)
        .on_often_in_json("PutItem", put_item::run)
        .about("TableName")
        .throttled(OF_WRITES)
        .on_often_in_json("Query", query::run)
        .about("TableName")
        .throttled(OF_READS)
        .on_often_in_json("Scan", scan::run)
        .about("TableName")
        .throttled(OF_READS)
        .on_often_in_json("TransactGetItems", transact_get_items::run)
        .about_each("TransactItems[].Get.TableName", "GetItem")
        .throttled(OF_READS)
        .on_often_in_json("TransactWriteItems", transact_write_items::run)
        .about_each("TransactItems[].ConditionCheck.TableName", "ConditionCheckItem")
        .about_each("TransactItems[].Delete.TableName", "DeleteItem")
        .about_each("TransactItems[].Put.TableName", "PutItem")
        .about_each("TransactItems[].Update.TableName", "UpdateItem")
        .throttled(OF_WRITES)
        .on_often_in_json("UpdateItem", update_item::run)
        .about("TableName")
        .throttled(OF_WRITES)
}

fn on_backups(table: OperationTable<DynamoDb>) -> OperationTable<DynamoDb> {
    table
        .on("CreateBackup", create_backup::run)
        .about("TableName")
        .on("DeleteBackup", delete_backup::run)
        .about("BackupArn")
        .on("DescribeBackup", describe_backup::run)
        .about("BackupArn")
        .on("DescribeContinuousBackups", describe_continuous_backups::run)
        .about("TableName")
        .on("ListBackups", list_backups::run)
        .about_nothing()
        .on("RestoreTableFromBackup", restore_table_from_backup::run)
        .about("BackupArn")
        .about("TargetTableName")
        .refuses(&["VectorIndexOverride"])
        .on("RestoreTableToPointInTime", restore_table_to_point_in_time::run)
        .about("SourceTableName")
        .about("SourceTableArn")
        .about("TargetTableName")
        .refuses(&["VectorIndexOverride"])
        .on("UpdateContinuousBackups", update_continuous_backups::run)
        .about("TableName")
}

fn on_settings(table: OperationTable<DynamoDb>) -> OperationTable<DynamoDb> {
    table
        .on("DeleteResourcePolicy", delete_resource_policy::run)
        .about("ResourceArn")
        .on("DescribeContributorInsights", describe_contributor_insights::run)
        .about("TableName")
        .on("DescribeKinesisStreamingDestination", describe_kinesis_streaming_destination::run)
        .about("TableName")
        .on("DescribeLimits", describe_limits::run)
        .about_nothing()
        .on("DescribeTimeToLive", describe_time_to_live::run)
        .about("TableName")
        .on("DisableKinesisStreamingDestination", disable_kinesis_streaming_destination::run)
        .about("TableName")
        .on("EnableKinesisStreamingDestination", enable_kinesis_streaming_destination::run)
        .about("TableName")
        .stores(&["StreamArn"])
        .on("GetResourcePolicy", get_resource_policy::run)
        .about("ResourceArn")
        .on("ListContributorInsights", list_contributor_insights::run)
        .about_nothing()
        .on("ListTagsOfResource", list_tags_of_resource::run)
        .about("ResourceArn")
        .on("PutResourcePolicy", put_resource_policy::run)
        .about("ResourceArn")
        .stores(&["Policy"])
        .on("TagResource", tag_resource::run)
        .about("ResourceArn")
        .on("UntagResource", untag_resource::run)
        .about("ResourceArn")
        .on("UpdateContributorInsights", update_contributor_insights::run)
        .about("TableName")
        .stores(&["ContributorInsightsAction"])
        .on("UpdateKinesisStreamingDestination", update_kinesis_streaming_destination::run)
        .about("TableName")
        .on("UpdateTimeToLive", update_time_to_live::run)
        .about("TableName")
}
