//! The simulated stage: the system and an emulated AWS on one thread, in virtual time, from one
//! seed.
//!
//! Tokio's clock is paused and jumps to the next timer whenever everybody waits. Simulations share
//! nothing, so they may run side by side.

use crate::record::Recorder;
use crate::report::Run;
use crate::runner;
use crate::script::Script;
use crate::timeline::Timeline;
use crate::world::World;
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_types::SdkConfig;
use skyrig::{Cloud, Emulator};
use std::thread;

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

    /// `sdk` with each call recorded.
    pub fn recorded(&self, sdk: &SdkConfig) -> SdkConfig {
        let mut builder = sdk.to_builder();
        if let Some(client) = sdk.http_client() {
            builder.set_http_client(Some(self.recorder.around(client)));
        }
        builder.build()
    }

    /// This simulation's own share of retry tokens. By default all clients of a process share
    /// them, in a static; what one simulation retries would be felt by the next. A configuration
    /// of the SDK can't carry it, so each client takes it where it is made.
    pub fn retry_partition(&self) -> RetryPartition {
        RetryPartition::custom("simulation").build()
    }
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
    let simulate = || {
        // The SDK draws its jitter and its invocation ids from this thread's generator.
        fastrand::seed(seed);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .map_err(|error| format!("no runtime: {error}"))?;
        tokio::task::LocalSet::new().block_on(&runtime, simulation(script, seed, build))
    };
    thread::scope(|scope| {
        let played = scope.spawn(simulate).join();
        played.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

async fn simulation<W, B>(script: &Script, seed: u64, build: B) -> Result<Run, String>
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
    let mut world = build(&simulation).await?;
    let played = runner::play(script, &mut world, &simulation.timeline).await;
    let Simulation { timeline, recorder, emulator, .. } = simulation;
    recorder.add("state", played.state.to_string().as_bytes());
    let cloud = emulator.with_cloud(Cloud::snapshot);
    recorder.add("cloud", &cloud.ok_or("a bug of the emulator stopped it")?);
    Ok(Run {
        scenario: script.name.clone(),
        story: script.story.clone(),
        stage: "simulated".to_owned(),
        seed,
        passed: played.passed(),
        stopped: played.stopped,
        verdicts: played.verdicts,
        timeline: timeline.entries(),
        elapsed: timeline.elapsed(),
        calls: recorder.calls(),
        hash: Some(recorder.hash()),
        logs: Vec::new(),
    })
}

#[cfg(test)]
mod mailbox;
#[cfg(test)]
mod tests;
