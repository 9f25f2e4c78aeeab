//! Events of a history, in the shapes of `GetExecutionHistory`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::json::Json;
use crate::time::Milliseconds;

/// One event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEvent {
    /// From 1.
    pub id: u64,
    pub previous_event_id: u64,
    pub timestamp: Milliseconds,
    pub kind: EventType,
    /// The members of the event's details, if it has any; JSON documents in it are texts.
    pub details: Map<String, Value>,
}

macro_rules! event_types {
    ($($name:ident),* $(,)?) => {
        /// The types that an execution records. (The model has some more, which AWS stopped using.)
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum EventType { $($name),* }

        impl EventType {
            /// The type's name in the API.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

event_types! {
    ActivityFailed, ActivityScheduled, ActivityStarted, ActivitySucceeded, ActivityTimedOut,
    ChoiceStateEntered, ChoiceStateExited, EvaluationFailed, ExecutionAborted, ExecutionFailed,
    ExecutionRedriven, ExecutionStarted, ExecutionSucceeded, ExecutionTimedOut, FailStateEntered,
    LambdaFunctionFailed, LambdaFunctionScheduled, LambdaFunctionStarted, LambdaFunctionSucceeded,
    LambdaFunctionTimedOut, MapIterationAborted, MapIterationFailed, MapIterationStarted,
    MapIterationSucceeded, MapRunAborted, MapRunFailed, MapRunStarted, MapRunSucceeded,
    MapStateAborted, MapStateEntered, MapStateExited, MapStateFailed, MapStateStarted,
    MapStateSucceeded, ParallelStateAborted, ParallelStateEntered, ParallelStateExited,
    ParallelStateFailed, ParallelStateStarted, ParallelStateSucceeded, PassStateEntered,
    PassStateExited, SucceedStateEntered, SucceedStateExited, TaskFailed, TaskScheduled,
    TaskStarted, TaskStateAborted, TaskStateEntered, TaskStateExited, TaskSubmitted,
    TaskSucceeded, TaskTimedOut, WaitStateAborted, WaitStateEntered, WaitStateExited,
}

impl HistoryEvent {
    /// The member of the API's event that holds the details: `stateEnteredEventDetails`.
    #[must_use]
    pub fn details_name(&self) -> String {
        let name = self.kind.name();
        if name.ends_with("StateEntered") {
            return "stateEnteredEventDetails".to_owned();
        }
        if name.ends_with("StateExited") {
            return "stateExitedEventDetails".to_owned();
        }
        let mut name = format!("{name}EventDetails");
        name[..1].make_ascii_lowercase();
        name
    }

    /// The event as the API shows it, but for the timestamp, which each protocol writes its way.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut all = Map::new();
        all.insert("id".into(), self.id.into());
        all.insert("previousEventId".into(), self.previous_event_id.into());
        all.insert("type".into(), self.kind.name().into());
        if !self.details.is_empty() {
            all.insert(self.details_name(), Value::Object(self.details.clone()));
        }
        Value::Object(all)
    }
}

/// Details that are put together member by member.
#[derive(Clone, Debug, Default)]
pub(super) struct Details(pub(super) Map<String, Value>);

impl Details {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(super) fn input(self, input: &Json) -> Self {
        self.document("input", input)
    }

    pub(super) fn output(self, output: &Json) -> Self {
        self.document("output", output)
    }

    fn document(self, name: &str, document: &Json) -> Self {
        self.with(name, document.text())
            .with(&format!("{name}Details"), json!({"truncated": false}))
    }
}

/// The events of a state's kind.
pub(super) struct StateEvents {
    pub(super) entered: EventType,
    /// A `Fail` state is never left.
    pub(super) exited: EventType,
    pub(super) aborted: Option<EventType>,
}

impl StateEvents {
    pub(super) fn of(kind: &crate::definition::Kind) -> Self {
        use crate::definition::Kind;
        let (entered, exited, aborted) = match kind {
            Kind::Pass { .. } => (EventType::PassStateEntered, EventType::PassStateExited, None),
            Kind::Task(_) => (
                EventType::TaskStateEntered,
                EventType::TaskStateExited,
                Some(EventType::TaskStateAborted),
            ),
            Kind::Choice { .. } => {
                (EventType::ChoiceStateEntered, EventType::ChoiceStateExited, None)
            }
            Kind::Wait(_) => (
                EventType::WaitStateEntered,
                EventType::WaitStateExited,
                Some(EventType::WaitStateAborted),
            ),
            Kind::Succeed => (EventType::SucceedStateEntered, EventType::SucceedStateExited, None),
            Kind::Fail { .. } => (EventType::FailStateEntered, EventType::ExecutionFailed, None),
            Kind::Parallel { .. } => (
                EventType::ParallelStateEntered,
                EventType::ParallelStateExited,
                Some(EventType::ParallelStateAborted),
            ),
            Kind::Map(_) => (
                EventType::MapStateEntered,
                EventType::MapStateExited,
                Some(EventType::MapStateAborted),
            ),
        };
        Self { entered, exited, aborted }
    }
}
