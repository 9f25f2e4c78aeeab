//! What a fault rule's throttling looks like: it hangs on how the tables are paid for, and on
//! whether the request is a transaction.
//!
//! Source: API reference "TransactWriteItems", reasons of cancellation, and "ThrottlingReason";
//! Developer Guide, "Error handling with DynamoDB".

use serde_json::Value;

use super::activity::usage_of;
use super::capacity::Usage;
use super::error::{CancellationReason, DynamoDbError};
use super::state::DynamoDb;
use super::store::Table;
use crate::kernel::{SlowedRequest, resource_name};
use crate::wire::WireError;

/// The error for a request on items of tables that are there; others get that of every service.
pub(super) fn slowed(db: &DynamoDb, slowed: &SlowedRequest<'_>) -> Option<WireError> {
    let usage = usage_of(slowed.operation)?;
    let tables: Vec<&Table> =
        slowed.resources.iter().filter_map(|name| db.tables.get(resource_name(name))).collect();
    let first = tables.first()?;
    if let Some(Value::Array(actions)) = slowed.input.get("TransactItems") {
        let reasons = actions.iter().map(|action| reason(db, action)).collect();
        return Some(DynamoDbError::TransactionCanceled { reasons }.into());
    }
    let arns = tables.iter().map(|table| table.arn.clone()).collect();
    // A request about several tables is told of the first one's.
    let error = match (first.settings.pay_per_request, usage) {
        (true, Usage::Read) => {
            DynamoDbError::Throttled { reason: "TableReadKeyRangeThroughputExceeded", tables: arns }
        }
        (true, Usage::Write) => DynamoDbError::Throttled {
            reason: "TableWriteKeyRangeThroughputExceeded",
            tables: arns,
        },
        (false, Usage::Read) => DynamoDbError::ThroughputExceeded {
            reason: "TableReadProvisionedThroughputExceeded",
            tables: arns,
        },
        (false, Usage::Write) => DynamoDbError::ThroughputExceeded {
            reason: "TableWriteProvisionedThroughputExceeded",
            tables: arns,
        },
    };
    Some(error.into())
}

/// Why one action of a transaction could not be done.
fn reason(db: &DynamoDb, action: &Value) -> CancellationReason {
    let mut kinds = action.as_object().into_iter().flat_map(|action| action.values());
    let name = kinds.find_map(|kind| kind.get("TableName")?.as_str());
    match name.and_then(|name| db.tables.get(resource_name(name))) {
        None => CancellationReason::None,
        Some(table) if table.settings.pay_per_request => CancellationReason::ThrottlingError,
        Some(_) => CancellationReason::ProvisionedThroughputExceeded,
    }
}

/// Whether an error says that a table is used too much.
pub(super) fn is_throttled(error: &WireError) -> bool {
    let reasons = error.members.as_ref().and_then(|members| members.get("CancellationReasons"));
    let codes = reasons.and_then(Value::as_array).into_iter().flatten();
    let mut codes = codes.filter_map(|reason| reason.get("Code")?.as_str());
    ["ProvisionedThroughputExceededException", "ThrottlingException"].contains(&&*error.shape)
        || codes.any(|code| ["ProvisionedThroughputExceeded", "ThrottlingError"].contains(&code))
}
