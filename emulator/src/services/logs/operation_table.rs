//! CloudWatch Logs on the wire: names, protocol and the operation table.

use super::constraint::MODEL;
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
    let table = OperationTable::new("logs", THROTTLING).modelled(&MODEL);
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
        .on("DeleteRetentionPolicy", delete_retention_policy::run)
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
        .on("ListTagsForResource", list_tags_for_resource::run)
        .about("resourceArn")
        .on("ListTagsLogGroup", list_tags_log_group::run)
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
        .on("PutRetentionPolicy", put_retention_policy::run)
        .about("logGroupName")
        .on("TagLogGroup", tag_log_group::run)
        .about("logGroupName")
        .on("TagResource", tag_resource::run)
        .about("resourceArn")
        .on("UntagLogGroup", untag_log_group::run)
        .about("logGroupName")
        .on("UntagResource", untag_resource::run)
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
        .on("DeleteQueryDefinition", delete_query_definition::run)
        .about("queryDefinitionId")
        .on("DescribeQueries", describe_queries::run)
        .about("logGroupName")
        .on("DescribeQueryDefinitions", describe_query_definitions::run)
        .about_nothing()
        .on("GetLogRecord", get_log_record::run)
        .about("logRecordPointer")
        .on("GetQueryResults", get_query_results::run)
        .about("queryId")
        .on("PutQueryDefinition", put_query_definition::run)
        .about("queryDefinitionId")
        .forgets(&["clientToken"])
        .on_waiting("StartLiveTail", start_live_tail::run)
        .about("logGroupIdentifiers[]")
        .on("StartQuery", start_query::run)
        .about("logGroupName")
        .about("logGroupNames[]")
        .about("logGroupIdentifiers[]")
        .refuses_values("queryLanguage", "all but CWLI", "The query language")
        .refuses_values(
            "queryString",
            "the commands anomaly, append, diff, filterIndex, join, lookup, pattern, source \
             and unmask",
            "The command",
        )
        .on("StopQuery", stop_query::run)
        .about("queryId")
}

fn deliveries(table: OperationTable<Logs>) -> OperationTable<Logs> {
    table
        .on("CancelExportTask", cancel_export_task::run)
        .about("taskId")
        .on("CreateDelivery", create_delivery::run)
        .about("deliverySourceName")
        .about("deliveryDestinationArn")
        .stores(&["deliverySourceName"])
        .on("CreateExportTask", create_export_task::run)
        .about("logGroupName")
        .stores(&["destination"])
        .forgets(&["logStreamNamePrefix"])
        .on("DeleteDelivery", delete_delivery::run)
        .about("id")
        .on("DeleteDeliveryDestination", delete_delivery_destination::run)
        .about("name")
        .on("DeleteDeliveryDestinationPolicy", delete_delivery_destination_policy::run)
        .about("deliveryDestinationName")
        .on("DeleteDeliverySource", delete_delivery_source::run)
        .about("name")
        .on("DeleteDestination", delete_destination::run)
        .about("destinationName")
        .on("DescribeDeliveries", describe_deliveries::run)
        .about("deliverySourceNames[]")
        .on("DescribeDeliveryDestinations", describe_delivery_destinations::run)
        .about("names[]")
        .on("DescribeDeliverySources", describe_delivery_sources::run)
        .about("resourceArns[]")
        .on("DescribeDestinations", describe_destinations::run)
        .about_nothing()
        .on("DescribeExportTasks", describe_export_tasks::run)
        .about("taskId")
        .on("GetDelivery", get_delivery::run)
        .about("id")
        .on("GetDeliveryDestination", get_delivery_destination::run)
        .about("name")
        .on("GetDeliveryDestinationPolicy", get_delivery_destination_policy::run)
        .about("deliveryDestinationName")
        .on("GetDeliverySource", get_delivery_source::run)
        .about("name")
        .on("PutDeliveryDestination", put_delivery_destination::run)
        .about("name")
        .stores(&["deliveryDestinationConfiguration"])
        .on("PutDeliveryDestinationPolicy", put_delivery_destination_policy::run)
        .about("deliveryDestinationName")
        .stores(&["deliveryDestinationPolicy"])
        .on("PutDeliverySource", put_delivery_source::run)
        .about("name")
        .stores(&["resourceArn"])
        .on("PutDestination", put_destination::run)
        .about("destinationName")
        .stores(&["targetArn"])
        .on("PutDestinationPolicy", put_destination_policy::run)
        .about("destinationName")
        .stores(&["accessPolicy"])
}
