//! TestEventPattern: whether a pattern matches an event.
//!
//! The event must have `id`, `account`, `source`, `time`, `region` and `detail-type`.
//! Limits: patterns of 4,096 characters.
//! Errors: `InvalidEventPatternException`, `ValidationException`.
//! Source: API reference "TestEventPattern"; recordings of 2024-12-05 and 2025-10-15.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;
use crate::services::shared::pattern::EventPattern;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub event_pattern: Option<String>,
    pub event: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub result: Option<bool>,
}

/// What an event must have. The API reference names `resources` too; AWS does not ask for it.
const NEEDED: [&str; 6] = ["id", "account", "source", "time", "region", "detail-type"];

pub fn run(
    _ctx: &mut Context<'_>,
    _events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let text = constraint::required("eventPattern", request.event_pattern)?;
    let event = constraint::required("event", request.event)?;
    let pattern = EventPattern::parse(&text)?;
    match serde_json::from_str(&event) {
        Ok(event @ serde_json::Value::Object(_)) if is_complete(&event) => {
            Ok(Response { result: Some(pattern.matches(&event)) })
        }
        _ => Err(EventsError::validation("Parameter Event is not valid.")),
    }
}

fn is_complete(event: &serde_json::Value) -> bool {
    NEEDED.iter().all(|member| event.get(member).is_some())
}
