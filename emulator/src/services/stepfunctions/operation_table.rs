//! Step Functions on the wire: names, protocol and the operation table.

use super::child;
use super::constraint::MODEL;
use super::operations::*;
use super::state::StepFunctions;
use crate::kernel::{OperationTable, Throttling};
use crate::wire::{Protocol, Service, default_naming};

/// Step Functions as the wire sees it.
pub static SERVICE: Service = Service {
    name: "states",
    signing_name: "states",
    target_prefix: Some("AWSStepFunctions"),
    namespace: "com.amazonaws.swf.service.v2.model",
    protocols: &[Protocol::AwsJson10],
    query_version: None,
    xml_namespace: "",
    naming: default_naming,
    without_result: &[],
    every_operation: true,
    path_member: None,
    query_compatible: false,
    error_detail: false,
    crc32: false,
};

/// Source: developer guide, "Quotas related to API action throttling"; SDKs retry it.
const THROTTLING: Throttling =
    Throttling { shape: "ThrottlingException", query_code: "ThrottlingException", status: 400 };

/// The operations of Step Functions.
pub fn table() -> OperationTable<StepFunctions> {
    let table = OperationTable::new("states", THROTTLING).modelled(&MODEL);
    others(executions(aliases(machines(table))))
}

fn machines(table: OperationTable<StepFunctions>) -> OperationTable<StepFunctions> {
    table
        .on_waiting("CreateStateMachine", create_state_machine::run)
        .about("name")
        .stores(&["encryptionConfiguration", "tracingConfiguration"])
        .on("DeleteStateMachine", delete_state_machine::run)
        .about("stateMachineArn")
        .on("DescribeStateMachine", describe_state_machine::run)
        .about("stateMachineArn")
        .on("DescribeStateMachineForExecution", describe_state_machine_for_execution::run)
        .about("executionArn")
        .on("ListStateMachines", list_state_machines::run)
        .about_nothing()
        .on_waiting("UpdateStateMachine", update_state_machine::run)
        .about("stateMachineArn")
        .stores(&["encryptionConfiguration", "tracingConfiguration"])
        .on("ValidateStateMachineDefinition", validate_state_machine_definition::run)
        .about_nothing()
        .on_waiting("TestState", test_state::run)
        .about_nothing()
        .forgets(&["stateConfiguration.errorCausedByState"])
}

fn aliases(table: OperationTable<StepFunctions>) -> OperationTable<StepFunctions> {
    table
        .on("CreateStateMachineAlias", create_state_machine_alias::run)
        .about("name")
        .on("DeleteStateMachineAlias", delete_state_machine_alias::run)
        .about("stateMachineAliasArn")
        .on("DeleteStateMachineVersion", delete_state_machine_version::run)
        .about("stateMachineVersionArn")
        .on("DescribeStateMachineAlias", describe_state_machine_alias::run)
        .about("stateMachineAliasArn")
        .on("ListStateMachineAliases", list_state_machine_aliases::run)
        .about("stateMachineArn")
        .on("ListStateMachineVersions", list_state_machine_versions::run)
        .about("stateMachineArn")
        .on("PublishStateMachineVersion", publish_state_machine_version::run)
        .about("stateMachineArn")
        .on("UpdateStateMachineAlias", update_state_machine_alias::run)
        .about("stateMachineAliasArn")
}

fn executions(table: OperationTable<StepFunctions>) -> OperationTable<StepFunctions> {
    table
        .on_waiting("DescribeExecution", describe_execution::run)
        .about("executionArn")
        .on("GetExecutionHistory", get_execution_history::run)
        .about("executionArn")
        .refuses_values(
            "executionArn",
            "of a child execution after the first thousand of its map run",
            child::NO_HISTORY,
        )
        .on("ListExecutions", list_executions::run)
        .about("stateMachineArn")
        .about("mapRunArn")
        .on("RedriveExecution", redrive_execution::run)
        .about("executionArn")
        .on_often_in_json("StartExecution", start_execution::run)
        .about("stateMachineArn")
        .about("name")
        .on_waiting("StartSyncExecution", start_sync_execution::run)
        .about("stateMachineArn")
        .about("name")
        .on("StopExecution", stop_execution::run)
        .about("executionArn")
        .refuses_values("executionArn", "of a child execution", child::NOT_STOPPED)
        .on("DescribeMapRun", describe_map_run::run)
        .about("mapRunArn")
        .on("ListMapRuns", list_map_runs::run)
        .about("executionArn")
        .on("UpdateMapRun", update_map_run::run)
        .about("mapRunArn")
}

fn others(table: OperationTable<StepFunctions>) -> OperationTable<StepFunctions> {
    table
        .on("CreateActivity", create_activity::run)
        .about("name")
        .stores(&["encryptionConfiguration"])
        .on("DeleteActivity", delete_activity::run)
        .about("activityArn")
        .on("DescribeActivity", describe_activity::run)
        .about("activityArn")
        .on_waiting("GetActivityTask", get_activity_task::run)
        .about("activityArn")
        .on("ListActivities", list_activities::run)
        .about_nothing()
        .on("ListTagsForResource", list_tags_for_resource::run)
        .about("resourceArn")
        .on("SendTaskFailure", send_task_failure::run)
        .about_nothing()
        .on("SendTaskHeartbeat", send_task_heartbeat::run)
        .about_nothing()
        .on("SendTaskSuccess", send_task_success::run)
        .about_nothing()
        .on("TagResource", tag_resource::run)
        .about("resourceArn")
        .on("UntagResource", untag_resource::run)
        .about("resourceArn")
}
