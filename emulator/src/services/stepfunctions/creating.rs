//! Machines that are made or updated. If they log, Logs is asked first whether the group is there.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::PRINCIPAL;
use super::error::StepFunctionsError;
use super::logging::{self, FIRST_STREAM};
use super::names;
use super::operations::{create_state_machine, update_state_machine};
use super::revision::{Revision, Settings};
use super::shapes::{EncryptionConfiguration, TracingConfiguration};
use super::state::StepFunctions;
use crate::kernel::{Answered, Arn, CallError, CallId, Context};

/// What the tokens of those questions begin with.
pub(super) const TOKEN: &str = "destination";

/// A request that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Pending {
    Create(CallId, Box<create_state_machine::Request>),
    Update(CallId, Box<update_state_machine::Request>),
}

impl StepFunctions {
    /// Asks Logs for a stream in the group; the request waits.
    pub(super) fn ask_for_group(
        &mut self,
        ctx: &mut Context<'_>,
        group: &Arn,
        pending: impl FnOnce(CallId) -> Pending,
    ) {
        let number = self.number();
        let token: Arc<str> = format!("{TOKEN}/{number}").into();
        let call = ctx.park(&token);
        self.pending.insert(number, pending(call));
        let stream = json!({"logGroupName": logging::name(group), "logStreamName": FIRST_STREAM});
        ctx.call(("logs", "CreateLogStream"), stream, PRINCIPAL, &token);
    }

    /// Logs has answered.
    pub(super) fn destination_answered(
        &mut self,
        ctx: &mut Context<'_>,
        number: &str,
        answer: Result<Answered, CallError>,
    ) {
        let Some(pending) = self.pending.remove(number) else { return };
        let is_there = match &answer {
            Ok(_) => true,
            Err(CallError::Refused { shape, .. }) => shape == "ResourceAlreadyExistsException",
            Err(_) => false,
        };
        let missing = StepFunctionsError::InvalidLoggingConfiguration("Log Destination not found.");
        match pending {
            Pending::Create(call, request) => {
                let made = if is_there { self.create(ctx, *request) } else { Err(missing) };
                match made {
                    Ok(response) => ctx.complete(call, response),
                    Err(error) => ctx.fail(call, error.into()),
                }
            }
            Pending::Update(call, request) => {
                let made = if is_there { self.update(ctx, *request) } else { Err(missing) };
                match made {
                    Ok(response) => ctx.complete(call, response),
                    Err(error) => ctx.fail(call, error.into()),
                }
            }
        }
    }
}

/// Reports what is stored without effect.
///
/// # Errors
/// In strict mode, and `InvalidEncryptionConfiguration`.
pub(super) fn check_stored(
    ctx: &mut Context<'_>,
    tracing: Option<&TracingConfiguration>,
    encryption: Option<&EncryptionConfiguration>,
) -> Result<(), StepFunctionsError> {
    if let Some(given) = encryption {
        let own = given.kind.as_deref() == Some("AWS_OWNED_KEY");
        if own == given.kms_key_id.is_some() {
            let why = "kmsKeyId must be given for CUSTOMER_MANAGED_KMS_KEY, and only for that.";
            return Err(StepFunctionsError::InvalidEncryptionConfiguration(why));
        }
        if !own {
            ctx.not_honoured("encryptionConfiguration")?;
        }
    }
    if tracing.is_some_and(|it| it.enabled == Some(true)) {
        ctx.not_honoured("tracingConfiguration")?;
    }
    Ok(())
}

/// The machine's name and what it is to run.
///
/// # Errors
/// `InvalidName`, `InvalidDefinition`.
pub(super) fn read(
    ctx: &Context<'_>,
    request: &create_state_machine::Request,
) -> Result<(String, Revision), StepFunctionsError> {
    let name = names::check(request.name.as_deref())?;
    let tracing = request.tracing_configuration.as_ref();
    let settings = Settings {
        definition: request.definition.as_deref().unwrap_or_default().into(),
        role_arn: request.role_arn.clone().unwrap_or_default(),
        express: request.kind.as_deref() == Some("EXPRESS"),
        logging: logging::filled(request.logging_configuration.clone()),
        tracing: tracing.is_some_and(|it| it.enabled == Some(true)),
        encryption: request.encryption_configuration.clone(),
    };
    Ok((name, Revision::new(settings, None, ctx.now())?))
}
