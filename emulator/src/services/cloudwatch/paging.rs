//! Pages of lists.

use super::error::CloudWatchError;
use crate::kernel::Context;

/// Where the page begins that was asked for, if it is not the first.
///
/// # Errors
/// `InvalidNextToken` for what is no token of this list.
pub(super) fn position(
    ctx: &Context<'_>,
    token: Option<&str>,
) -> Result<Option<String>, CloudWatchError> {
    let position = |token| ctx.page_position(token).ok_or(CloudWatchError::InvalidNextToken);
    token.map(position).transpose()
}

/// The same for the operations that have no error of their own for it.
///
/// # Errors
/// `InvalidParameterValue`. Unverified: the text.
pub(super) fn position_of_parameter(
    ctx: &Context<'_>,
    token: Option<&str>,
) -> Result<Option<String>, CloudWatchError> {
    let text = || CloudWatchError::InvalidParameterValue("Invalid nextToken".to_owned());
    position(ctx, token).map_err(|_| text())
}

/// Most entries of a page, where the operation has findings of its own.
const PAGE: i32 = 500;

/// How many entries a page has.
///
/// # Errors
/// `InvalidParameterValue`. Unverified: the text.
pub(super) fn page_size(max_results: Option<i32>) -> Result<usize, CloudWatchError> {
    let size = max_results.unwrap_or(PAGE);
    if (1..=PAGE).contains(&size) {
        return Ok(size.unsigned_abs() as usize);
    }
    let text = format!("The parameter MaxResults must be a value from 1 to {PAGE}.");
    Err(CloudWatchError::InvalidParameterValue(text))
}
