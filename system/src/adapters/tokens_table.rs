//! Who waits for what will happen to an order: the tokens of tasks that are not done at once.

use aws_sdk_dynamodb::Client;

use super::attributes::{Item, read_text, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::OrderId;
use crate::failure::{Dependency, Failure};

#[derive(Clone, Debug)]
pub struct TokensTable {
    client: Client,
    table: String,
}

/// One task that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What the order is to come to.
    pub step: String,
    /// Tells tokens for the same step apart.
    pub attempt: String,
    pub token: String,
}

impl TokensTable {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self { client: aws.dynamodb(), table: names.tokens_table() }
    }

    /// Writes it down; done twice, it stands there once.
    pub async fn put(&self, order_id: &OrderId, waiting: &Waiting) -> Result<(), Failure> {
        let Waiting { step, attempt, token } = waiting;
        self.client
            .put_item()
            .table_name(&self.table)
            .item("order_id", text(order_id.as_str()))
            .item("task", text(key(step, attempt)))
            .item("token", text(token))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "PutItem", &error))?;
        Ok(())
    }

    /// All tasks that wait for the order: a handful.
    pub async fn of_order(&self, order_id: &OrderId) -> Result<Vec<Waiting>, Failure> {
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("order_id = :order")
            .expression_attribute_values(":order", text(order_id.as_str()))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "Query", &error))?;
        page.items().iter().map(waiting).collect()
    }

    /// Nobody waits for it any more.
    pub async fn remove(&self, order_id: &OrderId, waiting: &Waiting) -> Result<(), Failure> {
        self.client
            .delete_item()
            .table_name(&self.table)
            .key("order_id", text(order_id.as_str()))
            .key("task", text(key(&waiting.step, &waiting.attempt)))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "DeleteItem", &error))?;
        Ok(())
    }
}

fn key(step: &str, attempt: &str) -> String {
    format!("{step}#{attempt}")
}

fn waiting(item: &Item) -> Result<Waiting, Failure> {
    let task = read_text(item, "task")?;
    let (step, attempt) = task
        .split_once('#')
        .ok_or_else(|| Failure::GiveUp(format!("no task of a coordinator: {task:?}")))?;
    let (step, attempt) = (step.to_owned(), attempt.to_owned());
    Ok(Waiting { step, attempt, token: read_text(item, "token")? })
}
