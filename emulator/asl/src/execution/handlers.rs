//! What a state does about a failure: it tries again, it goes elsewhere, or it fails its branch.

use serde_json::{Map, Value, json};

use super::branch::Phase;
use super::data::Conclusion;
use super::failure::Failure;
use super::history::{Details, EventType};
use super::turn::Turn;
use crate::definition::{Catcher, Kind, QueryLanguage, Retrier};
use crate::json::Json;
use crate::time::Milliseconds;

/// A wait between two attempts, in milliseconds: a year.
const BACKOFF_MAX: f64 = 31_622_400_000.0;

impl Turn<'_> {
    /// A branch's state failed.
    pub(super) fn fail(&mut self, id: u64, failure: Failure) {
        let state = self.state(id);
        let entered = self.branch(id).entered_event;
        let mut failure = failure;
        match &mut self.execution.inspection {
            // `TestState` leaves the state's name out.
            Some(notes) => {
                failure.about_state = false;
                notes.failure = Some(failure.clone());
            }
            None => failure = failure.in_state(&state.name, entered),
        }
        if let Some(location) = &failure.location {
            self.record_evaluation(id, location, &failure);
        }
        self.forget_task(id);
        self.set_alarm(id, None);
        let retrier = state.retry.iter().position(|it| failure.is_among(&it.errors));
        if let Some(index) = retrier {
            let retrier = &state.retry[index];
            if self.branch(id).attempts[index] < retrier.max_attempts {
                self.execution.unfinished = None;
                let seconds = self.retry(id, index, retrier) / 1_000;
                self.note_value(
                    "errorDetails",
                    || json!({"retryIndex": index, "retryBackoffIntervalSeconds": seconds}),
                );
                return;
            }
        }
        self.record_state_failed(id, &failure);
        let catcher = state.catch.iter().position(|it| failure.is_among(&it.errors));
        let Some(index) = catcher else { return self.fail_branch(id, failure) };
        self.note_value("errorDetails", || json!({"catchIndex": index}));
        let unfinished = self.execution.unfinished.take();
        if let Err(failure) = self.catch(id, index, &state.catch[index], &failure) {
            let failure = failure.in_state(&state.name, self.branch(id).entered_event);
            if let Some(location) = &failure.location {
                self.record_evaluation(id, location, &failure);
            }
            self.execution.unfinished = unfinished;
            self.fail_branch(id, failure);
        }
    }

    /// The event before is that before the state was entered, if nothing came in between; as
    /// recorded.
    fn record_evaluation(&mut self, id: u64, location: &str, failure: &Failure) {
        let branch = self.branch(id);
        let untouched = branch.last_event == branch.entered_event;
        let previous = if untouched { branch.before_entered } else { branch.last_event };
        let place = branch.child;
        let details = Details::new()
            .with_some("cause", failure.cause.clone())
            .with_some("error", failure.error.clone())
            .with("location", location)
            .with("state", branch.state.as_str());
        let event = self.record_after(previous, place, EventType::EvaluationFailed, details);
        self.branch_mut(id).last_event = event;
    }

    fn record_state_failed(&mut self, id: u64, failure: &Failure) {
        if !failure.of_branch {
            return;
        }
        match &self.state(id).kind {
            Kind::Parallel { .. } => {
                self.record(id, EventType::ParallelStateFailed, Details::new());
            }
            Kind::Map(_) => {
                self.record(id, EventType::MapStateFailed, Details::new());
            }
            _ => {}
        }
    }

    /// Gives the time until the next attempt.
    fn retry(&mut self, id: u64, index: usize, retrier: &Retrier) -> Milliseconds {
        let delay = self.backoff(self.branch(id).attempts[index], retrier);
        let branch = self.branch_mut(id);
        branch.attempts[index] += 1;
        branch.retries += 1;
        branch.phase = Phase::BackingOff;
        let until = self.now.saturating_add(delay);
        self.set_alarm(id, Some(until));
        delay
    }

    /// How long to wait after so many attempts.
    fn backoff(&mut self, attempts: u32, retrier: &Retrier) -> Milliseconds {
        let exponent = i32::try_from(attempts).unwrap_or(i32::MAX);
        let grown = retrier.interval_seconds as f64 * retrier.backoff_rate.powi(exponent);
        let most = retrier.max_delay_seconds.map_or(f64::INFINITY, |it| it as f64);
        let delay = (grown.min(most) * 1_000.0).min(BACKOFF_MAX);
        let drawn = if retrier.full_jitter { self.execution.random.unit() } else { 1.0 };
        (delay * drawn) as Milliseconds
    }

    fn catch(
        &mut self,
        id: u64,
        index: usize,
        catcher: &Catcher,
        failure: &Failure,
    ) -> Result<(), Failure> {
        let mut error = Map::new();
        for (name, value) in [("Error", &failure.error), ("Cause", &failure.cause)] {
            error.extend(value.clone().map(|it| (name.to_owned(), Value::String(it))));
        }
        let error = Json::from(Value::Object(error));
        let assign = catcher.assign.as_ref();
        let conclusion = match self.state(id).language {
            QueryLanguage::JsonPath => {
                let assigned = self.assign(id, assign, error.value(), &[])?;
                let output = self.place(id, &catcher.result_path, &error)?;
                Conclusion { output, assigned }
            }
            QueryLanguage::Jsonata => {
                let more = [("errorOutput", error.value())];
                let output = match &catcher.output {
                    None => error.clone(),
                    Some(template) => {
                        let field = format!("Catch[{index}]/Output");
                        self.scene(id, &Value::Null, &more, |scene| {
                            scene.evaluate(template, &field)
                        })
                        .map(Json::from)?
                    }
                };
                let assigned = self.assign(id, assign, &Value::Null, &more)?;
                Conclusion { output, assigned }
            }
        };
        self.leave(id, conclusion, Some(&catcher.next))
    }

    fn fail_branch(&mut self, id: u64, failure: Failure) {
        match self.branch(id).parent {
            None => self.finish_failed(failure),
            Some(parent) => self.child_failed(id, parent, failure),
        }
    }
}
