//! The checks that AWS makes of a request's members by its model, before the operation sees them.
//!
//! Operations on metrics have findings of their own; those on alarms and dashboards report these.

use std::fmt;

use super::error::CloudWatchError;

/// The constraints that a request breaks, so far.
#[derive(Debug, Default)]
pub(super) struct Constraints {
    broken: Vec<String>,
}

impl Constraints {
    /// `Ok` when none is broken.
    ///
    /// # Errors
    /// `ValidationError` with all of them. Source: answers recorded on AWS, 2025-09-22.
    pub(super) fn done(self) -> Result<(), CloudWatchError> {
        let number = self.broken.len();
        if number == 0 {
            return Ok(());
        }
        let errors = if number == 1 { "error" } else { "errors" };
        let all = self.broken.join("; ");
        Err(CloudWatchError::Validation(format!("{number} validation {errors} detected: {all}")))
    }

    fn broken(&mut self, member: &str, value: impl fmt::Display, constraint: impl fmt::Display) {
        self.broken.push(format!(
            "Value {value} at '{member}' failed to satisfy constraint: {constraint}"
        ));
    }

    fn quoted(&mut self, member: &str, value: impl fmt::Display, constraint: impl fmt::Display) {
        self.broken(member, format_args!("'{value}'"), constraint);
    }

    /// A member that must be there.
    pub(super) fn required<T>(&mut self, member: &str, value: Option<&T>) {
        if value.is_none() {
            self.broken(member, "null", "Member must not be null");
        }
    }

    /// A text of `min` to `max` characters, if it is there.
    pub(super) fn length(&mut self, member: &str, text: Option<&str>, (min, max): (usize, usize)) {
        let Some(text) = text else { return };
        let length = text.chars().count();
        if length < min {
            let constraint = format!("Member must have length greater than or equal to {min}");
            self.quoted(member, text, constraint);
        } else if length > max {
            let constraint = format!("Member must have length less than or equal to {max}");
            self.quoted(member, text, constraint);
        }
    }

    /// A list of at most `max` entries.
    pub(super) fn entries(&mut self, member: &str, list: Option<&[String]>, max: usize) {
        let list = list.unwrap_or_default();
        if list.len() > max {
            let constraint = format!("Member must have length less than or equal to {max}");
            self.quoted(member, format_args!("[{}]", list.join(", ")), constraint);
        }
    }

    /// A number between two bounds, if it is there.
    pub(super) fn range(&mut self, member: &str, value: Option<i32>, (min, max): (i32, i32)) {
        let Some(value) = value else { return };
        if value < min {
            let constraint = format!("Member must have value greater than or equal to {min}");
            self.quoted(member, value, constraint);
        } else if value > max {
            let constraint = format!("Member must have value less than or equal to {max}");
            self.quoted(member, value, constraint);
        }
    }

    /// A word out of `allowed`, if it is there.
    pub(super) fn one_of(&mut self, member: &str, value: Option<&str>, allowed: &[&str]) {
        let Some(value) = value.filter(|value| !allowed.contains(value)) else { return };
        let allowed = allowed.join(", ");
        let constraint = format!("Member must satisfy enum value set: [{allowed}]");
        self.quoted(member, value, constraint);
    }
}
