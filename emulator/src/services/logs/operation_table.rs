//! CloudWatch Logs on the wire: names, protocol and the operation table.

use super::operations::*;
use super::state::Logs;
use crate::kernel::{OperationTable, Throttling};
use crate::wire::{Protocol, Service, default_naming};

/// CloudWatch Logs as the wire sees it.
pub static SERVICE: Service = Service {
    name: "logs",
    signing_name: "logs",
    target_prefix: Some("Logs_20140328"),
    namespace: "com.amazonaws.logs",
    protocols: &[Protocol::AwsJson11],
    query_version: None,
    xml_namespace: "",
    naming: default_naming,
    without_result: &[],
    every_operation: false,
    path_member: None,
    query_compatible: false,
    error_detail: false,
    crc32: false,
};

/// Source: the model's exceptions; SDKs retry it.
const THROTTLING: Throttling =
    Throttling { shape: "ThrottlingException", query_code: "ThrottlingException", status: 400 };

/// The operations of CloudWatch Logs.
pub fn table() -> OperationTable<Logs> {
    let table = OperationTable::new("logs", THROTTLING);
    deliveries(queries(filters(groups(table))))
}

fn groups(table: OperationTable<Logs>) -> OperationTable<Logs> {
    table
        .on("CreateLogGroup", create_log_group::run)
        .about("logGroupName")
        .stores(&["kmsKeyId", "logGroupClass"])
        .on("CreateLogStream", create_log_stream::run)
        .about("logGroupName")
        .about("logStreamName")
        .on("DeleteLogGroup", delete_log_group::run)
        .about("logGroupName")
        .on("DeleteLogStream", delete_log_stream::run)
        .about("logGroupName")
        .about("logStreamName")
        .on("DeleteResourcePolicy", delete_resource_policy::run)
        .about("resourceArn")
        .about("policyName")
        .on("DeleteRetentionPolicy", retention::delete::run)
        .about("logGroupName")
        .on("DescribeLogGroups", describe_log_groups::run)
        .about_nothing()
        .forgets(&["accountIdentifiers", "includeLinkedAccounts"])
        .on("DescribeLogStreams", describe_log_streams::run)
        .about("logGroupName")
        .about("logGroupIdentifier")
        .on("DescribeResourcePolicies", describe_resource_policies::run)
        .about("resourceArn")
        .on("FilterLogEvents", filter_log_events::run)
        .about("logGroupName")
        .about("logGroupIdentifier")
        .on("GetLogEvents", get_log_events::run)
        .about("logGroupName")
        .about("logGroupIdentifier")
        .about("logStreamName")
        .on("ListLogGroups", list_log_groups::run)
        .about_nothing()
        .forgets(&["accountIdentifiers", "dataSources", "fieldIndexNames", "includeLinkedAccounts"])
        .on("ListTagsForResource", tags::list_tags_for_resource::run)
        .about("resourceArn")
        .on("ListTagsLogGroup", tags::list_tags_log_group::run)
        .about("logGroupName")
        .on_often_in_json("PutLogEvents", put_log_events::run)
        .about("logGroupName")
        .about("logStreamName")
        .forgets(&["entity"])
        .on("PutLogGroupDeletionProtection", put_log_group_deletion_protection::run)
        .about("logGroupIdentifier")
        .on("PutResourcePolicy", put_resource_policy::run)
        .about("resourceArn")
        .about("policyName")
        .on("PutRetentionPolicy", retention::put::run)
        .about("logGroupName")
        .on("TagLogGroup", tags::tag_log_group::run)
        .about("logGroupName")
        .on("TagResource", tags::tag_resource::run)
        .about("resourceArn")
        .on("UntagLogGroup", tags::untag_log_group::run)
        .about("logGroupName")
        .on("UntagResource", tags::untag_resource::run)
        .about("resourceArn")
}

