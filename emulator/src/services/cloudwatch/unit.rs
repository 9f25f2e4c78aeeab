//! The units that samples may have. Never converted.

use serde::{Deserialize, Serialize};

use crate::services::shared::units::UNITS;

/// A unit, as its place among [`Unit::all`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unit(u8);

impl Unit {
    /// The unit of samples that say nothing.
    pub const NONE: Self = Self(26);
    pub const COUNT: Self = Self(14);
    pub const SECONDS: Self = Self(0);
    pub const MILLISECONDS: Self = Self(2);
    pub const BYTES: Self = Self(3);
    /// No unit is before this one.
    pub(super) const FIRST: Self = Self(0);
    /// No unit is behind this one.
    pub(super) const LAST: Self = Self::NONE;

    /// The unit that AWS calls `name`.
    pub fn parse(name: &str) -> Option<Self> {
        (0..).zip(UNITS).find(|(_, unit)| *unit == name).map(|(place, _)| Self(place))
    }

    pub fn as_str(self) -> &'static str {
        UNITS[usize::from(self.0)]
    }

    /// The names of all units.
    pub fn all() -> &'static [&'static str] {
        &UNITS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_units_correspond() {
        for name in UNITS {
            assert_eq!(Unit::parse(name).map(Unit::as_str), Some(name));
        }
        assert_eq!(Unit::NONE.as_str(), "None");
        assert_eq!(Unit::COUNT.as_str(), "Count");
        assert_eq!(Unit::SECONDS.as_str(), "Seconds");
        assert_eq!(Unit::MILLISECONDS.as_str(), "Milliseconds");
        assert_eq!(Unit::BYTES.as_str(), "Bytes");
        assert_eq!(Unit::parse("none"), None);
    }
}
