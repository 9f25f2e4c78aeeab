//! Where an event stands: in time, then in the order in which events came.

use serde::{Deserialize, Serialize};

/// An event's place among all events of the account and region.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Position {
    /// The event's own time in milliseconds since 1970.
    pub timestamp: i64,
    /// Counts all events that were taken in.
    pub sequence: u64,
}

/// Digits of an event's id, as on AWS.
const DIGITS: usize = 56;
/// Those of the sequence, at the end.
const SEQUENCE_DIGITS: usize = 20;

impl Position {
    /// Behind every event.
    pub(super) const END: Self = Self { timestamp: i64::MAX, sequence: u64::MAX };

    /// The first place at or after a time.
    pub(super) fn at(timestamp: i64) -> Self {
        Self { timestamp, sequence: 0 }
    }

    /// The place right behind this one.
    pub(super) fn next(self) -> Self {
        Self { sequence: self.sequence.saturating_add(1), ..self }
    }

    /// The event's id: 56 digits.
    pub(super) fn id(self) -> String {
        let width = DIGITS - SEQUENCE_DIGITS;
        format!("{:0width$}{:020}", self.timestamp.max(0), self.sequence)
    }

    /// Reads an id.
    pub(super) fn of_id(id: &str) -> Option<Self> {
        let digits = id.len() == DIGITS && id.bytes().all(|byte| byte.is_ascii_digit());
        let (timestamp, sequence) = id.split_at_checked(DIGITS - SEQUENCE_DIGITS)?;
        let timestamp = timestamp.parse().ok().filter(|_| digits)?;
        Some(Self { timestamp, sequence: sequence.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_written() {
        for (timestamp, sequence) in [(0, 0), (1_767_225_600_000, 17), (i64::MAX, u64::MAX)] {
            let position = Position { timestamp, sequence };
            assert_eq!(position.id().len(), 56);
            assert_eq!(Position::of_id(&position.id()), Some(position));
        }
        for wrong in ["", "1", "x", &"9".repeat(56), &"+".repeat(56), &"ä".repeat(28)] {
            assert_eq!(Position::of_id(wrong), None, "{wrong}");
        }
    }
}
