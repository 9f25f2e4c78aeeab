//! The checks that AWS makes of a request's members by its model, before the operation sees them.
//!
//! Knows what AWS says of a member that breaks a constraint, and no service: each has the error for
//! it, and may add checks of its own.

use std::fmt;

/// The constraints that a request breaks, so far.
#[derive(Debug, Default)]
pub(crate) struct Constraints {
    broken: Vec<String>,
}

/// AWS's sentence about all that a request breaks: the text of a `ValidationError`.
#[derive(Debug)]
pub(crate) struct Broken(pub(crate) String);

impl Constraints {
    /// `Ok` when none is broken.
    ///
    /// # Errors
    /// All of them. Source: answers recorded on AWS, 2025-07-21 (STS), 2025-09-22 (CloudWatch).
    pub(crate) fn done(self) -> Result<(), Broken> {
        let number = self.broken.len();
        if number == 0 {
            return Ok(());
        }
        let errors = if number == 1 { "error" } else { "errors" };
        let all = self.broken.join("; ");
        Err(Broken(format!("{number} validation {errors} detected: {all}")))
    }

    /// A constraint is broken; `value` is shown as it is, with a blank before it if it is shown.
    pub(crate) fn broken(
        &mut self,
        member: &str,
        value: impl fmt::Display,
        constraint: impl fmt::Display,
    ) {
        self.broken
            .push(format!("Value{value} at '{member}' failed to satisfy constraint: {constraint}"));
    }

    /// The same with the value in quotation marks.
    pub(crate) fn quoted(
        &mut self,
        member: &str,
        value: impl fmt::Display,
        constraint: impl fmt::Display,
    ) {
        self.broken(member, format_args!(" '{value}'"), constraint);
    }

    /// A member that must be there.
    pub(crate) fn required<T>(&mut self, member: &str, value: Option<&T>) {
        if value.is_none() {
            self.broken(member, " null", "Member must not be null");
        }
    }

    /// Something of `count` parts; `value` is shown as with [`Self::broken`].
    pub(crate) fn count(
        &mut self,
        member: &str,
        value: impl fmt::Display,
        count: usize,
        (min, max): (usize, usize),
    ) {
        if count < min {
            let constraint = format!("Member must have length greater than or equal to {min}");
            self.broken(member, value, constraint);
        } else if count > max {
            let constraint = format!("Member must have length less than or equal to {max}");
            self.broken(member, value, constraint);
        }
    }

    /// A text of so many characters, if it is there.
    pub(crate) fn length(&mut self, member: &str, text: Option<&str>, bounds: (usize, usize)) {
        if let Some(text) = text {
            self.count(member, format_args!(" '{text}'"), text.chars().count(), bounds);
        }
    }

    /// A list of so many entries.
    pub(crate) fn entries(&mut self, member: &str, list: &[String], bounds: (usize, usize)) {
        self.count(member, format_args!(" '[{}]'", list.join(", ")), list.len(), bounds);
    }

    /// A number between two bounds, if it is there.
    pub(crate) fn range(&mut self, member: &str, value: Option<i32>, (min, max): (i32, i32)) {
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
    pub(crate) fn one_of(&mut self, member: &str, value: Option<&str>, allowed: &[&str]) {
        let Some(value) = value.filter(|value| !allowed.contains(value)) else { return };
        self.quoted(member, value, Self::words(allowed));
    }

    /// The constraint that one of these words be given, which AWS tells in an order of its own.
    pub(crate) fn words(allowed: &[&str]) -> String {
        format!("Member must satisfy enum value set: [{}]", allowed.join(", "))
    }
}
