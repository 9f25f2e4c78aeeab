//! One step of an execution: what came in, what is due, then every branch that can go on.

use serde_json::Value;

use super::branch::{Branch, Phase};
use super::failure::{Failure, RUNTIME, TIMEOUT};
use super::history::{Details, EventType, HistoryEvent, StateEvents};
use super::map_run::ChildPlace;
use super::{
    EXPRESS_SECONDS_MAX, Effect, Execution, HISTORY_EVENTS_MAX, Input, Judge, Outcome,
    STANDARD_SECONDS_MAX,
};
use crate::definition::{Definition, ExecutionType, State};
use crate::json::Json;
use crate::time::Milliseconds;

/// States that a step goes through at most.
const TRANSITIONS_MAX: usize = 1_000;

pub(super) struct Turn<'a> {
    pub(super) execution: &'a mut Execution,
    pub(super) definition: &'a Definition,
    pub(super) now: Milliseconds,
    pub(super) judge: Judge<'a>,
    pub(super) effects: Vec<Effect>,
}

impl<'a> Turn<'a> {
    pub(super) fn take(&mut self, input: Input) {
        // What was due before is older than the input.
        self.ring(self.now.saturating_sub(1));
        match input {
            Input::Start => self.start(),
            Input::Time => {}
            Input::Task { number, news } => self.news(number, news),
            Input::Stop { error, cause } => self.stop(error, cause),
            Input::Redrive => self.redrive(),
            Input::UpdateMapRun { arn, change } => self.update_map_run(&arn, &change),
        }
        self.ring(self.now);
        self.run();
        self.tell_wake();
    }

    fn start(&mut self) {
        if self.execution.last_event > 0 || self.execution.outcome.is_some() {
            return;
        }
        self.execution.started_at = self.now;
        self.set_deadline();
        let input = self.execution.input.clone();
        let role = self.execution.about.role_arn.clone();
        let details = Details::new().input(&input).with_some("roleArn", role);
        self.record_after(0, None, EventType::ExecutionStarted, details);
        let branch = Branch::new(&self.definition.machine.start_at, input, 0);
        self.execution.branches.insert(0, branch);
        self.execution.ready.push_back(0);
    }

    pub(super) fn set_deadline(&mut self) {
        let most = match self.execution.kind() {
            ExecutionType::Standard => STANDARD_SECONDS_MAX,
            ExecutionType::Express => EXPRESS_SECONDS_MAX,
        };
        let seconds = self.definition.timeout_seconds.map_or(most, |timeout| timeout.min(most));
        self.execution.deadline = Some(self.now.saturating_add_unsigned(seconds * 1_000));
    }

    fn stop(&mut self, error: Option<String>, cause: Option<String>) {
        if self.execution.outcome.is_some() || self.execution.last_event == 0 {
            return;
        }
        self.execution.unfinished = Some(self.execution.branches.clone());
        let details =
            Details::new().with_some("error", error.clone()).with_some("cause", cause.clone());
        let outcome = Outcome::Aborted { error, cause };
        self.finish(EventType::ExecutionAborted, details, outcome);
    }

    /// Whatever is due until `limit`, in order.
    fn ring(&mut self, limit: Milliseconds) {
        while self.execution.outcome.is_none() {
            let alarm = self.execution.alarms.first().copied();
            let deadline = self.execution.deadline.filter(|at| *at <= limit);
            match (alarm, deadline) {
                (Some((at, id)), deadline)
                    if at <= limit && deadline.is_none_or(|deadline| at < deadline) =>
                {
                    self.execution.alarms.pop_first();
                    self.branch_mut(id).alarm = None;
                    self.alarmed(id, at);
                    self.run();
                }
                (_, Some(_)) => self.time_out(),
                _ => return,
            }
        }
    }

    fn time_out(&mut self) {
        self.execution.unfinished = Some(self.execution.branches.clone());
        let details = Details::new().with("error", TIMEOUT);
        self.finish(EventType::ExecutionTimedOut, details, Outcome::TimedOut);
    }

    fn alarmed(&mut self, id: u64, at: Milliseconds) {
        match &self.branch(id).phase {
            Phase::Waiting => self.attempt(id, Self::waited),
            Phase::BackingOff => {
                self.branch_mut(id).phase = Phase::Again;
                self.execution.ready.push_back(id);
            }
            Phase::Task(_) => self.task_is_late(id, at),
            Phase::Entering | Phase::Again | Phase::Children(_) => {}
        }
    }

    fn run(&mut self) {
        let mut left = TRANSITIONS_MAX;
        while self.execution.outcome.is_none() {
            if left == 0 {
                return;
            }
            let Some(id) = self.execution.ready.pop_front() else { return };
            left -= 1;
            // A branch that was removed may still stand in the line.
            if let Some(branch) = self.execution.branches.get(&id) {
                let entering = matches!(branch.phase, Phase::Entering);
                self.attempt(id, |turn, id| {
                    if entering {
                        turn.enter(id);
                    }
                    turn.perform(id)
                });
            }
            self.bound_history(id);
        }
    }

    /// Does something for a branch's state; if that fails, the state does.
    pub(super) fn attempt(
        &mut self,
        id: u64,
        act: impl FnOnce(&mut Self, u64) -> Result<(), Failure>,
    ) {
        if let Err(failure) = act(self, id) {
            self.fail(id, failure);
        }
    }

    fn bound_history(&mut self, id: u64) {
        self.bound_child(id);
        let full = self.execution.last_event + 1 >= HISTORY_EVENTS_MAX;
        if !full
            || self.execution.outcome.is_some()
            || self.execution.kind() == ExecutionType::Express
        {
            return;
        }
        self.finish_failed(overfull());
    }

