//! TestMetricFilter: which messages a pattern matches, and what it takes out of them.
//!
//! Limits: 1 to 50 messages.
//! Errors: `InvalidParameterException`.
//! Source: API reference "TestMetricFilter".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, FILTER_PATTERN};
use crate::services::logs::error::LogsError;
use crate::services::logs::pattern::{Event, FilterPattern};
use crate::services::logs::shapes::MetricFilterMatchRecord;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub filter_pattern: Option<String>,
    pub log_event_messages: Option<Vec<String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub matches: Option<Vec<MetricFilterMatchRecord>>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    _logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    FILTER_PATTERN.required(&mut check, "filterPattern", request.filter_pattern.as_ref());
    let messages = request.log_event_messages.as_ref();
    check.required("logEventMessages", messages);
    let messages = messages.map(Vec::as_slice).unwrap_or_default();
    if request.log_event_messages.is_some() {
        check.entries("logEventMessages", messages, MESSAGES);
    }
    check.done()?;
    let pattern = FilterPattern::parse(request.filter_pattern.as_deref().unwrap_or_default())?;
    let mut matches = Vec::new();
    for (number, message) in (1..).zip(messages) {
        let event = Event::of(message);
        if pattern.matches(&event) {
            matches.push(MetricFilterMatchRecord {
                event_message: Some(message.clone()),
                event_number: Some(number),
                extracted_values: Some(pattern.extracted(&event)),
            });
        }
    }
    Ok(Response { matches: Some(matches) })
}

const MESSAGES: (usize, usize) = (1, 50);
