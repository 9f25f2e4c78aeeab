//! All that is under way: runs, events that wait, and records on their way to destinations.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::activity::Activities;
use super::asked::Refusal;
use super::event::Event;
use super::run::Run;
use super::sending::Sending;
use crate::services::lambda::concurrency::UNRESERVED_MIN;
use crate::services::lambda::function::Function;
use crate::services::lambda::state::Lambda;

/// What events of an account and region may hold together. AWS gives no bound and drops events
/// that it cannot keep.
// Differs from AWS: events hold 256 MiB together; what comes then is throttled.
pub(super) const EVENT_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What is under way in one account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::services::lambda) struct Invocations {
    /// Runs that have begun, by their token.
    pub(super) runs: BTreeMap<Arc<str>, Run>,
    /// How many of them each function has.
    running: BTreeMap<Arc<str>, u32>,
    /// Events that wait for their next try, by their timer's key.
    pub(super) events: BTreeMap<Arc<str>, Event>,
    /// Bytes of all events, those that run included.
    pub(super) event_bytes: usize,
    /// Records and dead letters that were sent or wait to be sent again, by their token.
    pub(super) sendings: BTreeMap<Arc<str>, Sending>,
    pub(super) activities: Activities,
}

impl Invocations {
    /// How many runs of a function are under way.
    pub(super) fn running(&self, function: &str) -> u32 {
        self.running.get(function).copied().unwrap_or_default()
    }

    pub(super) fn began(&mut self, token: Arc<str>, run: Run) {
        *self.running.entry(Arc::clone(&run.function)).or_default() += 1;
        self.runs.insert(token, run);
    }

    pub(super) fn ended(&mut self, token: &str) -> Option<Run> {
        let run = self.runs.remove(token)?;
        if let Some(count) = self.running.get_mut(&run.function) {
            *count -= 1;
            if *count == 0 {
                self.running.remove(&run.function);
            }
        }
        Some(run)
    }
}

impl Lambda {
    /// Whether one more run of `function` may begin, and on whose account not.
    pub(super) fn admission(&self, function: &Function) -> Result<(), Refusal> {
        if function.reserved_concurrency.is_some() {
            let running = self.invocations.running(&function.name);
            let (reserved, _) = self.concurrency_of(function);
            return if running < reserved { Ok(()) } else { Err(Refusal::Reserved) };
        }
        let all = u32::try_from(self.invocations.runs.len()).unwrap_or(u32::MAX);
        // What is always left for functions that reserve nothing needs no counting.
        if all < UNRESERVED_MIN {
            return Ok(());
        }
        let reserves = |name: &str| {
            self.functions.get(name).is_some_and(|it| it.reserved_concurrency.is_some())
        };
        let shared = self.invocations.running.iter().filter(|(name, _)| !reserves(name));
        let shared: u32 = shared.map(|(_, count)| *count).sum();
        let (left, _) = self.concurrency_of(function);
        if shared < left { Ok(()) } else { Err(Refusal::Account) }
    }
}
