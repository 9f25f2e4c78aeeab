//! EventBridge on the wire: names, protocol, and the operation table.

use super::operations::*;
use super::state::EventBridge;
use crate::kernel::{OperationTable, Throttling};
use crate::wire::{Protocol, Service, default_naming};

/// EventBridge as the wire sees it.
pub static SERVICE: Service = Service {
    name: "events",
    signing_name: "events",
    target_prefix: Some("AWSEvents"),
    namespace: "com.amazonaws.eventbridge",
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

/// Source: API reference, "Common errors", and the model's exceptions; SDKs retry it.
const THROTTLING: Throttling =
    Throttling { shape: "ThrottlingException", query_code: "ThrottlingException", status: 400 };

/// The operations of EventBridge.
pub fn table() -> OperationTable<EventBridge> {
    OperationTable::new("events", THROTTLING)
        .on("CancelReplay", cancel_replay::run)
        .about("ReplayName")
        .on("CreateArchive", create_archive::run)
        .about("EventSourceArn")
        .about("ArchiveName")
        .stores(&["KmsKeyIdentifier"])
        .on("CreateEventBus", create_event_bus::run)
        .about("Name")
        .stores(&["DeadLetterConfig", "KmsKeyIdentifier", "LogConfig"])
        .refuses(&["EventSourceName"])
        .on("DeleteArchive", delete_archive::run)
        .about("ArchiveName")
        .on("DeleteEventBus", delete_event_bus::run)
        .about("Name")
        .on("DeleteRule", delete_rule::run)
        .about("EventBusName")
        .about("Name")
        .on("DescribeArchive", describe_archive::run)
        .about("ArchiveName")
        .on("DescribeEventBus", describe_event_bus::run)
        .about("Name")
        .on("DescribeReplay", describe_replay::run)
        .about("ReplayName")
        .on("DescribeRule", describe_rule::run)
        .about("EventBusName")
        .about("Name")
        .on("DisableRule", disable_rule::run)
        .about("EventBusName")
        .about("Name")
        .on("EnableRule", enable_rule::run)
        .about("EventBusName")
        .about("Name")
        .on("ListArchives", list_archives::run)
        .about_nothing()
        .on("ListEventBuses", list_event_buses::run)
        .about_nothing()
        .on("ListReplays", list_replays::run)
        .about_nothing()
        .on("ListRuleNamesByTarget", list_rule_names_by_target::run)
        .about("EventBusName")
        .about("TargetArn")
        .on("ListRules", list_rules::run)
        .about("EventBusName")
        .on("ListTagsForResource", tags::list_tags_for_resource::run)
        .about("ResourceARN")
        .on("ListTargetsByRule", list_targets_by_rule::run)
        .about("EventBusName")
        .about("Rule")
        .on_often_in_json("PutEvents", put_events::run)
        .about("Entries[].EventBusName")
        .entries("Entries")
        .forgets(&["EndpointId", "Entries.TraceHeader"])
        .on("PutPermission", put_permission::run)
        .about("EventBusName")
        .on("PutRule", put_rule::run)
        .about("EventBusName")
        .about("Name")
        .stores(&["RoleArn"])
        .refuses(&["ScheduleExpression"])
        .on("PutTargets", put_targets::run)
        .about("EventBusName")
        .about("Rule")
        .stores(&[
            "Targets.AppSyncParameters",
            "Targets.BatchParameters",
            "Targets.EcsParameters",
            "Targets.HttpParameters",
            "Targets.KinesisParameters",
            "Targets.RedshiftDataParameters",
            "Targets.RoleArn",
            "Targets.RunCommandParameters",
            "Targets.SageMakerPipelineParameters",
        ])
        .refuses_values(
            "Targets.Arn",
            "all but those of queues, topics and buses",
            "the target service",
        )
        .on("RemovePermission", remove_permission::run)
        .about("EventBusName")
        .on("RemoveTargets", remove_targets::run)
        .about("EventBusName")
        .about("Rule")
        .on("StartReplay", start_replay::run)
        .about("EventSourceArn")
        .about("ReplayName")
        .on("TagResource", tags::tag_resource::run)
        .about("ResourceARN")
        .on("TestEventPattern", test_event_pattern::run)
        .about_nothing()
        .on("UntagResource", tags::untag_resource::run)
        .about("ResourceARN")
        .on("UpdateArchive", update_archive::run)
        .about("ArchiveName")
        .stores(&["KmsKeyIdentifier"])
        .on("UpdateEventBus", update_event_bus::run)
        .about("Name")
        .stores(&["DeadLetterConfig", "KmsKeyIdentifier", "LogConfig"])
}
