//! Pages of lists.

use super::constraint::{Constraints, LIMIT};
use super::error::LogsError;
use crate::kernel::Context;

/// Which part of a list is wanted.
pub(super) struct Page {
    /// The page begins behind this entry.
    after: Option<String>,
    limit: usize,
}

impl Page {
    /// The page that a token and a limit of at most 50 ask for.
    ///
    /// # Errors
    /// `InvalidParameterException`.
    pub(super) fn of(
        ctx: &Context<'_>,
        token: Option<&str>,
        limit: Option<i32>,
    ) -> Result<Self, LogsError> {
        Self::up_to(ctx, token, ("limit", limit), LIMIT.1)
    }

    /// The same with another bound, which is also the size of a page where nobody says one.
    ///
    /// # Errors
    /// `InvalidParameterException`.
    pub(super) fn up_to(
        ctx: &Context<'_>,
        token: Option<&str>,
        (member, limit): (&str, Option<i32>),
        max: i32,
    ) -> Result<Self, LogsError> {
        let mut check = Constraints::default();
        check.range(member, limit, (1, max));
        check.done()?;
        let position = |token| ctx.page_position(token).ok_or(LogsError::InvalidToken);
        let after = token.map(position).transpose()?;
        Ok(Self { after, limit: limit.unwrap_or(max) as usize })
    }

    /// Cuts the page out of entries that are ordered by their keys; the token of the next one.
    pub(super) fn cut<T>(
        &self,
        ctx: &Context<'_>,
        entries: impl Iterator<Item = (String, T)>,
    ) -> (Vec<T>, Option<String>) {
        let after = self.after.as_deref();
        self.take(ctx, entries.filter(|(key, _)| after.is_none_or(|after| key.as_str() > after)))
    }

    /// The same for entries in any order, of which the page begins behind the one that it names.
    pub(super) fn cut_behind<T>(
        &self,
        ctx: &Context<'_>,
        entries: Vec<(String, T)>,
    ) -> (Vec<T>, Option<String>) {
        let after = self.after.as_deref();
        let found = entries.iter().position(|(key, _)| Some(key.as_str()) == after);
        self.take(ctx, entries.into_iter().skip(found.map_or(0, |at| at + 1)))
    }

    fn take<T>(
        &self,
        ctx: &Context<'_>,
        mut rest: impl Iterator<Item = (String, T)>,
    ) -> (Vec<T>, Option<String>) {
        let mut page = Vec::new();
        let mut last = None;
        for (key, entry) in rest.by_ref().take(self.limit) {
            page.push(entry);
            last = Some(key);
        }
        let more = rest.next().is_some();
        (page, last.filter(|_| more).map(|last| ctx.page_token(&last)))
    }
}
