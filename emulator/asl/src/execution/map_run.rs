//! Runs of distributed maps, and the child executions in them.

use serde::{Deserialize, Serialize};

use super::history::{Details, EventType};
use super::turn::Turn;
use super::{Execution, Outcome};
use crate::json::Json;
use crate::time::Milliseconds;

/// Child executions of a run whose histories are told of.
// Differs from AWS: the histories of the first thousand child executions of a map run are kept.
pub const CHILD_HISTORIES_MAX: usize = 1_000;

/// A run of a distributed map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapRun {
    pub arn: String,
    /// The child execution that has the map, if it is not the execution's own.
    pub parent: Option<ChildPlace>,
    /// Its children are Express executions, of which nothing is kept.
    pub express: bool,
    pub started_at: Milliseconds,
    pub stopped_at: Option<Milliseconds>,
    /// Nothing, while it runs; then whether it succeeded.
    pub succeeded_in_the_end: Option<bool>,
    /// Child executions, also those to come, and the items that they are for.
    pub total: usize,
    pub items: usize,
    pub succeeded: usize,
    pub failed: usize,
    pub max_concurrency: i64,
    pub tolerated_count: i64,
    pub tolerated_percentage: f64,
    pub redrives: u32,
    pub redriven_at: Option<Milliseconds>,
    /// Those that were started, in order.
    pub children: Vec<MapChild>,
}

/// What `UpdateMapRun` changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapRunChange {
    pub max_concurrency: Option<i64>,
    pub tolerated_count: Option<i64>,
    pub tolerated_percentage: Option<f64>,
}

/// Which run, and which of its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildPlace {
    pub run: usize,
    pub index: usize,
}

/// A child execution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapChild {
    pub name: String,
    pub input: Json,
    /// How many items it is for.
    pub items: usize,
    pub started_at: Milliseconds,
    pub stopped_at: Option<Milliseconds>,
    /// Nothing, while it runs.
    pub outcome: Option<Outcome>,
    pub redrives: u32,
    pub redriven_at: Option<Milliseconds>,
    last_event: u64,
}

impl MapRun {
    /// What its children's ARNs begin with, in place of an execution's machine: `MACHINE/LABEL`.
    fn machine(&self) -> &str {
        let resource = self.arn.split_once(":mapRun:").map_or("", |(_, resource)| resource);
        resource.rsplit_once(':').map_or(resource, |(machine, _)| machine)
    }

    fn arn_of(&self, kind: &str, resource: &str) -> String {
        let before = self.arn.split_once(":mapRun:").map_or("", |(before, _)| before);
        format!("{before}:{kind}:{resource}")
    }

    /// The ARN of a child execution.
    #[must_use]
    pub fn child_arn(&self, child: &MapChild) -> String {
        let (machine, name) = (self.machine(), &child.name);
        match self.express {
            true => self.arn_of("express", &format!("{machine}:{name}:{name}")),
            false => self.arn_of("execution", &format!("{machine}:{name}")),
        }
    }

    /// The ARN of the machine that its children run, and its name.
    #[must_use]
    pub fn machine_of_children(&self) -> (String, &str) {
        (self.arn_of("stateMachine", self.machine()), self.machine())
    }
}

impl Execution {
    /// The child execution at a place.
    #[must_use]
    pub fn child(&self, place: ChildPlace) -> Option<(&MapRun, &MapChild)> {
        let run = self.map_runs.get(place.run)?;
        Some((run, run.children.get(place.index)?))
    }
}

impl Turn<'_> {
    fn child_mut(&mut self, place: ChildPlace) -> &mut MapChild {
        &mut self.execution.map_runs[place.run].children[place.index]
    }

    /// The number of a child's next event; and whether anybody is told of it.
    pub(super) fn number_of_child(&mut self, place: ChildPlace) -> (u64, bool) {
        let express = self.execution.map_runs[place.run].express;
        let child = self.child_mut(place);
        child.last_event += 1;
        (child.last_event, !express && place.index < CHILD_HISTORIES_MAX)
    }

    /// Whether one more event of a child would be its last.
    pub(super) fn is_child_full(&self, place: ChildPlace, most: u64) -> bool {
        let child = self.execution.child(place);
        child.is_some_and(|(run, child)| !run.express && child.last_event + 1 >= most)
    }

    /// Begins the child for the next item of a run.
    pub(super) fn begin_child(&mut self, run: usize, input: &Json, items: usize) -> ChildPlace {
        let child = MapChild {
            name: self.execution.random.uuid(),
            input: input.clone(),
            items,
            started_at: self.now,
            stopped_at: None,
            outcome: None,
            redrives: 0,
            redriven_at: None,
            last_event: 0,
        };
        let children = &mut self.execution.map_runs[run].children;
        children.push(child);
        let place = ChildPlace { run, index: children.len() - 1 };
        let role = self.execution.about.role_arn.clone();
        let details = Details::new().input(input).with_some("roleArn", role);
        self.record_after(0, Some(place), EventType::ExecutionStarted, details);
        place
    }

    /// A child is over, unless it was before; its last event follows `previous`.
    pub(super) fn end_child(&mut self, place: ChildPlace, previous: u64, outcome: Outcome) {
        if self.child_mut(place).outcome.is_some() {
            return;
        }
        let failed = |error: &Option<String>, cause: &Option<String>| {
            Details::new().with_some("error", error.clone()).with_some("cause", cause.clone())
        };
        let (kind, details) = match &outcome {
            Outcome::Succeeded { output } => {
                (EventType::ExecutionSucceeded, Details::new().output(output))
            }
            Outcome::Failed { error, cause } => (EventType::ExecutionFailed, failed(error, cause)),
            Outcome::Aborted { error, cause } => {
                (EventType::ExecutionAborted, failed(error, cause))
            }
            Outcome::TimedOut => (EventType::ExecutionTimedOut, Details::new()),
        };
        self.record_after(previous, Some(place), kind, details);
        let now = self.now;
        let child = self.child_mut(place);
        child.stopped_at = Some(now);
        child.outcome = Some(outcome);
    }

    /// Whatever still runs of a run does so no more.
    pub(super) fn abort_map_run(&mut self, run: usize) {
        let now = self.now;
        let ended = &mut self.execution.map_runs[run];
        ended.stopped_at.get_or_insert(now);
        let running = ended.children.iter().enumerate().filter(|(_, it)| it.outcome.is_none());
        let running: Vec<(usize, u64)> = running.map(|(at, it)| (at, it.last_event)).collect();
        for (index, last) in running {
            let outcome = Outcome::Aborted { error: None, cause: None };
            self.end_child(ChildPlace { run, index }, last, outcome);
        }
    }

    /// A child goes on that had failed or was aborted. Gives the event that says so.
    pub(super) fn redrive_child(&mut self, place: ChildPlace) -> u64 {
        let now = self.now;
        let child = self.child_mut(place);
        (child.outcome, child.stopped_at) = (None, None);
        child.redrives += 1;
        child.redriven_at = Some(now);
        let (redrives, last) = (child.redrives, child.last_event);
        let run = &mut self.execution.map_runs[place.run];
        if run.stopped_at.take().is_some() {
            run.succeeded_in_the_end = None;
            run.redrives += 1;
            run.redriven_at = Some(now);
        }
        let is = |it: &&MapChild| matches!(it.outcome, Some(Outcome::Failed { .. }));
        run.failed = run.children.iter().filter(is).count();
        let details = Details::new().with("redriveCount", redrives);
        self.record_after(last, Some(place), EventType::ExecutionRedriven, details)
    }
}
