//! DeleteDestination: deletes one.
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

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub destination_name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let name = given("destinationName", request.destination_name)?;
    logs.destinations.remove(&name).map(|_| Response {}).ok_or(LogsError::DESTINATION_NOT_FOUND)
}
