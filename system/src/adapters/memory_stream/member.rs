//! One member of a group: where it reads, and its waiting.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::ports::{Member, News, Position, StreamError, StreamFuture, TopicPartition};

use super::log::Log;
use super::stream::Shared;

pub(super) struct MemoryMember {
    shared: Arc<Shared>,
    group: String,
    number: u64,
    reading: BTreeMap<TopicPartition, Reading>,
    /// The partition that was read from last; the next one comes first.
    last: Option<TopicPartition>,
}

struct Reading {
    next: u64,
    /// The end that was told of.
    told: Option<u64>,
}

/// What a look at the log gave.
enum Look {
    News(News),
    /// Nothing, and nothing new before then, unless the log changes.
    Until(Option<Instant>),
}

/// The member counts as asking while this lives, also when its future is dropped half-way.
struct Asking {
    shared: Arc<Shared>,
    group: String,
    number: u64,
}

impl MemoryMember {
    pub(super) fn new(shared: Arc<Shared>, group: &str, number: u64) -> Self {
        let reading = BTreeMap::new();
        Self { shared, group: group.to_owned(), number, reading, last: None }
    }

    async fn wait_for_news(&mut self, most: usize, wait: Duration) -> Result<News, StreamError> {
        // A real consumer lets others run, and simulations rely on it.
        tokio::task::yield_now().await;
        let deadline = Instant::now() + wait;
        let shared = Arc::clone(&self.shared);
        let _asking = self.ask()?;
        loop {
            // Made before the look, so that no change between look and wait is missed.
            let changed = shared.changed.notified();
            let now = Instant::now();
            let (look, reachable_at) = {
                let mut log = shared.log();
                (self.look(&mut log, most.max(1), now), log.unreachable_until)
            };
            let until = match look {
                Ok(Look::News(news)) => return Ok(news),
                Ok(Look::Until(_)) if now >= deadline => return Ok(News::Nothing),
                Ok(Look::Until(until)) => until,
                // As a client does, it tries for as long as it may.
                Err(StreamError::Unreachable(_)) if now < deadline => reachable_at,
                Err(error) => return Err(error),
            };
            // Whatever ends the wait, the next look tells.
            let _ = timeout_at(until.map_or(deadline, |it| it.min(deadline)), changed).await;
        }
    }

    /// # Errors
    /// `Fenced` when it is no longer a member.
    fn ask(&self) -> Result<Asking, StreamError> {
        let mut log = self.shared.log();
        let gives = log.group(&self.group, Instant::now()).ask(self.number)?;
        drop(log);
        if gives {
            // It may have been the last one that had to.
            self.shared.changed.notify_waiters();
        }
        let shared = Arc::clone(&self.shared);
        Ok(Asking { shared, group: self.group.clone(), number: self.number })
    }

    fn look(&mut self, log: &mut Log, most: usize, now: Instant) -> Result<Look, StreamError> {
        let group = log.group(&self.group, now);
        let missed = group.next_missed(now);
        let news = group.news(self.number)?;
        if let Some(News::Assigned(_) | News::Revoked(_)) = news {
            self.reading.clear();
        }
        if let Some(news) = news {
            return Ok(Look::News(news));
        }
        log.reach(now)?;
        Ok(match self.read(log, most, now)? {
            Look::News(news) => Look::News(news),
            Look::Until(until) => Look::Until(until.into_iter().chain(missed).min()),
        })
    }

    /// Records of as many partitions as there is room for, or the end of one.
    fn read(&mut self, log: &Log, most: usize, now: Instant) -> Result<Look, StreamError> {
        let mut order: Vec<TopicPartition> = self.reading.keys().cloned().collect();
        let first = order.iter().position(|it| Some(it) > self.last.as_ref()).unwrap_or(0);
        order.rotate_left(first);
        let (mut found, mut end, mut until) = (Vec::new(), None, None::<Instant>);
        for of in order {
            if let Some(lag) = log.lags_until(&of, now) {
                until = Some(until.map_or(lag, |it| it.min(lag)));
                continue;
            }
            let Some(reading) = self.reading.get_mut(&of) else { continue };
            let (records, past) = log.read(&of, reading.next, most - found.len());
            if reading.next > past {
                let (at, TopicPartition { topic, partition }) = (reading.next, &of);
                let text = format!("offset {at} of {topic}/{partition}, which ends at {past}");
                return Err(StreamError::NoSuchOffset(text));
            }
            if let Some(last) = records.last() {
                reading.next = last.place.offset + 1;
                reading.told = None;
                found.extend_from_slice(records);
                self.last = Some(of);
            } else if reading.next == past && reading.told != Some(past) && end.is_none() {
                end = Some((of, past));
            }
            if found.len() == most {
                break;
            }
        }
        if !found.is_empty() {
            return Ok(Look::News(News::Records(found)));
        }
        let Some((of, past)) = end else { return Ok(Look::Until(until)) };
        if let Some(reading) = self.reading.get_mut(&of) {
            reading.told = Some(past);
        }
        Ok(Look::News(News::CaughtUp(of, past)))
    }

    fn refuse_foreign(&self, of: &TopicPartition) -> Result<(), StreamError> {
        let mut log = self.shared.log();
        match log.group(&self.group, Instant::now()).owns(self.number, of) {
            true => Ok(()),
            false => {
                let TopicPartition { topic, partition } = of;
                Err(StreamError::Fenced(format!("{topic}/{partition} is not its own")))
            }
        }
    }
}

impl Member for MemoryMember {
    fn next(&mut self, most: usize, wait: Duration) -> StreamFuture<'_, News> {
        Box::pin(self.wait_for_news(most, wait))
    }

    fn begin(&mut self, at: &TopicPartition, offset: Option<u64>) -> StreamFuture<'_, ()> {
        let owned = self.refuse_foreign(at);
        if owned.is_ok() {
            let reading = Reading { next: offset.unwrap_or(0), told: None };
            self.reading.insert(at.clone(), reading);
        }
        Box::pin(std::future::ready(owned))
    }

    fn commit<'a>(&'a mut self, next: &'a [Position]) -> StreamFuture<'a, ()> {
        Box::pin(async move {
            let now = Instant::now();
            let mut log = self.shared.log();
            log.reach(now)?;
            log.group(&self.group, now).commit(self.number, next)
        })
    }

    fn leave(self: Box<Self>) -> StreamFuture<'static, ()> {
        Box::pin(async move {
            let now = Instant::now();
            let mut log = self.shared.log();
            log.reach(now)?;
            log.group(&self.group, now).leave(self.number);
            drop(log);
            self.shared.changed.notify_waiters();
            Ok(())
        })
    }
}

impl Drop for MemoryMember {
    fn drop(&mut self) {
        let now = Instant::now();
        let mut log = self.shared.log();
        log.group(&self.group, now).die(self.number, now);
        drop(log);
        // Whoever waits must learn when the session will be over.
        self.shared.changed.notify_waiters();
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        let now = Instant::now();
        self.shared.log().group(&self.group, now).silent(self.number, now);
    }
}
