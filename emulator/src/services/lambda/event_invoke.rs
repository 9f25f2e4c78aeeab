//! How events are invoked that nobody waits for: retries, age, and who is told of the end.

use serde::{Deserialize, Serialize};

use super::address::LATEST;
use super::function::Function;
use crate::wire::Timestamp;

/// Source: developer guide "Configuring error handling settings for Lambda asynchronous
/// invocations".
pub(super) const RETRIES: u8 = 2;
pub(super) const AGE_SECONDS: u32 = 6 * 60 * 60;

/// The settings of one qualifier. What was not set has AWS's default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct EventInvoke {
    /// 0 to 2.
    pub(super) retries: Option<u8>,
    /// 60 to 21,600.
    pub(super) age_seconds: Option<u32>,
    /// ARNs of a queue, a topic, a bus or a function.
    pub(super) on_success: Option<String>,
    pub(super) on_failure: Option<String>,
    pub(super) modified: Timestamp,
}

impl EventInvoke {
    /// How often an event is tried again that failed.
    pub(super) fn retries(&self) -> u8 {
        self.retries.unwrap_or(RETRIES)
    }

    /// How old an event may get.
    pub(super) fn age_seconds(&self) -> u32 {
        self.age_seconds.unwrap_or(AGE_SECONDS)
    }
}

impl Function {
    /// The settings for an invocation that names `qualifier`.
    pub(super) fn event_invoke_of(&self, qualifier: Option<&str>) -> EventInvoke {
        self.event_invoke.get(qualifier.unwrap_or(LATEST)).cloned().unwrap_or_default()
    }
}
