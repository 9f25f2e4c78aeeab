//! RemoveTargets: removes targets from a rule by id.
//!
//! Limits: 1 to 100 ids.
//! Errors: `ResourceNotFoundException`, `ManagedRuleException`, `ValidationException`.
//! Source: API reference "RemoveTargets".

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
    pub rule: Option<String>,
    pub event_bus_name: Option<String>,
    pub ids: Option<Vec<String>>,
    pub force: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub failed_entry_count: Option<i32>,
    pub failed_entries: Option<Vec<RemoveTargetsResultEntry>>,
}

/// Why one target was not removed.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RemoveTargetsResultEntry {
    pub target_id: Option<String>,
    pub error_code: Option<String>,
    pub error_message: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("rule", request.rule)?;
    let ids = constraint::required("ids", request.ids)?;
    let rule = events.rule(ctx, request.event_bus_name.as_deref(), &name)?;
    rule.check_not_managed(request.force)?;
    let mut failed = Vec::new();
    for id in ids {
        if rule.targets.remove(&id).is_none() {
            failed.push(RemoveTargetsResultEntry {
                error_code: Some("ResourceNotFoundException".to_owned()),
                error_message: Some(format!("Target {id} does not exist on rule {name}.")),
                target_id: Some(id),
            });
        }
    }
    let count = i32::try_from(failed.len()).unwrap_or(i32::MAX);
    Ok(Response { failed_entry_count: Some(count), failed_entries: Some(failed) })
}
