//! DescribeStateMachine: a machine, or one of its versions, as it is.
//!
//! Errors: `InvalidArn`, `StateMachineDoesNotExist`.
//! Source: API reference "DescribeStateMachine"; recordings of 2023-06-22 to 2024-11-20.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::describing;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::shapes::{
    EncryptionConfiguration, LoggingConfiguration, TracingConfiguration,
};
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub included_data: Option<String>,
    pub state_machine_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub creation_date: Option<Timestamp>,
    pub definition: Option<String>,
    pub description: Option<String>,
    pub encryption_configuration: Option<EncryptionConfiguration>,
    pub label: Option<String>,
    pub logging_configuration: Option<LoggingConfiguration>,
    pub name: Option<String>,
    pub revision_id: Option<String>,
    pub role_arn: Option<String>,
    pub state_machine_arn: Option<String>,
    pub status: Option<String>,
    pub tracing_configuration: Option<TracingConfiguration>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub variable_references: Option<BTreeMap<String, Vec<String>>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("stateMachineArn", request.state_machine_arn.as_ref());
    constraints.states_included(request.included_data.as_ref());
    constraints.done()?;
    let of = names::machine(request.state_machine_arn.as_deref())?;
    let machine = states.machine(ctx, &of)?;
    let version = of.qualifier.as_deref().map(|it| machine.version(it).map(|it| it.number));
    if version == Some(None) {
        return Err(StepFunctionsError::MachineDoesNotExist(of.arn.to_string()));
    }
    let mut shown = describing::machine(machine, version.flatten());
    if request.included_data.as_deref() == Some("METADATA_ONLY") {
        shown.definition = None;
        shown.variable_references = None;
    }
    Ok(shown)
}
