//! The events of a history, as GetExecutionHistory has them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HistoryEvent {
    pub activity_failed_event_details: Option<Failure>,
    pub activity_schedule_failed_event_details: Option<Failure>,
    pub activity_scheduled_event_details: Option<ActivityScheduled>,
    pub activity_started_event_details: Option<ActivityStarted>,
    pub activity_succeeded_event_details: Option<Output>,
    pub activity_timed_out_event_details: Option<Failure>,
    pub evaluation_failed_event_details: Option<EvaluationFailed>,
    pub execution_aborted_event_details: Option<Failure>,
    pub execution_failed_event_details: Option<Failure>,
    pub execution_redriven_event_details: Option<ExecutionRedriven>,
    pub execution_started_event_details: Option<ExecutionStarted>,
    pub execution_succeeded_event_details: Option<Output>,
    pub execution_timed_out_event_details: Option<Failure>,
    pub id: Option<i64>,
    pub lambda_function_failed_event_details: Option<Failure>,
    pub lambda_function_schedule_failed_event_details: Option<Failure>,
    pub lambda_function_scheduled_event_details: Option<LambdaFunctionScheduled>,
    pub lambda_function_start_failed_event_details: Option<Failure>,
    pub lambda_function_succeeded_event_details: Option<Output>,
    pub lambda_function_timed_out_event_details: Option<Failure>,
    pub map_iteration_aborted_event_details: Option<Iteration>,
    pub map_iteration_failed_event_details: Option<Iteration>,
    pub map_iteration_started_event_details: Option<Iteration>,
    pub map_iteration_succeeded_event_details: Option<Iteration>,
    pub map_run_failed_event_details: Option<Failure>,
    pub map_run_redriven_event_details: Option<MapRunRedriven>,
    pub map_run_started_event_details: Option<MapRunStarted>,
    pub map_state_started_event_details: Option<MapStateStarted>,
    pub previous_event_id: Option<i64>,
    pub state_entered_event_details: Option<StateEntered>,
    pub state_exited_event_details: Option<StateExited>,
    pub task_failed_event_details: Option<TaskFailure>,
    pub task_scheduled_event_details: Option<TaskScheduled>,
    pub task_start_failed_event_details: Option<TaskFailure>,
    pub task_started_event_details: Option<Integration>,
    pub task_submit_failed_event_details: Option<TaskFailure>,
    pub task_submitted_event_details: Option<TaskOutput>,
    pub task_succeeded_event_details: Option<TaskOutput>,
    pub task_timed_out_event_details: Option<TaskFailure>,
    pub timestamp: Option<Timestamp>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Failure {
    pub cause: Option<String>,
    pub error: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ActivityScheduled {
    pub heartbeat_in_seconds: Option<i64>,
    pub input: Option<String>,
    pub input_details: Option<Truncation>,
    pub resource: Option<String>,
    pub timeout_in_seconds: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ActivityStarted {
    pub worker_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Output {
    pub output: Option<String>,
    pub output_details: Option<Truncation>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EvaluationFailed {
    pub cause: Option<String>,
    pub error: Option<String>,
    pub location: Option<String>,
    pub state: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExecutionRedriven {
    pub redrive_count: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExecutionStarted {
    pub input: Option<String>,
    pub input_details: Option<Truncation>,
    pub role_arn: Option<String>,
    pub state_machine_alias_arn: Option<String>,
    pub state_machine_version_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LambdaFunctionScheduled {
    pub input: Option<String>,
    pub input_details: Option<Truncation>,
    pub resource: Option<String>,
    pub task_credentials: Option<TaskCredentials>,
    pub timeout_in_seconds: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Iteration {
    pub index: Option<i32>,
    pub name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MapRunRedriven {
    pub map_run_arn: Option<String>,
    pub redrive_count: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MapRunStarted {
    pub map_run_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MapStateStarted {
    pub length: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StateEntered {
    pub input: Option<String>,
    pub input_details: Option<Truncation>,
    pub name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StateExited {
    pub assigned_variables: Option<BTreeMap<String, String>>,
    pub assigned_variables_details: Option<VariablesTruncation>,
    pub name: Option<String>,
    pub output: Option<String>,
    pub output_details: Option<Truncation>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TaskFailure {
    pub cause: Option<String>,
    pub error: Option<String>,
    pub resource: Option<String>,
    pub resource_type: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TaskScheduled {
    pub heartbeat_in_seconds: Option<i64>,
    pub parameters: Option<String>,
    pub region: Option<String>,
    pub resource: Option<String>,
    pub resource_type: Option<String>,
    pub task_credentials: Option<TaskCredentials>,
    pub timeout_in_seconds: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Integration {
    pub resource: Option<String>,
    pub resource_type: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TaskOutput {
    pub output: Option<String>,
    pub output_details: Option<Truncation>,
    pub resource: Option<String>,
    pub resource_type: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Truncation {
    pub truncated: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TaskCredentials {
    pub role_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VariablesTruncation {
    pub truncated: Option<bool>,
}
