//! The read side: one row an order, kept by the projector.
//!
//! Events arrive in any order and more than once; a row only moves forward in sequence.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::attributes::{Item, number, read_number, read_text, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::order::{Details, Status};
use crate::domain::{OrderId, Timestamp};
use crate::failure::{Dependency, Failure};

#[derive(Clone, Debug)]
pub struct OrderTable {
    client: Client,
    table: String,
}

/// What changes with each event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub status: Status,
    /// Why the order was cancelled.
    pub reason: Option<String>,
    pub sequence: u64,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    pub details: Details,
    pub progress: Progress,
}

impl OrderTable {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self { client: aws.dynamodb(), table: names.orders_table() }
    }

    /// `None` until the order's first event was projected.
    pub async fn get(&self, order_id: &OrderId) -> Result<Option<OrderRow>, Failure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("order_id", text(order_id.as_str()))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "GetItem", &error))?;
        found.item.as_ref().filter(|item| is_complete(item)).map(row).transpose()
    }

    /// All orders, in no particular sequence. Reads the whole table.
    pub async fn scan(&self) -> Result<Vec<OrderRow>, Failure> {
        let mut rows = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .client
                .scan()
                .table_name(&self.table)
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| Failure::of_call(Dependency::DynamoDb, "Scan", &error))?;
            for item in page.items().iter().filter(|item| is_complete(item)) {
                rows.push(row(item)?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(rows);
            }
        }
    }

    /// What never changes.
    pub async fn set_details(&self, details: &Details) -> Result<(), Failure> {
        let json = serde_json::to_string(details).expect("plain fields always serialise");
        self.client
            .update_item()
            .table_name(&self.table)
            .key("order_id", text(details.order_id.as_str()))
            .update_expression("SET #details = :details, #customer = :customer")
            .expression_attribute_names("#details", "details")
            .expression_attribute_names("#customer", "customer_id")
            .expression_attribute_values(":details", text(json))
            .expression_attribute_values(":customer", text(details.customer_id.as_str()))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "UpdateItem", &error))?;
        Ok(())
    }

    /// Moves the row forward; an older event than the row has seen changes nothing.
    pub async fn advance(&self, order_id: &OrderId, progress: &Progress) -> Result<(), Failure> {
        let reason = match &progress.reason {
            Some(reason) => text(reason),
            None => AttributeValue::Null(true),
        };
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("order_id", text(order_id.as_str()))
            .update_expression(
                "SET #status = :status, #reason = :reason, #sequence = :sequence, #at = :at",
            )
            .condition_expression("attribute_not_exists(#sequence) OR #sequence < :sequence")
            .expression_attribute_names("#status", "order_status")
            .expression_attribute_names("#reason", "reason")
            .expression_attribute_names("#sequence", "last_sequence")
            .expression_attribute_names("#at", "updated_at")
            .expression_attribute_values(":status", text(progress.status.as_str()))
            .expression_attribute_values(":reason", reason)
            .expression_attribute_values(":sequence", number(progress.sequence))
            .expression_attribute_values(":at", number(progress.updated_at.as_millis()))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_conditional_check_failed_exception()) =>
            {
                Ok(())
            }
            Err(error) => Err(Failure::of_call(Dependency::DynamoDb, "UpdateItem", &error)),
        }
    }
}

/// Events may arrive before the one that brings the details.
fn is_complete(item: &Item) -> bool {
    item.contains_key("details") && item.contains_key("order_status")
}

fn row(item: &Item) -> Result<OrderRow, Failure> {
    let damaged = |what: &str| Failure::GiveUp(format!("a projected order has a damaged {what}"));
    let details = serde_json::from_str(&read_text(item, "details")?)
        .map_err(|error| damaged(&error.to_string()))?;
    let status = Status::parse(&read_text(item, "order_status")?);
    Ok(OrderRow {
        details,
        progress: Progress {
            status: status.ok_or_else(|| damaged("status"))?,
            reason: read_text(item, "reason").ok(),
            sequence: read_number(item, "last_sequence")?,
            updated_at: Timestamp::from_millis(read_number(item, "updated_at")?),
        },
    })
}
