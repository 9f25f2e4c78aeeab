//! Identifiers, one type each, parsed once at the border and trusted after that.
//!
//! They appear in queue messages, table keys and log lines, so their alphabet is narrow.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest identifier, in characters.
pub const IDENTIFIER_LENGTH_MAX: usize = 64;

/// A text that is no identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{kind} must have 1 to {IDENTIFIER_LENGTH_MAX} letters, digits, '-', '_' or '.', the first of \
     them a letter or a digit, got {text:?}"
)]
pub struct InvalidIdentifier {
    kind: &'static str,
    text: String,
}

fn parse(kind: &'static str, text: &str) -> Result<String, InvalidIdentifier> {
    let fits = (1..=IDENTIFIER_LENGTH_MAX).contains(&text.len());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    // So none is "." or "..", which paths and shells take for something else, nor like a flag.
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if fits && begins && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        let text = text.chars().take(IDENTIFIER_LENGTH_MAX).collect();
        Err(InvalidIdentifier { kind, text })
    }
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses a text from outside.
            pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
                parse($kind, text).map(Self)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidIdentifier;
            fn try_from(text: String) -> Result<Self, InvalidIdentifier> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

identifier!(
    /// One order; also the key under which participants recognise a repeated request.
    OrderId,
    "order id"
);
identifier!(
    /// Who ordered.
    CustomerId,
    "customer id"
);
identifier!(
    /// What tells a repeated request from a new one.
    IdempotencyKey,
    "idempotency key"
);
identifier!(
    /// One article kept in stock.
    ProductId,
    "product id"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_identifiers_are_accepted() {
        for good in ["a", "7", "order-1", "A_b.9", "a.-", &"x".repeat(64)] {
            assert_eq!(OrderId::parse(good).map(|id| id.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "a b", "a/b", "é", ".", "..", "-", "-rf", "_a", "...", &"x".repeat(65)] {
            assert!(OrderId::parse(bad).is_err(), "{bad:?}");
        }
        assert!(serde_json::from_str::<ProductId>("\"a#b\"").is_err());
    }
}
