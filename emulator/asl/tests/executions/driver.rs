//! An execution that is driven by hand.

use std::collections::BTreeMap;

use serde_json::Value;
use skyrig_asl::definition::ExecutionType;
use skyrig_asl::execution::{About, Effect, HistoryEvent, Input, News, Outcome, TaskCall};
use skyrig_asl::{Definition, Execution, Json};

/// When every execution begins.
pub(crate) const BEGIN: i64 = 1_700_000_000_000;

#[derive(Clone)]
pub(crate) struct Driver {
    pub(crate) definition: Definition,
    pub(crate) execution: Execution,
    pub(crate) now: i64,
    pub(crate) events: Vec<HistoryEvent>,
    /// Those of child executions, by run and child.
    pub(crate) of_children: BTreeMap<(usize, usize), Vec<HistoryEvent>>,
    /// Tasks that were begun and neither answered nor cancelled.
    pub(crate) open: Vec<TaskCall>,
    pub(crate) calls: usize,
    pub(crate) not_honoured: Vec<String>,
}

pub(crate) fn about(express: bool) -> About {
    About {
        id: "arn:aws:states:eu-central-1:111111111111:execution:machine:name".into(),
        name: "name".into(),
        machine_arn: "arn:aws:states:eu-central-1:111111111111:stateMachine:machine".into(),
        machine_name: "machine".into(),
        role_arn: None,
        region: "eu-central-1".into(),
        express,
    }
}

impl Driver {
    /// Starts an execution of a definition.
    pub(crate) fn start(definition: &Value, input: &Value) -> Self {
        Self::start_as(definition, input, false, 1)
    }

    pub(crate) fn start_as(definition: &Value, input: &Value, express: bool, seed: u64) -> Self {
        let parsed = Definition::parse(&definition.to_string(), ExecutionType::Standard);
        let (definition, _) = parsed.unwrap_or_else(|found| panic!("{found:?}"));
        let execution = Execution::new(about(express), Json::from(input.clone()), seed);
        let mut driver = Self {
            definition,
            execution,
            now: BEGIN,
            events: Vec::new(),
            of_children: BTreeMap::new(),
            open: Vec::new(),
            calls: 0,
            not_honoured: Vec::new(),
        };
        driver.step(Input::Start);
        driver
    }

    /// One step, and what must hold after each.
    pub(crate) fn step(&mut self, input: Input) {
        let ended = self.execution.outcome().is_some();
        let effects = self.execution.step(&self.definition, self.now, input.clone());
        if ended && input != Input::Redrive {
            assert!(effects.is_empty(), "it has ended, and does {effects:?}");
        }
        for effect in effects {
            match effect {
                Effect::Record(event) => self.record(event),
                Effect::RecordChild { child, event } => {
                    let events = self.of_children.entry((child.run, child.index)).or_default();
                    assert_eq!(event.id, events.len() as u64 + 1, "ids of a child are in order");
                    assert!(event.previous_event_id < event.id, "{event:?}");
                    events.push(event);
                }
                Effect::Call(call) => {
                    self.calls += 1;
                    self.open.push(*call);
                }
                Effect::Cancel { number } => {
                    let before = self.open.len();
                    self.open.retain(|call| call.number != number);
                    assert_eq!(self.open.len() + 1, before, "{number} was not open");
                }
                Effect::NotHonoured { what } => self.not_honoured.push(what),
                Effect::WakeAt(_) | Effect::Finished(_) => {}
            }
        }
        match self.execution.outcome() {
            Some(_) => {
                assert!(self.open.is_empty(), "{:?} are still open", self.open);
                assert_eq!(self.execution.wake_at(), None);
            }
            // Whoever waits for nothing will never end.
            None => assert!(
                !self.open.is_empty() || self.execution.wake_at().is_some(),
                "it waits for nothing"
            ),
        }
    }

    fn record(&mut self, event: HistoryEvent) {
        assert_eq!(event.id, self.events.len() as u64 + 1, "ids are in order");
        assert!(event.previous_event_id < event.id, "{event:?}");
        self.events.push(event);
    }

    /// News of the task that was begun first and is open.
    pub(crate) fn news(&mut self, news: News) {
        let number = self.open[0].number;
        if matches!(news, News::Succeeded { .. } | News::Failed { .. }) {
            self.open.remove(0);
        }
        self.step(Input::Task { number, news });
    }

    pub(crate) fn succeed(&mut self, output: Value) {
        self.news(News::Succeeded { output: Json::from(output) });
    }

    pub(crate) fn fail(&mut self, error: &str) {
        self.news(News::Failed { error: Some(error.into()), cause: Some("because".into()) });
    }

    /// Lets time pass, and wakes the execution whenever it wants.
    pub(crate) fn advance(&mut self, milliseconds: i64) {
        let until = self.now + milliseconds;
        while let Some(wake) = self.execution.wake_at().filter(|at| *at <= until) {
            self.now = self.now.max(wake);
            self.step(Input::Time);
        }
        self.now = until;
    }

    pub(crate) fn kinds(&self) -> Vec<&'static str> {
        self.events.iter().map(|event| event.kind.name()).collect()
    }

    /// The types of a child's events.
    pub(crate) fn kinds_of_child(&self, run: usize, index: usize) -> Vec<&'static str> {
        let events = self.of_children.get(&(run, index)).into_iter().flatten();
        events.map(|event| event.kind.name()).collect()
    }

    /// Its output, if it succeeded.
    pub(crate) fn output(&self) -> Option<Value> {
        match self.execution.outcome()? {
            Outcome::Succeeded { output } => Some(output.value().clone()),
            _ => None,
        }
    }

    /// Its error, if it failed.
    pub(crate) fn error(&self) -> Option<String> {
        match self.execution.outcome()? {
            Outcome::Failed { error, .. } => error.clone(),
            _ => None,
        }
    }

    pub(crate) fn cause(&self) -> Option<String> {
        match self.execution.outcome()? {
            Outcome::Failed { cause, .. } => cause.clone(),
            _ => None,
        }
    }

    /// The same execution, written down and read again.
    pub(crate) fn written(&self) -> Self {
        let text = serde_json::to_string(&self.execution).expect("an execution is data");
        let execution = serde_json::from_str(&text).expect("it can be read");
        Self { execution, ..self.clone() }
    }
}
