//! The relay: publishes committed events in the order they were recorded, at least once.
//!
//! Each service has a partition of the outbox. A commit in the same process wakes the relay at
//! once, and each process that commits has a relay; so the next look finds only what a process left
//! behind that died.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::adapters::eventbridge::{ENTRIES_MAX, Publisher};
use crate::adapters::outbox_table::OutboxTable;
use crate::failure::Failure;
use crate::metrics::{Counter, Metrics};

/// After a failure, the time until the next look; doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The service whose events a relay publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Partition {
    Orders,
    Inventory,
    Payments,
}

/// Tells the relays of this process that there is something to publish.
#[derive(Clone, Debug)]
pub struct Wakers {
    wakers: Arc<BTreeMap<Partition, Notify>>,
}

pub struct Relay {
    pub partition: Partition,
    pub table: OutboxTable,
    pub publisher: Publisher,
    pub wakers: Wakers,
    pub poll: Duration,
    pub metrics: Arc<Metrics>,
}

impl Partition {
    pub const ALL: [Self; 3] = [Self::Orders, Self::Inventory, Self::Payments];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Inventory => "inventory",
            Self::Payments => "payments",
        }
    }
}

impl Default for Wakers {
    fn default() -> Self {
        let all = Partition::ALL.into_iter().map(|partition| (partition, Notify::new()));
        Self { wakers: Arc::new(all.collect()) }
    }
}

impl Wakers {
    pub fn wake(&self, partition: Partition) {
        self.of(partition).notify_one();
    }

    fn of(&self, partition: Partition) -> &Notify {
        self.wakers.get(&partition).expect("there is one for each partition")
    }
}

impl Relay {
    /// Runs until `stop` says so, and publishes what is left before it ends.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut failures = 0;
        loop {
            match self.drain().await {
                Ok(_) => failures = 0,
                Err(failure) => {
                    tracing::warn!(relay = self.partition.as_str(), %failure, "publishing failed");
                    self.metrics.add(Counter::ProcessingErrors, 1);
                    failures += 1;
                }
            }
            tokio::select! {
                biased;
                _ = stop.wait_for(|stopped| *stopped) => break,
                () = self.wakers.of(self.partition).notified() => {}
                () = tokio::time::sleep(self.pause(failures)) => {}
            }
        }
        if let Err(failure) = self.drain().await {
            tracing::warn!(relay = self.partition.as_str(), %failure, "left for the next start");
        }
    }

    /// Until the next look when nobody wakes it, after so many failures in a row.
    fn pause(&self, failures: u32) -> Duration {
        match failures {
            0 => self.poll,
            _ => FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(16)).min(self.poll),
        }
    }

    /// Publishes until nothing is pending. Answers how many events were published.
    pub async fn drain(&self) -> Result<usize, Failure> {
        let mut total = 0;
        loop {
            let limit = ENTRIES_MAX as i32;
            let records = self.table.pending(self.partition.as_str(), limit).await?;
            let last_page = records.len() < ENTRIES_MAX;
            if records.is_empty() {
                return Ok(total);
            }
            let published = self.publisher.publish(&records).await?;
            self.metrics.add(Counter::EventsPublished, published.accepted.len());
            total += published.accepted.len();
            for index in published.accepted {
                tracing::debug!(
                    relay = self.partition.as_str(),
                    event_type = records[index].detail_type,
                    detail = records[index].detail,
                    "published"
                );
                self.table.remove(&records[index]).await?;
            }
            if let Some((index, code)) = published.refused.first() {
                let refused = published.refused.len();
                let position = &records[*index].position;
                return Err(Failure::Retry(format!(
                    "EventBridge refused {refused} of {} events, first {position}: {code}",
                    records.len()
                )));
            }
            if last_page {
                // What came meanwhile has woken this relay again.
                return Ok(total);
            }
        }
    }
}
