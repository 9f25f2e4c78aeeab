//! Why a form is no value of the wanted type.

use std::fmt::{self, Display};

/// What is wrong with one member of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError {
    /// The member's key as it was sent (`Entry.1.Id`); empty when the whole body is meant.
    pub member: String,
    /// What was expected or is wrong, in words that can follow the member and a colon.
    pub problem: String,
}

impl FormError {
    pub(super) fn new(member: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { member: member.into(), problem: problem.into() }
    }

    /// The same error, at `member` unless the place is already known.
    pub(in crate::wire) fn at(self, member: &str) -> Self {
        if self.member.is_empty() { Self::new(member, self.problem) } else { self }
    }
}

impl Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.member.is_empty() {
            f.write_str(&self.problem)
        } else {
            write!(f, "{}: {}", self.member, self.problem)
        }
    }
}

impl std::error::Error for FormError {}

impl serde::de::Error for FormError {
    fn custom<T: Display>(message: T) -> Self {
        Self::new("", message.to_string())
    }
}
