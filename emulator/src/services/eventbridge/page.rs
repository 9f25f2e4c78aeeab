//! Pages of lists that are ordered by name. A token holds the name after which a page begins, in a
//! form that nobody takes for a name.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

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
    let token = token.map(after).transpose()?;
    constraint::range("limit", limit, 1, LIMIT_MAX)?;
    let limit = limit.unwrap_or(LIMIT_MAX).unsigned_abs() as usize;
    let mut rest = all.filter(|(name, _)| token.as_deref().is_none_or(|token| *name > token));
    let shown: Vec<_> = rest.by_ref().take(limit).collect();
    let more = rest.next().is_some();
    let token = shown.last().filter(|_| more).map(|(name, _)| token_of(name));
    Ok((shown.into_iter().map(|(_, shown)| shown).collect(), token))
}

/// What a token begins with before it is encoded.
const MARK: &str = "after:";

fn token_of(name: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{MARK}{name}"))
}

// Unverified: the words for a token that AWS has not made.
fn after(token: &str) -> Result<String, EventsError> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let name = text.as_deref().and_then(|text| text.strip_prefix(MARK)).map(str::to_owned);
    name.ok_or_else(|| EventsError::validation("Parameter NextToken is not valid."))
}
