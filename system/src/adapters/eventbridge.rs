//! Puts events on the bus, ten at a time, and repeats the entries that AWS refused.

use std::time::Duration;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_smithy_types::DateTime;

use super::aws::Aws;
use super::outbox_table::OutboxRecord;
use crate::config::Names;
use crate::failure::{Dependency, Failure};
use crate::trace::TraceHeader;

/// Entries of one PutEvents call. Source: PutEvents, API reference.
pub const ENTRIES_MAX: usize = 10;
/// Total size of one call, with room for what AWS counts besides the detail (limit 262,144).
const CALL_BYTES_MAX: usize = 240_000;
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Clone, Debug)]
pub struct Publisher {
    client: Client,
    bus: String,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Indexes into the batch, ascending.
    pub accepted: Vec<usize>,
    /// Index and AWS's error code of what is still refused after repetition.
    pub refused: Vec<(usize, String)>,
    /// How many entries had to be repeated.
    pub repeated: usize,
}

impl Publisher {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self { client: aws.eventbridge(), bus: names.bus() }
    }

    /// Publishes in order. A `Failure` means that a whole call failed: what was accepted before it
    /// may be published again later.
    pub async fn publish(&self, records: &[OutboxRecord]) -> Result<Published, Failure> {
        let mut published = Published::default();
        let mut start = 0;
        while start < records.len() {
            let end = start + batch_length(&records[start..]);
            self.publish_batch(records, (start..end).collect(), &mut published).await?;
            start = end;
        }
        Ok(published)
    }

    async fn publish_batch(
        &self,
        records: &[OutboxRecord],
        mut left: Vec<usize>,
        published: &mut Published,
    ) -> Result<(), Failure> {
        for attempt in 1..=ATTEMPTS {
            let entries = left.iter().map(|index| self.entry(&records[*index])).collect();
            let answer =
                self.client.put_events().set_entries(Some(entries)).send().await.map_err(
                    |error| Failure::of_call(Dependency::EventBridge, "PutEvents", &error),
                )?;
            let mut refused = Vec::new();
            for (index, result) in left.iter().zip(answer.entries()) {
                match result.error_code() {
                    None => published.accepted.push(*index),
                    Some(code) => refused.push((*index, code.to_owned())),
                }
            }
            if refused.is_empty() || attempt == ATTEMPTS {
                published.refused.extend(refused);
                break;
            }
            published.repeated += refused.len();
            left = refused.into_iter().map(|(index, _)| index).collect();
            tokio::time::sleep(PAUSE * attempt).await;
        }
        published.accepted.sort_unstable();
        Ok(())
    }

    fn entry(&self, record: &OutboxRecord) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder()
            .event_bus_name(&self.bus)
            .source(&record.source)
            .detail_type(&record.detail_type)
            .detail(&record.detail)
            .set_trace_header(record.trace.as_ref().map(TraceHeader::to_string))
            .time(DateTime::from_millis(record.recorded_at.as_millis()))
            .build()
    }
}

/// How many of the first records fit into one call; at least one.
fn batch_length(records: &[OutboxRecord]) -> usize {
    let mut bytes = 0;
    let fits = records.iter().take(ENTRIES_MAX).take_while(|record| {
        bytes += record.detail.len() + record.source.len() + record.detail_type.len();
        bytes <= CALL_BYTES_MAX
    });
    fits.count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    #[test]
    fn batches_are_bounded_by_count_and_by_size() {
        let record = |bytes: usize| OutboxRecord {
            partition: "orders".into(),
            position: "1".into(),
            source: String::new(),
            detail_type: String::new(),
            detail: "x".repeat(bytes),
            recorded_at: Timestamp::from_millis(0),
            trace: None,
        };
        for (sizes, length) in
            [(vec![1; 25], 10), (vec![1; 3], 3), (vec![100_000; 5], 2), (vec![300_000; 2], 1)]
        {
            let records: Vec<_> = sizes.iter().map(|bytes| record(*bytes)).collect();
            assert_eq!(batch_length(&records), length, "{sizes:?}");
        }
    }
}
