//! DescribeStateMachineForExecution: what an execution runs, also after an update.
//!
//! Errors: `ExecutionDoesNotExist`, `InvalidArn`.
//! Source: API reference "DescribeStateMachineForExecution"; recording of 2023-08-21.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::describing;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::references;
use crate::services::stepfunctions::shapes::{
    EncryptionConfiguration, LoggingConfiguration, TracingConfiguration,
};
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub execution_arn: Option<String>,
    pub included_data: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub definition: Option<String>,
    pub encryption_configuration: Option<EncryptionConfiguration>,
    pub label: Option<String>,
    pub logging_configuration: Option<LoggingConfiguration>,
    pub map_run_arn: Option<String>,
    pub name: Option<String>,
    pub revision_id: Option<String>,
    pub role_arn: Option<String>,
    pub state_machine_arn: Option<String>,
    pub tracing_configuration: Option<TracingConfiguration>,
    pub update_date: Option<Timestamp>,
    pub variable_references: Option<BTreeMap<String, Vec<String>>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("executionArn", request.execution_arn.as_ref());
    constraints.states_included(request.included_data.as_ref());
    constraints.done()?;
    let arn = request.execution_arn.as_deref();
    // Differs from AWS: a child execution cannot be stopped by itself, and what it runs is shown as
    // the definition of the whole machine.
    let child = states.child(ctx, arn)?.map(|child| {
        let (machine, name) = child.map_run.machine_of_children();
        (child.of.arn.to_string(), child.map_run.arn.clone(), machine, name.to_owned())
    });
    let of = child.as_ref().map(|(of, ..)| of.as_str());
    let run = states.run(ctx, of.or(arn))?;
    let revision = &run.revision;
    let settings = &revision.settings;
    let data = request.included_data.as_deref() != Some("METADATA_ONLY");
    Ok(Response {
        definition: data.then(|| settings.definition.to_string()),
        encryption_configuration: Some(describing::encryption(settings.encryption.as_ref())),
        label: child.as_ref().and_then(|(.., name)| Some(name.split_once('/')?.1.to_owned())),
        logging_configuration: Some(settings.logging.clone()),
        map_run_arn: child.as_ref().map(|(_, arn, ..)| arn.clone()),
        name: Some(child.as_ref().map_or_else(|| run.machine.clone(), |(.., name)| name.clone())),
        revision_id: revision.id.clone(),
        role_arn: Some(settings.role_arn.clone()),
        state_machine_arn: Some(
            child.map_or_else(|| run.machine_arn.clone(), |(_, _, machine, _)| machine),
        ),
        tracing_configuration: describing::tracing(revision),
        update_date: Some(revision.updated),
        variable_references: references::of(&settings.definition).filter(|_| data),
    })
}
