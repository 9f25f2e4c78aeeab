//! What EventBridge does beside its API, for pages of the emulator: a schedule that rings at once.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::constraint;
use super::error::EventsError;
use super::operation_table::THROTTLING;
use super::rule::RuleState;
use super::state::EventBridge;
use crate::kernel::{Context, OperationTable};

/// The operations that no model has.
pub fn besides_table() -> OperationTable<EventBridge> {
    OperationTable::new("events", THROTTLING).on("TriggerRule", run).about("Name")
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Response {}

/// The event of the rule's schedule enters the bus now; when it rings next does not change.
fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("name", request.name)?;
    let rule = events.rule(ctx, None, &name)?;
    if rule.schedule.is_none() {
        let reason = format!("Rule {name} has no schedule: put an event that it matches.");
        return Err(EventsError::Validation(reason));
    }
    if rule.state == RuleState::Disabled {
        return Err(EventsError::Validation(format!("Rule {name} is disabled.")));
    }
    let now = ctx.now();
    events.put_scheduled(ctx, &name, now);
    Ok(Response {})
}
