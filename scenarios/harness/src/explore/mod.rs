//! Many cases drawn from seeds, side by side, each played twice (or once): what fails, whether a
//! seed really decides everything, and what was covered.
//!
//! A case is a script, so that a failing one can be shrunk, saved and played like any other.

pub mod coverage;
mod dice;
pub mod schedule;
pub mod shard;
mod show;
pub mod shrink;
pub mod swarm;

pub use coverage::Coverage;
pub use dice::Dice;
pub use schedule::Target;
pub use shard::Shard;
pub use show::{Commands, explore_and_show, merge_and_show};

use crate::report::Hashes;
use crate::report::Run;
use crate::script::Script;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// What became of the seeds.
#[derive(Clone, Debug, Default)]
pub struct Explored {
    /// How many were played; fewer than were asked for when the time was up.
    pub seeds: u64,
    /// The smallest seeds first.
    pub failures: Vec<(u64, Failure)>,
    pub coverage: Coverage,
}

#[derive(Clone, Debug)]
pub enum Failure {
    /// An expectation did not hold, or a step could not be done.
    Failed(Box<Run>),
    /// The same seed had two histories, or two states in the end: something depends on more than
    /// the seed. None where the stage can't promise one.
    Diverged { first: Option<Hashes>, second: Option<Hashes> },
    /// The world could not be built.
    Broken(String),
}

/// What to explore.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seeds: Range<u64>,
    /// No new seed begins after so much real time.
    pub limit: Option<Duration>,
    /// No new seed begins after one that failed.
    pub fail_fast: bool,
    /// So many failing cases are shrunk and saved; the others are only named.
    pub shrunk_max: usize,
    /// Play each seed only once: in half the time, and nobody sees whether it has one history.
    pub once: bool,
    /// Side by side; as many as there are processors without it.
    pub threads: Option<usize>,
    /// Most plays while one case is shrunk, so that a slow case ends too.
    pub plays_max: usize,
    /// Only faults are taken away from a case: what is expected goes with its steps.
    pub keep_steps: bool,
    /// Keep also the report of a case that is saved, beside it.
    pub reports: bool,
    /// The part of the seeds that is played here.
    pub shard: Shard,
    /// What cases are drawn, in words; reports of one exploration agree in it.
    pub cases: String,
    /// Where to write what was found, for other machines to put together.
    pub report: Option<PathBuf>,
    /// What should be reached at some time: commands, kinds of faults, ways. What never was is
    /// told.
    pub sometimes: Vec<String>,
}

impl Plan {
    /// All of `seeds`, however long it takes; three failing cases are shrunk.
    pub fn new(seeds: Range<u64>) -> Self {
        Self {
            seeds,
            limit: None,
            fail_fast: false,
            shrunk_max: 3,
            once: false,
            threads: None,
            plays_max: shrink::PLAYS_MAX,
            keep_steps: false,
            reports: false,
            shard: Shard::WHOLE,
            cases: String::new(),
            report: None,
            sometimes: Vec::new(),
        }
    }
}

/// Draws a case for each seed with `draw` and plays it with `play`, on as many threads as there
/// are processors.
pub fn explore<D, P>(plan: &Plan, draw: D, play: P) -> Explored
where
    D: Fn(u64) -> Script + Sync,
    P: Fn(&Script, u64) -> Result<Run, String> + Sync,
{
    let processors = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = plan.threads.unwrap_or_else(processors);
    let next = AtomicU64::new(plan.seeds.start);
    let failed = AtomicBool::new(false);
    let begin = now();
    let work = || {
        let mut explored = Explored::default();
        loop {
            let late = plan.limit.is_some_and(|limit| begin.elapsed() >= limit)
                || plan.fail_fast && failed.load(Ordering::Relaxed);
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if late || seed >= plan.seeds.end {
                return explored;
            }
            if !plan.shard.has(seed - plan.seeds.start) {
                continue;
            }
            explored.seeds += 1;
            let case = draw(seed);
            let (run, failure) = judge(&case, seed, plan.once, &play);
            explored.coverage.add(&case, run.as_ref());
            failed.fetch_or(failure.is_some(), Ordering::Relaxed);
            explored.failures.extend(failure.map(|failure| (seed, failure)));
        }
    };
    let mut all = Explored::default();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            let part = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            all.seeds += part.seeds;
            all.failures.extend(part.failures);
            all.coverage.merge(part.coverage);
        }
    });
    all.failures.sort_by_key(|(seed, _)| *seed);
    all
}

#[expect(clippy::disallowed_methods, reason = "people wait in real time")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

fn judge(
    case: &Script,
    seed: u64,
    once: bool,
    play: impl Fn(&Script, u64) -> Result<Run, String>,
) -> (Option<Run>, Option<Failure>) {
    let first = match play(case, seed) {
        Ok(run) => run,
        Err(error) => return (None, Some(Failure::Broken(error))),
    };
    if !first.passed {
        return (Some(first.clone()), Some(Failure::Failed(Box::new(first))));
    }
    if once {
        return (Some(first), None);
    }
    let second = match play(case, seed) {
        Ok(run) => run.hashes,
        Err(error) => return (Some(first), Some(Failure::Broken(error))),
    };
    if first.hashes == second {
        return (Some(first), None);
    }
    let diverged = Failure::Diverged { first: first.hashes.clone(), second };
    (Some(first), Some(diverged))
}
