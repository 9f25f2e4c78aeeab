//! ValidateStateMachineDefinition: what is wrong with a definition, and where.
//!
//! Limits: definitions of 1 MiB; 100 diagnostics.
//! Errors: `ValidationException`.
//! Source: API reference "ValidateStateMachineDefinition"; recordings of 2025-10-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::Definition;
use skyrig_asl::definition::{DEFINITION_BYTES_MAX, Diagnostic, ExecutionType};

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::state::StepFunctions;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub definition: Option<String>,
    pub max_results: Option<i32>,
    pub severity: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub diagnostics: Option<Vec<ValidateStateMachineDefinitionDiagnostic>>,
    pub result: Option<String>,
    pub truncated: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValidateStateMachineDefinitionDiagnostic {
    pub code: Option<String>,
    pub location: Option<String>,
    pub message: Option<String>,
    pub severity: Option<String>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    _states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.required("definition", request.definition.as_ref());
    constraints.states_text("definition", request.definition.as_ref(), DEFINITION_BYTES_MAX);
    constraints.range("maxResults", request.max_results, (0, 100));
    constraints.one_of("severity", request.severity.as_deref(), &["ERROR", "WARNING"]);
    constraints.one_of("type", request.kind.as_deref(), &["STANDARD", "EXPRESS"]);
    constraints.done()?;
    let kind = match request.kind.as_deref() {
        Some("EXPRESS") => ExecutionType::Express,
        _ => ExecutionType::Standard,
    };
    let text = request.definition.unwrap_or_default();
    let (found, result) = match Definition::parse(&text, kind) {
        Ok((_, warnings)) => (warnings, "OK"),
        Err(found) => (found, "FAIL"),
    };
    let errors_only = request.severity.as_deref().is_none_or(|severity| severity == "ERROR");
    let wanted: Vec<&Diagnostic> =
        found.iter().filter(|it| it.is_error() || !errors_only).collect();
    let most = match request.max_results {
        None | Some(0) => 100,
        Some(most) => most.unsigned_abs() as usize,
    };
    let truncated = wanted.len() > most;
    let shown = wanted.into_iter().take(most).map(|it| ValidateStateMachineDefinitionDiagnostic {
        code: Some(it.code.to_owned()),
        location: Some(it.location.clone()),
        message: Some(it.message.clone()),
        severity: Some(if it.is_error() { "ERROR" } else { "WARNING" }.to_owned()),
    });
    Ok(Response {
        diagnostics: Some(shown.collect()),
        result: Some(result.to_owned()),
        truncated: Some(truncated),
    })
}
