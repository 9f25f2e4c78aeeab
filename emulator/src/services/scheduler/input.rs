//! What a target gets: its input with the attributes of the invocation, or an event.
//!
//! Source: user guide of EventBridge Scheduler, "Adding context attributes".

use serde_json::json;

use super::invocation::Invocation;

/// The input of the target, its attributes filled in.
pub(super) fn filled(invocation: &Invocation, text: &str) -> String {
    if !text.contains("<aws.scheduler.") {
        return text.to_owned();
    }
    let attempt = (invocation.retry.failed + 1).to_string();
    let mut filled = text.to_owned();
    for (name, value) in [
        ("schedule-arn", invocation.schedule.as_str()),
        ("scheduled-time", &invocation.scheduled.iso_seconds()),
        ("execution-id", &*invocation.id),
        ("attempt-number", &attempt),
    ] {
        filled = filled.replace(&format!("<aws.scheduler.{name}>"), value);
    }
    filled
}

/// The event that a target without an input gets.
// Unverified: whether every target gets it; AWS's guides show it for functions.
pub(super) fn event(invocation: &Invocation) -> String {
    json!({
        "version": "0",
        "id": &*invocation.id,
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": invocation.schedule.account(),
        "time": invocation.scheduled.iso_seconds(),
        "region": invocation.schedule.region(),
        "resources": [invocation.schedule.as_str()],
        "detail": "{}",
    })
    .to_string()
}
