//! Integration events that are committed but not yet published, in the order they were recorded.

use aws_sdk_dynamodb::Client;

use super::attributes::{Item, read_text, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

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

    /// Removes a published record.
    pub async fn remove(&self, record: &OutboxRecord) -> Result<(), Failure> {
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

impl OutboxRecord {
    pub(super) fn to_item(&self) -> Item {
        Item::from([
            ("relay".into(), text(&self.partition)),
            ("position".into(), text(&self.position)),
            ("source".into(), text(&self.source)),
            ("detail_type".into(), text(&self.detail_type)),
            ("detail".into(), text(&self.detail)),
            ("recorded_at".into(), super::attributes::number(self.recorded_at.as_millis())),
        ])
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
        })
    }
}
