//! `p99.9` and the other words of `ExtendedStatistics`.

use serde::{Deserialize, Serialize};

/// A percentile, from `p0` to `p100`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Percentile(f64);

/// Longest number of digits behind the point.
///
/// Source: user guide "CloudWatch statistics definitions".
const DIGITS_MAX: usize = 10;

impl Percentile {
    /// Reads `p` and a number from 0 to 100 with up to ten digits behind the point.
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.strip_prefix('p')?;
        let (whole, digits) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(digits) || digits.len() > DIGITS_MAX {
            return None;
        }
        let number: f64 = number.parse().ok()?;
        (number <= 100.0).then_some(Self(number / 100.0))
    }

    /// The share of the samples, from 0 to 1.
    pub fn share(self) -> f64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_read() {
        for (text, share) in [("p0", 0.0), ("p50", 0.5), ("p99.5", 0.995), ("p100", 1.0)] {
            assert_eq!(Percentile::parse(text).unwrap().share(), share, "{text}");
        }
        for text in ["", "p", "50", "P50", "p-1", "p100.1", "p1e1", "p5.", "p+5", "p1.12345678901"]
        {
            assert_eq!(Percentile::parse(text), None, "{text}");
        }
    }
}
