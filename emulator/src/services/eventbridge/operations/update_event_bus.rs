//! UpdateEventBus: replaces a bus's settings.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "UpdateEventBus".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::bus::BusSettings;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::operations::create_event_bus::check_settings;
use crate::services::eventbridge::shapes::{DeadLetterConfig, LogConfig};
use crate::services::eventbridge::state::EventBridge;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub description: Option<String>,
    pub kms_key_identifier: Option<String>,
    pub dead_letter_config: Option<DeadLetterConfig>,
    pub log_config: Option<LogConfig>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub arn: Option<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub kms_key_identifier: Option<String>,
    pub dead_letter_config: Option<DeadLetterConfig>,
    pub log_config: Option<LogConfig>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let settings = BusSettings {
        description: request.description,
        kms_key_identifier: request.kms_key_identifier,
        dead_letter_config: request.dead_letter_config,
        log_config: request.log_config,
    };
    check_settings(ctx, &settings)?;
    let now = ctx.now();
    let bus = events.bus(ctx, request.name.as_deref())?;
    bus.settings = settings.clone();
    bus.modified = now;
    Ok(Response {
        arn: Some(bus.arn.to_string()),
        name: Some(bus.name.clone()),
        description: settings.description,
        kms_key_identifier: settings.kms_key_identifier,
        dead_letter_config: settings.dead_letter_config,
        log_config: settings.log_config,
    })
}
