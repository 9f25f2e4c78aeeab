//! Tumbling windows: what a function is told of the window that its batch lies in, and the state
//! that it hands on from batch to batch.
//!
//! Source: developer guide, "Implementing stateful DynamoDB stream processing in Lambda".

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::mapping_state::Mapping;
use crate::services::shared::polling::{Verdict, Window};
use crate::wire::Timestamp;

/// Longest state; a longer one ends its window.
const STATE_BYTES_MAX: usize = 1024 * 1024;
const NO_STATE: &str = "{}";

/// What a function has made of a window so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Aggregate {
    /// Of the window.
    start: Timestamp,
    /// JSON.
    state: String,
}

impl Aggregate {
    pub(super) fn is_too_large(&self) -> bool {
        self.state.len() > STATE_BYTES_MAX
    }
}

/// What stands beside the records in an event, beginning with a comma.
pub(super) fn members(mapping: &Mapping, window: &Window) -> String {
    let aggregate = mapping.aggregate.as_ref().filter(|it| it.start == window.start);
    let state = aggregate.map_or(NO_STATE, |it| &it.state);
    let (start, end) = (window.start.iso_seconds(), window.end.iso_seconds());
    let arn = mapping.wire.event_source_arn.as_deref().map_or(Value::Null, Value::from);
    let (bounds, shard) = (json!({"start": start, "end": end}), Value::from(&*window.shard));
    let flags = format!(
        r#""isFinalInvokeForWindow":{},"isWindowTerminatedEarly":{}"#,
        window.is_final, window.is_early
    );
    format!(
        r#","window":{bounds},"state":{state},"shardId":{shard},"eventSourceARN":{arn},{flags}"#
    )
}

/// What of an answer a window needs.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    state: Option<&'a RawValue>,
}

/// The state after a batch, and what came of the batch: an answer without a state is a failure.
pub(super) fn after(
    window: &Window,
    before: Option<Aggregate>,
    verdict: Verdict,
    answer: &str,
) -> (Option<Aggregate>, Verdict) {
    match verdict {
        // Nothing is left of a window that has ended.
        Verdict::Done if window.is_final => (None, verdict),
        Verdict::Done | Verdict::Partly(_) => {
            // A structure is an object; a list is none.
            let answer = Some(answer).filter(|it| it.trim_start().starts_with('{'));
            let answer = answer.and_then(|it| serde_json::from_str::<Answer<'_>>(it).ok());
            let state = answer.and_then(|it| it.state);
            match state.filter(|state| state.get().starts_with('{')) {
                Some(state) => {
                    let state = state.get().to_owned();
                    (Some(Aggregate { start: window.start, state }), verdict)
                }
                None => (before, Verdict::Failed),
            }
        }
        Verdict::Failed | Verdict::Throttled => (before, verdict),
    }
}
