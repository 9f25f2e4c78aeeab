//! What a customer pays with: the payments' business and nobody else's.
//!
//! It may be a card's number. So it is printed nowhere, not even for debugging, and whoever only
//! tells that there is one says [`PaymentMethod::hidden`].

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::{InvalidText, needed};

/// Longest payment method, in characters.
pub const PAYMENT_METHOD_LENGTH_MAX: usize = 100;
/// Stands where it need not be known.
pub const HIDDEN: &str = "***";

/// Read back from what was stored or told, it is what it was.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PaymentMethod(String);

impl PaymentMethod {
    /// Parses a text from outside.
    pub fn parse(text: &str) -> Result<Self, InvalidText> {
        needed("payment method", text, PAYMENT_METHOD_LENGTH_MAX)?;
        Ok(Self(text.to_owned()))
    }

    pub fn hidden() -> Self {
        Self(HIDDEN.to_owned())
    }

    /// For the gateway.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PaymentMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_bounded_and_never_printed() {
        let card = PaymentMethod::parse("4111 1111 1111 1111").expect("a payment method");
        assert_eq!(format!("{card:?}"), "***");
        assert_eq!(serde_json::to_string(&card).expect("JSON"), r#""4111 1111 1111 1111""#);
        let long = "x".repeat(PAYMENT_METHOD_LENGTH_MAX + 1);
        for bad in ["", "  ", "a\u{7}", &long] {
            let error = PaymentMethod::parse(bad).expect_err("refused").to_string();
            assert!(error.starts_with("the payment method ") && !error.contains(&long), "{error}");
        }
        assert!(PaymentMethod::parse(&long[1..]).is_ok());
    }
}
