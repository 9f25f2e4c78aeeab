//! An execution is data. `step` takes an input and says what shall be done; nothing else happens.
//! The definition is handed in each time, so what is written down is only what has come to pass.

mod branch;
mod children;
mod context;
mod data;
mod failure;
mod handlers;
mod history;
mod map;
mod map_run;
mod numbers;
mod perform;
mod redrive;
mod scene;
mod tasks;
mod trial;
mod turn;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

pub use failure::Failure;
pub use history::{EventType, HistoryEvent};
pub use map_run::{CHILD_HISTORIES_MAX, ChildPlace, MapChild, MapRun, MapRunChange};
pub use tasks::TaskCall;
pub use trial::{Mocked, Status, Tested};

use crate::definition::{Definition, ExecutionType};
use crate::json::Json;
use crate::random::Random;
use crate::time::Milliseconds;
use branch::Branch;
use turn::Turn;

/// Bytes of a state's or an execution's input or output.
pub const PAYLOAD_BYTES_MAX: usize = 262_144;
/// How long an execution may take, in seconds: a standard and an express one.
const STANDARD_SECONDS_MAX: u64 = 365 * 86_400;
const EXPRESS_SECONDS_MAX: u64 = 300;
/// Events in the history of a standard execution.
pub const HISTORY_EVENTS_MAX: u64 = 25_000;

/// What an execution is and where it runs: what its context object says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The execution's ARN.
    pub id: String,
    pub name: String,
    pub machine_arn: String,
    pub machine_name: String,
    pub role_arn: Option<String>,
    pub region: String,
    pub express: bool,
}

/// What comes to an execution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// It begins.
    Start,
    /// Time has passed.
    Time,
    /// Something became of a task.
    Task { number: u64, news: News },
    /// `StopExecution`.
    Stop { error: Option<String>, cause: Option<String> },
    /// `RedriveExecution`.
    Redrive,
    /// `UpdateMapRun`.
    UpdateMapRun { arn: String, change: MapRunChange },
}

/// What became of a task. News of a task that nobody waits for any more are ignored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum News {
    /// A worker took an activity's task.
    Started {
        worker: Option<String>,
    },
    /// The request of a job, or of a task with a token, was answered.
    Submitted {
        output: Json,
    },
    Succeeded {
        output: Json,
    },
    Failed {
        error: Option<String>,
        cause: Option<String>,
    },
    /// A worker is still there.
    Heartbeat,
}

/// What an execution wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// An event for the history.
    Record(HistoryEvent),
    /// An event for the history of a child execution.
    RecordChild {
        child: ChildPlace,
        event: HistoryEvent,
    },
    /// A task shall be begun; its news come back as inputs, by its number.
    Call(Box<TaskCall>),
    /// Nobody waits for this task any more.
    Cancel {
        number: u64,
    },
    /// `Input::Time` is wanted then, or later.
    WakeAt(Milliseconds),
    /// Something was accepted and is not done.
    NotHonoured {
        what: String,
    },
    Finished(Outcome),
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    Succeeded { output: Json },
    Failed { error: Option<String>, cause: Option<String> },
    TimedOut,
    Aborted { error: Option<String>, cause: Option<String> },
}

/// Whether a task can be begun at all: AWS looks at its parameters, and whether its activity
/// exists, before it schedules it.
pub type Judge<'a> = &'a dyn Fn(&TaskCall) -> Result<(), String>;

/// A run of a state machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Execution {
    about: About,
    input: Json,
    started_at: Milliseconds,
    stepped_at: Milliseconds,
    outcome: Option<Outcome>,
    branches: BTreeMap<u64, Branch>,
    /// Branches that can go on at once, in order.
    ready: VecDeque<u64>,
    alarms: BTreeSet<(Milliseconds, u64)>,
    /// Which branch waits for a task.
    tasks: BTreeMap<u64, u64>,
    map_runs: Vec<MapRun>,
    last_branch: u64,
    last_task: u64,
    last_event: u64,
    deadline: Option<Milliseconds>,
    told_wake: Option<Milliseconds>,
    redrives: u32,
    redriven_at: Option<Milliseconds>,
    /// What a redrive goes on with.
    unfinished: Option<BTreeMap<u64, Branch>>,
    random: Random,
    /// What `TestState` shows of the way through a state; nothing, unless it is asked for.
    #[serde(skip)]
    inspection: Option<Box<trial::Notes>>,
}

impl Execution {
    /// An execution that waits for `Input::Start`. The seed decides everything random in it.
    #[must_use]
    pub fn new(about: About, input: Json, seed: u64) -> Self {
        Self {
            about,
            input,
            started_at: 0,
            stepped_at: 0,
            outcome: None,
            branches: BTreeMap::new(),
            ready: VecDeque::new(),
            alarms: BTreeSet::new(),
            tasks: BTreeMap::new(),
            map_runs: Vec::new(),
            last_branch: 0,
            last_task: 0,
            last_event: 0,
            deadline: None,
            told_wake: None,
            redrives: 0,
            redriven_at: None,
            unfinished: None,
            random: Random::new(seed),
            inspection: None,
        }
    }

    /// Takes one input. The work of a step is bounded: a loop of states that wait for nothing asks
    /// to be woken at once, and goes on then.
    pub fn step(
        &mut self,
        definition: &Definition,
        now: Milliseconds,
        input: Input,
    ) -> Vec<Effect> {
        self.step_judged(definition, now, input, &|_| Ok(()))
    }

    /// The same; a task that `judge` refuses is not begun, and its state fails with that cause
    /// (`States.Runtime`).
    pub fn step_judged(
        &mut self,
        definition: &Definition,
        now: Milliseconds,
        input: Input,
        judge: Judge<'_>,
    ) -> Vec<Effect> {
        self.stepped_at = now;
        let mut turn = Turn { execution: self, definition, now, judge, effects: Vec::new() };
        turn.take(input);
        turn.effects
    }

    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    #[must_use]
    pub fn input(&self) -> &Json {
        &self.input
    }

    /// How it ended; nothing, while it runs.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    #[must_use]
    pub fn redrive_count(&self) -> u32 {
        self.redrives
    }

    /// Whether `Input::Redrive` would do something.
    #[must_use]
    pub fn is_redrivable(&self) -> bool {
        self.unfinished.is_some() && self.outcome.is_some() && !self.about.express
    }

    /// The runs of its distributed maps.
    #[must_use]
    pub fn map_runs(&self) -> &[MapRun] {
        &self.map_runs
    }

    /// When it wants to be woken next; at once, if it has more to do than a step does.
    #[must_use]
    pub fn wake_at(&self) -> Option<Milliseconds> {
        if self.outcome.is_some() {
            return None;
        }
        if !self.ready.is_empty() {
            return Some(self.stepped_at);
        }
        let alarm = self.alarms.first().map(|(at, _)| *at);
        alarm.into_iter().chain(self.deadline).min()
    }

    fn kind(&self) -> ExecutionType {
        if self.about.express { ExecutionType::Express } else { ExecutionType::Standard }
    }
}
