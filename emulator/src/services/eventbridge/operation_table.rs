//! EventBridge on the wire: names, protocol, and the operation table.

use super::constraint::MODEL;
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
pub(super) const THROTTLING: Throttling =
    Throttling { shape: "ThrottlingException", query_code: "ThrottlingException", status: 400 };

/// The operations of EventBridge.
pub fn table() -> OperationTable<EventBridge> {
    let table = OperationTable::new("events", THROTTLING).modelled(&MODEL);
    puts_and_updates(lists(deletes_and_describes(creates(table))))
}

type Table = OperationTable<EventBridge>;

fn creates(table: Table) -> Table {
    table
        .on("ActivateEventSource", event_sources::activate_event_source::run)
        .about("Name")
        .on("CancelReplay", cancel_replay::run)
        .about("ReplayName")
        .on("CreateApiDestination", create_api_destination::run)
        .about("Name")
        .about("ConnectionArn")
        .on("CreateArchive", create_archive::run)
        .about("EventSourceArn")
        .about("ArchiveName")
        .stores(&["KmsKeyIdentifier"])
        .on("CreateConnection", create_connection::run)
        .about("Name")
        .stores(&[
            "AuthParameters.ConnectivityParameters",
            "InvocationConnectivityParameters",
            "KmsKeyIdentifier",
        ])
        .on("CreateEndpoint", create_endpoint::run)
        .about("Name")
        .stores(&["RoleArn", "RoutingConfig"])
        .on("CreateEventBus", create_event_bus::run)
        .about("Name")
        .stores(&["DeadLetterConfig", "KmsKeyIdentifier"])
        .on("CreatePartnerEventSource", partner_event_sources::create_partner_event_source::run)
        .about("Name")
}

fn deletes_and_describes(table: Table) -> Table {
    table
        .on("DeactivateEventSource", event_sources::deactivate_event_source::run)
        .about("Name")
        .on("DeauthorizeConnection", deauthorize_connection::run)
        .about("Name")
        .on("DeleteApiDestination", delete_api_destination::run)
        .about("Name")
        .on("DeleteArchive", delete_archive::run)
        .about("ArchiveName")
        .on("DeleteConnection", delete_connection::run)
        .about("Name")
        .on("DeleteEndpoint", delete_endpoint::run)
        .about("Name")
        .on("DeleteEventBus", delete_event_bus::run)
        .about("Name")
        .on("DeletePartnerEventSource", partner_event_sources::delete_partner_event_source::run)
        .about("Name")
        .on("DeleteRule", delete_rule::run)
        .about("EventBusName")
        .about("Name")
        .on("DescribeApiDestination", describe_api_destination::run)
        .about("Name")
        .on("DescribeArchive", describe_archive::run)
        .about("ArchiveName")
        .on("DescribeConnection", describe_connection::run)
        .about("Name")
        .on("DescribeEndpoint", describe_endpoint::run)
        .about("Name")
        .on("DescribeEventBus", describe_event_bus::run)
        .about("Name")
        .on("DescribeEventSource", event_sources::describe_event_source::run)
        .about("Name")
        .on("DescribePartnerEventSource", partner_event_sources::describe_partner_event_source::run)
        .about("Name")
        .on("DescribeReplay", describe_replay::run)
        .about("ReplayName")
        .on("DescribeRule", describe_rule::run)
        .about("EventBusName")
        .about("Name")
        .on("DisableRule", disable_rule::run)
        .about("EventBusName")
        .about("Name")
}

fn lists(table: Table) -> Table {
    table
        .on("EnableRule", enable_rule::run)
        .about("EventBusName")
        .about("Name")
        .on("ListApiDestinations", list_api_destinations::run)
        .about_nothing()
        .on("ListArchives", list_archives::run)
        .about_nothing()
        .on("ListConnections", list_connections::run)
        .about_nothing()
        .on("ListEndpoints", list_endpoints::run)
        .about_nothing()
        .on("ListEventBuses", list_event_buses::run)
        .about_nothing()
        .on("ListEventSources", event_source_list::list_event_sources::run)
        .about_nothing()
        .on(
            "ListPartnerEventSourceAccounts",
            partner_lists::list_partner_event_source_accounts::run,
        )
        .about("EventSourceName")
        .on("ListPartnerEventSources", partner_lists::list_partner_event_sources::run)
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
}

fn puts_and_updates(table: Table) -> Table {
    table
        .on_often_in_json("PutEvents", put_events::run)
        .about("Entries[].EventBusName")
        .entries("Entries")
        .forgets(&["EndpointId"])
        .on("PutPartnerEvents", put_partner_events::run)
        .about("Entries[].Source")
        .entries("Entries")
        .on("PutPermission", put_permission::run)
        .about("EventBusName")
        .on("PutRule", put_rule::run)
        .about("EventBusName")
        .about("Name")
        .stores(&["RoleArn"])
        .on("PutTargets", put_targets::run)
        .about("EventBusName")
        .about("Rule")
        .stores(&[
            "Targets.AppSyncParameters",
            "Targets.Arn",
            "Targets.BatchParameters",
            "Targets.EcsParameters",
            "Targets.HttpParameters",
            "Targets.KinesisParameters",
            "Targets.RedshiftDataParameters",
            "Targets.RoleArn",
            "Targets.RunCommandParameters",
            "Targets.SageMakerPipelineParameters",
        ])
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
        .on("UpdateApiDestination", update_api_destination::run)
        .about("Name")
        .about("ConnectionArn")
        .on("UpdateArchive", update_archive::run)
        .about("ArchiveName")
        .stores(&["KmsKeyIdentifier"])
        .on("UpdateConnection", update_connection::run)
        .about("Name")
        .stores(&[
            "AuthParameters.ConnectivityParameters",
            "InvocationConnectivityParameters",
            "KmsKeyIdentifier",
        ])
        .on("UpdateEndpoint", update_endpoint::run)
        .about("Name")
        .stores(&["RoleArn", "RoutingConfig"])
        .on("UpdateEventBus", update_event_bus::run)
        .about("Name")
        .stores(&["DeadLetterConfig", "KmsKeyIdentifier"])
}
