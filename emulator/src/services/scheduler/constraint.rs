//! What the members of requests must be, by the model.

use super::error::SchedulerError;
use crate::services::shared::constraint::Constraints;
use crate::services::shared::model::Model;

/// What requests must be.
pub(super) static MODEL: Model =
    Model::new(include_str!("model.json"), |_, broken| SchedulerError::from(broken).into());

/// The pattern of names, as the model writes it.
const NAME: &str = "^[0-9a-zA-Z-_.]+$";
const NAME_CHARACTERS: (usize, usize) = (1, 64);
const TOKEN: &str = "^[a-zA-Z0-9-_]+$";
const TOKEN_CHARACTERS: (usize, usize) = (1, 64);
/// Entries of one page.
const PAGE: (i32, i32) = (1, 100);

impl Constraints {
    /// The name of a schedule or a group, if it is there.
    pub(in crate::services::scheduler) fn name(&mut self, member: &str, value: Option<&str>) {
        let takes = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        self.pattern(member, value, (NAME, takes));
        self.length(member, value, NAME_CHARACTERS);
    }

    /// A client's token, if it is there.
    pub(in crate::services::scheduler) fn token(&mut self, value: Option<&str>) {
        let takes = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        self.pattern("clientToken", value, (TOKEN, takes));
        self.length("clientToken", value, TOKEN_CHARACTERS);
    }

    pub(in crate::services::scheduler) fn page(&mut self, max_results: Option<i32>) {
        self.range("maxResults", max_results, PAGE);
    }

    fn pattern(
        &mut self,
        member: &str,
        value: Option<&str>,
        (pattern, takes): (&str, fn(char) -> bool),
    ) {
        if let Some(text) = value
            && (text.is_empty() || !text.chars().all(takes))
        {
            let constraint = format!("Member must satisfy regular expression pattern: {pattern}");
            self.broken(member, format_args!(" '{text}'"), constraint);
        }
    }
}

/// The one member of a request that has to be a name.
///
/// # Errors
/// `ValidationException`.
pub(super) fn name(value: Option<String>) -> Result<String, SchedulerError> {
    let mut constraints = Constraints::default();
    constraints.required("name", value.as_ref());
    constraints.name("name", value.as_deref());
    constraints.done()?;
    Ok(value.unwrap_or_default())
}
