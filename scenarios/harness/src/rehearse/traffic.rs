//! Who asks for what, and who has which messages in hand: what decides whether somebody is at work.
//! Pure but for the lock; instants are given.

use super::call::{Call, Received};
use super::system::Busy;
use crate::aws::Depth;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// All lines. Cheap to clone; all clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Traffic(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    next: u64,
    /// Counts whatever happens, so that one who looks twice knows whether it saw one moment.
    events: u64,
    calls: u64,
    heard: Option<Instant>,
    /// The script looks at the system.
    looked_at: bool,
    lines: BTreeMap<String, Line>,
}

/// One process as it is heard at its doorway.
#[derive(Debug, Default)]
struct Line {
    /// It runs and does not stand still.
    lives: bool,
    busy: Busy,
    unanswered: BTreeMap<u64, Call>,
    /// What it has received and not deleted, by receipt handle.
    held: BTreeMap<String, Held>,
    /// When it was last heard of with something else than a poll that finds nothing.
    heard: Option<Instant>,
    /// When it asked for messages last.
    asked: Option<Instant>,
    /// The queues from which it receives.
    polled: BTreeSet<String>,
    calls: u64,
    /// What time does not wait for any more.
    given_up: BTreeSet<String>,
}

#[derive(Debug)]
struct Held {
    id: String,
    queue: String,
    since: Instant,
}

/// Why time has to wait.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum AtWork {
    /// Requests are not answered and do not wait for anything in the cloud.
    Unanswered(usize),
    /// It has messages in hand.
    Holds { who: String, queue: String, messages: Vec<String> },
    /// It was just heard from.
    Heard { who: String },
    /// A message waits in a queue that it receives from.
    Unread { who: String, queue: String },
    /// It says so itself.
    Says { who: String },
}

/// A request on its way. Dropped, it is answered or given up.
pub(super) struct Unanswered<'a> {
    traffic: &'a Traffic,
    who: &'a str,
    number: u64,
}

impl Traffic {
    /// Hears `who` from now on.
    pub(super) fn join(&self, who: &str, busy: Busy) {
        let line = Line { busy, ..Line::default() };
        self.lock().lines.insert(who.to_owned(), line);
    }

    /// It runs, or runs on.
    pub(super) fn lives(&self, who: &str) {
        self.change(who, |line| line.lives = true);
    }

    /// It stands still, with all that it has in hand.
    pub(super) fn stands(&self, who: &str) {
        self.change(who, |line| line.lives = false);
    }

    /// It is gone, and what it had in hand is nobody's.
    pub(super) fn gone(&self, who: &str) {
        self.change(who, |line| {
            let (busy, calls) = (line.busy.clone(), line.calls);
            *line = Line { busy, calls, ..Line::default() };
        });
    }

    /// How often `who` has asked AWS for something.
    pub(super) fn calls_of(&self, who: &str) -> u64 {
        self.lock().lines.get(who).map_or(0, |line| line.calls)
    }

    /// How often anybody has.
    pub(super) fn calls(&self) -> u64 {
        self.lock().calls
    }

    /// When anybody was last heard of with something else than a poll that finds nothing.
    pub(super) fn heard(&self) -> Option<Instant> {
        self.lock().heard
    }

    /// Another number whenever something has happened.
    pub(super) fn events(&self) -> u64 {
        self.lock().events
    }

    pub(super) fn begin<'a>(&'a self, who: &'a str, call: &Call, now: Instant) -> Unanswered<'a> {
        let mut all = self.lock();
        all.next += 1;
        all.events += 1;
        all.calls += 1;
        let number = all.next;
        if !call.is_poll() {
            all.heard = Some(now);
        }
        if let Some(line) = all.lines.get_mut(who) {
            line.calls += 1;
            match call.is_poll() {
                true => {
                    line.asked = Some(now);
                    let queue = call.subject.as_ref().filter(|_| call.receives());
                    if let Some(queue) = queue {
                        line.polled.insert(queue.clone());
                        line.given_up.remove(&unread(queue));
                    }
                }
                false => line.heard = Some(now),
            }
            line.unanswered.insert(number, call.clone());
        }
        Unanswered { traffic: self, who, number }
    }

    /// Notes what an answer says.
    pub(super) fn answered(&self, who: &str, call: &Call, answer: &[u8], ok: bool, now: Instant) {
        let received = if ok { call.received(answer) } else { Vec::new() };
        let nothing = call.found_nothing(answer);
        let mut all = self.lock();
        all.events += 1;
        if !nothing {
            all.heard = Some(now);
        }
        for Received { id, .. } in &received {
            // Whoever had it before has lost it.
            all.lines.values_mut().for_each(|line| line.held.retain(|_, held| held.id != *id));
        }
        let Some(line) = all.lines.get_mut(who) else { return };
        if !nothing {
            line.heard = Some(now);
        }
        if ok && (call.operation.starts_with("DeleteMessage") || call.gives_back) {
            call.handles.iter().for_each(|handle| drop(line.held.remove(handle)));
        }
        for Received { id, handle } in received {
            let queue = call.subject.clone().unwrap_or_default();
            line.held.insert(handle, Held { id, queue, since: now });
        }
    }

    /// When those who receive no messages were last heard from.
    pub(super) fn before_a_look(&self) -> Vec<(String, Option<Instant>)> {
        let mut all = self.lock();
        all.looked_at = true;
        let quiet = all.lines.iter().filter(|(_, line)| line.asked.is_none());
        quiet.map(|(who, line)| (who.clone(), line.heard)).collect()
    }

    /// What they were heard with since then was the script's own look, which leads to nothing.
    pub(super) fn after_a_look(&self, before: Vec<(String, Option<Instant>)>) {
        self.lock().looked_at = false;
        for (who, heard) in before {
            self.change(&who, |line| {
                if line.asked.is_none() {
                    line.heard = heard;
                }
            });
        }
    }

