//! The local stage: real processes on this machine, in real time.
//!
//! It builds or finds executables, starts them, waits until they are ready, and ends them when it
//! is dropped. Which processes a system needs is the world's business.

mod executables;
mod fleet;
mod lineage;
mod process;

pub use executables::Executables;
pub use fleet::{Fleet, Ready};
pub(crate) use lineage::explanation;
pub(crate) use process::Signal;
pub use process::{Launch, Log, Process, ready};

use super::Detail;
use super::faults::OverHttp;
use crate::explain::Explanation;
use crate::report::Run;
use crate::runner;
use crate::script::Script;
use crate::timeline::Timeline;
use crate::world::World;
use std::time::Duration;

/// How long a process may take until it is ready.
pub const START_WITHIN: Duration = Duration::from_secs(20);

/// What a world of processes is built from.
pub struct Local {
    pub executables: Executables,
    pub timeline: Timeline,
    processes: Vec<Process>,
    /// By the names of the processes.
    logs: Vec<(String, Log)>,
    /// The emulator's address, once it was started.
    emulator: Option<String>,
}

impl Local {
    /// Keeps `process` until the end of the run; its log is shown if the run fails.
    pub fn keep(&mut self, process: Process) {
        self.follow(&process);
        self.processes.push(process);
    }

    /// Shows the log of `process` if the run fails. Somebody else keeps it.
    pub fn follow(&mut self, process: &Process) {
        self.logs.push((process.name().to_owned(), process.log()));
    }

    /// Starts the emulator on a free port and returns its address, like `127.0.0.1:40112`.
    pub async fn emulator(&mut self, seed: u64) -> Result<String, String> {
        let program = self.executables.path("skyrig")?;
        let seed = seed.to_string();
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--seed", seed.as_str()];
        let mut process = Process::start("skyrig", &program, arguments, [])?;
        let address = process.word_after("listening on http://", START_WITHIN).await;
        self.keep(process);
        let address = address?;
        ready(&address, "/_skyrig/health", START_WITHIN).await?;
        self.emulator = Some(address.clone());
        Ok(address)
    }

    fn logs(&self) -> Vec<(String, String)> {
        self.logs.iter().map(|(name, log)| (name.clone(), log.text())).collect()
    }
}

/// Plays `script` against real processes that `build` starts. The error is the one that `build`
/// returned, with the logs of what was started until then.
pub fn play<W, B>(
    script: &Script,
    seed: u64,
    detail: Detail,
    found: Executables,
    build: B,
) -> Result<Run, String>
where
    W: World,
    B: AsyncFnOnce(&mut Local) -> Result<W, String>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?;
    runtime.block_on(async {
        let timeline = Timeline::new();
        let (processes, logs) = (Vec::new(), Vec::new());
        let mut local = Local { executables: found, timeline, processes, logs, emulator: None };
        let mut world = match build(&mut local).await {
            Ok(world) => world,
            Err(error) => return Err(with_logs(&error, &local.logs())),
        };
        let mut faults = OverHttp(local.emulator.clone());
        let played = runner::play(script, seed, &mut world, &mut faults, &local.timeline).await;
        let told = match &local.emulator {
            Some(emulator) => {
                lineage::explanation(emulator, &played, &local.timeline, detail).await
            }
            None => Ok(Explanation::default()),
        };
        let explanation = told.unwrap_or_else(|error| {
            local.timeline.note("stage", format!("the lineage can't be read: {error}"));
            Explanation::default()
        });
        Ok(Run {
            stage: "local".to_owned(),
            logs: local.logs(),
            explanation,
            ..Run::of(script, seed, played, &local.timeline)
        })
    })
}

fn with_logs(error: &str, logs: &[(String, String)]) -> String {
    let logs = logs.iter().map(|(name, log)| format!("\n\nlog of {name}:\n{}", log.trim_end()));
    format!("{error}{}", logs.collect::<String>())
}

#[cfg(test)]
mod tests;
