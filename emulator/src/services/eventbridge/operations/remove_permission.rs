//! RemovePermission: takes a statement, or all of them, from a bus's policy.
//!
//! Errors: `ResourceNotFoundException`.
//! Source: API reference "RemovePermission"; recordings of 2024-06-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::put_permission::{document, statements};
use crate::kernel::Context;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;
use crate::services::shared::policy::Policy;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub statement_id: Option<String>,
    pub remove_all_permissions: Option<bool>,
    pub event_bus_name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let bus = events.bus(ctx, request.event_bus_name.as_deref())?;
    if request.remove_all_permissions == Some(true) {
        bus.policy = None;
        return Ok(Response {});
    }
    let sid = request.statement_id.unwrap_or_default();
    let old = statements(bus);
    let left: Vec<_> = old.iter().filter(|s| s["Sid"] != sid.as_str()).cloned().collect();
    if left.len() == old.len() {
        return Err(EventsError::StatementNotFound);
    }
    bus.policy = if left.is_empty() {
        None
    } else {
        Some(Policy::parse(&document(&left)).expect("a policy less a statement is a policy"))
    };
    Ok(Response {})
}
