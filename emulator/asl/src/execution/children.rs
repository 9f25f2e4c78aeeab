//! Branches of a branch: those of a `Parallel`, and the items of a `Map`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::branch::{Branch, Children, Parent, Phase, machine_at};
use super::failure::{Failure, THRESHOLD};
use super::history::{Details, EventType, StateEvents};
use super::turn::Turn;
use super::{Effect, Outcome};
use crate::definition::{Kind, Machine};
use crate::json::Json;

impl Turn<'_> {
    /// Starts the branches of a `Parallel`.
    pub(super) fn fork(&mut self, id: u64, branches: &[Machine]) -> Result<(), Failure> {
        if let Some(mocked) = self.mocked() {
            return self.take_mock(id, &mocked, 0);
        }
        let input = self.arguments(id)?;
        let started = self.record(id, EventType::ParallelStateStarted, Details::new());
        self.branch_mut(id).phase = Phase::Children(Children {
            results: vec![None; branches.len()],
            items: Vec::new(),
            started: branches.len(),
            running: BTreeSet::new(),
            limit: branches.len(),
            failed: 0,
            run: None,
            tolerated: 0,
            started_event: started,
        });
        for index in 0..branches.len() {
            let place = (self.branch(id).state.clone(), index);
            self.spawn(Parent { branch: id, index }, place, input.clone(), started);
        }
        Ok(())
    }

    /// A new branch, ready to enter its first state.
    pub(super) fn spawn(
        &mut self,
        parent: Parent,
        place: (String, usize),
        input: Json,
        last_event: u64,
    ) -> u64 {
        self.execution.last_branch += 1;
        let id = self.execution.last_branch;
        let above = self.branch(parent.branch);
        let mut path = above.place.clone();
        path.push(place);
        let start_at = &machine_at(self.definition, &path).start_at;
        let child = Branch {
            parent: Some(parent),
            place: path,
            variables: above.variables.clone(),
            item: above.item.clone(),
            child: above.child,
            ..Branch::new(start_at, input, last_event)
        };
        self.execution.branches.insert(id, child);
        self.execution.ready.push_back(id);
        if let Some(children) = self.children(parent.branch) {
            children.running.insert(id);
        }
        id
    }

    pub(super) fn children(&mut self, id: u64) -> Option<&mut Children> {
        match &mut self.execution.branches.get_mut(&id)?.phase {
            Phase::Children(children) => Some(children),
            _ => None,
        }
    }

    /// A child came to its end. Machines are nested to a bounded depth, and so are these calls.
    pub(super) fn child_succeeded(&mut self, id: u64, parent: Parent, output: Json) {
        let Some(child) = self.execution.branches.remove(&id) else { return };
        if let Some(place) = child.child.filter(|_| child.begins_child) {
            let outcome = Outcome::Succeeded { output: output.clone() };
            self.end_child(place, child.last_event, outcome);
        }
        let Some(children) = self.children(parent.branch) else { return };
        children.running.remove(&id);
        children.results[parent.index] = Some(output);
        let last = self.settle_iteration(&child, parent, true);
        self.go_on(parent.branch, child.last_event, last);
    }

    /// Records how an iteration of an inline map ended. Gives the event that the map follows then.
    fn settle_iteration(&mut self, child: &Branch, parent: Parent, succeeded: bool) -> u64 {
        let state = self.state(parent.branch);
        let Kind::Map(_) = &state.kind else { return child.last_event };
        if let Some(run) = self.children(parent.branch).and_then(|it| it.run) {
            let counted = &mut self.execution.map_runs[run];
            if succeeded {
                counted.succeeded += 1;
            } else {
                counted.failed += 1;
            }
            return self.branch(parent.branch).last_event;
        }
        let kind = if succeeded {
            EventType::MapIterationSucceeded
        } else {
            EventType::MapIterationFailed
        };
        let details = Details::new().with("index", parent.index).with("name", state.name.as_str());
        self.record_after(child.last_event, child.child, kind, details)
    }

    /// Starts what can be started after a child has ended, or concludes the state. A new child
    /// follows the one that made room for it.
    pub(super) fn go_on(&mut self, id: u64, follows: u64, last: u64) {
        let Some(children) = self.children(id) else { return };
        let distributed = children.run.is_some();
        let running = children.running.len();
        let all = children.results.len();
        let (more, limit) = (children.started < all, children.limit);
        if more && running < limit {
            self.start_item(id, follows);
            return;
        }
        if running > 0 || more {
            return;
        }
        if !distributed {
            self.branch_mut(id).last_event = last;
        }
        self.attempt(id, Self::joined);
    }

    /// Every child has ended well.
    fn joined(&mut self, id: u64) -> Result<(), Failure> {
        let state = self.state(id);
        let previous = self.branch(id).last_event;
        let place = self.branch(id).child;
        match &state.kind {
            Kind::Map(_) => {
                let before = self.end_map_run(id, None).unwrap_or(previous);
                self.record_after(before, place, EventType::MapStateSucceeded, Details::new());
            }
            _ => {
                let kind = EventType::ParallelStateSucceeded;
                self.record_after(previous, place, kind, Details::new());
            }
        }
        let Some(children) = self.children(id) else { return Ok(()) };
        let results = std::mem::take(&mut children.results);
        let results: Value = results.into_iter().flatten().map(|it| it.value().clone()).collect();
        let conclusion = self.conclude(id, &Json::from(results))?;
        self.leave(id, conclusion, state.next.as_deref())
    }

    pub(super) fn child_failed(&mut self, id: u64, parent: Parent, failure: Failure) {
        if self.execution.unfinished.is_none() {
            self.execution.unfinished = Some(self.execution.branches.clone());
        }
        let begins_child = self.branch(id).begins_child;
        if let Kind::Task(_) = self.state(id).kind
            && !begins_child
        {
            self.record_aborted(id);
        }
        let Some(child) = self.execution.branches.remove(&id) else { return };
        if let Some(place) = child.child.filter(|_| begins_child) {
            let (error, cause) = (failure.error.clone(), failure.cause.clone());
            self.end_child(place, child.last_event, Outcome::Failed { error, cause });
        }
        let Some(children) = self.children(parent.branch) else { return };
        children.running.remove(&id);
        children.failed += 1;
        let (bears, run) = (children.failed <= children.tolerated, children.run);
        let last = self.settle_iteration(&child, parent, false);
        if bears {
            self.execution.unfinished = None;
            return self.go_on(parent.branch, child.last_event, last);
        }
        self.abort_children(parent.branch);
        let failure = match run {
            None => {
                self.branch_mut(parent.branch).last_event = last;
                failure
            }
            Some(_) => {
                let cause = "The specified tolerated failure threshold was exceeded";
                let failure = Failure::new(THRESHOLD, cause);
                let event = self.end_map_run(parent.branch, Some(&failure));
                let last = event.unwrap_or(last);
                self.branch_mut(parent.branch).last_event = last;
                failure
            }
        };
        self.fail(parent.branch, Failure { of_branch: true, of_task: false, ..failure });
    }

    fn record_aborted(&mut self, id: u64) {
        let state = self.state(id);
        let branch = self.branch(id);
        let (last, place) = (branch.last_event, branch.child);
        // A state that was not entered has nothing to abort.
        if matches!(branch.phase, Phase::Entering) {
            return;
        }
        if let Some(kind) = StateEvents::of(&state.kind).aborted {
            self.record_after(last, place, kind, Details::new());
        }
    }

    /// Ends every branch below this one.
    fn abort_children(&mut self, id: u64) {
        let own = self.branch(id).child;
        let mut open: Vec<u64> = self.running_children(id);
        while let Some(child) = open.pop() {
            open.extend(self.running_children(child));
            // A child execution is aborted as a whole.
            let is_own = self.branch(child).child == own;
            if is_own {
                self.record_aborted(child);
            }
            self.abandon(child);
            let Some(gone) = self.execution.branches.remove(&child) else { continue };
            match gone.child.filter(|_| gone.begins_child) {
                Some(place) => {
                    let outcome = Outcome::Aborted { error: None, cause: None };
                    self.end_child(place, gone.last_event, outcome);
                }
                None if is_own => self.record_iteration_aborted(&gone),
                None => {}
            }
        }
    }

    /// Nobody waits any more for what a branch waits for.
    pub(super) fn abandon(&mut self, id: u64) {
        if let Some(run) = self.children(id).and_then(|it| it.run) {
            self.abort_map_run(run);
        }
        if let Some(number) = self.forget_task(id) {
            self.effects.push(Effect::Cancel { number });
        }
        self.set_alarm(id, None);
    }

    fn running_children(&mut self, id: u64) -> Vec<u64> {
        let running = self.children(id).map(|it| std::mem::take(&mut it.running));
        running.unwrap_or_default().into_iter().collect()
    }

    fn record_iteration_aborted(&mut self, child: &Branch) {
        let Some(parent) = child.parent else { return };
        // The state of the parent is the last of the child's place.
        let above = &child.place[..child.place.len() - 1];
        let Some((name, _)) = child.place.last() else { return };
        let state = &machine_at(self.definition, above).states[name];
        let Kind::Map(_) = state.kind else { return };
        let details = Details::new().with("index", parent.index).with("name", name.as_str());
        self.record_after(child.last_event, child.child, EventType::MapIterationAborted, details);
    }
}
