//! What became of the child executions of a map run, in numbers.

use skyrig_asl::execution::{MapChild, MapRun, Outcome};

/// How many child executions, or items, came to what.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) pending: usize,
    pub(super) running: usize,
    pub(super) succeeded: usize,
    pub(super) failed: usize,
    pub(super) aborted: usize,
    pub(super) timed_out: usize,
}

impl Counts {
    /// `all` says how many there will be, `weight` how many a child is.
    pub(super) fn of(run: &MapRun, all: usize, weight: impl Fn(&MapChild) -> usize) -> Self {
        let mut counts = Self::default();
        let mut started = 0;
        for child in &run.children {
            let weight = weight(child);
            started += weight;
            *match child.outcome {
                None => &mut counts.running,
                Some(Outcome::Succeeded { .. }) => &mut counts.succeeded,
                Some(Outcome::Failed { .. }) => &mut counts.failed,
                Some(Outcome::Aborted { .. }) => &mut counts.aborted,
                Some(Outcome::TimedOut) => &mut counts.timed_out,
            } += weight;
        }
        let left = all.saturating_sub(started);
        // What was not begun when the run ended never will be.
        *if run.stopped_at.is_some() { &mut counts.aborted } else { &mut counts.pending } += left;
        counts
    }
}
