//! A member that behaves as the contract wants it: it begins what is assigned where the shared
//! progress says, and records what it reads there at once, as a sink does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use orderflow::ports::{Member, News, Record, StreamError, TopicPartition};
use tokio::time::Instant;

use crate::world::World;

/// How long one question waits.
const WAIT: Duration = Duration::from_millis(200);
const MOST: usize = 500;

/// Where the next reader of each partition begins.
pub(crate) type Progress = Arc<Mutex<BTreeMap<TopicPartition, u64>>>;

pub(crate) struct Reader {
    pub(crate) member: Box<dyn Member>,
    pub(crate) assigned: BTreeSet<TopicPartition>,
    pub(crate) records: Vec<Record>,
    /// The ends that it was told of.
    pub(crate) ends: BTreeMap<TopicPartition, u64>,
    /// How often it was given partitions, none included.
    pub(crate) assignments: usize,
    progress: Progress,
}

impl Reader {
    /// Joins the case's group.
    pub(crate) async fn join(world: &World, topics: &[&str], progress: &Progress) -> Self {
        let topics: Vec<String> = topics.iter().map(|it| (*it).to_owned()).collect();
        let member = world.stream.join(&world.group(), &topics).await.unwrap();
        Self {
            member,
            assigned: BTreeSet::new(),
            records: Vec::new(),
            ends: BTreeMap::new(),
            assignments: 0,
            progress: Arc::clone(progress),
        }
    }

    /// Hears one piece of news and acts upon it.
    pub(crate) async fn step(&mut self) -> Result<News, StreamError> {
        let news = self.member.next(MOST, WAIT).await?;
        match &news {
            News::Assigned(partitions) => {
                self.assignments += 1;
                self.assigned.extend(partitions.iter().cloned());
                for at in partitions {
                    let from = self.progress.lock().unwrap().get(at).copied();
                    self.member.begin(at, from).await?;
                }
            }
            News::Revoked(partitions) => {
                for at in partitions {
                    assert!(self.assigned.remove(at), "{at:?} was not its own");
                    self.ends.remove(at);
                }
            }
            News::Records(records) => {
                assert!(!records.is_empty() && records.len() <= MOST, "{}", records.len());
                let mut progress = self.progress.lock().unwrap();
                for record in records {
                    let place = &record.place;
                    assert!(self.assigned.contains(&place.of), "{place:?} is not its own");
                    let next = progress.insert(place.of.clone(), place.offset + 1);
                    assert!(next.is_none_or(|it| it <= place.offset), "{place:?} after {next:?}");
                }
                self.records.extend(records.iter().cloned());
            }
            News::CaughtUp(at, end) => {
                self.ends.insert(at.clone(), *end);
            }
            News::Nothing => {}
        }
        Ok(news)
    }

    /// Steps until `done`.
    pub(crate) async fn until(&mut self, world: &World, what: &str, done: impl Fn(&Self) -> bool) {
        let mut readers = [self];
        together(world, &mut readers, what, |readers| done(readers[0])).await;
    }

    /// The numbers that it has read, sorted.
    pub(crate) fn numbers(&self) -> Vec<usize> {
        let mut numbers: Vec<usize> = self.records.iter().map(number).collect();
        numbers.sort_unstable();
        numbers
    }
}

/// Lets all of them step until `done`; fails when the world's patience ends before.
pub(crate) async fn together(
    world: &World,
    readers: &mut [&mut Reader],
    what: &str,
    done: impl Fn(&[&mut Reader]) -> bool,
) {
    let deadline = Instant::now() + world.patience;
    while !done(readers) {
        assert!(Instant::now() < deadline, "{}: no sign of: {what}", world.name);
        for result in join_all(readers.iter_mut().map(|it| it.step())).await {
            result.unwrap();
        }
    }
}

/// A record's value, which is a number.
pub(crate) fn number(record: &Record) -> usize {
    std::str::from_utf8(&record.value).unwrap().parse().unwrap()
}
