//! DeleteQueryDefinition: deletes one.
//!
//! Limits: 1,000 definitions; names of 255 letters, texts of 10,000.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `LimitExceededException`.
//! Source: API references of these names. Unverified: the text on a definition that is not there.

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
    pub query_definition_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub success: Option<bool>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let id = given("queryDefinitionId", request.query_definition_id)?;
    match logs.query_definitions.remove(&id) {
        Some(_) => Ok(Response { success: Some(true) }),
        None => Err(LogsError::DEFINITION_NOT_FOUND),
    }
}