    /// What `who` does now is an answer to a look of the script.
    pub(super) fn is_looked_at(&self, who: &str) -> bool {
        let all = self.lock();
        all.looked_at && all.lines.get(who).is_some_and(|line| line.asked.is_none())
    }

    /// Time waits for this no more.
    pub(super) fn give_up(&self, reason: &AtWork) {
        let (who, what): (&str, Vec<String>) = match reason {
            AtWork::Unanswered(_) => return,
            AtWork::Holds { who, messages, .. } => (who, messages.clone()),
            AtWork::Heard { who } | AtWork::Says { who } => (who, vec![HEARD.to_owned()]),
            AtWork::Unread { who, queue } => (who, vec![unread(queue)]),
        };
        self.change(who, |line| line.given_up.extend(what));
    }

    /// Who asks an address whether it is at work.
    pub(super) fn askers(&self) -> Vec<(String, String)> {
        let all = self.lock();
        let living = all.lines.iter().filter(|(_, line)| line.lives && !line.gave_up(HEARD));
        let asker = |(who, line): (&String, &Line)| match &line.busy {
            Busy::Http(address) => Some((who.clone(), address.clone())),
            _ => None,
        };
        living.filter_map(asker).collect()
    }

    /// Who is at work, if anybody is. `parked` requests wait for something in the cloud.
    pub(super) fn at_work(
        &self,
        now: Instant,
        settle: Duration,
        parked: usize,
        depths: &[Depth],
    ) -> Option<AtWork> {
        let mut all = self.lock();
        // A message that came back is in nobody's hand.
        for depth in depths.iter().filter(|depth| depth.in_flight == 0) {
            let back = |_: &String, held: &mut Held| held.queue != depth.name();
            all.lines.values_mut().for_each(|line| line.held.retain(back));
        }
        let unanswered: usize = all.lines.values().map(|line| line.unanswered.len()).sum();
        if unanswered > parked {
            return Some(AtWork::Unanswered(unanswered - parked));
        }
        let living = || all.lines.iter().filter(|(_, line)| line.lives);
        if let Some(found) = living().find_map(|(who, line)| line.at_work(who, now, settle)) {
            return Some(found);
        }
        let waiting = depths.iter().filter(|depth| depth.visible > 0);
        waiting.map(Depth::name).find_map(|queue| {
            let receivers = || living().filter(|(_, line)| line.polled.contains(queue));
            if receivers().any(|(_, line)| line.is_parked_at(queue)) {
                return None;
            }
            let idle = |line: &Line| line.busy == Busy::Never || line.gave_up(&unread(queue));
            let (who, _) = receivers().find(|(_, line)| !idle(line))?;
            Some(AtWork::Unread { who: who.clone(), queue: queue.to_owned() })
        })
    }

    fn change(&self, who: &str, change: impl FnOnce(&mut Line)) {
        let mut all = self.lock();
        all.events += 1;
        if let Some(line) = all.lines.get_mut(who) {
            change(line);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        // A panic elsewhere leaves each line readable.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is given up of a process that is heard from all the time.
const HEARD: &str = "heard";

fn unread(queue: &str) -> String {
    format!("unread {queue}")
}

impl Line {
    fn at_work(&self, who: &str, now: Instant, settle: Duration) -> Option<AtWork> {
        let recent = |at: Option<Instant>| at.is_some_and(|at| now < at + settle);
        let heard = recent(self.heard) && !self.gave_up(HEARD);
        let held: Vec<&Held> = self.held.values().filter(|held| !self.gave_up(&held.id)).collect();
        // Its answers are delayed: what waits for the cloud does nothing meanwhile.
        let waits = self.unanswered.values().any(|call| !call.is_poll());
        let works = match self.busy {
            Busy::Never | Busy::Http(_) => return None,
            Busy::Holds => true,
            Busy::Heard => heard && !waits,
            // Whoever asks for more is done with what it has, unless it still speaks.
            Busy::Asks => {
                let asks_for_no_more = held.iter().any(|held| self.asked <= Some(held.since));
                !waits && (heard || asks_for_no_more)
            }
        };
        let who = who.to_owned();
        if let Some(first) = held.first().filter(|_| works) {
            let queue = first.queue.clone();
            let messages = held.iter().map(|held| held.id.clone()).collect();
            return Some(AtWork::Holds { who, queue, messages });
        }
        (heard && self.unanswered.is_empty()).then_some(AtWork::Heard { who })
    }

    fn is_parked_at(&self, queue: &str) -> bool {
        let at = |call: &Call| call.receives() && call.subject.as_deref() == Some(queue);
        self.unanswered.values().any(at)
    }

    fn gave_up(&self, what: &str) -> bool {
        self.given_up.contains(what)
    }
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        let number = self.number;
        self.traffic.change(self.who, |line| drop(line.unanswered.remove(&number)));
    }
}

/// Tells what time waits for.
impl fmt::Display for AtWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswered(1) => write!(f, "a request is not answered"),
            Self::Unanswered(count) => write!(f, "{count} requests are not answered"),
            Self::Holds { who, queue, messages } => match messages.len() {
                1 => write!(f, "{who} has received a message of {queue} and not deleted it"),
                count => write!(f, "{who} has received {count} messages and not deleted them"),
            },
            Self::Heard { who } => write!(f, "{who} is heard from again and again"),
            Self::Unread { who, queue } => {
                write!(f, "{who} does not receive the message that waits in {queue}")
            }
            Self::Says { who } => write!(f, "{who} says that it is at work"),
        }
    }
}

#[cfg(test)]
mod tests;
