//! Plays a script against a world and judges its expectations.
//!
//! Times are those of the timeline's clock: virtual or real. The runner does not know which.

use crate::check::{plain, plain_fields};
use crate::explore::Dice;
use crate::faults::Faults;
use crate::script::{
    Act, Captures, Condition, EACH, NUMBER, Nemesis, Repeat, Script, Span, Start, Step,
};
use crate::symptom::Symptom;
use crate::timeline::Timeline;
use crate::world::{World, WorldError};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use stop::Stop;
use tokio::time::Instant;
use trouble::Trouble;
use watch::{Look, Watch, describe};

mod aftermath;
mod arrivals;
mod stop;
mod time;
mod trouble;
mod watch;

pub use watch::Verdict;

/// What came of a script.
#[derive(Clone, Debug, Serialize)]
pub struct Played {
    /// Why the steps did not all happen, if they did not.
    pub stopped: Option<String>,
    pub verdicts: Vec<Verdict>,
    /// In which ways it failed, the first one first; none if it passed.
    pub symptoms: Vec<Symptom>,
    /// The world's final state.
    pub state: Value,
    /// Texts by which messages that have to do with a failure are found, of the first failure
    /// first.
    pub subjects: Vec<String>,
    /// How often each fault fired, by name.
    pub fired: BTreeMap<String, u64>,
    /// The ways through the system that were taken.
    pub branches: BTreeMap<String, u64>,
}

impl Played {
    pub fn passed(&self) -> bool {
        self.stopped.is_none() && self.verdicts.iter().all(|verdict| verdict.passed)
    }
}

/// Plays `script` to its end. The world is finished afterwards, whatever happened. `seed` decides
/// when things arrive that a script wants at a rate.
pub async fn play<W: World>(
    script: &Script,
    seed: u64,
    world: &mut W,
    faults: &mut impl Faults,
    timeline: &Timeline,
) -> Played {
    let mut trouble = Trouble::new(&script.nemesis, world.processes(), timeline);
    let mut runner = Runner {
        seed,
        world: &mut *world,
        timeline,
        captures: Captures::default(),
        watches: script.then.iter().map(Watch::new).collect(),
        zero: timeline.clock().now(),
        missed: None,
    };
    let told = match runner.begin(script, faults).await {
        Ok(zero) => trouble.beside(zero, runner.story(script)).await,
        Err(stop) => Err(stop),
    };
    let mut verdicts = runner.verdicts();
    let mut subjects = runner.subjects(&verdicts);
    let mut symptoms = runner.symptoms();
    let stopped = told.err().map(|Stop { reason, symptom }| {
        timeline.note("script", format!("stopped: {reason}"));
        symptoms.push(symptom);
        reason
    });
    let (fired, of_faults) = aftermath::faults_fired(script, faults, &trouble, timeline).await;
    let mut afterwards = of_faults;
    if stopped.is_none() {
        let kept = aftermath::invariants(script, world, faults, &mut trouble, timeline).await;
        afterwards.extend(kept);
        // Of a script that stopped, all this only says that it did not come that far.
        symptoms.extend(afterwards.iter().flat_map(aftermath::symptoms));
        aftermath::subjects(world, &afterwards, &mut subjects);
    }
    verdicts.extend(afterwards);
    let branches = world.branches();
    let state = world.finish().await;
    Played { stopped, verdicts, symptoms, state, subjects, fired, branches }
}

struct Runner<'a, W> {
    seed: u64,
    world: &'a mut W,
    timeline: &'a Timeline,
    captures: Captures,
    watches: Vec<Watch<'a>>,
    zero: Instant,
    /// What a step waited for in vain.
    missed: Option<Condition>,
}

