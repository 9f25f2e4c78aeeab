//! How far event time has come: per input, and over all inputs of a task.
//!
//! It reads no clock. Times come from events, and from whoever knows that an input has been read
//! to its end.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;

/// The watermarks of inputs, by key. An input's watermark says: nothing older is expected of it.
/// It never goes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(serialize = "K: Ord + Serialize", deserialize = "K: Ord + Deserialize<'de>"))]
pub struct Watermarks<K: Ord>(BTreeMap<K, Option<Timestamp>>);

impl<K: Ord> Watermarks<K> {
    /// Of inputs of which nothing has been heard yet.
    pub fn new(inputs: impl IntoIterator<Item = K>) -> Self {
        Self(inputs.into_iter().map(|it| (it, None)).collect())
    }

    /// An event of this input happened then; others may come that are older by up to `disorder`.
    pub fn saw(&mut self, input: &K, at: Timestamp, disorder: Duration) {
        self.raise(input, at - disorder);
    }

    /// The input has been read to its end, by the clock at `caught_up_at`: it may be silent, and
    /// must not hold the others back. What is written to it from now on is younger than that, up
    /// to `disorder`.
    pub fn idle(&mut self, input: &K, caught_up_at: Timestamp, disorder: Duration) {
        self.raise(input, caught_up_at - disorder);
    }

    /// The lowest watermark; none while an input has not been heard of.
    pub fn low(&self) -> Option<Timestamp> {
        self.0.values().min().copied().flatten()
    }

    /// The lowest watermark of inputs that have been heard of.
    pub fn low_of_known(&self) -> Option<Timestamp> {
        self.0.values().flatten().min().copied()
    }

    /// The watermark of one input.
    pub fn of(&self, input: &K) -> Option<Timestamp> {
        self.0.get(input).copied().flatten()
    }

    fn raise(&mut self, input: &K, to: Timestamp) {
        if let Some(mark) = self.0.get_mut(input) {
            *mark = (*mark).max(Some(to));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_input_decides_and_none_goes_back() {
        let (at, disorder) = (Timestamp::from_millis, Duration::from_millis(10));
        let mut marks = Watermarks::new(["a", "b"]);
        assert_eq!(marks.low(), None);
        marks.saw(&"a", at(100), disorder);
        assert_eq!((marks.of(&"a"), marks.low()), (Some(at(90)), None));
        assert_eq!(marks.low_of_known(), Some(at(90)));
        marks.saw(&"b", at(50), disorder);
        assert_eq!(marks.low(), Some(at(40)));
        marks.saw(&"b", at(30), disorder);
        assert_eq!(marks.low(), Some(at(40)));
        marks.idle(&"b", at(300), disorder);
        assert_eq!(marks.low(), Some(at(90)));
        marks.saw(&"c", at(0), disorder);
        assert_eq!(marks.of(&"c"), None, "not an input");
    }
}
