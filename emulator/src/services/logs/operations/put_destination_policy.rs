//! PutDestinationPolicy: sets its policy.
//!
//! Limits: names of 512 letters; pages of 50.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API references of these names; recordings of 2026-02-05. Unverified: the text on a
//! destination that is not there.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::given;
use crate::services::logs::error::LogsError;
use crate::services::logs::state::Logs;
use crate::services::shared::policy::Policy;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub access_policy: Option<String>,
    pub destination_name: Option<String>,
    pub force_update: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let name = given("destinationName", request.destination_name)?;
    let text = given("accessPolicy", request.access_policy)?;
    let invalid = |error| LogsError::parameter(format!("Invalid policy document: {error}"));
    Policy::parse(&text).map_err(invalid)?;
    logs.destinations.get(&name).ok_or(LogsError::DESTINATION_NOT_FOUND)?;
    ctx.not_honoured("accessPolicy")?;
    let destination = logs.destinations.get_mut(&name).ok_or(LogsError::DESTINATION_NOT_FOUND)?;
    destination.access_policy = Some(text);
    Ok(Response {})
}
