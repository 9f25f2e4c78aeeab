//! TestState: tries one state, with a mock in place of what it calls or without.
//!
//! Errors: `InvalidArn`, `InvalidDefinition`, `InvalidExecutionInput`, `ValidationException`.
//! Source: API reference "TestState"; recordings of 2024-04-14 to 2025-12-03.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::definition::DEFINITION_BYTES_MAX;

use crate::kernel::{Context, Outcome};
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::state::StepFunctions;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub context: Option<String>,
    pub definition: Option<String>,
    pub input: Option<String>,
    pub inspection_level: Option<String>,
    pub mock: Option<MockInput>,
    pub reveal_secrets: Option<bool>,
    pub role_arn: Option<String>,
    pub state_configuration: Option<TestStateConfiguration>,
    pub state_name: Option<String>,
    pub variables: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub cause: Option<String>,
    pub error: Option<String>,
    pub inspection_data: Option<InspectionData>,
    pub next_state: Option<String>,
    pub output: Option<String>,
    pub status: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MockInput {
    pub error_output: Option<MockErrorOutput>,
    pub field_validation_mode: Option<String>,
    pub result: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MockErrorOutput {
    pub cause: Option<String>,
    pub error: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TestStateConfiguration {
    pub error_caused_by_state: Option<String>,
    pub map_item_reader_data: Option<String>,
    pub map_iteration_failure_count: Option<i32>,
    pub retrier_retry_count: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InspectionData {
    pub after_arguments: Option<String>,
    pub after_input_path: Option<String>,
    pub after_item_batcher: Option<String>,
    pub after_item_selector: Option<String>,
    pub after_items_path: Option<String>,
    pub after_items_pointer: Option<String>,
    pub after_parameters: Option<String>,
    pub after_result_path: Option<String>,
    pub after_result_selector: Option<String>,
    pub error_details: Option<InspectionErrorDetails>,
    pub input: Option<String>,
    pub max_concurrency: Option<i32>,
    pub request: Option<InspectionDataRequest>,
    pub response: Option<InspectionDataResponse>,
    pub result: Option<String>,
    pub tolerated_failure_count: Option<i32>,
    pub tolerated_failure_percentage: Option<f32>,
    pub variables: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InspectionErrorDetails {
    pub catch_index: Option<i32>,
    pub retry_backoff_interval_seconds: Option<i32>,
    pub retry_index: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InspectionDataRequest {
    pub body: Option<String>,
    pub headers: Option<String>,
    pub method: Option<String>,
    pub protocol: Option<String>,
    pub url: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InspectionDataResponse {
    pub body: Option<String>,
    pub headers: Option<String>,
    pub protocol: Option<String>,
    pub status_code: Option<String>,
    pub status_message: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Outcome<Response>, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.required("definition", request.definition.as_ref());
    constraints.states_text("definition", request.definition.as_ref(), DEFINITION_BYTES_MAX);
    constraints.states_payload("input", request.input.as_ref());
    constraints.states_payload("context", request.context.as_ref());
    constraints.states_payload("variables", request.variables.as_ref());
    constraints.states_name("stateName", request.state_name.as_ref());
    let (level, levels) = (request.inspection_level.as_deref(), ["INFO", "DEBUG", "TRACE"]);
    constraints.one_of("inspectionLevel", level, &levels);
    let mode = request.mock.as_ref().and_then(|mock| mock.field_validation_mode.as_deref());
    constraints.one_of("mock.fieldValidationMode", mode, &["STRICT", "PRESENT", "NONE"]);
    constraints.done()?;
    let caused_by = request.state_configuration.as_ref();
    if caused_by.is_some_and(|it| it.error_caused_by_state.is_some()) {
        ctx.not_honoured("stateConfiguration.errorCausedByState")?;
    }
    let tested = states.try_state(ctx, request)?;
    Ok(tested.map_or(Outcome::Parked, Outcome::Done))
}
