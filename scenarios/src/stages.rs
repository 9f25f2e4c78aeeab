//! Sets the order system up in each stage.

use crate::api::Api;
use crate::mail::Mail;
use crate::story::Story;
use crate::world::OrderWorld;
use harness::stage::simulated::{self, Simulation};
use harness::{Run, Script};
use orderflow::adapters::clock::TokioClock;
use orderflow::domain::Timestamp;
use orderflow::ports::SeededIds;
use orderflow::{Config, Deps, Names, System, TimingProfile, infra};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::time::Instant;

/// Of all resource names.
const PREFIX: &str = "shop";

/// The system's real code on the real SDK clients, in this process, in virtual time.
pub(crate) fn play_simulated(script: &Script, seed: u64) -> Result<Run, String> {
    simulated::play(script, seed, simulated_world)
}

async fn simulated_world(simulation: &Simulation) -> Result<OrderWorld, String> {
    let names = Names::parse(PREFIX).map_err(|error| error.to_string())?;
    let config = Config::new(names.clone(), TimingProfile::Standard);
    let sdk = simulation.sdk_config();
    let made = infra::apply(&sdk, &names, &config.timing).await;
    made.map_err(|failure| format!("infra apply: {failure}"))?;
    let mut story = Story::new(simulation.timeline.clone(), PREFIX);
    simulation.recorder.watch(Box::new(move |exchange| story.tell(exchange)));
    let epoch = Timestamp::from_millis(simulation.emulator.now().millis());
    let deps = Deps {
        clock: Arc::new(TokioClock::starting_at(epoch)),
        ids: Arc::new(SeededIds::new(simulation.seed)),
        gateway: None,
    };
    let running = System::start(&config, &sdk, deps).await;
    let running = running.map_err(|failure| format!("the system does not start: {failure}"))?;
    Ok(OrderWorld {
        api: Api::router(running.router()),
        // Whoever watches is no part of the history.
        sdk: simulation.emulator.sdk_config(),
        names,
        timeline: simulation.timeline.clone(),
        running: Some(running),
        epoch: (Instant::now(), epoch),
        tells_history: false,
        mail: Mail::default(),
        broken: BTreeSet::new(),
        orders: BTreeSet::new(),
    })
}
