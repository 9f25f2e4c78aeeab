//! DescribeEventBus: one bus.
//!
//! Errors: `ResourceNotFoundException`.
//! Source: API reference "DescribeEventBus"; recordings of 2024-06-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::shapes::{DeadLetterConfig, LogConfig};
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub name: Option<String>,
    pub arn: Option<String>,
    pub description: Option<String>,
    pub kms_key_identifier: Option<String>,
    pub dead_letter_config: Option<DeadLetterConfig>,
    pub policy: Option<String>,
    pub log_config: Option<LogConfig>,
    pub managed_by: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub last_modified_time: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let bus = events.bus(ctx, request.name.as_deref())?;
    Ok(Response {
        name: Some(bus.name.clone()),
        arn: Some(bus.arn.to_string()),
        description: bus.settings.description.clone(),
        kms_key_identifier: bus.settings.kms_key_identifier.clone(),
        dead_letter_config: bus.settings.dead_letter_config.clone(),
        policy: bus.policy.as_ref().map(|policy| policy.as_str().to_owned()),
        log_config: bus.settings.log_config.clone(),
        managed_by: None,
        creation_time: Some(bus.created),
        last_modified_time: Some(bus.modified),
    })
}
