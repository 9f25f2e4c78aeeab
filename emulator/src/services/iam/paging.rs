//! Lists in pages: `MaxItems` entries (100 where nothing is said), and the marker of the next page.

use super::constraint::Check;
use super::error::IamError;
use crate::kernel::Context;

/// Entries of a page where nothing is said.
const PAGE: usize = 100;

/// Which part of a list is asked for.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) max_items: Option<i32>,
    pub(super) marker: Option<String>,
}

impl Page {
    /// # Errors
    /// `ValidationError`.
    pub(super) fn check(&self) -> Result<(), IamError> {
        let mut check = Check::default();
        check.max_items(self.max_items);
        check.done()
    }

    /// The part of `all`, which is in the order of its keys, and the marker of the part after it.
    ///
    /// # Errors
    /// `ValidationError` for a marker that is none. Unverified: the text.
    pub(super) fn of<'k, T>(
        self,
        ctx: &Context<'_>,
        all: impl Iterator<Item = (&'k str, T)>,
    ) -> Result<Part<T>, IamError> {
        self.check()?;
        let no_marker = || IamError::Validation("Invalid Marker.".to_owned());
        let from =
            self.marker.map(|it| ctx.page_position(&it).ok_or_else(no_marker)).transpose()?;
        let limit = self.max_items.map_or(PAGE, |max| max.unsigned_abs() as usize);
        let mut rest = all.filter(|(key, _)| from.as_ref().is_none_or(|from| *key > from.as_str()));
        let mut last = None;
        let mut shown = Vec::new();
        for (key, entry) in rest.by_ref().take(limit) {
            last = Some(key);
            shown.push(entry);
        }
        let more = rest.next().is_some();
        let marker = last.filter(|_| more).map(|key| ctx.page_token(key));
        Ok(Part { shown, is_truncated: Some(more), marker })
    }
}

/// A part of a list.
#[derive(Debug)]
pub(super) struct Part<T> {
    pub(super) shown: Vec<T>,
    pub(super) is_truncated: Option<bool>,
    pub(super) marker: Option<String>,
}
