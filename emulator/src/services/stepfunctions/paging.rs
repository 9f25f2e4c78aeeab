//! Lists in pages.

use super::error::StepFunctionsError;
use crate::kernel::Context;

/// Entries of a page where nothing else is asked for, and where nought is.
const PAGE: usize = 100;

/// Which part of a list is asked for.
pub(super) struct Page {
    pub(super) max_results: Option<i32>,
    pub(super) token: Option<String>,
}

/// The part of `all` that is asked for, and the token of the part behind it.
///
/// # Errors
/// `InvalidToken`.
pub(super) fn page<T>(
    ctx: &Context<'_>,
    all: impl Iterator<Item = T>,
    asked: Page,
) -> Result<(Vec<T>, Option<String>), StepFunctionsError> {
    let position = |token: String| ctx.page_position(&token)?.parse::<usize>().ok();
    let from = match asked.token {
        None => 0,
        Some(token) => position(token).ok_or(StepFunctionsError::InvalidToken)?,
    };
    let limit = match asked.max_results {
        None | Some(0) => PAGE,
        Some(most) => most.unsigned_abs() as usize,
    };
    let mut rest = all.skip(from);
    let shown: Vec<T> = rest.by_ref().take(limit).collect();
    let more = rest.next().is_some();
    let token = more.then(|| ctx.page_token(&(from + shown.len()).to_string()));
    Ok((shown, token))
}
