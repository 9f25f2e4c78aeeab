//! DescribeApiDestination: one API destination.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DescribeApiDestination".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::connection::named;
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
    pub api_destination_arn: Option<String>,
    pub api_destination_state: Option<String>,
    pub connection_arn: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub description: Option<String>,
    pub http_method: Option<String>,
    pub invocation_endpoint: Option<String>,
    pub invocation_rate_limit_per_second: Option<i32>,
    pub last_modified_time: Option<Timestamp>,
    pub name: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = named(request.name)?;
    let (destination, state) = events.api_destination(ctx, &name)?;
    Ok(Response {
        api_destination_arn: Some(destination.arn.to_string()),
        api_destination_state: Some(state.to_owned()),
        connection_arn: Some(destination.connection.to_string()),
        creation_time: Some(destination.created),
        description: destination.description.clone(),
        http_method: Some(destination.method.clone()),
        invocation_endpoint: Some(destination.endpoint.clone()),
        invocation_rate_limit_per_second: destination.rate,
        last_modified_time: Some(destination.modified),
        name: Some(destination.name.clone()),
    })
}
