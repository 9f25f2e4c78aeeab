//! DeauthorizeConnection: takes all parameters of authorization from a connection.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DeauthorizeConnection"; user guide "De-authorizing connections".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::error::EventsError;
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
    pub connection_arn: Option<String>,
    pub connection_state: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub last_authorized_time: Option<Timestamp>,
    pub last_modified_time: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let connection = events.deauthorize_connection(ctx, request.name)?;
    Ok(Response {
        connection_arn: Some(connection.arn.to_string()),
        connection_state: Some(connection.status(ctx)),
        creation_time: Some(connection.created),
        last_authorized_time: Some(connection.authorized),
        last_modified_time: Some(connection.modified),
    })
}
