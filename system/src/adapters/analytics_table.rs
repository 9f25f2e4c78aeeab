//! The figures and how far the stream is counted: rows of tasks, changed together with the task's
//! checkpoint in one transaction. What the rows mean is none of its business.
//!
//! A task is written by one process at a time: each commit expects the version of the one before,
//! so whoever has lost a task without knowing it writes nothing any more.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use serde::{Deserialize, Serialize};

use super::attributes::{Item, number, read_number, read_text, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

/// Rows that one commit may change. Source: TransactWriteItems, API reference: 100 actions, one of
/// which is the checkpoint.
pub const ROWS_MAX: usize = 99;
/// Sorts before every other row of a task.
const CHECKPOINT: &str = "!checkpoint";
/// Before every row but the checkpoint, and after every row; the names of rows are ASCII.
const FIRST: &str = "\"";
const LAST: &str = "~";
/// How long a process may stand still.
const STANDSTILL: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
pub struct AnalyticsTable {
    client: Client,
    table: String,
}

/// How far a task has come, as it was written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// Counts the commits; 0 before the first.
    pub version: u64,
    pub progress: Progress,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Of the next record, by topic.
    pub offsets: BTreeMap<String, u64>,
    /// The log ended with records that nobody had counted, or nobody knows: events from then on may
    /// be missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incomplete_since: Option<Timestamp>,
    /// All that was appended had been counted when the log ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_drained: bool,
}

