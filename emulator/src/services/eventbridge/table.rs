//! EventBridge on the wire: names, protocol, and the operation table.

use super::operations::*;
use super::state::EventBridge;
use crate::kernel::OperationTable;
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

/// The operations of EventBridge.
pub fn table() -> OperationTable<EventBridge> {
    OperationTable::default()
        .on("CancelReplay", cancel_replay::run)
        .on("CreateArchive", create_archive::run)
        .on("CreateEventBus", create_event_bus::run)
        .on("DeleteArchive", delete_archive::run)
        .on("DeleteEventBus", delete_event_bus::run)
        .on("DeleteRule", delete_rule::run)
        .on("DescribeArchive", describe_archive::run)
        .on("DescribeEventBus", describe_event_bus::run)
        .on("DescribeReplay", describe_replay::run)
        .on("DescribeRule", describe_rule::run)
        .on("DisableRule", disable_rule::run)
        .on("EnableRule", enable_rule::run)
        .on("ListArchives", list_archives::run)
        .on("ListEventBuses", list_event_buses::run)
        .on("ListReplays", list_replays::run)
        .on("ListRuleNamesByTarget", list_rule_names_by_target::run)
        .on("ListRules", list_rules::run)
        .on("ListTagsForResource", tags::list_tags_for_resource::run)
        .on("ListTargetsByRule", list_targets_by_rule::run)
        .on("PutEvents", put_events::run)
        .on("PutPermission", put_permission::run)
        .on("PutRule", put_rule::run)
        .on("PutTargets", put_targets::run)
        .on("RemovePermission", remove_permission::run)
        .on("RemoveTargets", remove_targets::run)
        .on("StartReplay", start_replay::run)
        .on("TagResource", tags::tag_resource::run)
        .on("TestEventPattern", test_event_pattern::run)
        .on("UntagResource", tags::untag_resource::run)
        .on("UpdateArchive", update_archive::run)
        .on("UpdateEventBus", update_event_bus::run)
}
