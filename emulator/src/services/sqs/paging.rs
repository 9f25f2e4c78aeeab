//! Pages of queue URLs, for the operations that list queues.
//!
//! Limits: 1 to 1,000 a page; without `MaxResults` the first 1,000 and no token.

use std::sync::Arc;

use super::error::SqsError;
use super::operation_table::url;
use crate::kernel::Context;

const PAGE_MAX: usize = 1000;

/// Which page was asked for.
pub(super) struct Page {
    queues_max: usize,
    /// Without `MaxResults` AWS gives no token for what is left.
    is_limited: bool,
    /// The name after which the page begins.
    after: String,
}

impl Page {
    /// # Errors
    /// `InvalidParameterValue` for sizes that are not 1 to 1,000, and for what is no token of this
    /// list. Unverified: the words for the latter.
    pub(super) fn new(
        ctx: &Context<'_>,
        max_results: Option<i32>,
        next_token: Option<String>,
    ) -> Result<Self, SqsError> {
        let queues_max = match max_results {
            None => PAGE_MAX,
            Some(page) => {
                usize::try_from(page).ok().filter(|page| (1..=PAGE_MAX).contains(page)).ok_or_else(
                    || SqsError::value(page, "MaxResults", "Must be between 1 and 1000."),
                )?
            }
        };
        let no_token = |token| SqsError::value(token, "NextToken", "The token is not valid.");
        let after = match next_token.filter(|token| !token.is_empty()) {
            None => String::new(),
            Some(token) => ctx.page_position(&token).ok_or_else(|| no_token(token))?,
        };
        Ok(Self { queues_max, is_limited: max_results.is_some(), after })
    }

    /// The URLs on the page, and the token of the next one; `names` rise.
    pub(super) fn of<'a>(
        &self,
        ctx: &Context<'_>,
        names: impl Iterator<Item = &'a Arc<str>>,
    ) -> (Vec<String>, Option<String>) {
        let mut names = names.filter(|name| self.after.is_empty() || ***name > *self.after);
        let shown: Vec<_> = names.by_ref().take(self.queues_max).collect();
        let more = self.is_limited && names.next().is_some();
        let next_token = shown.last().filter(|_| more).map(|name| ctx.page_token(name));
        (shown.into_iter().map(|name| url(ctx, name)).collect(), next_token)
    }
}
