//! DeleteRule: removes a rule that has no targets; one that is not there is no error.
//!
//! Errors: `ResourceNotFoundException` (the bus), `ManagedRuleException`, `ValidationException`.
//! Source: API reference "DeleteRule".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub event_bus_name: Option<String>,
    pub force: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("name", request.name)?;
    let bus = events.bus(ctx, request.event_bus_name.as_deref())?;
    let Some(rule) = bus.rules.get(&name) else {
        return Ok(Response {});
    };
    rule.check_not_managed(request.force)?;
    if !rule.targets.is_empty() {
        return Err(EventsError::validation("Rule can't be deleted since it has targets."));
    }
    bus.delete_rule(&name);
    Ok(Response {})
}
