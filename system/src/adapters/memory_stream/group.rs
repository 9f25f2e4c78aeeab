//! A group and its members, as Kafka's classic protocol with eager rebalances has them: when the
//! membership changes, every member gives up its partitions, and when all have, or are missed for
//! too long, the partitions are dealt out anew.

use std::collections::{BTreeMap, BTreeSet};

use tokio::time::Instant;

use crate::ports::{News, Position, StreamError, TopicPartition};

use super::stream::{MAX_POLL_INTERVAL, SESSION_TIMEOUT};

#[derive(Default)]
pub(super) struct Group {
    joined: u64,
    generation: u64,
    members: BTreeMap<u64, Membership>,
    pub(super) committed: BTreeMap<TopicPartition, u64>,
    /// The membership has changed since the partitions were dealt out.
    unsettled: bool,
}

struct Membership {
    topics: Vec<String>,
    /// What it may read, and may commit.
    assigned: BTreeSet<TopicPartition>,
    phase: Phase,
    liveness: Liveness,
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// Waits for the partitions to be dealt out.
    Joining,
    /// Has partitions that it has not heard of.
    Dealt,
    /// Reads.
    Steady,
    /// Must hear that its partitions are taken away.
    Losing,
    /// Has heard it; gives them up by asking for the next news.
    Giving,
}

#[derive(Clone, Copy)]
enum Liveness {
    /// Asks for news at this moment.
    Asking,
    /// Was last heard then.
    Silent(Instant),
    /// Its process died then.
    Dead(Instant),
}

impl Group {
    /// Adds a member and answers its number.
    pub(super) fn join(&mut self, topics: &[String], now: Instant) -> u64 {
        self.joined += 1;
        let membership = Membership {
            topics: topics.to_vec(),
            assigned: BTreeSet::new(),
            phase: Phase::Joining,
            liveness: Liveness::Silent(now),
        };
        self.members.insert(self.joined, membership);
        self.rebalance();
        self.joined
    }

    pub(super) fn leave(&mut self, member: u64) {
        if self.members.remove(&member).is_some() {
            self.rebalance();
        }
    }

    /// The member's process is gone; the group misses it when its session is over.
    pub(super) fn die(&mut self, member: u64, now: Instant) {
        if let Some(it) = self.members.get_mut(&member) {
            it.liveness = Liveness::Dead(now);
        }
    }

    /// Throws all members out.
    pub(super) fn fence(&mut self) {
        self.members.clear();
        self.unsettled = false;
    }

    /// The member asks for news from now on until it falls [`silent`](Self::silent). Answers
    /// whether it has given partitions up by that.
    ///
    /// # Errors
    /// `Fenced` when it is no longer a member.
    pub(super) fn ask(&mut self, member: u64) -> Result<bool, StreamError> {
        let generation = self.generation;
        let it = self.members.get_mut(&member).ok_or_else(|| fenced(member, generation))?;
        it.liveness = Liveness::Asking;
        let gives = it.phase == Phase::Giving;
        if gives {
            it.assigned.clear();
            it.phase = Phase::Joining;
        }
        Ok(gives)
    }

    pub(super) fn silent(&mut self, member: u64, now: Instant) {
        if let Some(it) = self.members.get_mut(&member) {
            it.liveness = Liveness::Silent(now);
        }
    }

    /// What the member must hear before it may read on.
    ///
    /// # Errors
    /// `Fenced` when it is no longer a member.
    pub(super) fn news(&mut self, member: u64) -> Result<Option<News>, StreamError> {
        let generation = self.generation;
        let it = self.members.get_mut(&member).ok_or_else(|| fenced(member, generation))?;
        let assigned = || it.assigned.iter().cloned().collect();
        Ok(match it.phase {
            Phase::Dealt => {
                it.phase = Phase::Steady;
                Some(News::Assigned(assigned()))
            }
            Phase::Losing => {
                it.phase = Phase::Giving;
                Some(News::Revoked(assigned()))
            }
            Phase::Joining | Phase::Steady | Phase::Giving => None,
        })
    }

    /// Whether the member has the partition and has been told so.
    pub(super) fn owns(&self, member: u64, of: &TopicPartition) -> bool {
        let it = self.members.get(&member);
        it.is_some_and(|it| it.phase != Phase::Dealt && it.assigned.contains(of))
    }

