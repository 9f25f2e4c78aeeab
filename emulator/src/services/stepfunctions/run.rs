//! An execution with all that the wire shows of it.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use skyrig_asl::Execution;
use skyrig_asl::execution::{ChildPlace, HistoryEvent, MapChild, Outcome};

use super::error::StepFunctionsError;
use super::names;
use super::revision::Revision;
use super::state::StepFunctions;
use crate::kernel::{Arn, CallId, Context, MessageId, Name, NodeId};
use crate::wire::Timestamp;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) key: Arc<str>,
    pub(super) arn: Arn,
    pub(super) name: String,
    /// The machine's name, and the version and alias by which it was started.
    pub(super) machine: String,
    pub(super) machine_arn: String,
    pub(super) version_arn: Option<String>,
    pub(super) alias_arn: Option<String>,
    pub(super) revision: Arc<Revision>,
    pub(super) trace_header: Option<String>,
    /// Its place in the order of starts.
    pub(super) number: u64,
    pub(super) started: Timestamp,
    pub(super) stopped: Option<Timestamp>,
    pub(super) redriven: Option<Timestamp>,
    pub(super) execution: Execution,
    /// Nothing, for an Express execution.
    pub(super) history: Vec<HistoryEvent>,
    /// About as many bytes as the history takes.
    pub(super) history_bytes: usize,
    /// Those of child executions: by map run, then by child.
    #[serde(default)]
    pub(super) child_histories: BTreeMap<usize, BTreeMap<usize, Vec<HistoryEvent>>>,
    /// Events that are to be logged.
    #[serde(skip)]
    pub(super) unlogged: Vec<HistoryEvent>,
    /// Tasks that nobody has answered yet.
    pub(super) tasks: BTreeMap<u64, Task>,
    /// Who waits for the end.
    pub(super) waiters: Vec<CallId>,
    pub(super) subject: MessageId,
    pub(super) lineage: Name,
    /// What led to what happens next: the state that was entered last.
    pub(super) cause: NodeId,
    pub(super) cause_of_states: BTreeMap<String, NodeId>,
}

/// A task that is under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) resource: skyrig_asl::definition::Resource,
    pub(super) token: Option<String>,
    pub(super) input: skyrig_asl::Json,
    /// The execution that it has started and waits for.
    pub(super) job: Option<Arn>,
}

impl Run {
    pub(super) fn is_express(&self) -> bool {
        self.revision.settings.express
    }

    /// `ExecutionStatus`
    pub(super) fn status(&self) -> &'static str {
        status_of(self.execution.outcome())
    }

    pub(super) fn output(&self) -> Option<&str> {
        match self.execution.outcome()? {
            Outcome::Succeeded { output } => Some(output.text()),
            _ => None,
        }
    }

    /// Error and cause.
    pub(super) fn failure(&self) -> (Option<String>, Option<String>) {
        match self.execution.outcome() {
            Some(Outcome::Failed { error, cause } | Outcome::Aborted { error, cause }) => {
                (error.clone(), cause.clone())
            }
            _ => (None, None),
        }
    }

    /// `redriveStatus` and `redriveStatusReason`. Recorded: those of executions that succeeded or
    /// run; 2024-06-11. Unverified: the rest.
    pub(super) fn redrive_status(&self) -> (&'static str, Option<String>) {
        if self.execution.is_redrivable() {
            return ("REDRIVABLE", None);
        }
        let reason = format!("Execution is {} and cannot be redriven", self.status());
        ("NOT_REDRIVABLE", Some(reason))
    }

    pub(super) fn record(&mut self, event: HistoryEvent) {
        self.history_bytes += weight(&event);
        self.history.push(event);
    }

    pub(super) fn record_child(&mut self, child: ChildPlace, event: HistoryEvent) {
        self.history_bytes += weight(&event);
        let of_run = self.child_histories.entry(child.run).or_default();
        of_run.entry(child.index).or_default().push(event);
    }

    /// About as many bytes as it takes.
    pub(super) fn bytes(&self) -> usize {
        let ends = self.execution.input().text().len() + self.output().map_or(0, str::len);
        let children = self.execution.map_runs().iter().flat_map(|run| &run.children);
        let of_children = children.map(|child| {
            let output = match &child.outcome {
                Some(Outcome::Succeeded { output }) => output.text().len(),
                _ => 0,
            };
            // Each document is there as a text and as a value.
            size_of::<MapChild>() + child.name.len() + 2 * (child.input.text().len() + output)
        });
        size_of::<Self>() + self.history_bytes + ends + of_children.sum::<usize>()
    }
}

impl StepFunctions {
    /// The execution that has a map's run, and which one it is.
    pub(super) fn map_run(
        &mut self,
        ctx: &Context<'_>,
        text: Option<&str>,
    ) -> Result<(&mut Run, usize), StepFunctionsError> {
        self.forget(ctx.now());
        let machine = names::map_run(text)?;
        let text = text.unwrap_or_default();
        let missing = || StepFunctionsError::ResourceNotFound(text.to_owned());
        let begin = format!("{machine}:");
        let all = self
            .executions
            .range_mut::<str, _>((Bound::Included(begin.as_str()), Bound::Unbounded));
        let mut all = all.take_while(|(key, _)| key.starts_with(&begin));
        let place = |run: &Run| run.execution.map_runs().iter().position(|it| it.arn == text);
        all.find_map(|(_, run)| place(run).map(|index| (run, index))).ok_or_else(missing)
    }
}

/// `ExecutionStatus`
pub(super) fn status_of(outcome: Option<&Outcome>) -> &'static str {
    match outcome {
        None => "RUNNING",
        Some(Outcome::Succeeded { .. }) => "SUCCEEDED",
        Some(Outcome::Failed { .. }) => "FAILED",
        Some(Outcome::TimedOut) => "TIMED_OUT",
        Some(Outcome::Aborted { .. }) => "ABORTED",
    }
}

/// About as many bytes as an event takes.
fn weight(event: &HistoryEvent) -> usize {
    let texts = event.details.iter().map(|(name, value)| {
        let inner = match value {
            Value::String(text) => text.len(),
            _ => size_of::<Value>(),
        };
        name.len() + inner + size_of::<Value>()
    });
    size_of::<HistoryEvent>() + texts.sum::<usize>()
}