    /// A child has a history of its own, with the same bound.
    fn bound_child(&mut self, id: u64) {
        let Some(place) = self.execution.branches.get(&id).and_then(|it| it.child) else { return };
        if !self.is_child_full(place, HISTORY_EVENTS_MAX) {
            return;
        }
        let begins = |it: &Branch| it.begins_child && it.child == Some(place);
        let found = self.execution.branches.iter().find(|(_, it)| begins(it));
        let Some((first, Some(parent))) = found.map(|(first, it)| (*first, it.parent)) else {
            return;
        };
        self.abandon(first);
        self.child_failed(first, parent, overfull());
    }

    /// Says when to be woken, if that is news.
    fn tell_wake(&mut self) {
        let wake = self.execution.wake_at();
        if wake != self.execution.told_wake || wake.is_some_and(|at| at <= self.now) {
            self.effects.extend(wake.map(Effect::WakeAt));
            self.execution.told_wake = wake;
        }
    }

    /// Notes a document for `TestState`.
    pub(super) fn note(&mut self, name: &str, document: &Json) {
        self.note_value(name, || document.text().into());
    }

    pub(super) fn note_value(&mut self, name: &str, value: impl FnOnce() -> Value) {
        if let Some(notes) = &mut self.execution.inspection {
            notes.documents.insert(name.to_owned(), value());
        }
    }

    pub(super) fn branch(&self, id: u64) -> &Branch {
        &self.execution.branches[&id]
    }

    pub(super) fn branch_mut(&mut self, id: u64) -> &mut Branch {
        self.execution.branches.get_mut(&id).expect("the branch is there")
    }

    /// The definition of a branch's state; it outlives the turn.
    pub(super) fn state(&self, id: u64) -> &'a State {
        self.branch(id).definition(self.definition)
    }

    pub(super) fn set_alarm(&mut self, id: u64, at: Option<Milliseconds>) {
        let old = std::mem::replace(&mut self.branch_mut(id).alarm, at);
        if let Some(old) = old {
            self.execution.alarms.remove(&(old, id));
        }
        self.execution.alarms.extend(at.map(|at| (at, id)));
    }

    /// Records an event of a branch, after its last one.
    pub(super) fn record(&mut self, id: u64, kind: EventType, details: Details) -> u64 {
        let (previous, place) = (self.branch(id).last_event, self.branch(id).child);
        let event = self.record_after(previous, place, kind, details);
        self.branch_mut(id).last_event = event;
        event
    }

    /// Records an event in the execution's history, or in that of a child.
    pub(super) fn record_after(
        &mut self,
        previous_event_id: u64,
        place: Option<ChildPlace>,
        kind: EventType,
        details: Details,
    ) -> u64 {
        let (id, is_told) = match place {
            Some(place) => self.number_of_child(place),
            None => {
                self.execution.last_event += 1;
                (self.execution.last_event, true)
            }
        };
        if is_told {
            let (timestamp, details) = (self.now, details.0);
            let event = HistoryEvent { id, previous_event_id, timestamp, kind, details };
            self.effects.push(match place {
                None => Effect::Record(event),
                Some(child) => Effect::RecordChild { child, event },
            });
        }
        id
    }

    pub(super) fn enter(&mut self, id: u64) {
        let state = self.state(id);
        let now = self.now;
        let branch = self.branch_mut(id);
        branch.before_entered = branch.last_event;
        branch.entered_at = now;
        branch.attempts = vec![0; state.retry.len()];
        branch.retries = 0;
        branch.token = None;
        let details = Details::new().with("name", state.name.as_str()).input(&branch.input);
        let event = self.record(id, StateEvents::of(&state.kind).entered, details);
        self.branch_mut(id).entered_event = event;
    }

    /// The execution is over.
    pub(super) fn finish(&mut self, kind: EventType, details: Details, outcome: Outcome) {
        let previous = self.execution.branches.get(&0).map_or(0, |root| root.last_event);
        self.record_after(previous, None, kind, details);
        for run in 0..self.execution.map_runs.len() {
            self.abort_map_run(run);
        }
        let tasks = std::mem::take(&mut self.execution.tasks);
        self.effects.extend(tasks.into_keys().map(|number| Effect::Cancel { number }));
        self.execution.branches.clear();
        self.execution.ready.clear();
        self.execution.alarms.clear();
        self.execution.outcome = Some(outcome.clone());
        self.effects.push(Effect::Finished(outcome));
    }

    pub(super) fn finish_failed(&mut self, failure: Failure) {
        if self.execution.unfinished.is_none() {
            self.execution.unfinished = Some(self.execution.branches.clone());
        }
        let Failure { error, cause, .. } = failure;
        let details =
            Details::new().with_some("error", error.clone()).with_some("cause", cause.clone());
        self.finish(EventType::ExecutionFailed, details, Outcome::Failed { error, cause });
    }

    pub(super) fn finish_succeeded(&mut self, output: Json) {
        self.execution.unfinished = None;
        let details = Details::new().output(&output);
        self.finish(EventType::ExecutionSucceeded, details, Outcome::Succeeded { output });
    }
}

/// A history has as many events as it may.
// Unverified: the error; the cause is AWS's.
fn overfull() -> Failure {
    let cause = format!(
        "The execution reached the maximum number of history events ({HISTORY_EVENTS_MAX})."
    );
    Failure::new(RUNTIME, cause)
}
