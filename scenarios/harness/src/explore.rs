//! Many seeds of one scenario, side by side, each played twice: what fails, and whether a seed
//! really decides everything.

use crate::report::Run;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// What became of the seeds.
#[derive(Clone, Debug, Default)]
pub struct Explored {
    pub seeds: u64,
    /// The smallest seeds first.
    pub failures: Vec<(u64, Failure)>,
}

#[derive(Clone, Debug)]
pub enum Failure {
    /// An expectation did not hold, or a step could not be done.
    Failed(Box<Run>),
    /// The same seed had two histories: something depends on more than the seed.
    Diverged { first: String, second: String },
    /// The world could not be built.
    Broken(String),
}

/// Plays each of `seeds` with `play`, on as many threads as there are processors.
pub fn explore<P>(seeds: Range<u64>, play: P) -> Explored
where
    P: Fn(u64) -> Result<Run, String> + Sync,
{
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let next = AtomicU64::new(seeds.start);
    let work = || {
        let mut failures = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return failures;
            }
            failures.extend(judge(seed, &play).map(|failure| (seed, failure)));
        }
    };
    let mut failures: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, Vec<_>>| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().flat_map(join).collect()
    });
    failures.sort_by_key(|(seed, _)| *seed);
    Explored { seeds: seeds.end.saturating_sub(seeds.start), failures }
}

fn judge(seed: u64, play: impl Fn(u64) -> Result<Run, String>) -> Option<Failure> {
    let first = match play(seed) {
        Ok(run) => run,
        Err(error) => return Some(Failure::Broken(error)),
    };
    if !first.passed {
        return Some(Failure::Failed(Box::new(first)));
    }
    let second = match play(seed) {
        Ok(run) => run.hash,
        Err(error) => return Some(Failure::Broken(error)),
    };
    if first.hash == second {
        return None;
    }
    let show = |hash: Option<String>| hash.unwrap_or_else(|| "none".to_owned());
    Some(Failure::Diverged { first: show(first.hash), second: show(second) })
}
