//! Streams of Kinesis as destinations of a table's changes: named and told, and never reached.
//!
//! Source: API reference of the four operations; recordings of 2025-10-08.

use super::error::DynamoDbError;
use super::store::Destination;
use crate::kernel::Context;

/// AWS's word for a destination's state.
pub(super) fn status<'d>(ctx: &Context<'_>, destination: &'d Destination) -> &'d str {
    let passing = destination.passing.as_ref().filter(|it| it.lasts(ctx));
    let settled = if destination.active { "ACTIVE" } else { "DISABLED" };
    passing.map_or(settled, |it| &*it.status)
}

/// What a destination has to be ready for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Disable,
    Update,
}

/// The destination that is active and ready to be changed.
///
/// # Errors
/// Validation: there is none, or it changes.
pub(super) fn active<'d>(
    ctx: &Context<'_>,
    destinations: &'d mut [Destination],
    (table, stream): (&str, &str),
    to: To,
) -> Result<&'d mut Destination, DynamoDbError> {
    let found = destinations.iter_mut().find(|it| it.stream == stream && it.active);
    let changes =
        found.as_ref().is_some_and(|it| it.passing.as_ref().is_some_and(|it| it.lasts(ctx)));
    let why = match (to, &found) {
        (To::Disable, None) => {
            "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.".to_owned()
        }
        (To::Disable, _) if changes => {
            "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.".to_owned()
        }
        (To::Update, None) => format!(
            "No streaming destination with streamArn: {stream} found for table with tableName: \
             {table}"
        ),
        (To::Update, _) if changes => format!(
            "Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. \
             TableName: {table}, kdsArn: {stream}"
        ),
        _ => String::new(),
    };
    found.filter(|_| !changes).ok_or_else(|| {
        DynamoDbError::validation(format!(
            "Table is not in a valid state to enable Kinesis Streaming Destination: {why}"
        ))
    })
}
