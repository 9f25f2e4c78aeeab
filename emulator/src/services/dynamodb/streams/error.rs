//! The errors of DynamoDB Streams, in AWS's words, and the row of each on the wire.

use crate::wire::WireError;

/// Every way in which an operation on a stream fails.
///
/// Source: API reference "Errors" of each operation. Unverified: the texts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamsError {
    #[error("Requested resource not found: Stream: {0} not found")]
    StreamNotFound(String),
    #[error("Requested resource not found: Shard: {shard} in Stream: {stream} not found")]
    ShardNotFound { shard: String, stream: String },
    #[error(
        "The operation attempted to read past the oldest stream record in a shard: the records \
         of sequence number {0} have been trimmed"
    )]
    Trimmed(String),
    #[error("Shard iterator has expired. Shard iterators are valid for 15 minutes.")]
    ExpiredIterator,
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    Validation(String),
}

impl StreamsError {
    /// `1 validation error detected: Value … at '<member>' failed to satisfy constraint: …`.
    pub(super) fn constraint(value: Option<&str>, member: &str, constraint: &str) -> Self {
        let value = value.map_or("null".to_owned(), |value| format!("'{value}'"));
        Self::Validation(format!(
            "1 validation error detected: Value {value} at '{member}' failed to satisfy \
             constraint: {constraint}"
        ))
    }
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        StreamsError::StreamNotFound(text()),
        StreamsError::ShardNotFound { shard: text(), stream: text() },
        StreamsError::Trimmed(text()),
        StreamsError::ExpiredIterator,
        StreamsError::Validation(text()),
    ];
    every.map(WireError::from).into()
}

impl From<StreamsError> for WireError {
    fn from(error: StreamsError) -> Self {
        let message = error.to_string();
        match error {
            StreamsError::StreamNotFound(_) | StreamsError::ShardNotFound { .. } => {
                WireError::sender("ResourceNotFoundException", message)
            }
            StreamsError::Trimmed(_) => WireError::sender("TrimmedDataAccessException", message),
            StreamsError::ExpiredIterator => WireError::sender("ExpiredIteratorException", message),
            StreamsError::Validation(_) => WireError::sender("ValidationException", message)
                .query_code("ValidationError")
                .namespace("com.amazon.coral.validate"),
        }
    }
}
