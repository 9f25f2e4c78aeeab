//! DisableRule: stops a rule from looking at events.
//!
//! Errors: `ResourceNotFoundException`, `ManagedRuleException`.
//! Source: API reference "DisableRule"; recordings of 2024-06-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::rule::RuleState;
use crate::services::eventbridge::state::EventBridge;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub event_bus_name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("name", request.name)?;
    let rule = events.rule(ctx, request.event_bus_name.as_deref(), &name)?;
    rule.check_not_managed(None)?;
    rule.state = RuleState::Disabled;
    rule.wind(ctx);
    Ok(Response {})
}
