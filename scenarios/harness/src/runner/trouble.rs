//! What happens to the system's own processes, at its instants and beside the story. In the end it
//! is made good: invariants are asked of a system that is whole.

use super::stop::Stop;
use crate::processes::{Disturbance, Processes};
use crate::script::{KILL, Nemesis, PAUSE};
use crate::timeline::Timeline;
use std::collections::{BTreeMap, VecDeque};
use std::pin::pin;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// The faults of processes of one script.
pub(super) struct Trouble<'a, P> {
    processes: P,
    timeline: &'a Timeline,
    /// What is still to come, soonest first.
    to_come: VecDeque<Moment<'a>>,
    /// Which roles don't run, and what makes them run again.
    down: BTreeMap<&'a str, Disturbance>,
    fired: BTreeMap<String, u64>,
}

#[derive(Clone, Copy)]
struct Moment<'a> {
    /// Counted from the first step.
    at: Duration,
    how: Disturbance,
    fault: &'a str,
    role: &'a str,
}

impl<'a, P: Processes> Trouble<'a, P> {
    pub(super) fn new(faults: &'a [Nemesis], processes: P, timeline: &'a Timeline) -> Self {
        let mut moments: Vec<_> = faults.iter().flat_map(moments).collect();
        // A role that starts and is killed at the same instant starts first.
        moments.sort_by_key(|(order, moment)| (moment.at, *order));
        let to_come = moments.into_iter().map(|(_, moment)| moment).collect();
        Self { processes, timeline, to_come, down: BTreeMap::new(), fired: BTreeMap::new() }
    }

    /// Goes through `story`, whose first step begins at `zero`, and disturbs the processes
    /// meanwhile. The error is the story's, or says which fault can't be brought about.
    pub(super) async fn beside(
        &mut self,
        zero: Instant,
        story: impl Future<Output = Result<(), Stop>>,
    ) -> Result<(), Stop> {
        let over = Notify::new();
        let (mut story, mut trouble) = (pin!(story), pin!(self.until(zero, &over)));
        tokio::select! {
            biased;
            told = &mut story => {
                over.notify_one();
                // What has begun is done to its end, so that all processes are known to run or not.
                told.and(trouble.await)
            }
            done = &mut trouble => match done {
                Ok(()) => story.await,
                Err(error) => Err(error),
            },
        }
    }

    async fn until(&mut self, zero: Instant, over: &Notify) -> Result<(), Stop> {
        while let Some(next) = self.to_come.front().copied() {
            tokio::select! {
                biased;
                () = over.notified() => return Ok(()),
                () = self.timeline.clock().sleep_until(zero + next.at) => {}
            }
            self.to_come.pop_front();
            let Moment { how, fault, role, .. } = next;
            let done = self.disturb(role, how, fault).await;
            done.map_err(|error| {
                let place = format!("nemesis: {fault}");
                Stop::new(&place, &place, &error)
            })?;
            if how.cure().is_some() {
                *self.fired.entry(fault.to_owned()).or_default() += 1;
            }
        }
        Ok(())
    }

    /// How often each fault has fired, by name.
    pub(super) fn fired(&self) -> &BTreeMap<String, u64> {
        &self.fired
    }

    /// From now on all roles run.
    pub(super) async fn end(&mut self) -> Result<(), String> {
        self.to_come.clear();
        for (role, cure) in std::mem::take(&mut self.down) {
            self.disturb(role, cure, "the end").await?;
        }
        Ok(())
    }

    async fn disturb(&mut self, role: &'a str, how: Disturbance, why: &str) -> Result<(), String> {
        self.timeline.note("nemesis", format!("{why}: {role} {how}"));
        match how.cure() {
            Some(cure) => self.down.insert(role, cure),
            None => self.down.remove(role),
        };
        self.processes.disturb(role, how).await.map_err(|error| error.to_string())
    }
}

/// The beginning and the end of a fault, each with its place among what happens at one instant.
fn moments(nemesis: &Nemesis) -> Vec<(u8, Moment<'_>)> {
    let Some(role) = nemesis.on.role.as_deref().filter(|_| nemesis.is_of_process()) else {
        return Vec::new();
    };
    let begin = nemesis.from.unwrap_or_default();
    let how = match nemesis.fault.as_str() {
        KILL => Disturbance::Kill,
        PAUSE => Disturbance::Pause,
        _ => Disturbance::Stop,
    };
    let at_once = nemesis.restarts_at_once();
    let end = nemesis.until.or(at_once.then_some(begin));
    let end = end.zip(how.cure()).map(|(end, how)| (if at_once { 2 } else { 0 }, end, how));
    let all = [Some((1, begin, how)), end].into_iter().flatten();
    let fault = nemesis.name.as_str();
    all.map(|(order, at, how)| (order, Moment { at: at.0, how, fault, role })).collect()
}
