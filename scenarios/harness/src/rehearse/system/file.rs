//! What a system file holds.

use super::parts::{Named, Text};
use crate::script::Span;
use crate::world::Arguments;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// A system, and how it is rehearsed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// How the cloud's time goes.
    #[serde(default)]
    pub clock: ClockMode,
    /// A process that was not heard from for so much real time is taken to be at rest.
    #[serde(default = "settle")]
    pub settle: Span,
    /// The cloud's time waits no longer than so much real time for one thing.
    #[serde(default = "patience")]
    pub patience: Span,
    /// Flags of `skyrig serve`.
    #[serde(default)]
    pub emulator: Vec<Text>,
    /// Names of ports that are free when the rehearsal begins.
    #[serde(default)]
    pub ports: Vec<String>,
    /// The environment of all commands.
    #[serde(default)]
    pub env: Named<Text>,
    /// Done once and in order, before the processes start.
    #[serde(default)]
    pub setup: Vec<Setup>,
    /// None for a system that is all functions.
    #[serde(default)]
    pub processes: Named<Process>,
    /// What belongs to the system; without it, all that there is.
    #[serde(default)]
    pub resources: Resources,
    /// Where the system answers HTTP calls whose address begins with a slash.
    pub http: Option<String>,
    /// Where commands run: the folder of the file.
    #[serde(skip, default = "here")]
    pub folder: PathBuf,
}

/// How the cloud's time goes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum ClockMode {
    /// From one moment at which something is due to the next, when nothing is under way.
    #[default]
    Manual,
    /// So many seconds a second, whatever is under way.
    Scaled(f64),
}

/// One step of the set-up.
#[derive(Clone, Debug, PartialEq)]
pub enum Setup {
    /// A command that ends by itself.
    Run { run: Command, env: Named<Text>, directory: Option<String>, within: Span },
    /// An operation of AWS.
    Call { service: String, operation: String, with: Arguments },
}

/// One process, or several copies of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    pub command: Command,
    #[serde(default)]
    pub env: Named<Text>,
    /// Seen from the system file.
    pub directory: Option<String>,
    #[serde(default)]
    pub ready: Ready,
    #[serde(default = "one")]
    pub copies: u64,
    #[serde(default)]
    pub busy: Busy,
}

/// A command line for the shell, or a program with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Line(String),
    Program(Vec<String>),
}

/// How one knows that a process is ready.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Ready {
    /// It has asked AWS for something.
    #[default]
    Calls,
    /// This address answers 200.
    Http(String),
    /// It writes this to one of its outputs.
    Log(String),
    /// Somebody listens at this port.
    Port(String),
}

/// How one knows that a process works on the messages that it has received.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Busy {
    /// Until it asks for more messages; then for as long as it is heard from.
    #[default]
    Asks,
    /// Until it has deleted them or given them back.
    Holds,
    /// For as long as it is heard from.
    Heard,
    /// Never.
    Never,
    /// While this address answers `true`.
    Http(String),
}

/// What belongs to the system.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    #[serde(default)]
    pub queues: Vec<String>,
    #[serde(default)]
    pub topics: Vec<String>,
    #[serde(default)]
    pub tables: Vec<String>,
}

impl System {
    /// Every process by name: `worker`, or `worker-1` and so on where there are copies.
    pub fn members(&self) -> Vec<(String, &Process)> {
        let all = self.processes.0.iter().flat_map(|(name, process)| {
            let member = move |number: u64| match process.copies {
                1 => (name.clone(), process),
                _ => (format!("{name}-{number}"), process),
            };
            (1..=process.copies).map(member)
        });
        all.collect()
    }
}

fn settle() -> Span {
    Span(Duration::from_millis(500))
}

fn patience() -> Span {
    Span(Duration::from_secs(10))
}

fn one() -> u64 {
    1
}

fn here() -> PathBuf {
    PathBuf::from(".")
}
