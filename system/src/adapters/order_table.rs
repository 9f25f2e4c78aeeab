//! The read side: one row an order, kept by the projector, and an index of them by customer.
//!
//! Events arrive in any order and more than once; a row only moves forward in sequence. The index
//! is DynamoDB's own, so it is as right as the rows, a moment later.

mod forward;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::attributes::{Item, number, read_number, read_text, text};
use super::aws::Aws;
use super::statements::Statements;
use crate::config::Names;
use crate::domain::order::{Details, Status};
use crate::domain::{CustomerId, OrderId, Timestamp};
use crate::failure::{Dependency, Failure};

/// The index of orders by customer, in the order in which they were placed.
pub const INDEX_BY_CUSTOMER: &str = "by-customer";
/// The attributes of which the index is made.
pub const CUSTOMER: &str = "customer_id";
pub const PLACED: &str = "placed";
/// The last event that a row has seen.
const SEQUENCE: &str = "last_sequence";

#[derive(Clone, Debug)]
pub struct OrderTable {
    client: Client,
    table: String,
    statements: Statements,
    /// Makes a row where there is none.
    insert: Arc<str>,
    /// Moves one forward that has not seen as much.
    forward: Arc<str>,
}

/// Of a row's attributes.
const NAMES: [&str; 8] =
    ["order_id", "details", CUSTOMER, PLACED, "order_status", "reason", SEQUENCE, "updated_at"];

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
    pub placed_at: Timestamp,
    pub progress: Progress,
}

/// A place in a customer's orders: the index's key, and the order in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderCursor(String, OrderId);

/// A row as it is stored, if it is.
#[derive(Clone, Debug)]
pub(crate) struct Stored(Option<Item>);

/// What is read of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// By its order.
    Orders,
    /// By its customer.
    Customers,
}

impl OrderTable {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        let (client, table) = (aws.dynamodb(), names.orders_table());
        let values = NAMES.map(|name| format!("'{name}': ?")).join(", ");
        let insert = format!("INSERT INTO \"{table}\" VALUE {{{values}}}").into();
        let forward = format!(
            "UPDATE \"{table}\" SET \"order_status\" = ? SET \"reason\" = ? SET \"{SEQUENCE}\" = ? \
             SET \"updated_at\" = ? WHERE \"order_id\" = ? AND \"{SEQUENCE}\" < ?"
        );
        let statements = Statements::new(client.clone());
        Self { client, table, statements, insert, forward: forward.into() }
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

    /// A customer's orders, the newest first, at most `limit` of them; and where to go on if there
    /// may be more. An order too young for the index is missing.
    pub async fn of_customer(
        &self,
        customer_id: &CustomerId,
        limit: i32,
        after: Option<&OrderCursor>,
    ) -> Result<(Vec<OrderRow>, Option<OrderCursor>), Failure> {
        let start = after.map(|OrderCursor(place, order_id)| {
            Item::from([
                ("order_id".into(), text(order_id.as_str())),
                (CUSTOMER.into(), text(customer_id.as_str())),
                (PLACED.into(), text(place)),
            ])
        });
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(INDEX_BY_CUSTOMER)
            .key_condition_expression("#customer = :customer")
            .expression_attribute_names("#customer", CUSTOMER)
            .expression_attribute_values(":customer", text(customer_id.as_str()))
            .scan_index_forward(false)
            .limit(limit)
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "Query", &error))?;
        let complete = page.items().iter().filter(|item| is_complete(item));
        let rows = complete.map(row).collect::<Result<_, _>>()?;
        let next =
            page.last_evaluated_key.as_ref().map(|key| read_text(key, PLACED)).transpose()?;
        Ok((rows, next.as_deref().and_then(OrderCursor::parse)))
    }

    /// The rows as they are stored, by order: also those that are damaged. Reads the whole table.
    pub(crate) async fn stored_ids(&self) -> Result<Vec<String>, Failure> {
        let mut ids = Vec::new();
        let mut start = None;
        loop {
            let scan = self.client.scan().table_name(&self.table).consistent_read(true);
            let scan = scan.projection_expression("order_id");
            let page = scan.set_exclusive_start_key(start).send().await;
            let page =
                page.map_err(|error| Failure::of_call(Dependency::DynamoDb, "Scan", &error))?;
            for item in page.items() {
                ids.push(read_text(item, "order_id")?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(ids);
            }
        }
    }

    /// The row as it is stored right now, damaged or not.
    pub(crate) async fn stored(&self, order_id: &OrderId) -> Result<Stored, Failure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .consistent_read(true)
            .key("order_id", text(order_id.as_str()))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "GetItem", &error))?;
        Ok(Stored(found.item))
    }

    /// Puts a row in the place of what was `seen` there. `false` when that has moved on since.
    pub(crate) async fn replace(&self, seen: &Stored, row: &OrderRow) -> Result<bool, Failure> {
        let mut put = self.client.put_item().table_name(&self.table).set_item(Some(item(row)));
        put = match seen.0.as_ref().map(|item| item.get(SEQUENCE)) {
            None => put.condition_expression("attribute_not_exists(order_id)"),
            Some(None) => put
                .condition_expression("attribute_not_exists(#sequence)")
                .expression_attribute_names("#sequence", SEQUENCE),
            Some(Some(sequence)) => put
                .condition_expression("#sequence = :seen")
                .expression_attribute_names("#sequence", SEQUENCE)
                .expression_attribute_values(":seen", sequence.clone()),
        };
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_conditional_check_failed_exception()) =>
            {
                Ok(false)
            }
            Err(error) => Err(Failure::of_call(Dependency::DynamoDb, "PutItem", &error)),
        }
    }

    /// Removes a row, if there is one.
    pub async fn remove(&self, order_id: &str) -> Result<(), Failure> {
        self.client
            .delete_item()
            .table_name(&self.table)
            .key("order_id", text(order_id))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "DeleteItem", &error))?;
        Ok(())
    }
}

