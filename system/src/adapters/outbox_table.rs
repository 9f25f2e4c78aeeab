//! Integration events that are committed but not yet published, in the order they were recorded.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{DeleteRequest, WriteRequest};

use super::attributes::{Item, read_text, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};
use crate::trace::TraceHeader;

/// Source: BatchWriteItem, API reference.
const REMOVED_AT_ONCE: usize = 25;
/// Of a call that DynamoDB did in part only.
const ATTEMPTS: usize = 5;

#[derive(Clone, Debug)]
pub struct OutboxTable {
    client: Client,
    table: String,
}

/// One event on its way to the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRecord {
    /// The service that published it; each has a relay of its own.
    pub partition: String,
    pub position: String,
    pub source: String,
    pub detail_type: String,
    pub detail: String,
    pub recorded_at: Timestamp,
    /// Under which it came to be.
    pub trace: Option<TraceHeader>,
}

/// Sorts by time, and within a stream by version. Writers never record an event earlier than its
/// predecessor in the stream.
pub fn position(recorded_at: Timestamp, stream_id: &str, version: u64) -> String {
    format!("{}#{stream_id}#{version:08}", instant(recorded_at))
}

/// Sorts as time does.
fn instant(at: Timestamp) -> String {
    format!("{:014}", at.as_millis())
}

impl OutboxTable {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self { client: aws.dynamodb(), table: names.outbox_table() }
    }

    /// The oldest records, at most `limit` of them; only those recorded `before` then.
    pub async fn pending(
        &self,
        partition: &str,
        before: Option<Timestamp>,
        limit: i32,
    ) -> Result<Vec<OutboxRecord>, Failure> {
        let mut query = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("#partition = :partition")
            .expression_attribute_names("#partition", "relay")
            .expression_attribute_values(":partition", text(partition))
            .limit(limit);
        if let Some(before) = before {
            query = query
                .key_condition_expression("#partition = :partition AND #position < :before")
                .expression_attribute_names("#position", "position")
                .expression_attribute_values(":before", text(instant(before)));
        }
        let page = query
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "Query", &error))?;
        page.items().iter().map(OutboxRecord::from_item).collect()
    }

    /// Removes published records: in one call, unless DynamoDB leaves some for another.
    pub async fn remove_all(&self, records: &[&OutboxRecord]) -> Result<(), Failure> {
        for some in records.chunks(REMOVED_AT_ONCE) {
            if let [record] = some {
                self.remove(record).await?;
                continue;
            }
            let mut left = some.iter().map(|record| deletion(record)).collect::<Vec<_>>();
            for _ in 0..ATTEMPTS {
                let call = self.client.batch_write_item().request_items(&self.table, left);
                let answer = call.send().await.map_err(|error| {
                    Failure::of_call(Dependency::DynamoDb, "BatchWriteItem", &error)
                })?;
                let rest = answer.unprocessed_items.unwrap_or_default().remove(&self.table);
                left = rest.unwrap_or_default();
                if left.is_empty() {
                    break;
                }
            }
            if !left.is_empty() {
                let why = format!("BatchWriteItem left {} published records", left.len());
                return Err(Failure::Throttled(Dependency::DynamoDb, why));
            }
        }
        Ok(())
    }

    async fn remove(&self, record: &OutboxRecord) -> Result<(), Failure> {
        self.client
            .delete_item()
            .table_name(&self.table)
            .key("relay", text(&record.partition))
            .key("position", text(&record.position))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "DeleteItem", &error))?;
        Ok(())
    }
}

fn deletion(record: &OutboxRecord) -> WriteRequest {
    let request = DeleteRequest::builder()
        .key("relay", text(&record.partition))
        .key("position", text(&record.position))
        .build()
        .expect("the key is given");
    WriteRequest::builder().delete_request(request).build()
}

impl OutboxRecord {
    pub(in crate::adapters) fn to_item(&self) -> Item {
        let trace = self.trace.as_ref().map(|it| ("trace".into(), text(it.as_str())));
        let item = Item::from([
            ("relay".into(), text(&self.partition)),
            ("position".into(), text(&self.position)),
            ("source".into(), text(&self.source)),
            ("detail_type".into(), text(&self.detail_type)),
            ("detail".into(), text(&self.detail)),
            ("recorded_at".into(), super::attributes::number(self.recorded_at.as_millis())),
        ]);
        item.into_iter().chain(trace).collect()
    }

    fn from_item(item: &Item) -> Result<Self, Failure> {
        Ok(Self {
            partition: read_text(item, "relay")?,
            position: read_text(item, "position")?,
            source: read_text(item, "source")?,
            detail_type: read_text(item, "detail_type")?,
            detail: read_text(item, "detail")?,
            recorded_at: Timestamp::from_millis(super::attributes::read_number(
                item,
                "recorded_at",
            )?),
            // What was recorded before there were traces has none.
            trace: read_text(item, "trace").ok().and_then(|it| TraceHeader::parse(&it)),
        })
    }
}
