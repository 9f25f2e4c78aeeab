//! Trying an event pattern or a filter policy on an event, without putting it anywhere.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::edge::admin::refusal;
use crate::services::shared::pattern::{Event, EventPattern, FilterPolicy, FilterPolicyScope};

/// What `POST /_skyrig/pattern` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trial {
    /// The text of the pattern or policy.
    pattern: String,
    /// The event; for a policy the message's attributes, or its body, as an object.
    event: Value,
    /// `MessageAttributes` or `MessageBody` for a filter policy; nothing for an event pattern.
    scope: Option<String>,
}

/// The conditions that do not hold, by the path of the field; none when it matches.
pub(super) async fn pattern(body: String) -> Response {
    let trial: Trial = match serde_json::from_str(&body) {
        Ok(trial) => trial,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, error.to_string()),
    };
    let Trial { pattern, event, scope } = trial;
    let found = match scope.as_deref() {
        None => EventPattern::parse(&pattern)
            .map(|pattern| pattern.mismatches(&Event::new(&event)))
            .map_err(|error| error.to_string()),
        Some(scope) => match FilterPolicyScope::from_word(scope) {
            None => Err(format!("{scope} is neither MessageAttributes nor MessageBody")),
            Some(scope) => FilterPolicy::parse(&pattern, scope)
                .map(|policy| policy.mismatches(&event, &event.to_string()))
                .map_err(|error| error.to_string()),
        },
    };
    match found {
        Ok(mismatches) => {
            let matches = mismatches.is_empty();
            Json(json!({ "matches": matches, "mismatches": mismatches })).into_response()
        }
        Err(reason) => refusal(StatusCode::BAD_REQUEST, reason),
    }
}
