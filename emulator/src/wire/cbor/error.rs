//! Why bytes are no CBOR value of the wanted type, or a value has no CBOR form.

use std::fmt::Display;

use super::reader::DEPTH_MAX;

/// An error of the CBOR reader or writer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    #[error("the input ends inside a value")]
    Truncated,
    #[error("bytes follow the value")]
    Trailing,
    #[error("arrays and maps nest deeper than {DEPTH_MAX}")]
    TooDeep,
    #[error("a text string is not UTF-8")]
    Utf8,
    #[error("the byte {0:#04x} starts no value here")]
    Malformed(u8),
    #[error("an integer does not fit in 64 bits")]
    IntegerRange,
    #[error("expected {0}")]
    Expected(&'static str),
    #[error("an array or map has another length than announced")]
    Length,
    /// What the type being read or written has to say.
    #[error("{0}")]
    Custom(String),
}

impl serde::de::Error for CborError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}

impl serde::ser::Error for CborError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}