/// A row to be written, or with `None` to be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    pub row: String,
    pub value: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCommitted {
    #[error("somebody else has written the task")]
    Fenced,
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl NotCommitted {
    pub(crate) fn of(self, task: &str) -> Failure {
        match self {
            Self::Fenced => Failure::Retry(format!("{task}: {self}")),
            Self::Failed(failure) => failure,
        }
    }
}

impl AnalyticsTable {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self { client: aws.dynamodb(), table: names.analytics_table() }
    }

    /// The same for whoever counts: a process that stood still for a while does not take its own
    /// pause for a lost answer, after which all would be read again.
    pub fn for_counting(aws: &Aws, names: &Names) -> Self {
        Self { client: aws.patient(STANDSTILL).dynamodb(), table: names.analytics_table() }
    }

    /// Everything of a task: its checkpoint, and its rows in order.
    pub async fn load(&self, task: &str) -> Result<(Checkpoint, Vec<(String, String)>), Failure> {
        let checkpoint = self.checkpoint(task).await?;
        Ok((checkpoint, self.rows(task, FIRST, LAST).await?))
    }

    /// The rows from `first` to `last`, both included.
    pub async fn rows(
        &self,
        task: &str,
        first: &str,
        last: &str,
    ) -> Result<Vec<(String, String)>, Failure> {
        let mut rows = Vec::new();
        let mut start = None;
        loop {
            let query = self.query(task, first, last).set_exclusive_start_key(start);
            let page = query
                .send()
                .await
                .map_err(|error| Failure::of_call(Dependency::DynamoDb, "Query", &error))?;
            for item in page.items() {
                rows.push(named(item)?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(rows);
            }
        }
    }

    /// The newest rows in that range, at most `most` of them, the newest first.
    pub async fn last_rows(
        &self,
        task: &str,
        first: &str,
        last: &str,
        most: i32,
    ) -> Result<Vec<(String, String)>, Failure> {
        let query = self.query(task, first, last).scan_index_forward(false).limit(most);
        let page = query.send().await;
        let page = page.map_err(|error| Failure::of_call(Dependency::DynamoDb, "Query", &error))?;
        page.items().iter().map(named).collect()
    }

    /// The name of the first row in that range.
    pub async fn first_row(
        &self,
        task: &str,
        first: &str,
        last: &str,
    ) -> Result<Option<String>, Failure> {
        let page = self.query(task, first, last).limit(1).send().await;
        let page = page.map_err(|error| Failure::of_call(Dependency::DynamoDb, "Query", &error))?;
        page.items().first().map(|item| read_text(item, "row")).transpose()
    }

    /// Writes one row that no task reads.
    pub async fn put(&self, task: &str, row: &str, value: String) -> Result<(), Failure> {
        let item = row_item(task, row, value);
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await;
        put.map_err(|error| Failure::of_call(Dependency::DynamoDb, "PutItem", &error))?;
        Ok(())
    }

    /// Removes one row that no task reads.
    pub async fn remove(&self, task: &str, row: &str) -> Result<(), Failure> {
        let delete = self.client.delete_item().table_name(&self.table);
        let delete = delete.key("task", text(task)).key("row", text(row)).send().await;
        delete.map_err(|error| Failure::of_call(Dependency::DynamoDb, "DeleteItem", &error))?;
        Ok(())
    }

    /// One row.
    pub async fn row(&self, task: &str, row: &str) -> Result<Option<String>, Failure> {
        let item = self.item(task, row).await?;
        item.map(|item| read_text(&item, "value")).transpose()
    }

    pub async fn checkpoint(&self, task: &str) -> Result<Checkpoint, Failure> {
        let Some(item) = self.item(task, CHECKPOINT).await? else {
            return Ok(Checkpoint::default());
        };
        let unreadable =
            |error| Failure::GiveUp(format!("the checkpoint of {task} is unreadable: {error}"));
        let progress = serde_json::from_str(&read_text(&item, "value")?).map_err(unreadable)?;
        Ok(Checkpoint { version: read_number(&item, "version")?, progress })
    }

    /// Changes rows and goes on from `before` to `progress`, or changes nothing. `token` names this
    /// attempt, so that a repetition whose answer was lost is recognised.
    pub async fn commit(
        &self,
        task: &str,
        before: &Checkpoint,
        progress: &Progress,
        changes: &[RowChange],
        token: &str,
    ) -> Result<Checkpoint, NotCommitted> {
        let version = before.version + 1;
        let mut items = vec![self.put_checkpoint(task, before.version, progress)];
        items.extend(changes.iter().map(|change| self.change(task, change)));
        let sent = self
            .client
            .transact_write_items()
            .set_transact_items(Some(items))
            .client_request_token(token)
            .send()
            .await;
        let Err(error) = sent else {
            return Ok(Checkpoint { version, progress: progress.clone() });
        };
        let fenced = error.as_service_error().is_some_and(|error| {
            let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
                return false;
            };
            let first = cancelled.cancellation_reasons().first();
            first.is_some_and(|reason| reason.code() == Some("ConditionalCheckFailed"))
        });
        if fenced {
            return Err(NotCommitted::Fenced);
        }
        Err(Failure::of_call(Dependency::DynamoDb, "TransactWriteItems", &error).into())
    }

    fn query(&self, task: &str, first: &str, last: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("task = :task AND #row BETWEEN :first AND :last")
            .expression_attribute_names("#row", "row")
            .expression_attribute_values(":task", text(task))
            .expression_attribute_values(":first", text(first))
            .expression_attribute_values(":last", text(last))
    }

    fn put_checkpoint(&self, task: &str, expected: u64, progress: &Progress) -> TransactWriteItem {
        let value = serde_json::to_string(progress).expect("plain fields always serialise");
        let mut item = row_item(task, CHECKPOINT, value);
        item.insert("version".into(), number(expected + 1));
        let put = Put::builder().table_name(&self.table).set_item(Some(item));
        let put = match expected {
            0 => put.condition_expression("attribute_not_exists(task)"),
            _ => put
                .condition_expression("#version = :expected")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":expected", number(expected)),
        };
        let put = put.build().expect("table and item are given");
        TransactWriteItem::builder().put(put).build()
    }

    fn change(&self, task: &str, RowChange { row, value }: &RowChange) -> TransactWriteItem {
        match value {
            Some(value) => {
                let item = row_item(task, row, value.clone());
                let put = Put::builder().table_name(&self.table).set_item(Some(item));
                let put = put.build().expect("table and item are given");
                TransactWriteItem::builder().put(put).build()
            }
            None => {
                let delete = Delete::builder().table_name(&self.table);
                let delete = delete.key("task", text(task)).key("row", text(row));
                let delete = delete.build().expect("table and key are given");
                TransactWriteItem::builder().delete(delete).build()
            }
        }
    }

    async fn item(&self, task: &str, row: &str) -> Result<Option<Item>, Failure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .consistent_read(true)
            .key("task", text(task))
            .key("row", text(row))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "GetItem", &error))?;
        Ok(found.item)
    }
}

fn named(item: &Item) -> Result<(String, String), Failure> {
    Ok((read_text(item, "row")?, read_text(item, "value")?))
}

fn row_item(task: &str, row: &str, value: String) -> Item {
    Item::from([
        ("task".into(), text(task)),
        ("row".into(), text(row)),
        ("value".into(), text(value)),
    ])
}
