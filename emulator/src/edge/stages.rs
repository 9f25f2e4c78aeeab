//! How far the server has come, and what became of the scripts that its user wants to be run on the
//! way. Whoever runs them tells it here; the page `/_localstack/init` shows it.
//!
//! Source: docs.localstack.cloud, "Initialization Hooks".

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::clock::machine_time;
use crate::wire::Timestamp;

/// A stage of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Before it takes its port.
    Boot,
    /// The same, after it.
    Start,
    /// It serves.
    Ready,
    /// It is about to end.
    Shutdown,
}

impl Stage {
    pub const ALL: [Self; 4] = [Self::Boot, Self::Start, Self::Ready, Self::Shutdown];

    /// `BOOT`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boot => "BOOT",
            Self::Start => "START",
            Self::Ready => "READY",
            Self::Shutdown => "SHUTDOWN",
        }
    }
}

/// What became of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptState {
    /// Its turn has not come.
    Unknown,
    Running,
    Successful,
    /// It could not be run, or has failed.
    Error,
}

impl ScriptState {
    /// `SUCCESSFUL`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::Running => "RUNNING",
            Self::Successful => "SUCCESSFUL",
            Self::Error => "ERROR",
        }
    }
}

/// A script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Script {
    pub(super) stage: Stage,
    pub(super) name: String,
    pub(super) state: ScriptState,
}

#[derive(Debug)]
struct Known {
    begun: Timestamp,
    completed: [bool; 4],
    scripts: Vec<Script>,
}

/// The stages of one server. A clone shares them.
#[derive(Clone, Debug)]
pub struct Stages(Arc<Mutex<Known>>);

impl Default for Stages {
    /// Of a server that begins without scripts: nothing keeps it from being ready.
    fn default() -> Self {
        Self::with([true, true, true, false])
    }
}

impl Stages {
    /// Of a server that is told which stages are completed.
    pub fn awaited() -> Self {
        Self::with([false; 4])
    }

    fn with(completed: [bool; 4]) -> Self {
        let known = Known { begun: machine_time(), completed, scripts: Vec::new() };
        Self(Arc::new(Mutex::new(known)))
    }

    /// There is a script, which will be run after those that were found before.
    pub fn found(&self, stage: Stage, name: &str) {
        let (name, state) = (name.to_owned(), ScriptState::Unknown);
        self.known().scripts.push(Script { stage, name, state });
    }

    /// The script of that name comes to this.
    pub fn came_to(&self, stage: Stage, name: &str, state: ScriptState) {
        let mut known = self.known();
        let script = known.scripts.iter_mut().find(|it| it.stage == stage && it.name == name);
        if let Some(script) = script {
            script.state = state;
        }
    }

    /// Every script of a stage has been run.
    pub fn complete(&self, stage: Stage) {
        self.known().completed[stage as usize] = true;
    }

    pub(super) fn is_complete(&self, stage: Stage) -> bool {
        self.known().completed[stage as usize]
    }

    /// The scripts of a stage, or of all.
    pub(super) fn scripts(&self, stage: Option<Stage>) -> Vec<Script> {
        let wanted = |it: &&Script| stage.is_none_or(|stage| it.stage == stage);
        self.known().scripts.iter().filter(wanted).cloned().collect()
    }

    /// For how many seconds of the machine's time there is a server.
    pub(super) fn uptime(&self) -> u64 {
        machine_time().since(self.known().begun).as_secs()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
