//! CreateEventBus: makes a bus.
//!
//! Limits: names of 1 to 256 letters, digits, `.`, `-` and `_`; descriptions of 512 characters.
//! 100 buses.
//! Errors: `ResourceAlreadyExistsException`, `ResourceNotFoundException` (the partner's source),
//! `LimitExceededException`, `ValidationException`.
//! Source: API reference "CreateEventBus"; recordings of 2024-06-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::bus::{Bus, BusSettings};
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::shapes::{DeadLetterConfig, LogConfig};
use crate::services::eventbridge::state::EventBridge;
use crate::services::eventbridge::tagging::{self, Tag};
use crate::services::eventbridge::target::dead_letter_arn;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub event_source_name: Option<String>,
    pub description: Option<String>,
    pub kms_key_identifier: Option<String>,
    pub dead_letter_config: Option<DeadLetterConfig>,
    pub log_config: Option<LogConfig>,
    pub tags: Option<Vec<Tag>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub event_bus_arn: Option<String>,
    pub description: Option<String>,
    pub kms_key_identifier: Option<String>,
    pub dead_letter_config: Option<DeadLetterConfig>,
    pub log_config: Option<LogConfig>,
}

/// Most buses of an account in a region; AWS raises it when asked.
///
/// Source: user guide "Amazon EventBridge quotas".
const BUSES_MAX: usize = 100;

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("name", request.name)?;
    // A bus of a partner's source; no partner offers any here.
    if let Some(source) = request.event_source_name {
        return Err(EventsError::EventSourceNotFound(source));
    }
    if name.contains('/') {
        return Err(EventsError::validation("Event bus name must not contain '/'."));
    }
    let tags = tagging::checked(request.tags.unwrap_or_default())?;
    let settings = BusSettings {
        description: request.description,
        kms_key_identifier: request.kms_key_identifier,
        dead_letter_config: request.dead_letter_config,
        log_config: request.log_config,
    };
    check_settings(ctx, &settings)?;
    if events.buses(ctx).contains_key(&name) {
        return Err(EventsError::BusExists(name));
    }
    if events.buses(ctx).len() >= BUSES_MAX {
        return Err(EventsError::LimitExceeded);
    }
    let mut bus = Bus::new(ctx, &name, settings.clone());
    bus.tags = tags;
    let event_bus_arn = Some(bus.arn.to_string());
    events.buses(ctx).insert(name, bus);
    Ok(Response {
        event_bus_arn,
        description: settings.description,
        kms_key_identifier: settings.kms_key_identifier,
        dead_letter_config: settings.dead_letter_config,
        log_config: settings.log_config,
    })
}

/// Checks what CreateEventBus and UpdateEventBus have in common.
pub(in crate::services::eventbridge) fn check_settings(
    ctx: &mut Context<'_>,
    settings: &BusSettings,
) -> Result<(), EventsError> {
    let to = settings.dead_letter_config.as_ref().and_then(|config| config.arn.as_deref());
    to.map(|to| dead_letter_arn(ctx, to)).transpose()?;
    let unused = [
        ("KmsKeyIdentifier", settings.kms_key_identifier.is_some()),
        ("DeadLetterConfig", settings.dead_letter_config.is_some()),
    ];
    for (member, _) in unused.iter().filter(|(_, given)| *given) {
        ctx.not_honoured(member)?;
    }
    Ok(())
}
