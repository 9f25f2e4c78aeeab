//! DeleteApiDestination: removes an API destination.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DeleteApiDestination".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::connection::named;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    _ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = named(request.name)?;
    match events.api_destinations.remove(&name) {
        Some(_) => Ok(Response {}),
        None => Err(EventsError::ApiDestinationNotFound { name, deed: "delete" }),
    }
}
