//! PutTargets: adds targets to a rule or replaces those of the same ids.
//!
//! Queues, topics, buses and API destinations get their events. Targets of services that are not
//! here are stored, and each event for them is given up at once, with the reason.
//! Limits: 1 to 100 targets a call, 5 a rule; see `InputTransformer`.
//! Errors: `ResourceNotFoundException`, `LimitExceededException`, `ManagedRuleException`,
//! `ValidationException`.
//! Source: API reference "PutTargets"; recordings of 2024-05-14.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;
use crate::services::eventbridge::target;
use crate::services::eventbridge::target_parameters::Target;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub rule: Option<String>,
    pub event_bus_name: Option<String>,
    pub targets: Option<Vec<Target>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub failed_entry_count: Option<i32>,
    pub failed_entries: Option<Vec<PutTargetsResultEntry>>,
}

/// Why one target was not added.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutTargetsResultEntry {
    pub target_id: Option<String>,
    pub error_code: Option<String>,
    pub error_message: Option<String>,
}

/// Most targets of one rule.
const TARGETS_MAX: usize = 5;

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let rule = constraint::required("rule", request.rule)?;
    let targets = constraint::required("targets", request.targets)?;
    let bus = request.event_bus_name.as_deref();
    events.rule(ctx, bus, &rule)?.check_not_managed(None)?;
    let mut checked = Vec::new();
    for wire in targets {
        let checked_target = target::Target::validate(ctx, wire)?;
        events.check_target_exists(ctx, &checked_target.arn)?;
        checked.push(checked_target);
    }
    let rule = events.rule(ctx, bus, &rule)?;
    let mut all = rule.targets.clone();
    all.extend(checked.into_iter().map(|t| (t.wire.id.clone().unwrap_or_default(), t)));
    if all.len() > TARGETS_MAX {
        return Err(EventsError::LimitExceeded);
    }
    rule.targets = all;
    Ok(Response { failed_entry_count: Some(0), failed_entries: Some(Vec::new()) })
}
