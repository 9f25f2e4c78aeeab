//! Playing one script: the emulator, the set-up, the processes, the story, and their end.

use super::company::Company;
use super::conductor::Conductor;
use super::doing::Doing;
use super::doorway::House;
use super::setup::{Places, set_up};
use super::system::{ClockMode, System};
use super::traffic::Traffic;
use super::world::Stage;
use crate::aws::Aws;
use crate::clock::{Clock, MovedClock};
use crate::explain::Explanation;
use crate::report::Run;
use crate::runner;
use crate::script::Script;
use crate::stage::Detail;
use crate::stage::faults::OverHttp;
use crate::stage::local::{Process, START_WITHIN, explanation, ready};
use crate::timeline::Timeline;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::LocalSet;

/// What is rehearsed, and with which emulator.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    pub system: System,
    /// The program `skyrig`.
    pub skyrig: PathBuf,
}

/// Plays `script` with the system's processes. Every process that it starts has ended when it
/// returns.
///
/// # Errors
/// The system could not be started, or somebody has interrupted it; with what its processes wrote.
pub fn play(
    rehearsal: &Rehearsal,
    script: &Script,
    seed: u64,
    detail: Detail,
) -> Result<Run, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?;
    let tasks = LocalSet::new();
    tasks.block_on(&runtime, async {
        let no_signals = |error| format!("signals can't be listened for: {error}");
        let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
        let interrupted = || Err("interrupted".to_owned());
        tokio::select! {
            biased;
            _ = terminate.recv() => interrupted(),
            _ = interrupt.recv() => interrupted(),
            run = rehearse(rehearsal, script, seed, detail) => run,
        }
    })
}

async fn rehearse(
    Rehearsal { system, skyrig }: &Rehearsal,
    script: &Script,
    seed: u64,
    detail: Detail,
) -> Result<Run, String> {
    let clock = MovedClock::new();
    let timeline = Timeline::by(Clock::Moved(clock.clone()));
    let emulator = Emulator::start(skyrig, system, seed).await?;
    let traffic = Traffic::default();
    let company = Company::new(traffic.clone(), Doing::default(), timeline.clone());
    let places = Places::find(system)?;
    let begun = begin(system, &places, &emulator.address, &company, &traffic, &timeline).await;
    begun.map_err(|error| with_logs(&error, &company.logs()))?;
    let aws = Aws::at(&emulator.address);
    let now = aws.under_way().await.map_err(|error| error.to_string())?.now();
    let conductor = Conductor {
        clock,
        mode: system.clock,
        settle: system.settle.0,
        patience: system.patience.0,
        aws: aws.clone(),
        company: company.clone(),
        timeline: timeline.clone(),
        epoch: now,
    };
    let mut stage = Stage {
        clock: timeline.clock().clone(),
        aws,
        company: company.clone(),
        base: system.http.as_deref().map(|base| places.filled(base)),
        queues: system.resources.queues.clone(),
    };
    let mut faults = OverHttp(Some(emulator.address.clone()));
    let played = tokio::select! {
        biased;
        error = conductor.conduct() => return Err(with_logs(&error, &company.logs())),
        played = runner::play(script, seed, &mut stage, &mut faults, &timeline) => played,
    };
    let told = explanation(&emulator.address, &played, &timeline, detail).await;
    let explanation = told.unwrap_or_else(|error| {
        timeline.note("stage", format!("the lineage can't be read: {error}"));
        Explanation::default()
    });
    let written = emulator.logs().into_iter().chain(company.logs());
    let logs = written.filter(|(_, log)| !log.is_empty()).collect();
    let run = Run::of(script, seed, played, &timeline);
    Ok(Run { stage: stage_name(system.clock), calls: traffic.calls(), logs, explanation, ..run })
}

/// The set-up, and every process.
async fn begin(
    system: &System,
    places: &Places,
    emulator: &str,
    company: &Company,
    traffic: &Traffic,
    timeline: &Timeline,
) -> Result<(), String> {
    let house = House {
        emulator: emulator.to_owned(),
        traffic: traffic.clone(),
        timeline: timeline.clone(),
        told: Rc::new(Cell::new(0)),
    };
    let aws = Aws::at(emulator);
    set_up(system, places, &aws, &house.open("setup").await?, timeline).await?;
    let mut doorways = BTreeMap::new();
    for (name, process) in system.members() {
        traffic.join(&name, places.busy(&process.busy));
        doorways.insert(name.clone(), house.open(&name).await?);
    }
    company.start(system, places, &doorways).await
}

fn stage_name(clock: ClockMode) -> String {
    match clock {
        ClockMode::Manual => "rehearsed".to_owned(),
        ClockMode::Scaled(factor) => format!("rehearsed, time ×{factor}"),
    }
}

/// The emulator's process. Dropping it kills it.
struct Emulator {
    address: String,
    process: Process,
}

impl Emulator {
    /// What it warns of, such as operations that are not implemented.
    fn logs(&self) -> Option<(String, String)> {
        let log = self.process.log().text();
        let told: Vec<&str> = log.lines().filter(|line| line.contains("WARN")).collect();
        (!told.is_empty()).then(|| ("skyrig".to_owned(), told.join("\n") + "\n"))
    }

    async fn start(program: &Path, system: &System, seed: u64) -> Result<Self, String> {
        let seed = seed.to_string();
        let own = ["serve", "--listen", "127.0.0.1:0", "--clock", "manual", "--seed", &seed];
        let flags = system.emulator.iter().map(|flag| flag.0.as_str());
        let arguments = own.into_iter().chain(flags);
        let mut process = Process::start("skyrig", program, arguments, [])?;
        let address = process.word_after("listening on http://", START_WITHIN).await;
        let log = process.log();
        let address = address.map_err(|error| format!("{error}\n{}", log.text().trim_end()))?;
        ready(&address, "/_skyrig/health", START_WITHIN).await?;
        Ok(Self { address, process })
    }
}

fn with_logs(error: &str, logs: &[(String, String)]) -> String {
    let logs = logs.iter().filter(|(_, log)| !log.is_empty());
    let logs = logs.map(|(name, log)| format!("\n\nlog of {name}:\n{}", log.trim_end()));
    format!("{error}{}", logs.collect::<String>())
}
