//! Segments of a parallel scan.

use super::error::DynamoDbError;

/// Segments of one scan.
pub(super) const SEGMENTS_MAX: i32 = 1_000_000;

/// The segment to read and how many there are.
pub(super) fn segment(
    segment: Option<i32>,
    total: Option<i32>,
) -> Result<(u32, u32), DynamoDbError> {
    let (segment, total) = match (segment, total) {
        (None, None) => return Ok((0, 1)),
        (Some(segment), Some(total)) => (segment, total),
        (Some(_), None) => {
            return Err(DynamoDbError::validation(
                "The TotalSegments parameter is required but was not present in the request when \
                 Segment parameter is present",
            ));
        }
        (None, Some(_)) => {
            return Err(DynamoDbError::validation(
                "The Segment parameter is required but was not present in the request when \
                 parameter TotalSegments is present",
            ));
        }
    };
    // The bounds of both were checked with the rest of the request.
    match (u32::try_from(segment), u32::try_from(total)) {
        (Ok(segment), Ok(total)) if segment < total => Ok((segment, total)),
        _ => Err(DynamoDbError::validation(format!(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: \
             Segment: {segment} is not less than TotalSegments: {total}"
        ))),
    }
}
