//! Plays a script against a world and judges its expectations.
//!
//! Times are tokio's: virtual where the runtime is paused, real elsewhere. The runner does not
//! know which.

use crate::check::plain_fields;
use crate::script::{Act, Captures, Condition, Expectation, Mode, Script, Span, Start, Step};
use crate::timeline::Timeline;
use crate::world::{World, WorldError};
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How often conditions are looked at: at least this far apart, and rarer the longer it takes, so
/// that waiting for a fortnight costs hundreds of looks and not a million.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOK_SHARE: u32 = 100;

/// What came of a script.
#[derive(Clone, Debug, Serialize)]
pub struct Played {
    /// Why the steps did not all happen, if they did not.
    pub stopped: Option<String>,
    pub verdicts: Vec<Verdict>,
    /// The world's final state.
    pub state: Value,
}

/// What came of one expectation.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Verdict {
    pub expectation: String,
    pub passed: bool,
    /// When it was decided, since the first step.
    pub at: Duration,
    /// What was seen last, or why nothing could be seen.
    pub seen: String,
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
    };
    let stopped = runner.steps(script).await.err();
    if let Some(reason) = &stopped {
        timeline.note("script", format!("stopped: {reason}"));
    } else {
        runner.judge().await;
    }
    let verdicts = runner.verdicts();
    let state = world.finish().await;
    Played {
        stopped,
        verdicts,
        state,
    }
}

struct Runner<'a, W> {
    world: &'a mut W,
    timeline: &'a Timeline,
    captures: Captures,
    watches: Vec<Watch<'a>>,
    zero: Instant,
}

/// An expectation and what is known of it so far.
struct Watch<'a> {
    mode: Mode,
    condition: &'a Condition,
    decided: Option<(bool, Duration)>,
    /// The last look: what was seen and whether the condition held.
    last: Option<Result<(Value, bool), String>>,
    ever_seen: bool,
}

impl<W: World> Runner<'_, W> {
    async fn steps(&mut self, script: &Script) -> Result<(), String> {
        for (at, act) in script.given.iter().enumerate() {
            self.act(act)
                .await
                .map_err(|error| format!("given {}: {error}", at + 1))?;
        }
        self.timeline.start();
        self.zero = Instant::now();
        for (at, step) in script.when.iter().enumerate() {
            self.step(step)
                .await
                .map_err(|error| format!("step {}: {error}", at + 1))?;
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
        self.timeline.note(
            "script",
            format!("{} {}", act.action, plain_fields(&with)).trim_end(),
        );
        let done = self.world.act(&act.action, &with).await;
        match (done, &act.fails_with) {
            (Ok(result), None) => {
                if let Some(alias) = &act.alias {
                    self.captures.keep(alias, result);
                }
                Ok(())
            }
            (Err(WorldError(error)), Some(wanted)) if error.contains(wanted) => {
                self.timeline
                    .note("script", format!("refused as expected: {error}"));
                Ok(())
            }
            (Err(WorldError(error)), None) => Err(format!("{}: {error}", act.action)),
            (Err(WorldError(error)), Some(wanted)) => Err(format!(
                "{} should fail with `{wanted}` but failed with: {error}",
                act.action
            )),
            (Ok(_), Some(wanted)) => Err(format!(
                "{} should fail with `{wanted}` but succeeded",
                act.action
            )),
        }
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
        let Span(within) = condition.within.unwrap_or_default();
        loop {
            let look = self.look(condition).await;
            if let Ok((_, true)) = look {
                self.timeline.note("script", format!("saw {condition}"));
                return Ok(());
            }
            if begin.elapsed() >= within {
                let seen = describe(&look);
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
            let waiting = |watch: &Watch<'_>| watch.decided.is_none() && watch.within().is_some();
            if !self.watches.iter().any(waiting) {
                break;
            }
            let deadlines = self.watches.iter().filter(|watch| waiting(watch));
            let nearest = deadlines
                .filter_map(Watch::within)
                .min()
                .unwrap_or_default();
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

    async fn look(&mut self, condition: &Condition) -> Result<(Value, bool), String> {
        let of = self.captures.fill_fields(&condition.of)?;
        let wanted = condition
            .comparisons
            .iter()
            .map(|one| one.resolved(&self.captures));
        let wanted: Vec<_> = wanted.collect::<Result<_, _>>()?;
        let seen = self.world.observe(&condition.observation, &of).await;
        let seen = seen.map_err(|WorldError(error)| error)?;
        let holds = wanted.iter().all(|comparison| comparison.holds(&seen));
        Ok((seen, holds))
    }

    fn verdicts(&self) -> Vec<Verdict> {
        self.watches
            .iter()
            .map(|watch| watch.verdict(self.timeline.elapsed()))
            .collect()
    }
}

impl<'a> Watch<'a> {
    fn new(expectation: &'a Expectation) -> Self {
        let Expectation { mode, condition } = expectation;
        Self {
            mode: *mode,
            condition,
            decided: None,
            last: None,
            ever_seen: false,
        }
    }

    fn within(&self) -> Option<Duration> {
        self.condition.within.map(|Span(within)| within)
    }

    fn is_open(&self, at_the_end: bool) -> bool {
        self.decided.is_none() && (at_the_end || self.mode != Mode::Eventually)
    }

    fn record(&mut self, look: Result<(Value, bool), String>, at: Duration) {
        if let Ok((_, holds)) = look {
            self.ever_seen = true;
            match (self.mode, holds) {
                (Mode::Eventually, true) => self.decided = Some((true, at)),
                (Mode::Always, false) | (Mode::Never, true) => self.decided = Some((false, at)),
                _ => {}
            }
        }
        self.last = Some(look);
    }

    /// Decides by the deadline, `elapsed` after the last step.
    fn expire(&mut self, elapsed: Duration, at: Duration) {
        if self.decided.is_none() && self.within().is_some_and(|within| elapsed >= within) {
            self.close(at);
        }
    }

    /// No more looks. What was never seen at all proves nothing, so it does not pass.
    fn close(&mut self, at: Duration) {
        let passed = self.mode != Mode::Eventually && self.ever_seen;
        self.decided.get_or_insert((passed, at));
    }

    fn verdict(&self, now: Duration) -> Verdict {
        let (passed, at) = self.decided.unwrap_or((false, now));
        let seen = match (&self.last, self.decided) {
            (_, None) => "not decided, because the script stopped".to_owned(),
            (None, _) => "never looked at".to_owned(),
            (Some(look), _) => describe(look),
        };
        Verdict {
            expectation: format!("{} {}", self.mode, self.condition),
            passed,
            at,
            seen,
        }
    }
}

fn next_look(begin: Instant) -> Instant {
    Instant::now() + LOOK_EVERY.max(begin.elapsed() / LOOK_SHARE)
}

fn describe(look: &Result<(Value, bool), String>) -> String {
    match look {
        Ok((seen, _)) => format!("last seen: {}", crate::check::plain(seen)),
        Err(error) => format!("nothing to see: {error}"),
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.observation)?;
        if !self.of.is_empty() {
            write!(f, " of {}", plain_fields(&self.of))?;
        }
        let comparisons: Vec<_> = self.comparisons.iter().map(ToString::to_string).collect();
        write!(f, " {}", comparisons.join(" and "))?;
        match self.within {
            Some(within) => write!(f, " within {within}"),
            None => Ok(()),
        }
    }
}
