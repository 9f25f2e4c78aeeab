//! PublishStateMachineVersion: makes a version of the present revision, which never changes.
//!
//! Limits: 1,000 versions of a machine.
//! Errors: `ConflictException`, `InvalidArn`, `ServiceQuotaExceededException`,
//! `StateMachineDeleting`, `StateMachineDoesNotExist`, `ValidationException`.
//! Source: API reference "PublishStateMachineVersion"; recordings of 2023-08-11 and 2024-03-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub description: Option<String>,
    pub revision_id: Option<String>,
    pub state_machine_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub creation_date: Option<Timestamp>,
    pub state_machine_version_arn: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("stateMachineArn", request.state_machine_arn.as_ref());
    constraints.length("description", request.description.as_deref(), (0, 256));
    constraints.done()?;
    let of = names::machine(request.state_machine_arn.as_deref())?;
    let machine = states.live_machine(ctx, &of)?;
    let wanted = request.revision_id.as_deref();
    let version = machine.publish(ctx.now(), request.description, wanted)?;
    let (number, created) = (version.number, version.created);
    Ok(Response {
        creation_date: Some(created),
        state_machine_version_arn: Some(machine.version_arn(number)),
    })
}
