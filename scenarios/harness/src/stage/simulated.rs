//! The simulated stage: the system and an emulated AWS on one thread, in virtual time, from one
//! seed.
//!
//! Tokio's clock is paused and jumps to the next timer whenever everybody waits. Simulations share
//! nothing, so they may run side by side.

use super::Detail;
use super::faults::{InProcess, OBSERVER};
use crate::explain::{self, Evidence, Explanation, Gauge};
use crate::record::Recorder;
use crate::report::Run;
use crate::runner::{self, Played};
use crate::script::Script;
use crate::timeline::Timeline;
use crate::world::World;
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use skyrig::{Cloud, Emulator};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Where [`Simulation::sdk_config`] is, too.
const REGION: &str = "us-east-1";

/// What a simulated world is built from.
pub struct Simulation {
    pub seed: u64,
    pub timeline: Timeline,
    pub recorder: Recorder,
    /// An empty AWS with this seed, on this runtime's clock.
    pub emulator: Emulator,
}

impl Simulation {
    /// The configuration for the system's AWS clients: each call is recorded.
    pub fn sdk_config(&self) -> SdkConfig {
        self.recorded(&self.emulator.sdk_config())
    }

    /// The same for a caller of its own, whom faults can name.
    pub fn sdk_config_of(&self, caller: &str) -> SdkConfig {
        self.recorded(&self.emulator.sdk_config_for(caller, REGION))
    }

    /// `sdk` with each call recorded.
    pub fn recorded(&self, sdk: &SdkConfig) -> SdkConfig {
        through(sdk, |client| self.recorder.around(client))
    }

    /// The configuration for whoever only watches: faults pass it by, and its calls are no part of
    /// the history.
    pub fn observer(&self) -> SdkConfig {
        let observer = self.emulator.sdk_config_for(OBSERVER, REGION);
        through(&observer, |client| self.recorder.beside(client))
    }

    /// This simulation's own share of retry tokens. By default all clients of a process share
    /// them, in a static; what one simulation retries would be felt by the next. A configuration
    /// of the SDK can't carry it, so each client takes it where it is made.
    pub fn retry_partition(&self) -> RetryPartition {
        RetryPartition::custom("simulation").build()
    }
}

/// `sdk` with its HTTP client inside another.
fn through(
    sdk: &SdkConfig,
    around: impl FnOnce(SharedHttpClient) -> SharedHttpClient,
) -> SdkConfig {
    let mut builder = sdk.to_builder();
    builder.set_http_client(sdk.http_client().map(around));
    builder.build()
}

/// Plays `script` in a simulation with `seed`, on a thread of its own.
///
/// `build` makes the world; it runs on the simulation's runtime, with the clock paused. The error
/// is the one that `build` returned.
pub fn play<W, B>(script: &Script, seed: u64, build: B) -> Result<Run, String>
where
    W: World,
    B: AsyncFnOnce(&Simulation) -> Result<W, String> + Send,
{
    play_in_detail(script, seed, Detail::Failures, build)
}

/// The same, keeping more or less for those who look at it afterwards.
pub fn play_in_detail<W, B>(
    script: &Script,
    seed: u64,
    detail: Detail,
    build: B,
) -> Result<Run, String>
where
    W: World,
    B: AsyncFnOnce(&Simulation) -> Result<W, String> + Send,
{
    let simulate = || {
        // The SDK draws its jitter and its invocation ids from this thread's generator.
        fastrand::seed(seed);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .map_err(|error| format!("no runtime: {error}"))?;
        tokio::task::LocalSet::new().block_on(&runtime, simulation(script, seed, detail, build))
    };
    thread::scope(|scope| {
        let played = scope.spawn(simulate).join();
        played.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

async fn simulation<W, B>(
    script: &Script,
    seed: u64,
    detail: Detail,
    build: B,
) -> Result<Run, String>
where
    W: World,
    B: AsyncFnOnce(&Simulation) -> Result<W, String>,
{
    let simulation = Simulation {
        seed,
        timeline: Timeline::new(),
        recorder: Recorder::new(),
        emulator: Emulator::builder().seed(seed).build(),
    };
    let gauge = (detail == Detail::Page).then(|| simulation.gauge());
    let mut world = build(&simulation).await?;
    let mut faults = InProcess(&simulation.emulator);
    let played = runner::play(script, seed, &mut world, &mut faults, &simulation.timeline).await;
    let explanation = simulation.explanation(&played, gauge.as_deref());
    let Simulation { timeline, recorder, emulator, .. } = simulation;
    let cloud = emulator.with_cloud(Cloud::snapshot).ok_or("a bug of the emulator stopped it")?;
    let hashes = recorder.hashes(&[played.state.to_string().as_bytes(), &cloud]);
    Ok(Run {
        stage: "simulated".to_owned(),
        calls: recorder.calls(),
        looks: recorder.looks(),
        hashes: Some(hashes),
        explanation: explanation.unwrap_or_default(),
        ..Run::of(script, seed, played, &timeline)
    })
}

impl Simulation {
    /// Watches how full the queues are.
    fn gauge(&self) -> Arc<Mutex<Gauge>> {
        let gauge = Arc::new(Mutex::new(Gauge::default()));
        let (watching, emulator) = (Arc::clone(&gauge), self.emulator.clone());
        self.recorder.watch(Box::new(move |_exchange| {
            let mut gauge = watching.lock().unwrap_or_else(PoisonError::into_inner);
            emulator.with_cloud(|cloud| gauge.look(cloud));
        }));
        gauge
    }

    /// What became of the messages; nothing of it if a bug stopped the emulator.
    fn explanation(&self, played: &Played, gauge: Option<&Mutex<Gauge>>) -> Option<Explanation> {
        let (timeline, now) = (&self.timeline, self.emulator.now().millis());
        let entries = timeline.entries();
        let zero = now - i64::try_from(timeline.elapsed().as_millis()).unwrap_or(0);
        self.emulator.with_cloud(|cloud| {
            let mut explanation = Explanation::default();
            if played.passed() && gauge.is_none() {
                return explanation;
            }
            let trees = &cloud.lineage().trees(|_, _| true);
            if !played.passed() {
                let subjects = played.subjects.clone();
                let ids = self.recorder.ids_mentioning(&subjects);
                let (timeline, cloud) = (&entries[..], Some(cloud));
                let evidence = Evidence { subjects, ids, timeline, zero, trees, cloud };
                explanation = explain::gather(evidence);
            }
            if let Some(gauge) = gauge {
                let gauge = gauge.lock().unwrap_or_else(PoisonError::into_inner);
                explanation.diagram = Some(explain::draw(&entries, trees, zero));
                explanation.depths = gauge.read(timeline.zero());
            }
            explanation
        })
    }
}

#[cfg(test)]
mod mailbox;
#[cfg(test)]
mod tests;
