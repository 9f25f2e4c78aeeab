//! UpdateApiDestination: changes an API destination; what the request leaves out stays as it was.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "UpdateApiDestination".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::api_destination::Change;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub description: Option<String>,
    pub connection_arn: Option<String>,
    pub invocation_endpoint: Option<String>,
    pub http_method: Option<String>,
    pub invocation_rate_limit_per_second: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub api_destination_arn: Option<String>,
    pub api_destination_state: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub last_modified_time: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let change = Change {
        name: request.name,
        description: request.description,
        connection: request.connection_arn,
        endpoint: request.invocation_endpoint,
        method: request.http_method,
        rate: request.invocation_rate_limit_per_second,
    };
    let (destination, state) = events.update_api_destination(ctx, change)?;
    Ok(Response {
        api_destination_arn: Some(destination.arn.to_string()),
        api_destination_state: Some(state.to_owned()),
        creation_time: Some(destination.created),
        last_modified_time: Some(destination.modified),
    })
}
