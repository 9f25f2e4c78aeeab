//! Plays a script against a world and judges its expectations.
//!
//! Times are tokio's: virtual where the runtime is paused, real elsewhere. The runner does not
//! know which.

use crate::check::{plain, plain_fields};
use crate::script::{Act, Captures, Condition, Script, Span, Start, Step};
use crate::timeline::Timeline;
use crate::world::{World, WorldError};
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use watch::{Look, Watch, describe};

mod watch;

pub use watch::Verdict;

/// How often conditions are looked at: at least this far apart, and rarer the longer it takes, so
/// that waiting for a fortnight costs hundreds of looks and not a million.
const LOOK_EVERY: Duration = Duration::from_millis(500);
const LOOK_SHARE: u32 = 20;

/// What came of a script.
#[derive(Clone, Debug, Serialize)]
pub struct Played {
    /// Why the steps did not all happen, if they did not.
    pub stopped: Option<String>,
    pub verdicts: Vec<Verdict>,
    /// The world's final state.
    pub state: Value,
    /// Texts by which messages that have to do with a failure are found, of the first failure
    /// first.
    pub subjects: Vec<String>,
}

impl Played {
    pub fn passed(&self) -> bool {
        self.stopped.is_none() && self.verdicts.iter().all(|verdict| verdict.passed)
    }
}

/// Plays `script` to its end. The world is finished afterwards, whatever happened.
pub async fn play<W: World>(script: &Script, world: &mut W, timeline: &Timeline) -> Played {
    let mut runner = Runner {
        world,
        timeline,
        captures: Captures::default(),
        watches: script.then.iter().map(Watch::new).collect(),
        zero: Instant::now(),
        missed: None,
    };
    let stopped = runner.steps(script).await.err();
    if let Some(reason) = &stopped {
        timeline.note("script", format!("stopped: {reason}"));
    } else {
        runner.judge().await;
    }
    let verdicts = runner.verdicts();
    let subjects = runner.subjects(&verdicts);
    let state = world.finish().await;
    Played { stopped, verdicts, state, subjects }
}

struct Runner<'a, W> {
    world: &'a mut W,
    timeline: &'a Timeline,
    captures: Captures,
    watches: Vec<Watch<'a>>,
    zero: Instant,
    /// What a step waited for in vain.
    missed: Option<Condition>,
}

