//! DynamoDB's errors: what can go wrong, in AWS's words, and the row of each on the wire.

use serde_json::json;

use super::attribute_value::Item;
use super::expression::{ExpressionError, ExpressionKind, KeyConditionError, UpdateError};
use super::raw_value::ValueError;
use crate::kernel::NotHonoured;
use crate::wire::WireError;

const VALIDATION: &str = "com.amazon.coral.validate";
const PROVISIONED_EXCEEDED: &str = "The level of configured provisioned throughput for the table \
     was exceeded. Consider increasing your provisioning level with the UpdateTable API.";
const CAPACITY_EXCEEDED: &str = "Throughput exceeds the current capacity of your table or index. \
     DynamoDB is automatically scaling your table or index so please try again shortly. If \
     exceptions persist, check if you have a hot key: \
     https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html";

/// Every way in which a DynamoDB operation fails.
///
/// Source: API reference "Errors" of each operation; messages from answers recorded on AWS.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DynamoDbError {
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    Validation(String),
    /// A key's value is empty; holds AWS's whole sentence.
    #[error("{0}")]
    EmptyKey(String),
    #[error("Item size has exceeded the maximum allowed size")]
    ItemTooLarge,
    #[error("{0}")]
    Value(#[from] ValueError),
    #[error("ExpressionAttributeValues contains invalid value: {fault} for key {key}")]
    ExpressionValue { key: String, fault: ValueError },
    #[error("Invalid {kind}: {fault}")]
    Expression { kind: ExpressionKind, fault: ExpressionError },
    #[error("{0}")]
    KeyCondition(#[from] KeyConditionError),
    #[error("{0}")]
    Update(#[from] UpdateError),
    /// Of a table of another account.
    #[error(
        "User: {caller} is not authorized to perform: {action} on resource: {arn} because no \
         resource-based policy allows the {action} action"
    )]
    AccessDenied { caller: String, action: String, arn: String },
    /// Of an ARN of another region. Source: users' reports.
    #[error("1 validation error detected: Invalid AWS region in '{0}'")]
    ForeignRegion(String),
    #[error(
        "The new resource policy will not allow you to update the resource policy in the future."
    )]
    PolicyLockout,
    #[error("Requested resource not found")]
    NotFound,
    #[error("Requested resource not found: Table: {0} not found")]
    TableNotFound(String),
    #[error("Table already exists: {0}")]
    TableExists(String),
    /// Holds what happens to the table, and its name. Unverified: the text, from users' reports.
    #[error("Attempt to change a resource which is still in use: Table is being {0}: {1}")]
    TableBusy(&'static str, String),
    /// Of a resource of another kind than a table; holds AWS's whole sentence.
    #[error("{0}")]
    ResourceNotFound(String),
    /// Of the operations on backups, which say it otherwise.
    #[error("Table not found: {0}")]
    BackupTableNotFound(String),
    #[error("Global table with name: '{0}' does not exist.")]
    GlobalTableNotFound(String),
    #[error("Backup not found: {0}")]
    BackupNotFound(String),
    /// Unverified: the text.
    #[error("Backup is being created: {0}")]
    BackupInUse(String),
    /// Of a table that is being created; holds its name.
    #[error("Backups are being enabled for the table: {0}. Please retry later")]
    BackupsUnavailable(String),
    #[error("Table already exists: {0}")]
    TargetTableExists(String),
    #[error("Point in time recovery is not enabled for table '{0}'")]
    RecoveryUnavailable(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    InvalidRestoreTime(String),
    /// Unverified: the text.
    #[error("Resource-based policy not found for the provided ResourceArn: {0}")]
    PolicyNotFound(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    InUse(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    LimitExceeded(String),
    #[error("Duplicate primary key exists in table")]
    DuplicateItem { item: Option<Item> },
    #[error("The conditional request failed")]
    ConditionalCheckFailed { item: Option<Item> },
    #[error(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes(reasons)
    )]
    TransactionCanceled { reasons: Vec<CancellationReason> },
    #[error("Requested idempotency token is already in use with different parameters")]
    IdempotentParameterMismatch,
    /// Of provisioned tables, with their ARNs.
    #[error("{PROVISIONED_EXCEEDED}")]
    ThroughputExceeded { reason: &'static str, tables: Vec<String> },
    /// Of tables that are paid by request, with their ARNs.
    #[error("{CAPACITY_EXCEEDED}")]
    Throttled { reason: &'static str, tables: Vec<String> },
    /// The request needs something that this emulator does not do; holds what.
    #[error("{0} is not implemented by this emulator")]
    NotImplemented(String),
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

/// Why one action of a cancelled transaction could not be done; `None` if it could.
#[derive(Clone, Debug, PartialEq)]
pub enum CancellationReason {
    None,
    ConditionalCheckFailed {
        item: Option<Item>,
    },
    /// Of a statement that inserts.
    DuplicateItem {
        item: Option<Item>,
    },
    ValidationError(String),
    /// Of a provisioned table that is used too much.
    ProvisionedThroughputExceeded,
    /// Of a table that is paid by request and used too much.
    ThrottlingError,
}

impl CancellationReason {
    fn code(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::ConditionalCheckFailed { .. } => "ConditionalCheckFailed",
            Self::DuplicateItem { .. } => "DuplicateItem",
            Self::ValidationError(_) => "ValidationError",
            Self::ProvisionedThroughputExceeded => "ProvisionedThroughputExceeded",
            Self::ThrottlingError => "ThrottlingError",
        }
    }

    fn document(&self) -> serde_json::Value {
        let mut document = json!({ "Code": self.code() });
        match self {
            Self::None => {}
            Self::ConditionalCheckFailed { item } | Self::DuplicateItem { item } => {
                document["Message"] = match self {
                    Self::DuplicateItem { .. } => "Duplicate primary key exists in table".into(),
                    _ => "The conditional request failed".into(),
                };
                if let Some(item) = item {
                    document["Item"] = json!(item);
                }
            }
            Self::ValidationError(message) => document["Message"] = message.as_str().into(),
            Self::ProvisionedThroughputExceeded => {
                document["Message"] = PROVISIONED_EXCEEDED.into();
            }
            Self::ThrottlingError => document["Message"] = CAPACITY_EXCEEDED.into(),
        }
        document
    }
}

fn codes(reasons: &[CancellationReason]) -> String {
    let codes: Vec<&str> = reasons.iter().map(CancellationReason::code).collect();
    codes.join(", ")
}

impl DynamoDbError {
    /// A `ValidationException` with AWS's sentence.
    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::Validation(message.into())
    }

    /// `One or more parameter values were invalid: <what>`.
    pub(super) fn invalid(what: impl AsRef<str>) -> Self {
        Self::Validation(format!("One or more parameter values were invalid: {}", what.as_ref()))
    }

    /// `1 validation error detected: Value … at '<member>' failed to satisfy constraint: …`.
    pub(super) fn constraint(value: Option<&str>, member: &str, constraint: &str) -> Self {
        let value = value.map_or("null".to_owned(), |value| format!("'{value}'"));
        Self::Validation(format!(
            "1 validation error detected: Value {value} at '{member}' failed to satisfy \
             constraint: {constraint}"
        ))
    }

    /// Puts the name of the parameter before a fault of its expression.
    pub(super) fn expression(kind: ExpressionKind) -> impl Fn(ExpressionError) -> Self {
        move |fault| Self::Expression { kind, fault }
    }
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        DynamoDbError::Validation(text()),
        DynamoDbError::EmptyKey(text()),
        DynamoDbError::ItemTooLarge,
        DynamoDbError::Value(ValueError::NoType),
        DynamoDbError::ExpressionValue { key: text(), fault: ValueError::NoType },
        DynamoDbError::Expression {
            kind: ExpressionKind::Condition,
            fault: ExpressionError::Empty,
        },
        DynamoDbError::KeyCondition(KeyConditionError::NotSupported),
        DynamoDbError::Update(UpdateError::InvalidPath),
        DynamoDbError::AccessDenied { caller: text(), action: text(), arn: text() },
        DynamoDbError::ForeignRegion(text()),
        DynamoDbError::PolicyLockout,
        DynamoDbError::NotFound,
        DynamoDbError::TableNotFound(text()),
        DynamoDbError::TableExists(text()),
        DynamoDbError::TableBusy("created", text()),
        DynamoDbError::ResourceNotFound(text()),
        DynamoDbError::BackupTableNotFound(text()),
        DynamoDbError::GlobalTableNotFound(text()),
        DynamoDbError::BackupNotFound(text()),
        DynamoDbError::BackupInUse(text()),
        DynamoDbError::BackupsUnavailable(text()),
        DynamoDbError::TargetTableExists(text()),
        DynamoDbError::RecoveryUnavailable(text()),
        DynamoDbError::InvalidRestoreTime(text()),
        DynamoDbError::PolicyNotFound(text()),
        DynamoDbError::InUse(text()),
        DynamoDbError::LimitExceeded(text()),
        DynamoDbError::DuplicateItem { item: None },
        DynamoDbError::ConditionalCheckFailed { item: None },
        DynamoDbError::TransactionCanceled { reasons: vec![] },
        DynamoDbError::IdempotentParameterMismatch,
        DynamoDbError::ThroughputExceeded { reason: "x", tables: vec![text()] },
        DynamoDbError::Throttled { reason: "x", tables: vec![text()] },
        DynamoDbError::NotImplemented(text()),
        DynamoDbError::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<DynamoDbError> for WireError {
    fn from(error: DynamoDbError) -> Self {
        let message = error.to_string();
        let row = |shape| WireError::sender(shape, message.clone());
        match error {
            DynamoDbError::Validation(_)
            | DynamoDbError::EmptyKey(_)
            | DynamoDbError::ForeignRegion(_)
            | DynamoDbError::ItemTooLarge
            | DynamoDbError::Value(_)
            | DynamoDbError::ExpressionValue { .. }
            | DynamoDbError::Expression { .. }
            | DynamoDbError::KeyCondition(_)
            | DynamoDbError::Update(_) => {
                row("ValidationException").query_code("ValidationError").namespace(VALIDATION)
            }
            DynamoDbError::AccessDenied { .. } | DynamoDbError::PolicyLockout => {
                row("AccessDeniedException")
                    .query_code("AccessDenied")
                    .namespace("com.amazon.coral.service")
            }
            DynamoDbError::NotFound
            | DynamoDbError::TableNotFound(_)
            | DynamoDbError::ResourceNotFound(_) => row("ResourceNotFoundException"),
            DynamoDbError::TableExists(_)
            | DynamoDbError::TableBusy(..)
            | DynamoDbError::InUse(_) => row("ResourceInUseException"),
            DynamoDbError::BackupTableNotFound(_) => row("TableNotFoundException"),
            DynamoDbError::GlobalTableNotFound(_) => row("GlobalTableNotFoundException"),
            DynamoDbError::BackupNotFound(_) => row("BackupNotFoundException"),
            DynamoDbError::BackupInUse(_) => row("BackupInUseException"),
            DynamoDbError::BackupsUnavailable(_) => row("ContinuousBackupsUnavailableException"),
            DynamoDbError::TargetTableExists(_) => row("TableAlreadyExistsException"),
            DynamoDbError::RecoveryUnavailable(_) => row("PointInTimeRecoveryUnavailableException"),
            DynamoDbError::InvalidRestoreTime(_) => row("InvalidRestoreTimeException"),
            DynamoDbError::PolicyNotFound(_) => row("PolicyNotFoundException"),
            DynamoDbError::LimitExceeded(_) => row("LimitExceededException"),
            DynamoDbError::DuplicateItem { item } => with_item(row("DuplicateItemException"), item),
            DynamoDbError::ConditionalCheckFailed { item } => {
                with_item(row("ConditionalCheckFailedException"), item)
            }
            DynamoDbError::TransactionCanceled { reasons } => {
                let reasons: Vec<_> = reasons.iter().map(CancellationReason::document).collect();
                row("TransactionCanceledException")
                    .member("Message", message.clone().into())
                    .member("CancellationReasons", reasons.into())
            }
            DynamoDbError::IdempotentParameterMismatch => {
                row("IdempotentParameterMismatchException")
            }
            DynamoDbError::ThroughputExceeded { reason, tables } => {
                row("ProvisionedThroughputExceededException")
                    .member("ThrottlingReasons", throttling_reasons(reason, &tables))
            }
            DynamoDbError::Throttled { reason, tables } => row("ThrottlingException")
                .member("throttlingReasons", throttling_reasons(reason, &tables)),
            DynamoDbError::NotImplemented(_) => {
                row("NotImplementedException").query_code("NotImplemented")
            }
            DynamoDbError::NotHonoured(refused) => refused.into(),
        }
    }
}

fn throttling_reasons(reason: &str, tables: &[String]) -> serde_json::Value {
    tables.iter().map(|arn| json!({"reason": reason, "resource": arn})).collect()
}

/// The same with the item that was in the way, if it is to be shown.
fn with_item(row: WireError, item: Option<Item>) -> WireError {
    match item {
        Some(item) => row.member("Item", json!(item)),
        None => row,
    }
}
