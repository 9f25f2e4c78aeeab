//! Why a value has no XML form.

use std::fmt::Display;

/// An error of the XML writer: what was found where it has no XML form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct XmlError(pub(super) String);

impl serde::ser::Error for XmlError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}