impl<W: World> Runner<'_, W> {
    async fn steps(&mut self, script: &Script) -> Result<(), String> {
        for (at, act) in script.given.iter().enumerate() {
            self.act(act).await.map_err(|error| format!("given {}: {error}", at + 1))?;
        }
        self.timeline.start();
        self.zero = Instant::now();
        for (at, step) in script.when.iter().enumerate() {
            self.step(step).await.map_err(|error| format!("step {}: {error}", at + 1))?;
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step) -> Result<(), String> {
        match &step.start {
            Start::Immediately => {}
            Start::At(Span(offset)) => self.wait_until(self.zero + *offset).await,
            Start::After(Span(pause)) => self.wait_until(Instant::now() + *pause).await,
            Start::Once(condition) => self.wait_for(condition).await?,
        }
        if let Some(act) = &step.act {
            self.act(act).await?;
        }
        self.look_around(false).await;
        Ok(())
    }

    async fn act(&mut self, act: &Act) -> Result<(), String> {
        let with = self.captures.fill_fields(&act.with)?;
        self.timeline.note("script", format!("{} {}", act.action, plain_fields(&with)).trim_end());
        let done = self.world.act(&act.action, &with).await;
        match (done, &act.fails_with) {
            (Ok(result), None) => self.keep(act, result),
            (Err(WorldError(error)), Some(wanted)) if error.contains(wanted) => {
                self.timeline.note("script", format!("refused as expected: {error}"));
                Ok(())
            }
            (Err(WorldError(error)), None) => Err(format!("{}: {error}", act.action)),
            (Err(WorldError(error)), Some(wanted)) => {
                Err(format!("{} should fail with `{wanted}` but failed with: {error}", act.action))
            }
            (Ok(_), Some(wanted)) => {
                Err(format!("{} should fail with `{wanted}` but succeeded", act.action))
            }
        }
    }

    /// Checks and captures what an action gave.
    fn keep(&mut self, act: &Act, result: Value) -> Result<(), String> {
        if let Some(wanted) = &act.gives {
            let wanted = wanted.filled(&self.captures)?;
            if !wanted.holds(&result) {
                let seen = plain(&result);
                return Err(format!("{} should give what {wanted} but gave {seen}", act.action));
            }
        }
        if let Some(alias) = &act.alias {
            self.captures.keep(alias, result);
        }
        Ok(())
    }

    /// Passes the time until `end`, looking at what must hold always or never.
    async fn wait_until(&mut self, end: Instant) {
        let begin = Instant::now();
        while Instant::now() < end {
            if self.watches.iter().all(|watch| !watch.is_open(false)) {
                return sleep_until(end).await;
            }
            sleep_until(next_look(begin).min(end)).await;
            self.look_around(false).await;
        }
    }

    async fn wait_for(&mut self, condition: &Condition) -> Result<(), String> {
        let begin = Instant::now();
        let condition = &condition.filled(&self.captures)?;
        let Span(within) = condition.within.unwrap_or_default();
        loop {
            let look = self.look(condition).await;
            if let Ok((_, true)) = look {
                self.timeline.note("script", format!("saw {condition}"));
                return Ok(());
            }
            if begin.elapsed() >= within {
                let seen = describe(&look);
                self.missed = Some(condition.clone());
                return Err(format!("waited {} for {condition}; {seen}", Span(within)));
            }
            sleep_until(next_look(begin).min(begin + within)).await;
            self.look_around(false).await;
        }
    }

    /// After the last step: looks until every expectation is decided.
    async fn judge(&mut self) {
        let begin = Instant::now();
        loop {
            self.look_around(true).await;
            let elapsed = begin.elapsed();
            let offset = self.timeline.elapsed();
            for watch in &mut self.watches {
                watch.expire(elapsed, offset);
            }
            // What must hold always or never, without a deadline, holds until the others are done.
            let Some(nearest) = self.watches.iter().filter_map(Watch::deadline).min() else {
                break;
            };
            sleep_until(next_look(begin).min(begin + nearest)).await;
        }
        let offset = self.timeline.elapsed();
        for watch in &mut self.watches {
            watch.close(offset);
        }
    }

    /// Looks at every open expectation; at `eventually` only in the end.
    async fn look_around(&mut self, at_the_end: bool) {
        for index in 0..self.watches.len() {
            if !self.watches[index].is_open(at_the_end) {
                continue;
            }
            let look = self.look(self.watches[index].condition).await;
            let offset = self.timeline.elapsed();
            self.watches[index].record(look, offset);
        }
    }

    async fn look(&mut self, condition: &Condition) -> Look {
        let condition = condition.filled(&self.captures)?;
        let seen = self.world.observe(&condition.observation, &condition.of).await;
        let seen = seen.map_err(|WorldError(error)| error)?;
        let holds = condition.wanted.holds(&seen);
        Ok((seen, holds))
    }

    /// What is known to have to do with what failed.
    fn subjects(&self, verdicts: &[Verdict]) -> Vec<String> {
        let failed = self.watches.iter().zip(verdicts).filter(|(_, verdict)| !verdict.passed);
        let failed = failed.filter_map(|(watch, _)| watch.condition.filled(&self.captures).ok());
        let mut subjects = Vec::new();
        // What stopped the script comes before what could not be decided any more.
        for condition in self.missed.clone().into_iter().chain(failed) {
            let found = self.world.subjects(&condition.observation, &condition.of);
            for text in found.into_iter().filter(|text| !text.is_empty()) {
                if !subjects.contains(&text) {
                    subjects.push(text);
                }
            }
        }
        subjects
    }

    fn verdicts(&self) -> Vec<Verdict> {
        self.watches
            .iter()
            .map(|watch| watch.verdict(&self.captures, self.timeline.elapsed()))
            .collect()
    }
}

fn next_look(begin: Instant) -> Instant {
    Instant::now() + LOOK_EVERY.max(begin.elapsed() / LOOK_SHARE)
}

#[cfg(test)]
mod tests;
