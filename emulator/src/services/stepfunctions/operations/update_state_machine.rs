//! UpdateStateMachine: gives a machine another revision; running executions keep theirs.
//!
//! Errors: `InvalidArn`, `InvalidDefinition`, `InvalidLoggingConfiguration`,
//! `InvalidEncryptionConfiguration`, `MissingRequiredParameter`, `StateMachineDoesNotExist`,
//! `StateMachineDeleting`, `ServiceQuotaExceededException`, `ValidationException`.
//! Source: API reference "UpdateStateMachine"; recordings of 2023-08-08 and 2023-08-11.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::Definition;
use skyrig_asl::definition::DEFINITION_BYTES_MAX;

use crate::kernel::{Context, Outcome};
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::creating;
use crate::services::stepfunctions::creating::Pending;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::logging;
use crate::services::stepfunctions::machine::Machine;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::revision::{self, Revision, Settings};
use crate::services::stepfunctions::shapes::{
    EncryptionConfiguration, LoggingConfiguration, TracingConfiguration,
};
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub definition: Option<String>,
    pub encryption_configuration: Option<EncryptionConfiguration>,
    pub logging_configuration: Option<LoggingConfiguration>,
    pub publish: Option<bool>,
    pub role_arn: Option<String>,
    pub state_machine_arn: Option<String>,
    pub tracing_configuration: Option<TracingConfiguration>,
    pub version_description: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub revision_id: Option<String>,
    pub state_machine_version_arn: Option<String>,
    pub update_date: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Outcome<Response>, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("stateMachineArn", request.state_machine_arn.as_ref());
    constraints.states_text("definition", request.definition.as_ref(), DEFINITION_BYTES_MAX);
    constraints.done()?;
    if request.version_description.is_some() && request.publish != Some(true) {
        let text = "Version description can only be set when publish is true";
        return Err(StepFunctionsError::validation(text));
    }
    let changes = request.definition.is_some()
        || request.role_arn.is_some()
        || request.logging_configuration.is_some()
        || request.tracing_configuration.is_some()
        || request.encryption_configuration.is_some();
    if !changes {
        return Err(StepFunctionsError::MissingRequiredParameter(
            "definition, roleArn, loggingConfiguration, tracingConfiguration and \
             encryptionConfiguration",
        ));
    }
    creating::check_stored(
        ctx,
        request.tracing_configuration.as_ref(),
        request.encryption_configuration.as_ref(),
    )?;
    states.updated(ctx, &request)?;
    let logging = request.logging_configuration.clone();
    let group = logging.map_or(Ok(None), |it| logging::group(&logging::filled(Some(it))))?;
    match group {
        None => states.update(ctx, request).map(Outcome::Done),
        Some(group) => {
            states.ask_for_group(ctx, &group, |call| Pending::Update(call, Box::new(request)));
            Ok(Outcome::Parked)
        }
    }
}

impl StepFunctions {
    /// The machine, and its revision after the update.
    fn updated(
        &mut self,
        ctx: &Context<'_>,
        request: &Request,
    ) -> Result<(&mut Machine, Settings), StepFunctionsError> {
        let of = names::machine(request.state_machine_arn.as_deref())?;
        let machine = self.live_machine(ctx, &of)?;
        let mut settings = machine.revision.settings.clone();
        if let Some(definition) = &request.definition {
            settings.definition = definition.as_str().into();
        }
        if let Some(role) = &request.role_arn {
            settings.role_arn.clone_from(role);
        }
        if let Some(logging) = &request.logging_configuration {
            settings.logging = logging::filled(Some(logging.clone()));
        }
        if let Some(tracing) = &request.tracing_configuration {
            settings.tracing = tracing.enabled == Some(true);
        }
        if let Some(encryption) = &request.encryption_configuration {
            settings.encryption = Some(encryption.clone());
        }
        let read = Definition::parse(&settings.definition, revision::kind(settings.express));
        read.map_err(|found| StepFunctionsError::definition(&found))?;
        Ok((machine, settings))
    }

    /// Does the update, which was checked.
    pub(in crate::services::stepfunctions) fn update(
        &mut self,
        ctx: &mut Context<'_>,
        request: Request,
    ) -> Result<Response, StepFunctionsError> {
        let id = ctx.ids().uuid().to_string();
        let (machine, settings) = self.updated(ctx, &request)?;
        if settings != machine.revision.settings {
            let revision = Revision::new(settings, Some(id), ctx.now())?;
            machine.revision = Arc::new(revision);
        }
        let mut version = None;
        if request.publish == Some(true) {
            let number = machine.publish(ctx.now(), request.version_description, None)?.number;
            version = Some(machine.version_arn(number));
        }
        Ok(Response {
            revision_id: machine.revision.id.clone(),
            state_machine_version_arn: version,
            update_date: Some(machine.revision.updated),
        })
    }
}
