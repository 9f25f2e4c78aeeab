//! SQS's errors: what can go wrong, in AWS's words, and the row of each on the wire.

use crate::kernel::NotHonoured;
use crate::services::sqs::queue::{PURGE_INTERVAL, RECREATE_INTERVAL};
use crate::wire::WireError;

const FRAMEWORK: &str = "com.amazon.coral.service";

/// Every way in which an SQS operation fails.
///
/// Source: API reference "Errors" of each operation; messages from answers recorded on AWS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SqsError {
    #[error("The specified queue does not exist.")]
    QueueDoesNotExist,
    #[error("A queue already exists with the same name and a different value for attribute {0}")]
    QueueNameExists(String),
    #[error(
        "You must wait {} seconds after deleting a queue before you can create another with the \
         same name. (skyrig: advance the clock, or start with --relaxed to lift this rule)",
        RECREATE_INTERVAL.as_secs()
    )]
    QueueDeletedRecently,
    #[error(
        "Only one PurgeQueue operation on {0} is allowed every {seconds} seconds.",
        seconds = PURGE_INTERVAL.as_secs()
    )]
    PurgeQueueInProgress(String),
    #[error("The request must contain the parameter {0}.")]
    MissingParameter(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    InvalidParameterValue(String),
    #[error("Value {value} for parameter {name} is invalid. Reason: {reason}")]
    InvalidValue { value: String, name: String, reason: String },
    #[error("One or more parameters are invalid. Reason: {}", shorter_than(*.max))]
    MessageTooLong { max: usize },
    #[error("Unknown Attribute {0}.")]
    InvalidAttributeName(String),
    #[error(
        "You can use one type of server-side encryption (SSE) at one time. You can either enable \
         KMS SSE or SQS SSE."
    )]
    TwoEncryptions,
    #[error("Invalid value for the parameter {name}.{}", reason_text(reason))]
    InvalidAttributeValue { name: String, reason: Option<String> },
    /// Holds the first character that XML 1.0 has not, and where it stands.
    #[error(
        "Invalid binary character '#x{:X}' was found in the message {place}, the set of allowed \
         characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].",
        u32::from(*character)
    )]
    InvalidMessageContents { character: char, place: String },
    #[error("The input receipt handle is invalid.")]
    ReceiptHandleIsInvalid,
    #[error("The receipt handle \"{0}\" is not valid for this queue.")]
    ReceiptHandleOfAnotherQueue(String),
    #[error(
        "Value {0} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
    )]
    ReceiptHandleHasExpired(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    UnsupportedOperation(String),
    #[error("There should be at least one {0}RequestEntry in the request.")]
    EmptyBatchRequest(&'static str),
    #[error(
        "Maximum number of entries per request are {max}. You have sent {sent}.",
        max = super::batch::ENTRIES_MAX
    )]
    TooManyEntriesInBatchRequest { sent: usize },
    #[error("Id {0} repeated.")]
    BatchEntryIdsNotDistinct(String),
    #[error(
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It \
         can be at most 80 letters long."
    )]
    InvalidBatchEntryId,
    #[error("Batch requests cannot be longer than {max} bytes. You have sent {sent} bytes.")]
    BatchRequestTooLong { sent: usize, max: usize },
    #[error(
        "The number of messages in flight exceeds the limit of a standard queue (120,000); delete \
         messages or let their visibility timeouts end."
    )]
    OverLimit,
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    PolicyOverLimit(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    ResourceNotFound(String),
    /// AWS's sentence, and the statement of the queue's policy that denies it or is missing.
    #[error(
        "User: {principal} is not authorized to perform: {action} on resource: {resource} \
         (skyrig: {reason})"
    )]
    AccessDenied { principal: String, action: String, resource: String, reason: String },
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

/// Why a message is refused for its size; `max` in bytes.
pub(super) fn shorter_than(max: usize) -> String {
    format!("Message must be shorter than {max} bytes.")
}

fn reason_text(reason: &Option<String>) -> String {
    reason.as_ref().map(|reason| format!(" Reason: {reason}")).unwrap_or_default()
}

impl SqsError {
    /// The reason for a parameter of the other kind of queue, as AWS words it.
    pub(super) const NOT_FOR_THIS_QUEUE_TYPE: &str =
        "The request include parameter that is not valid for this queue type.";

    /// A parameter whose value AWS quotes, and what is wrong with it.
    pub(super) fn value(value: impl ToString, name: &str, reason: &str) -> Self {
        Self::InvalidValue {
            value: value.to_string(),
            name: name.to_owned(),
            reason: reason.to_owned(),
        }
    }

    /// The ARN in the parameter `name` names nothing that is here.
    pub(super) fn resource_not_found(name: &str) -> Self {
        let what = format!("The resource that you specified for the {name} parameter");
        Self::ResourceNotFound(format!("{what} doesn't exist."))
    }

    /// A FIFO queue was sent a message without the id by which it finds duplicates.
    pub(super) fn no_deduplication_id() -> Self {
        Self::InvalidParameterValue(
            "The queue should either have ContentBasedDeduplication enabled or \
             MessageDeduplicationId provided explicitly"
                .to_owned(),
        )
    }