impl<W: World> Runner<'_, W> {
    /// Does what is given, and sets the faults at AWS. The instant is that of the first step.
    async fn begin(&mut self, script: &Script, faults: &mut impl Faults) -> Result<Instant, Stop> {
        for (at, act) in script.given.iter().enumerate() {
            let place = format!("given {}", at + 1);
            let done = self.act(act).await.map_err(|error| Stop::new(&place, &place, &error))?;
            self.capture(act, done);
        }
        self.timeline.start();
        self.zero = self.now();
        let at_aws = self.faults_at_aws(script);
        if !at_aws.is_empty() {
            let set = faults.set_faults(&at_aws).await;
            set.map_err(|error| Stop::new("nemesis", "nemesis", &error))?;
        }
        for nemesis in &script.nemesis {
            self.timeline.note("nemesis", format!("{}: {nemesis}", nemesis.name));
        }
        Ok(self.zero)
    }

    /// The steps, and after them what is expected.
    async fn story(&mut self, script: &Script) -> Result<(), Stop> {
        for (at, step) in script.when.iter().enumerate() {
            // Each step draws for itself: what one draws says nothing of the next.
            let dice = Dice::apart(self.seed, at as u64);
            if let Err(error) = self.step(step, dice).await {
                let written = serde_json::to_string(step).unwrap_or_default();
                return Err(Stop::new(&format!("step {}", at + 1), written, &error));
            }
        }
        self.judge().await;
        Ok(())
    }

    /// The faults that happen at AWS, with the resources' names there.
    fn faults_at_aws(&self, script: &Script) -> Vec<Nemesis> {
        let mut faults: Vec<_> = script.faults_at_aws().cloned().collect();
        for resource in faults.iter_mut().filter_map(|fault| fault.on.resource.as_mut()) {
            *resource = self.world.resource(resource);
        }
        faults
    }

    async fn step(&mut self, step: &Step, dice: Dice) -> Result<(), String> {
        match &step.start {
            Start::Immediately => {}
            Start::At(Span(offset)) => self.wait_until(self.zero + *offset).await,
            Start::After(Span(pause)) => self.wait_until(self.now() + *pause).await,
            Start::Once(condition) => self.wait_for(condition).await?,
        }
        match (&step.act, &step.repeat) {
            (Some(act), Some(repeat)) => self.repeat(act, repeat, dice).await?,
            (Some(act), None) => {
                let done = self.act(act).await?;
                self.capture(act, done);
            }
            (None, _) => {}
        }
        self.look_around(false).await;
        Ok(())
    }

    async fn repeat(&mut self, act: &Act, repeat: &Repeat, dice: Dice) -> Result<(), String> {
        let begin = self.now();
        let list = match repeat {
            Repeat::Each { list, .. } => Some(self.list(list)?),
            _ => None,
        };
        if let Some(alias) = &act.alias {
            self.captures.keep(alias, Value::Array(Vec::new()));
        }
        let entries = list.as_ref().map_or(0, Vec::len) as u64;
        let (moments, over) = arrivals::arrivals(repeat, begin - self.zero, entries, dice);
        let mut list = list.into_iter().flatten();
        for (number, moment) in (1_u64..).zip(moments) {
            self.wait_until(begin + moment).await;
            self.captures.keep(NUMBER, number.into());
            if let Some(entry) = list.next() {
                self.captures.keep(EACH, entry);
            }
            let done = self.act(act).await.map_err(|error| format!("number {number}: {error}"))?;
            // What failed, as it may, is in no list.
            let failed = act.may_fail && done.is_null();
            if let Some(alias) = act.alias.as_ref().filter(|_| !failed) {
                self.captures.push(alias, done);
            }
            self.look_around(false).await;
        }
        self.captures.forget(NUMBER);
        self.captures.forget(EACH);
        self.wait_until(begin + over).await;
        Ok(())
    }

    /// The list that `each` goes through.
    fn list(&self, each: &Value) -> Result<Vec<Value>, String> {
        match self.captures.fill(each)? {
            Value::Array(list) => Ok(list),
            other => Err(format!("`each` needs a list, not {}", plain(&other))),
        }
    }

    /// The action's result; nothing if it was refused as it should be.
    async fn act(&mut self, act: &Act) -> Result<Value, String> {
        let with = match self.captures.fill_fields(&act.with) {
            Ok(with) => with,
            Err(missing) if act.may_fail => {
                self.timeline.note("script", format!("{} is left out: {missing}", act.action));
                return Ok(Value::Null);
            }
            Err(missing) => return Err(missing),
        };
        self.timeline.note("script", format!("{} {}", act.action, plain_fields(&with)).trim_end());
        let done = self.world.act(&act.action, &with).await;
        match (done, &act.fails_with) {
            (Ok(result), None) => self.checked(act, result),
            (Err(WorldError(error)), Some(wanted)) if error.contains(wanted) => {
                self.timeline.note("script", format!("refused as expected: {error}"));
                Ok(Value::Null)
            }
            (Err(WorldError(error)), None) if act.may_fail => {
                self.timeline.note("script", format!("{} failed: {error}", act.action));
                Ok(Value::Null)
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

    /// What an action gave, if it is as wanted.
    fn checked(&self, act: &Act, result: Value) -> Result<Value, String> {
        if let Some(wanted) = &act.gives {
            let wanted = wanted.filled(&self.captures)?;
            if !wanted.holds(&result) {
                let seen = plain(&result);
                return Err(format!("{} should give what {wanted} but gave {seen}", act.action));
            }
        }
        Ok(result)
    }

    fn capture(&mut self, act: &Act, result: Value) {
        // What failed, as it may, leaves nothing for later steps.
        if let Some(alias) = act.alias.as_ref().filter(|_| !(act.may_fail && result.is_null())) {
            self.captures.keep(alias, result);
        }
    }

    /// Passes the time until `end`, looking at what must hold always or never.
    async fn wait_until(&mut self, end: Instant) {
        let begin = self.now();
        while self.now() < end {
            if self.watches.iter().all(|watch| !watch.is_open(false)) {
                return self.sleep_until(end).await;
            }
            self.sleep_until(self.next_look(begin).min(end)).await;
            self.look_around(false).await;
        }
    }

    async fn wait_for(&mut self, condition: &Condition) -> Result<(), String> {
        let begin = self.now();
        let condition = &condition.filled(&self.captures)?;
        let Span(within) = condition.within.unwrap_or_default();
        loop {
            let look = self.look(condition).await;
            if let Ok((_, true)) = look {
                self.timeline.note("script", format!("saw {condition}"));
                return Ok(());
            }
            if self.timeline.clock().since(begin) >= within {
                let seen = describe(&look);
                self.missed = Some(condition.clone());
                return Err(format!("waited {} for {condition}; {seen}", Span(within)));
            }
            self.sleep_until(self.next_look(begin).min(begin + within)).await;
            self.look_around(false).await;
        }
    }

    /// After the last step: looks until every expectation is decided.
    async fn judge(&mut self) {
        let begin = self.now();
        loop {
            self.look_around(true).await;
            let elapsed = self.timeline.clock().since(begin);
            let offset = self.timeline.elapsed();
            for watch in &mut self.watches {
                watch.expire(elapsed, offset);
            }
            // What must hold always or never, without a deadline, holds until the others are done.
            let Some(nearest) = self.watches.iter().filter_map(Watch::deadline).min() else {
                break;
            };
            self.sleep_until(self.next_look(begin).min(begin + nearest)).await;
        }
        let offset = self.timeline.elapsed();
        for watch in &mut self.watches {
            watch.close(offset);
        }
    }

    /// Looks at every open expectation; at `eventually` only in the end.
    async fn look_around(&mut self, at_the_end: bool) {
        for index in 0..self.watches.len() {
            let watch = &mut self.watches[index];
            if !watch.is_open(at_the_end) {
                continue;
            }
            // There is no list before it is captured.
            if let Some(Ok(Value::Array(list))) = watch.each.map(|list| self.captures.fill(list)) {
                watch.meet(&list);
            }
            let condition = watch.condition;
            for subject in 0..watch.subjects.len() {
                self.look_at(index, subject, condition).await;
            }
        }
    }

    async fn look_at(&mut self, watch: usize, subject: usize, condition: &Condition) {
        let one = &self.watches[watch].subjects[subject];
        if one.is_decided() {
            return;
        }
        if let Some(entry) = &one.entry {
            self.captures.keep(EACH, entry.clone());
        }
        let look = self.look(condition).await;
        self.captures.forget(EACH);
        self.watches[watch].record(subject, look, self.timeline.elapsed());
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

    fn symptoms(&self) -> Vec<Symptom> {
        self.watches.iter().flat_map(|watch| watch.symptoms(&self.captures)).collect()
    }

    fn verdicts(&self) -> Vec<Verdict> {
        self.watches
            .iter()
            .map(|watch| watch.verdict(&self.captures, self.timeline.elapsed()))
            .collect()
    }
}

#[cfg(test)]
mod tests;
