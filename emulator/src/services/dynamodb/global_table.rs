//! Global tables of version 2017.11.29, of which AWS makes none any longer: there are none, and
//! whoever asks for one is told of the version that there is.
//!
//! Source: AWS's answers in October 2026.

use super::error::DynamoDbError;

/// What CreateGlobalTable and UpdateGlobalTable are refused with.
pub(super) fn not_supported() -> DynamoDbError {
    DynamoDbError::invalid(
        "DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB \
         global tables version 2019.11.21, instead of version 2017.11.29 (Legacy).",
    )
}

/// # Errors
/// `GlobalTableNotFoundException`, as for every name.
pub(super) fn not_found(name: &str) -> DynamoDbError {
    DynamoDbError::GlobalTableNotFound(name.to_owned())
}

/// # Errors
/// Validation of the name.
pub(super) fn check_name(name: &str) -> Result<(), DynamoDbError> {
    if (3..=255).contains(&name.chars().count()) {
        return Ok(());
    }
    Err(DynamoDbError::validation(
        "TableName must be at least 3 characters long and at most 255 characters long",
    ))
}