fn filters(table: OperationTable<Logs>) -> OperationTable<Logs> {
    table
        .on("DeleteMetricFilter", delete_metric_filter::run)
        .about("logGroupName")
        .on("DeleteSubscriptionFilter", delete_subscription_filter::run)
        .about("logGroupName")
        .on("DescribeMetricFilters", describe_metric_filters::run)
        .about("logGroupName")
        .on("DescribeSubscriptionFilters", describe_subscription_filters::run)
        .about("logGroupName")
        .on("PutMetricFilter", put_metric_filter::run)
        .about("logGroupName")
        .stores(&["applyOnTransformedLogs", "emitSystemFieldDimensions", "fieldSelectionCriteria"])
        .on("PutSubscriptionFilter", put_subscription_filter::run)
        .about("logGroupName")
        .stores(&[
            "applyOnTransformedLogs",
            "destinationArn",
            "distribution",
            "emitSystemFields",
            "fieldSelectionCriteria",
            "roleArn",
        ])
        .on("TestMetricFilter", test_metric_filter::run)
        .about_nothing()
}

fn queries(table: OperationTable<Logs>) -> OperationTable<Logs> {
    table
        .on("DeleteQueryDefinition", query_definitions::delete::run)
        .about("queryDefinitionId")
        .on("DescribeQueries", describe_queries::run)
        .about("logGroupName")
        .on("DescribeQueryDefinitions", query_definitions::describe::run)
        .about_nothing()
        .on("GetLogRecord", get_log_record::run)
        .about("logRecordPointer")
        .forgets(&["unmask"])
        .on("GetQueryResults", get_query_results::run)
        .about("queryId")
        .on("PutQueryDefinition", query_definitions::put::run)
        .about("queryDefinitionId")
        .forgets(&["clientToken"])
        .on("StartQuery", start_query::run)
        .about("logGroupName")
        .about("logGroupNames[]")
        .about("logGroupIdentifiers[]")
        .refuses_values("queryLanguage", "all but CWLI", "The query language")
        .refuses_values(
            "queryString",
            "the commands anomaly, append, diff, filterIndex, join, lookup, pattern, source, unmask and \
             unnest",
            "The command",
        )
        .on("StopQuery", stop_query::run)
        .about("queryId")
}

fn deliveries(table: OperationTable<Logs>) -> OperationTable<Logs> {
    table
        .on("CancelExportTask", export_tasks::cancel::run)
        .about("taskId")
        .on("CreateDelivery", deliveries::create::run)
        .about("deliverySourceName")
        .about("deliveryDestinationArn")
        .stores(&["deliverySourceName"])
        .on("CreateExportTask", export_tasks::create::run)
        .about("logGroupName")
        .stores(&["destination"])
        .forgets(&["logStreamNamePrefix"])
        .on("DeleteDelivery", deliveries::delete::run)
        .about("id")
        .on("DeleteDeliveryDestination", delivery_destinations::delete::run)
        .about("name")
        .on("DeleteDeliveryDestinationPolicy", delivery_destination_policies::delete::run)
        .about("deliveryDestinationName")
        .on("DeleteDeliverySource", delivery_sources::delete::run)
        .about("name")
        .on("DeleteDestination", destinations::delete::run)
        .about("destinationName")
        .on("DescribeDeliveries", deliveries::describe::run)
        .about("deliverySourceNames[]")
        .on("DescribeDeliveryDestinations", delivery_destinations::describe::run)
        .about("names[]")
        .on("DescribeDeliverySources", delivery_sources::describe::run)
        .about("resourceArns[]")
        .on("DescribeDestinations", destinations::describe::run)
        .about_nothing()
        .on("DescribeExportTasks", export_tasks::describe::run)
        .about("taskId")
        .on("GetDelivery", deliveries::get::run)
        .about("id")
        .on("GetDeliveryDestination", delivery_destinations::get::run)
        .about("name")
        .on("GetDeliveryDestinationPolicy", delivery_destination_policies::get::run)
        .about("deliveryDestinationName")
        .on("GetDeliverySource", delivery_sources::get::run)
        .about("name")
        .on("PutDeliveryDestination", delivery_destinations::put::run)
        .about("name")
        .stores(&["deliveryDestinationConfiguration"])
        .on("PutDeliveryDestinationPolicy", delivery_destination_policies::put::run)
        .about("deliveryDestinationName")
        .stores(&["deliveryDestinationPolicy"])
        .on("PutDeliverySource", delivery_sources::put::run)
        .about("name")
        .stores(&["resourceArn"])
        .on("PutDestination", destinations::put::run)
        .about("destinationName")
        .stores(&["targetArn"])
        .on("PutDestinationPolicy", destinations::put_policy::run)
        .about("destinationName")
        .stores(&["accessPolicy"])
}