    pub(super) fn attribute(name: &str) -> Self {
        Self::InvalidAttributeValue { name: name.to_owned(), reason: None }
    }

    pub(super) fn attribute_because(name: &str, reason: impl Into<String>) -> Self {
        Self::InvalidAttributeValue { name: name.to_owned(), reason: Some(reason.into()) }
    }
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        SqsError::QueueDoesNotExist,
        SqsError::QueueNameExists(text()),
        SqsError::QueueDeletedRecently,
        SqsError::PurgeQueueInProgress(text()),
        SqsError::MissingParameter(text()),
        SqsError::InvalidParameterValue(text()),
        SqsError::InvalidValue { value: text(), name: text(), reason: text() },
        SqsError::MessageTooLong { max: 1 },
        SqsError::InvalidAttributeName(text()),
        SqsError::InvalidAttributeValue { name: text(), reason: None },
        SqsError::TwoEncryptions,
        SqsError::InvalidMessageContents { character: 'x', place: text() },
        SqsError::ReceiptHandleIsInvalid,
        SqsError::ReceiptHandleOfAnotherQueue(text()),
        SqsError::ReceiptHandleHasExpired(text()),
        SqsError::UnsupportedOperation(text()),
        SqsError::EmptyBatchRequest("x"),
        SqsError::TooManyEntriesInBatchRequest { sent: 11 },
        SqsError::BatchEntryIdsNotDistinct(text()),
        SqsError::InvalidBatchEntryId,
        SqsError::BatchRequestTooLong { sent: 2, max: 1 },
        SqsError::OverLimit,
        SqsError::PolicyOverLimit(text()),
        SqsError::ResourceNotFound(text()),
        SqsError::AccessDenied {
            principal: text(),
            action: text(),
            resource: text(),
            reason: text(),
        },
        SqsError::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<SqsError> for WireError {
    fn from(error: SqsError) -> Self {
        let message = error.to_string();
        let row = |shape| WireError::sender(shape, message.clone());
        match error {
            SqsError::QueueDoesNotExist => {
                row("QueueDoesNotExist").query_code("AWS.SimpleQueueService.NonExistentQueue")
            }
            SqsError::QueueNameExists(_) => row("QueueNameExists").query_code("QueueAlreadyExists"),
            SqsError::QueueDeletedRecently => row("QueueDeletedRecently")
                .query_code("AWS.SimpleQueueService.QueueDeletedRecently"),
            SqsError::PurgeQueueInProgress(_) => row("PurgeQueueInProgress")
                .query_code("AWS.SimpleQueueService.PurgeQueueInProgress")
                .status(403),
            SqsError::MissingParameter(_) => row("MissingRequiredParameterException")
                .query_code("MissingParameter")
                .namespace(FRAMEWORK),
            SqsError::InvalidParameterValue(_)
            | SqsError::InvalidValue { .. }
            | SqsError::MessageTooLong { .. }
            | SqsError::ReceiptHandleHasExpired(_) => row("InvalidParameterValueException")
                .query_code("InvalidParameterValue")
                .namespace(FRAMEWORK),
            SqsError::InvalidAttributeName(_) => row("InvalidAttributeName"),
            // Unverified: the text is AWS's as clients reported it; they left the code out.
            SqsError::TwoEncryptions => row("InvalidAttributeValue"),
            SqsError::InvalidAttributeValue { .. } => row("InvalidAttributeValue"),
            SqsError::InvalidMessageContents { .. } => row("InvalidMessageContents"),
            SqsError::ReceiptHandleIsInvalid | SqsError::ReceiptHandleOfAnotherQueue(_) => {
                row("ReceiptHandleIsInvalid").status(404)
            }
            SqsError::UnsupportedOperation(_) => row("UnsupportedOperation")
                .query_code("AWS.SimpleQueueService.UnsupportedOperation"),
            SqsError::EmptyBatchRequest(_) => {
                row("EmptyBatchRequest").query_code("AWS.SimpleQueueService.EmptyBatchRequest")
            }
            SqsError::TooManyEntriesInBatchRequest { .. } => row("TooManyEntriesInBatchRequest")
                .query_code("AWS.SimpleQueueService.TooManyEntriesInBatchRequest")
                // AWS writes an empty `Detail` with every other error. Recording of 2024-04-30.
                .without_detail(),
            SqsError::BatchEntryIdsNotDistinct(_) => row("BatchEntryIdsNotDistinct")
                .query_code("AWS.SimpleQueueService.BatchEntryIdsNotDistinct"),
            SqsError::InvalidBatchEntryId => {
                row("InvalidBatchEntryId").query_code("AWS.SimpleQueueService.InvalidBatchEntryId")
            }
            SqsError::BatchRequestTooLong { .. } => {
                row("BatchRequestTooLong").query_code("AWS.SimpleQueueService.BatchRequestTooLong")
            }
            SqsError::OverLimit | SqsError::PolicyOverLimit(_) => row("OverLimit").status(403),
            SqsError::ResourceNotFound(_) => row("ResourceNotFoundException").status(404),
            SqsError::AccessDenied { .. } => row("AccessDeniedException")
                .query_code("AccessDenied")
                .namespace(FRAMEWORK)
                .status(403),
            SqsError::NotHonoured(refused) => refused.into(),
        }
    }
}
