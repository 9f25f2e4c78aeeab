//! One state of an execution by itself, for `TestState`.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::branch::{Branch, Phase};
use super::failure::{Failure, THRESHOLD};
use super::turn::Turn;
use super::{Effect, Execution, News, Outcome, TaskCall};
use crate::definition::{Definition, Kind};
use crate::json::Json;
use crate::time::Milliseconds;

/// What stands for the things that a state calls.
#[derive(Clone, Debug)]
pub struct Mocked {
    pub news: News,
    /// Retries that are taken to have been made.
    pub attempts: u32,
    /// Items of a map that are taken to have failed.
    pub failed_items: usize,
    /// What a map's reader is taken to have read.
    pub items: Option<Json>,
}

/// How a state's trial ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    pub status: Status,
    pub output: Option<Json>,
    pub error: Option<String>,
    pub cause: Option<String>,
    pub next_state: Option<String>,
    /// The members of `inspectionData`; documents are texts.
    pub inspection: Map<String, Value>,
}

/// `TestExecutionStatus`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Succeeded,
    Failed,
    Retriable,
    CaughtError,
}

impl Status {
    /// The value of the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Retriable => "RETRIABLE",
            Self::CaughtError => "CAUGHT_ERROR",
        }
    }
}

/// What a trial keeps beside the execution.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    pub(super) documents: Map<String, Value>,
    pub(super) context: Option<Value>,
    pub(super) mocked: Option<Mocked>,
    /// The failure that was dealt with, however it was.
    pub(super) failure: Option<Failure>,
}

impl Execution {
    pub(crate) fn prepare_trial(
        &mut self,
        place: Vec<(String, usize)>,
        state: &str,
        variables: Map<String, Value>,
        context: Option<Value>,
        mocked: Option<Mocked>,
        now: Milliseconds,
    ) {
        let mut documents = Map::new();
        documents.insert("input".into(), self.input.text().into());
        if !variables.is_empty() {
            documents
                .insert("variables".into(), Value::Object(variables.clone()).to_string().into());
        }
        self.started_at = now;
        self.about.express = true;
        self.inspection = Some(Box::new(Notes { documents, context, mocked, failure: None }));
        let branch = Branch {
            place,
            variables: Arc::new(variables.into_iter().collect()),
            ..Branch::new(state, self.input.clone(), 0)
        };
        self.branches.insert(0, branch);
    }

    /// Goes on until the state is left or a task is wanted.
    pub(crate) fn try_state(
        &mut self,
        definition: &Definition,
        now: Milliseconds,
        answer: Option<(u64, News)>,
    ) -> (Tested, Option<TaskCall>) {
        let attempts = self.inspection.as_ref().and_then(|it| it.mocked.as_ref());
        let attempts = attempts.map_or(0, |it| it.attempts);
        let name = self.branches.get(&0).map(|it| it.state.clone()).unwrap_or_default();
        let accept = |_: &TaskCall| Ok(());
        let mut turn =
            Turn { execution: self, definition, now, judge: &accept, effects: Vec::new() };
        match answer {
            Some((number, news)) => turn.news(number, news),
            None => turn.begin_trial(attempts),
        }
        let effects = std::mem::take(&mut turn.effects);
        let call = effects.into_iter().find_map(|effect| match effect {
            Effect::Call(call) => Some(*call),
            _ => None,
        });
        (self.tested(&name), call)
    }

    fn tested(&self, name: &str) -> Tested {
        let notes = self.inspection.as_deref().cloned().unwrap_or_default();
        let (error, cause) = match &notes.failure {
            Some(failure) => (failure.error.clone(), failure.cause.clone()),
            None => (None, None),
        };
        let mut tested = Tested {
            status: Status::Failed,
            output: None,
            error,
            cause,
            next_state: None,
            inspection: notes.documents,
        };
        match (&self.outcome, self.branches.get(&0)) {
            (Some(Outcome::Succeeded { output }), _) => {
                tested.status = Status::Succeeded;
                tested.output = Some(output.clone());
            }
            (None, Some(branch)) if matches!(branch.phase, Phase::BackingOff) => {
                tested.status = Status::Retriable;
            }
            (None, Some(branch)) if branch.state != name || !self.ready.is_empty() => {
                let caught = notes.failure.is_some();
                tested.status = if caught { Status::CaughtError } else { Status::Succeeded };
                tested.output = Some(branch.input.clone());
                tested.next_state = Some(branch.state.clone());
            }
            _ => {}
        }
        tested
    }
}

impl Turn<'_> {
    fn begin_trial(&mut self, attempts: u32) {
        self.enter(0);
        let branch = self.branch_mut(0);
        branch.attempts.iter_mut().for_each(|it| *it = attempts);
        branch.retries = attempts;
        self.attempt(0, Self::perform);
        let waits = self.execution.branches.get(&0);
        if waits.is_some_and(|branch| matches!(branch.phase, Phase::Waiting)) {
            self.attempt(0, Self::waited);
        }
    }

    /// What a mock says of a state that has branches or items.
    pub(super) fn mocked(&self) -> Option<Mocked> {
        self.execution.inspection.as_ref()?.mocked.clone()
    }

    /// Takes a mock in place of branches or items.
    pub(super) fn take_mock(
        &mut self,
        id: u64,
        mocked: &Mocked,
        tolerated: usize,
    ) -> Result<(), Failure> {
        let state = self.state(id);
        match &mocked.news {
            News::Succeeded { .. } if mocked.failed_items > tolerated => {
                let cause = "The specified tolerated failure threshold was exceeded";
                Err(Failure::new(THRESHOLD, cause))
            }
            News::Succeeded { output } => {
                let conclusion = self.conclude(id, output)?;
                self.leave(id, conclusion, state.next.as_deref())
            }
            News::Failed { error, cause } => {
                let (error, cause) = (error.clone(), cause.clone());
                let of_branch = matches!(state.kind, Kind::Parallel { .. } | Kind::Map(_));
                Err(Failure { error, cause, of_branch, ..Failure::default() })
            }
            _ => Ok(()),
        }
    }
}