    pub(super) fn commit(&mut self, member: u64, next: &[Position]) -> Result<(), StreamError> {
        if let Some(place) = next.iter().find(|it| !self.owns(member, &it.of)) {
            let TopicPartition { topic, partition } = &place.of;
            return Err(StreamError::Fenced(format!("{topic}/{partition} is not its own")));
        }
        self.committed.extend(next.iter().map(|it| (it.of.clone(), it.offset)));
        Ok(())
    }

    /// Removes whoever is missed for too long.
    pub(super) fn settle(&mut self, now: Instant) {
        let before = self.members.len();
        self.members.retain(|_, it| it.missed_at().is_none_or(|at| now < at));
        if self.members.len() < before {
            self.rebalance();
        }
    }

    /// Nobody will be missed before then, unless somebody dies.
    pub(super) fn next_missed(&self, now: Instant) -> Option<Instant> {
        let earliest = |it: &Membership| it.missed_at().unwrap_or(now + MAX_POLL_INTERVAL);
        self.members.values().map(earliest).min()
    }

    /// Whether the partitions can be dealt out.
    pub(super) fn is_complete(&self) -> bool {
        self.unsettled && self.members.values().all(|it| it.phase == Phase::Joining)
    }

    /// Deals the partitions out by range: of each topic the members that want it get a run each,
    /// in the order in which they joined, the first ones one more where it does not come out even.
    pub(super) fn assign(&mut self, partitions: impl Fn(&str) -> u32) {
        self.unsettled = false;
        self.generation += 1;
        let topics: BTreeSet<String> =
            self.members.values().flat_map(|it| it.topics.iter().cloned()).collect();
        for topic in topics {
            let wants = |it: &&mut Membership| it.topics.contains(&topic);
            let mut readers: Vec<&mut Membership> =
                self.members.values_mut().filter(wants).collect();
            let shares = shares(partitions(&topic), readers.len());
            for (reader, share) in readers.iter_mut().zip(shares) {
                let topic = &topic;
                reader.assigned.extend(
                    share.map(|partition| TopicPartition { topic: topic.clone(), partition }),
                );
            }
        }
        for it in self.members.values_mut() {
            it.phase = Phase::Dealt;
        }
    }

    fn rebalance(&mut self) {
        self.unsettled = true;
        for it in self.members.values_mut() {
            it.phase = match it.phase {
                Phase::Steady if !it.assigned.is_empty() => Phase::Losing,
                Phase::Losing => Phase::Losing,
                Phase::Giving => Phase::Giving,
                // It knows of none, so there is nothing to give up.
                Phase::Joining | Phase::Dealt | Phase::Steady => Phase::Joining,
            };
            if it.phase == Phase::Joining {
                it.assigned.clear();
            }
        }
    }
}

impl Membership {
    fn missed_at(&self) -> Option<Instant> {
        match self.liveness {
            Liveness::Asking => None,
            Liveness::Silent(since) => Some(since + MAX_POLL_INTERVAL),
            Liveness::Dead(since) => Some(since + SESSION_TIMEOUT),
        }
    }
}

fn fenced(member: u64, generation: u64) -> StreamError {
    StreamError::Fenced(format!("member {member} is unknown in generation {generation}"))
}

/// One run of partitions for each reader.
fn shares(partitions: u32, readers: usize) -> impl Iterator<Item = std::ops::Range<u32>> {
    let readers = u32::try_from(readers.max(1)).unwrap_or(u32::MAX);
    let (each, more) = (partitions / readers, partitions % readers);
    (0..readers).map(move |reader| {
        let first = reader * each + reader.min(more);
        first..first + each + u32::from(reader < more)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_shared_by_range() {
        for (partitions, readers, expected) in [
            (6, 2, vec![0..3, 3..6]),
            (7, 3, vec![0..3, 3..5, 5..7]),
            (2, 3, vec![0..1, 1..2, 2..2]),
            (0, 2, vec![0..0, 0..0]),
        ] {
            let found: Vec<_> = shares(partitions, readers).collect();
            assert_eq!(found, expected, "{partitions} among {readers}");
        }
    }
}
