//! A state machine's definition: what it says, read once and judged in AWS's words.

mod check;
mod choice;
mod diagnostic;
mod fields;
mod flow;
mod machine;
mod map;
mod resource;
mod state;

use std::collections::BTreeMap;

use serde_json::Value;

pub use choice::{Comparison, Condition, Operand, Rule};
pub use diagnostic::{Diagnostic, Severity, creation_error};
pub use resource::{Pattern, Resource};

use crate::path::Path;
use crate::template::Template;
use crate::time::Milliseconds;

/// Bytes of a definition.
pub const DEFINITION_BYTES_MAX: usize = 1 << 20;
/// Characters of a state's name.
pub const STATE_NAME_LENGTH_MAX: usize = 80;
/// Machines inside of machines.
const NESTING_MAX: usize = 30;

/// A definition that was read.
#[derive(Clone, Debug)]
pub struct Definition {
    pub machine: Machine,
    pub comment: Option<String>,
    /// How long an execution may take.
    pub timeout_seconds: Option<u64>,
}

/// States that lead to one another: a definition's, a branch's or an item processor's.
#[derive(Clone, Debug)]
pub struct Machine {
    pub start_at: String,
    pub states: BTreeMap<String, State>,
}

/// In which language a state's fields are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryLanguage {
    #[default]
    JsonPath,
    Jsonata,
}

/// What kind of execution a definition is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExecutionType {
    #[default]
    Standard,
    Express,
}

/// A state. Fields that its type or its language lacks are absent.
#[derive(Clone, Debug)]
pub struct State {
    pub name: String,
    pub language: QueryLanguage,
    /// Nothing, if the machine ends after this state.
    pub next: Option<String>,
    pub input_path: Selection,
    pub output_path: Selection,
    pub parameters: Option<Template>,
    pub result_selector: Option<Template>,
    pub result_path: Selection,
    /// Of a JSONata state.
    pub arguments: Option<Template>,
    pub output: Option<Template>,
    pub assign: Option<Template>,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
    pub kind: Kind,
}

/// `InputPath`, `ResultPath` and `OutputPath`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Selection {
    /// The field is absent: everything.
    #[default]
    Whole,
    /// `null`: nothing.
    Nothing,
    At(Path),
}

#[derive(Clone, Debug)]
pub enum Kind {
    Pass { result: Option<Value> },
    Task(Box<Task>),
    Choice { choices: Vec<Choice>, default: Option<String> },
    Wait(Delay),
    Succeed,
    Fail { error: Option<Dynamic>, cause: Option<Dynamic> },
    Parallel { branches: Vec<Machine> },
    Map(Box<Map>),
}

/// A field whose value is written down, or computed.
#[derive(Clone, Debug)]
pub struct Dynamic {
    /// The field's name as it stands in the state: `TimeoutSecondsPath`.
    pub field: &'static str,
    pub template: Template,
}

#[derive(Clone, Debug)]
pub struct Task {
    pub resource: Resource,
    pub timeout: Option<Dynamic>,
    pub heartbeat: Option<Dynamic>,
    pub credentials: Option<Template>,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub condition: Condition,
    pub next: String,
    pub output: Option<Template>,
    pub assign: Option<Template>,
}

#[derive(Clone, Debug)]
pub enum Delay {
    Seconds(Dynamic),
    Until(Dynamic),
    /// A time that is written in the definition.
    Fixed(Milliseconds),
}

#[derive(Clone, Debug)]
pub struct Map {
    pub processor: Machine,
    pub mode: Mode,
    pub items: Option<Dynamic>,
    /// `ItemSelector`, or `Parameters` of old.
    pub selector: Option<Template>,
    pub max_concurrency: Option<Dynamic>,
    pub tolerated_count: Option<Dynamic>,
    pub tolerated_percentage: Option<Dynamic>,
    pub batcher: Option<Batcher>,
    pub reader: Option<Value>,
    pub writer: Option<Value>,
    pub label: Option<String>,
}

/// How a `Map` runs its items: as iterations of this execution, or as executions of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Inline,
    Distributed(ExecutionType),
}

#[derive(Clone, Debug)]
pub struct Batcher {
    pub max_items: Option<Dynamic>,
    pub max_bytes: Option<Dynamic>,
    pub input: Option<Template>,
}

#[derive(Clone, Debug)]
pub struct Retrier {
    pub errors: Vec<String>,
    pub interval_seconds: u64,
    pub max_attempts: u32,
    pub backoff_rate: f64,
    pub max_delay_seconds: Option<u64>,
    /// A wait is drawn between nothing and what it would be.
    pub full_jitter: bool,
}

#[derive(Clone, Debug)]
pub struct Catcher {
    pub errors: Vec<String>,
    pub next: String,
    pub result_path: Selection,
    pub output: Option<Template>,
    pub assign: Option<Template>,
}

impl Kind {
    /// The state's `Type`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass { .. } => "Pass",
            Self::Task(_) => "Task",
            Self::Choice { .. } => "Choice",
            Self::Wait(_) => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail { .. } => "Fail",
            Self::Parallel { .. } => "Parallel",
            Self::Map(_) => "Map",
        }
    }
}
