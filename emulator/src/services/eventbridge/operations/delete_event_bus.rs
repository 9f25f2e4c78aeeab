//! DeleteEventBus: removes a bus that has no rules and no archives.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DeleteEventBus"; recordings of 2024-06-19.
//! Unverified: the words for a bus that still has rules.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::{DEFAULT_BUS, EventBridge, bus_name};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("name", request.name)?;
    let name = bus_name(Some(&name));
    if name == DEFAULT_BUS {
        return Err(EventsError::validation("Cannot delete event bus default."));
    }
    let bus = events.bus(ctx, Some(name))?;
    // An archive gets its events by a rule too.
    if !bus.rules.is_empty() || !bus.archives.is_empty() {
        let text = format!("Cannot delete event bus {name} because it has rules.");
        return Err(EventsError::Validation(text));
    }
    events.buses(ctx).remove(name);
    Ok(Response {})
}
