//! `skyrig rehearse explore`: one story, many seeds. Each draws faults at AWS and deaths of
//! processes; a case that fails is shrunk and kept.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::value_parser;
use harness::explore::{Commands, Plan, explore_and_show};
use harness::rehearse::{self, Drawing};
use harness::stage::Detail;
use harness::tell;

use super::{command, read, rehearsal};

/// Real processes take their time: most plays while one case is shrunk.
const PLAYS_MAX: usize = 40;

#[derive(Debug, clap::Args)]
pub(super) struct Explore {
    /// The system file: how the system is started.
    system: PathBuf,
    /// The story.
    script: PathBuf,
    /// How many seeds.
    #[arg(long, default_value_t = 20, value_parser = value_parser!(u64).range(1..))]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Begin no new seed after so many seconds.
    #[arg(long)]
    time: Option<u64>,
    /// Begin no new seed after one that failed.
    #[arg(long)]
    fail_fast: bool,
    /// Shrink and keep so many failing cases; the others are only named.
    #[arg(long, default_value_t = 1)]
    shrink: usize,
    /// Faults begin within so many seconds of the cloud's time after the first step.
    #[arg(long, default_value_t = 30)]
    over: u64,
}

impl Explore {
    /// True if every seed passed.
    pub(super) fn run(&self) -> Result<bool, String> {
        let rehearsal = rehearsal(&self.system)?;
        let (story, _) = read(&rehearsal.system, &self.script)?;
        let drawing = Drawing::new(&rehearsal.system, Duration::from_secs(self.over));
        let plan = Plan {
            limit: self.time.map(Duration::from_secs),
            fail_fast: self.fail_fast,
            shrunk_max: self.shrink,
            // Real processes have no history that could be compared.
            once: true,
            // And each listens to the machine's time: two at once would hold each other up.
            threads: Some(1),
            plays_max: PLAYS_MAX,
            keep_steps: true,
            reports: true,
            ..Plan::new(self.from..self.from.saturating_add(self.seeds))
        };
        let again = |seed: u64| {
            let (system, script) = (self.system.display(), self.script.display());
            let over = self.over;
            format!(
                "skyrig rehearse explore {system} {script} --from {seed} --seeds 1 --over {over}"
            )
        };
        let run = |file: &str, seed: u64| command(&self.system, Path::new(file), seed);
        explore_and_show(
            &plan,
            |seed| drawing.case(&story, seed),
            |case, seed| {
                let (steps, faults) = (case.when.len(), case.nemesis.len());
                tell!("seed {seed}: {steps} steps, {faults} faults");
                rehearse::play(&rehearsal, case, seed, Detail::Failures)
            },
            &Commands { replay: &again, run: &run },
        )
    }
}
