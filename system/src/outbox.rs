//! The relay: publishes committed events, at least once.
//!
//! Each service has a partition of the outbox, and each process that commits has a relay for it. A
//! commit hands its records to the relay of its own process, which publishes them at once in the
//! order they were committed. In the table it looks only for what has waited so long that whoever
//! committed it must have died: two processes that publish the same events make copies of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::adapters::eventbridge::{ENTRIES_MAX, Publisher};
use crate::adapters::outbox_table::{OutboxRecord, OutboxTable};
use crate::contracts::Source;
use crate::failure::Failure;
use crate::metrics::{Counter, Metrics};
use crate::ports::Clock;

/// After a failure, the time until the next attempt; doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// Records that one partition may hold in memory while EventBridge is away. The others are found
/// in the table later.
const IN_HAND_MAX: usize = 1000;

/// What this process has committed and not yet published; cheap to share.
#[derive(Clone, Debug)]
pub struct Outgoing {
    partitions: Arc<BTreeMap<Source, InHand>>,
}

#[derive(Debug, Default)]
struct InHand {
    records: Mutex<VecDeque<OutboxRecord>>,
    more: Notify,
}

pub struct Relay {
    /// The service whose events it publishes.
    pub source: Source,
    pub table: OutboxTable,
    pub publisher: Publisher,
    pub outgoing: Outgoing,
    pub clock: Arc<dyn Clock>,
    /// How often the table is looked at.
    pub poll: Duration,
    /// The time between two calls that are not full.
    pub rest: Duration,
    /// How old a record must be before others than its own process publish it.
    pub left_behind: Duration,
    pub metrics: Arc<Metrics>,
}

impl Default for Outgoing {
    fn default() -> Self {
        let all = Source::ALL.into_iter().map(|source| (source, InHand::default()));
        Self { partitions: Arc::new(all.collect()) }
    }
}

impl Outgoing {
    /// Hands over what was committed just now, and wakes the relay.
    pub fn hand_over(&self, source: Source, records: Vec<OutboxRecord>) {
        let in_hand = self.of(source);
        let mut waiting = in_hand.lock();
        let room = IN_HAND_MAX.saturating_sub(waiting.len());
        waiting.extend(records.into_iter().take(room));
        drop(waiting);
        in_hand.more.notify_one();
    }

    fn of(&self, source: Source) -> &InHand {
        self.partitions.get(&source).expect("there is one for each partition")
    }
}

impl InHand {
    /// The oldest, as many as one call takes. They stay in hand.
    fn oldest(&self) -> Vec<OutboxRecord> {
        self.lock().iter().take(ENTRIES_MAX).cloned().collect()
    }

    fn remove(&self, record: &OutboxRecord) {
        self.lock().retain(|it| it.position != record.position);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<OutboxRecord>> {
        // Nothing inside can be half done.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Relay {
    /// Runs until `stop` says so, and publishes what is in hand before it ends.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut failures = 0;
        let mut next_look = Instant::now();
        loop {
            match self.publish(&mut next_look).await {
                Ok(()) => failures = 0,
                Err(failure) => {
                    tracing::warn!(relay = self.source.as_str(), %failure, "publishing failed");
                    self.metrics.add(Counter::ProcessingErrors, 1);
                    failures += 1;
                }
            }
            let again = match failures {
                0 => next_look,
                _ => Instant::now() + self.pause(failures),
            };
            // What is committed at about the same time is told in one call.
            tokio::select! {
                biased;
                _ = stop.wait_for(|stopped| *stopped) => break,
                () = tokio::time::sleep(self.rest) => {}
            }
            tokio::select! {
                biased;
                _ = stop.wait_for(|stopped| *stopped) => break,
                () = self.outgoing.of(self.source).more.notified() => {}
                () = tokio::time::sleep_until(again) => {}
            }
        }
        if let Err(failure) = self.publish_in_hand().await {
            tracing::warn!(relay = self.source.as_str(), %failure, "left for the next start");
        }
    }

    /// The time until the next attempt, after so many failures in a row.
    fn pause(&self, failures: u32) -> Duration {
        FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(16)).min(self.poll)
    }

    async fn publish(&self, next_look: &mut Instant) -> Result<(), Failure> {
        self.publish_in_hand().await?;
        if Instant::now() >= *next_look {
            self.publish_left_behind().await?;
            *next_look = Instant::now() + self.poll;
        }
        Ok(())
    }

    async fn publish_in_hand(&self) -> Result<(), Failure> {
        let in_hand = self.outgoing.of(self.source);
        loop {
            let records = in_hand.oldest();
            if records.is_empty() {
                return Ok(());
            }
            self.publish_all(&records, |record| in_hand.remove(record)).await?;
        }
    }

    async fn publish_left_behind(&self) -> Result<(), Failure> {
        let before = self.clock.now() - self.left_behind;
        loop {
            let limit = ENTRIES_MAX as i32;
            let records = self.table.pending(self.source.as_str(), Some(before), limit).await?;
            if records.is_empty() {
                return Ok(());
            }
            self.publish_all(&records, |_| ()).await?;
            if records.len() < ENTRIES_MAX {
                return Ok(());
            }
        }
    }

    /// Publishes at most one call's records. `done` hears of each that need not be published again.
    async fn publish_all(
        &self,
        records: &[OutboxRecord],
        done: impl Fn(&OutboxRecord),
    ) -> Result<(), Failure> {
        let published = self.publisher.publish(records).await?;
        self.metrics.add(Counter::EventsPublished, published.accepted.len());
        let accepted: Vec<_> = published.accepted.iter().map(|index| &records[*index]).collect();
        for record in &accepted {
            tracing::debug!(
                relay = self.source.as_str(),
                event_type = record.detail_type,
                detail = record.detail,
                "published"
            );
            done(record);
        }
        self.table.remove_all(&accepted).await?;
        match published.refused.first() {
            None => Ok(()),
            Some((index, code)) => Err(Failure::Retry(format!(
                "EventBridge refused {} of {} events, first {}: {code}",
                published.refused.len(),
                records.len(),
                records[*index].position
            ))),
        }
    }
}
