//! Pages of lists that are ordered by name. The token is the name after which a page begins.

use super::constraint;
use super::error::EventsError;

/// Most entries of one page.
const LIMIT_MAX: i32 = 100;

/// The next `limit` of `all`, and the token of the page after it.
pub(super) fn page<'s, T: 's>(
    all: impl Iterator<Item = (&'s str, T)>,
    limit: Option<i32>,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), EventsError> {
    constraint::range("limit", limit, 1, LIMIT_MAX)?;
    let limit = limit.unwrap_or(LIMIT_MAX).unsigned_abs() as usize;
    let mut rest = all.filter(|(name, _)| token.is_none_or(|token| *name > token));
    let shown: Vec<_> = rest.by_ref().take(limit).collect();
    let more = rest.next().is_some();
    let token = shown.last().filter(|_| more).map(|(name, _)| (*name).to_owned());
    Ok((shown.into_iter().map(|(_, shown)| shown).collect(), token))
}
