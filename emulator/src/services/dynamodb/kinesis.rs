//! Streams of Kinesis as destinations of a table's changes: named and told, and never reached.
//!
//! Source: API reference of the four operations; recordings of 2025-10-08.

use super::error::DynamoDbError;
use super::store::Destination;
use super::validation::Constraints;
use crate::kernel::Context;

/// AWS's word for a destination's state.
pub(super) fn status<'d>(ctx: &Context<'_>, destination: &'d Destination) -> &'d str {
    let passing = destination.passing.as_ref().filter(|it| it.lasts(ctx));
    let settled = if destination.active { "ACTIVE" } else { "DISABLED" };
    passing.map_or(settled, |it| &*it.status)
}

/// Checks a precision.
///
/// # Errors
/// Validation.
pub(super) fn check_precision(member: &str, given: Option<&str>) -> Result<(), DynamoDbError> {
    let mut check = Constraints::default();
    let member = format!("{member}.approximateCreationDateTimePrecision");
    check.one_of(&member, given, &["MILLISECOND", "MICROSECOND"]);
    Ok(check.done()?)
}

/// The destination that is active and ready to be changed.
///
/// # Errors
/// Validation: there is none; `ResourceInUseException` while it changes.
pub(super) fn active<'d>(
    ctx: &Context<'_>,
    destinations: &'d mut [Destination],
    (table, stream, to): (&str, &str, &str),
) -> Result<&'d mut Destination, DynamoDbError> {
    let found = destinations.iter_mut().find(|it| it.stream == stream && it.active);
    let found = found.ok_or_else(|| {
        DynamoDbError::validation(format!(
            "Table is not in a valid state to {to} Kinesis Streaming Destination: No streaming \
             destination with streamArn: {stream} found for table with tableName: {table}"
        ))
    })?;
    if found.passing.as_ref().is_some_and(|it| it.lasts(ctx)) {
        return Err(DynamoDbError::InUse(format!(
            "Table is not in a valid state to {to} Kinesis Streaming Destination: \
             KinesisStreamingDestination must be ACTIVE to perform {} operation.",
            to.to_uppercase()
        )));
    }
    Ok(found)
}
