//! The checks that AWS makes of a request's members before the operation sees it.

use serde::Serialize;

use super::super::error::DynamoDbError;
use super::super::model::{self, Member};
use super::error::StreamsError;

/// # Errors
/// Validation: every constraint of the model that the request breaks.
pub(super) fn check<R: Serialize>(
    members: &'static [Member],
    request: &R,
) -> Result<(), StreamsError> {
    let told = |error: DynamoDbError| StreamsError::Validation(error.to_string());
    model::check(members, request).map_err(told)
}

/// A member that must be there.
pub(super) fn required<T>(member: &str, value: Option<T>) -> Result<T, StreamsError> {
    value.ok_or_else(|| StreamsError::constraint(None, member, "Member must not be null"))
}

/// How many entries a page may have: as many as asked for, from 1 to `max`.
pub(super) fn limit(asked: Option<i32>, max: usize) -> Result<usize, StreamsError> {
    let Some(asked) = asked else {
        return Ok(max);
    };
    let constraint = match usize::try_from(asked) {
        Ok(limit @ 1..) if limit <= max => return Ok(limit),
        Ok(1..) => format!("Member must have value less than or equal to {max}"),
        _ => "Member must have value greater than or equal to 1".to_owned(),
    };
    Err(StreamsError::constraint(Some(&asked.to_string()), "limit", &constraint))
}
