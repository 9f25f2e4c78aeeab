//! The handle on the log, the port's face of it, and the faults that a simulation may ask for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::ports::{
    AppendFuture, Member, NewRecord, NewTopic, Position, Record, Stream, StreamError, StreamFuture,
    TopicPartition,
};

use super::log::Log;
use super::member::MemoryMember;

/// A member whose process died is missed after this long.
pub const SESSION_TIMEOUT: Duration = Duration::from_secs(10);

/// A member that does not ask for news for this long is thrown out.
pub const MAX_POLL_INTERVAL: Duration = Duration::from_secs(60);

/// A log in memory. Clones share it, like connections to the same brokers.
#[derive(Clone, Default)]
pub struct MemoryStream {
    shared: Arc<Shared>,
}

#[derive(Default)]
pub(super) struct Shared {
    log: Mutex<Log>,
    pub(super) changed: Notify,
}

impl Shared {
    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MemoryStream {
    /// An empty log: no topics, no groups.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing is answered before `until`, neither to those who append nor to members.
    pub fn unreachable(&self, until: Instant) {
        self.shared.log().unreachable_until = Some(until);
        self.shared.changed.notify_waiters();
    }

    /// Throws the present members of a group out, once. They hear `Fenced` and may join again.
    pub fn fence(&self, group: &str) {
        self.shared.log().group(group, Instant::now()).fence();
        self.shared.changed.notify_waiters();
    }

    /// A partition yields nothing before `until`, as when its broker is slow; appending works.
    pub fn hold_back(&self, of: TopicPartition, until: Instant) {
        self.shared.log().lagging.insert(of, until);
        self.shared.changed.notify_waiters();
    }

    /// The next `count` calls of `append` are done and answered `Unreachable`, so that whoever
    /// tries again makes duplicates.
    pub fn lose_answers(&self, count: usize) {
        self.shared.log().answers_to_lose = count;
    }

    /// All records of a topic, by partition and offset; none when there is no such topic.
    pub fn records(&self, topic: &str) -> Vec<Record> {
        self.shared.log().records(topic)
    }

    /// What a group has committed: the offsets of the next records.
    pub fn committed(&self, group: &str) -> BTreeMap<TopicPartition, u64> {
        let log = self.shared.log();
        log.groups.get(group).map(|it| it.committed.clone()).unwrap_or_default()
    }

    async fn append_all(&self, records: Vec<NewRecord>) -> Vec<Result<Position, StreamError>> {
        // A real producer lets others run, and simulations rely on it.
        tokio::task::yield_now().await;
        let mut log = self.shared.log();
        if let Err(error) = log.reach(Instant::now()) {
            return records.iter().map(|_| Err(error.clone())).collect();
        }
        let mut results: Vec<_> = records.into_iter().map(|it| log.append(it)).collect();
        if log.answers_to_lose > 0 {
            log.answers_to_lose -= 1;
            let lost = StreamError::Unreachable("the answer was lost".to_owned());
            results = results.into_iter().map(|it| it.and(Err(lost.clone()))).collect();
        }
        drop(log);
        self.shared.changed.notify_waiters();
        results
    }
}

impl Stream for MemoryStream {
    fn ensure_topics<'a>(&'a self, topics: &'a [NewTopic]) -> StreamFuture<'a, ()> {
        Box::pin(async move {
            let mut log = self.shared.log();
            log.reach(Instant::now())?;
            topics.iter().try_for_each(|it| log.ensure(it))
        })
    }

    fn partitions<'a>(&'a self, topic: &'a str) -> StreamFuture<'a, u32> {
        Box::pin(async move {
            let log = self.shared.log();
            log.reach(Instant::now())?;
            log.partitions(topic)
        })
    }

    fn append(&self, records: Vec<NewRecord>) -> AppendFuture<'_> {
        Box::pin(self.append_all(records))
    }

    fn lag<'a>(&'a self, group: &'a str, topics: &'a [String]) -> StreamFuture<'a, u64> {
        Box::pin(async move {
            let log = self.shared.log();
            log.reach(Instant::now())?;
            topics.iter().map(|topic| log.lag(group, topic)).sum()
        })
    }

    fn join<'a>(
        &'a self,
        group: &'a str,
        topics: &'a [String],
    ) -> StreamFuture<'a, Box<dyn Member>> {
        Box::pin(async move {
            let now = Instant::now();
            let mut log = self.shared.log();
            log.reach(now)?;
            for topic in topics {
                log.partitions(topic)?;
            }
            let number = log.group(group, now).join(topics, now);
            drop(log);
            self.shared.changed.notify_waiters();
            let member = MemoryMember::new(Arc::clone(&self.shared), group, number);
            Ok(Box::new(member) as Box<dyn Member>)
        })
    }
}