impl Stored {
    /// Whether it shows `row` as far as `part` goes.
    pub(crate) fn shows(&self, row: &OrderRow, part: Part) -> bool {
        let names: &[&str] = match part {
            Part::Orders => &["details", "order_status", "reason", SEQUENCE, "updated_at"],
            Part::Customers => &[CUSTOMER, PLACED],
        };
        let wanted = item(row);
        let seen = |name: &&str| self.0.as_ref().and_then(|item| item.get(*name));
        names.iter().all(|name| seen(name) == wanted.get(*name))
    }
}

impl OrderCursor {
    /// A text that needs no escaping in a URL.
    pub fn to_token(&self) -> &str {
        &self.0
    }

    /// `None` for what `to_token` did not write.
    pub fn parse(token: &str) -> Option<Self> {
        let (millis, order_id) = token.split_once('.')?;
        let digits = millis.len() == 14 && millis.bytes().all(|byte| byte.is_ascii_digit());
        let order_id = OrderId::parse(order_id).ok().filter(|_| digits)?;
        Some(Self(token.to_owned(), order_id))
    }
}

/// Sorts by time.
fn placed(at: Timestamp, order_id: &OrderId) -> String {
    format!("{:014}.{order_id}", at.as_millis())
}

fn reason(progress: &Progress) -> AttributeValue {
    progress.reason.as_ref().map_or(AttributeValue::Null(true), text)
}

fn item(row: &OrderRow) -> Item {
    NAMES.map(str::to_owned).into_iter().zip(values(row)).collect()
}

/// In the order of [`NAMES`].
fn values(row: &OrderRow) -> [AttributeValue; NAMES.len()] {
    let OrderRow { details, placed_at, progress } = row;
    let json = serde_json::to_string(details).expect("plain fields always serialise");
    [
        text(details.order_id.as_str()),
        text(json),
        text(details.customer_id.as_str()),
        text(placed(*placed_at, &details.order_id)),
        text(progress.status.as_str()),
        reason(progress),
        number(progress.sequence),
        number(progress.updated_at.as_millis()),
    ]
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
    let placed = read_text(item, PLACED)?;
    let millis = placed.split('.').next().and_then(|millis| millis.parse().ok());
    let placed_at = millis.map(Timestamp::from_millis).ok_or_else(|| damaged("time"))?;
    Ok(OrderRow {
        details,
        placed_at,
        progress: Progress {
            status: status.ok_or_else(|| damaged("status"))?,
            reason: read_text(item, "reason").ok(),
            sequence: read_number(item, SEQUENCE)?,
            updated_at: Timestamp::from_millis(read_number(item, "updated_at")?),
        },
    })
}
