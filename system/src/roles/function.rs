//! A role's messages as Lambda brings them: a batch in an event, whose answer names those that
//! shall come again.

use serde_json::{Value, json};

use super::consumer::Consumer;
use crate::adapters::lambda_event::received;
use crate::failure::Failure;

/// Works on the batch of an event source mapping with `ReportBatchItemFailures`. Lambda deletes
/// what the answer does not name.
///
/// # Errors
/// When it is no such event: then all of its messages come again.
pub(crate) async fn work_on_event(consumer: &Consumer, event: &Value) -> Result<Value, Failure> {
    let left = consumer.work_off(received(event)?).await.left;
    let failures: Vec<_> = left.iter().map(|id| json!({"itemIdentifier": id})).collect();
    Ok(json!({"batchItemFailures": failures}))
}
