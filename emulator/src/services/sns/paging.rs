//! Pages of lists: opaque tokens that say after which entry the next one begins.

use super::error::SnsError;
use super::state::PAGE;
use crate::kernel::Context;

/// Entries by their names, and the token of the next page if there is one.
type Page<N, T> = (Vec<(N, T)>, Option<String>);

/// One page of `all`, which come in the order of their names, and the token of the next.
///
/// # Errors
/// `InvalidParameter` for what is no token.
pub(super) fn page<N: AsRef<str>, T>(
    ctx: &Context<'_>,
    all: impl Iterator<Item = (N, T)>,
    token: Option<String>,
) -> Result<Page<N, T>, SnsError> {
    page_of(ctx, all, token, PAGE)
}

/// The same with up to `most` entries.
pub(super) fn page_of<N: AsRef<str>, T>(
    ctx: &Context<'_>,
    all: impl Iterator<Item = (N, T)>,
    token: Option<String>,
    most: usize,
) -> Result<Page<N, T>, SnsError> {
    let after = match token.filter(|token| !token.is_empty()) {
        None => None,
        Some(token) => {
            let position = ctx.page_position(&token);
            Some(position.ok_or_else(|| SnsError::parameter("NextToken"))?)
        }
    };
    // By their place in the order, so that a page begins there also when the last one of the page
    // before it is gone.
    let mut rest = all.filter(|(name, _)| after.as_deref().is_none_or(|it| name.as_ref() > it));
    let page: Vec<_> = rest.by_ref().take(most).collect();
    let more = rest.next().is_some();
    let next = page.last().filter(|_| more).map(|(name, _)| ctx.page_token(name.as_ref()));
    Ok((page, next))
}

/// How many entries a page may have, if the request says so.
pub(super) fn page_size(given: Option<i32>, most: usize) -> Result<usize, SnsError> {
    match given.map(usize::try_from) {
        None => Ok(most),
        Some(Ok(size)) if (1..=most).contains(&size) => Ok(size),
        Some(_) => Err(SnsError::parameter(format!("MaxResults must be between 1 and {most}"))),
    }
}
