//! Pages of lists that are ordered by name.

use super::error::EventsError;
use crate::kernel::Context;

/// Most entries of one page.
const LIMIT_MAX: i32 = 100;

/// The next `limit` of `all`, and the token of the page after it.
pub(super) fn page<'s, T: 's>(
    ctx: &Context<'_>,
    all: impl Iterator<Item = (&'s str, T)>,
    limit: Option<i32>,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), EventsError> {
    // Unverified: the words for a token that AWS has not made.
    let no_token = || EventsError::validation("Parameter NextToken is not valid.");
    let position = |token| ctx.page_position(token).ok_or_else(no_token);
    let token = token.map(position).transpose()?;
    let limit = limit.unwrap_or(LIMIT_MAX).unsigned_abs() as usize;
    let mut rest = all.filter(|(name, _)| token.as_deref().is_none_or(|token| *name > token));
    let shown: Vec<_> = rest.by_ref().take(limit).collect();
    let more = rest.next().is_some();
    let token = shown.last().filter(|_| more).map(|(name, _)| ctx.page_token(name));
    Ok((shown.into_iter().map(|(_, shown)| shown).collect(), token))
}
