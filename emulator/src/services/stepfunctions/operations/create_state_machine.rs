//! CreateStateMachine: makes a state machine; the same once more gives the same one.
//!
//! Limits: definitions of 1 MiB, names of 80 characters, 100,000 machines.
//! Errors: `InvalidArn`, `InvalidDefinition`, `InvalidName`, `InvalidLoggingConfiguration`,
//! `InvalidEncryptionConfiguration`, `StateMachineAlreadyExists`, `StateMachineDeleting`,
//! `StateMachineLimitExceeded`, `TooManyTags`, `ValidationException`.
//! Source: API reference "CreateStateMachine"; recordings of 2023-06-22 to 2026-02-19.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::definition::DEFINITION_BYTES_MAX;

use crate::kernel::{Context, Outcome};
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::creating;
use crate::services::stepfunctions::creating::Pending;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::logging;
use crate::services::stepfunctions::machine::{MACHINES_MAX, Machine};
use crate::services::stepfunctions::revision::Settings;
use crate::services::stepfunctions::shapes::{
    EncryptionConfiguration, LoggingConfiguration, Tag, TracingConfiguration,
};
use crate::services::stepfunctions::state::StepFunctions;
use crate::services::stepfunctions::tagging;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub definition: Option<String>,
    pub encryption_configuration: Option<EncryptionConfiguration>,
    pub logging_configuration: Option<LoggingConfiguration>,
    pub name: Option<String>,
    pub publish: Option<bool>,
    pub role_arn: Option<String>,
    pub tags: Option<Vec<Tag>>,
    pub tracing_configuration: Option<TracingConfiguration>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub version_description: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub creation_date: Option<Timestamp>,
    pub state_machine_arn: Option<String>,
    pub state_machine_version_arn: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Outcome<Response>, StepFunctionsError> {
    check(&request)?;
    creating::check_stored(
        ctx,
        request.tracing_configuration.as_ref(),
        request.encryption_configuration.as_ref(),
    )?;
    let group = logging::group(&logging::filled(request.logging_configuration.clone()))?;
    match group {
        None => states.create(ctx, request).map(Outcome::Done),
        Some(group) => {
            // What is wrong with the rest is said first.
            creating::read(ctx, &request)?;
            states.ask_for_group(ctx, &group, |call| Pending::Create(call, Box::new(request)));
            Ok(Outcome::Parked)
        }
    }
}

fn check(request: &Request) -> Result<(), StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.required("name", request.name.as_ref());
    constraints.states_name("name", request.name.as_ref());
    constraints.required("definition", request.definition.as_ref());
    constraints.states_text("definition", request.definition.as_ref(), DEFINITION_BYTES_MAX);
    constraints.states_arn("roleArn", request.role_arn.as_ref());
    constraints.one_of("type", request.kind.as_deref(), &["STANDARD", "EXPRESS"]);
    constraints.states_tags(request.tags.as_ref());
    constraints.done()?;
    if request.version_description.is_some() && request.publish != Some(true) {
        let text = "Version description can only be set when publish is true";
        return Err(StepFunctionsError::validation(text));
    }
    Ok(())
}

impl StepFunctions {
    /// Makes the machine that a request describes, which was checked.
    pub(in crate::services::stepfunctions) fn create(
        &mut self,
        ctx: &mut Context<'_>,
        request: Request,
    ) -> Result<Response, StepFunctionsError> {
        let (name, revision) = creating::read(ctx, &request)?;
        self.settle_deletion(ctx, &name);
        let arn = ctx.arn(format!("stateMachine:{name}"));
        let tags = tagging::joined(&BTreeMap::new(), request.tags, arn.as_str())?;
        let publish = request.publish == Some(true);
        if let Some(machine) = self.machines.get_mut(&name) {
            if machine.deletion.is_some() {
                return Err(StepFunctionsError::MachineDeleting(arn.to_string()));
            }
            // Role and tags make no difference.
            let role_arn = machine.revision.settings.role_arn.clone();
            let same = Settings { role_arn, ..revision.settings } == machine.revision.settings;
            if !same {
                return Err(StepFunctionsError::MachineAlreadyExists(arn.to_string()));
            }
        } else {
            if self.machines.len() >= MACHINES_MAX {
                return Err(StepFunctionsError::MachineLimitExceeded);
            }
            let machine = Machine::new(ctx.now(), (arn, &name), Arc::new(revision), tags);
            self.machines.insert(name.clone(), machine);
        }
        let machine = self.machines.get_mut(&name).expect("it is there now");
        let mut version = None;
        if publish {
            let number = machine.publish(ctx.now(), request.version_description, None)?.number;
            version = Some(machine.version_arn(number));
        }
        Ok(Response {
            creation_date: Some(machine.created),
            state_machine_arn: Some(machine.arn.to_string()),
            state_machine_version_arn: version,
        })
    }
}
