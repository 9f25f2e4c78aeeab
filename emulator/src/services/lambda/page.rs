//! Lists in pages.

use super::error::LambdaError;
use crate::kernel::Context;

/// Most entries of a page, whatever is asked for.
///
/// Source: API reference, `MaxItems` of each list.
const PAGE: usize = 50;

/// The part of `all`, which is in the order of its keys, that `marker` and `max_items` ask for, and
/// the marker of the part after it.
///
/// # Errors
/// `InvalidParameterValueException` for a marker that is none.
pub(super) fn page<T>(
    ctx: &Context<'_>,
    all: impl Iterator<Item = (String, T)>,
    (marker, max_items): (Option<String>, Option<i32>),
) -> Result<(Vec<T>, Option<String>), LambdaError> {
    // Unverified: the text.
    let no_marker = || LambdaError::parameter("Invalid Marker.");
    let marker = marker.filter(|it| !it.is_empty());
    let from = marker.map(|it| ctx.page_position(&it).ok_or_else(no_marker)).transpose()?;
    let limit = max_items.map_or(PAGE, |max| (max.unsigned_abs() as usize).clamp(1, PAGE));
    let mut rest = all.filter(|(key, _)| from.as_ref().is_none_or(|from| key > from));
    let mut last = None;
    let mut shown = Vec::new();
    for (key, entry) in rest.by_ref().take(limit) {
        last = Some(key);
        shown.push(entry);
    }
    let more = rest.next().is_some();
    Ok((shown, last.filter(|_| more).map(|key| ctx.page_token(&key))))
}
