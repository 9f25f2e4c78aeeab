//! Windows over event time: tumbling minutes, sliding windows of several panes, and sessions that
//! end with a gap.
//!
//! They know neither watermarks nor what is counted; whoever holds them says what is over.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;

const MILLIS_PER_MINUTE: i64 = 60_000;

/// What is counted in windows: merging in any order gives the same.
pub trait Merge: Default {
    fn merge(&mut self, other: &Self);
}

/// A minute of event time, counted from 1970: the tumbling window, and the pane of sliding ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MinuteNumber(pub i64);

/// A window of so many minutes that slides by one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sliding<T> {
    minutes: u32,
    panes: BTreeMap<MinuteNumber, T>,
}

/// Times that belong together: no two neighbours are further apart than the gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session<T> {
    pub first: Timestamp,
    pub last: Timestamp,
    pub content: T,
}

/// The open sessions of one key, disjoint and sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sessions<T>(Vec<Session<T>>);

impl MinuteNumber {
    pub fn of(at: Timestamp) -> Self {
        Self(at.as_millis().div_euclid(MILLIS_PER_MINUTE))
    }

    pub fn start(self) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_mul(MILLIS_PER_MINUTE))
    }

    /// The first moment that is not in it.
    pub fn end(self) -> Timestamp {
        self.next().start()
    }

    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// `minutes` earlier.
    pub fn back(self, minutes: u32) -> Self {
        Self(self.0.saturating_sub(i64::from(minutes)))
    }
}

impl<T: Merge> Sliding<T> {
    pub fn new(minutes: u32) -> Self {
        Self { minutes, panes: BTreeMap::new() }
    }

    /// The pane, to be changed.
    pub fn pane(&mut self, minute: MinuteNumber) -> &mut T {
        self.panes.entry(minute).or_default()
    }

    /// What is in one minute.
    pub fn get(&self, minute: MinuteNumber) -> Option<&T> {
        self.panes.get(&minute)
    }

    /// The window whose last minute this is.
    pub fn ending(&self, minute: MinuteNumber) -> T {
        let mut all = T::default();
        self.panes(minute, self.minutes).for_each(|(_, it)| all.merge(it));
        all
    }

    /// What is in each of so many minutes, of which this is the last.
    pub fn panes(
        &self,
        minute: MinuteNumber,
        minutes: u32,
    ) -> impl Iterator<Item = (MinuteNumber, &T)> {
        self.panes.range(minute.back(minutes).next()..=minute).map(|(at, it)| (*at, it))
    }

    /// Drops the panes before this one.
    pub fn forget_before(&mut self, minute: MinuteNumber) {
        self.panes = self.panes.split_off(&minute);
    }
}

impl<T: Merge> Sessions<T> {
    /// Adds what happened at a moment; sessions that it connects become one.
    pub fn add(&mut self, at: Timestamp, content: T, gap: Duration) {
        let mut new = Session { first: at, last: at, content };
        let touches = |it: &Session<T>| it.first <= at + gap && at <= it.last + gap;
        for session in self.0.extract_if(.., |it| touches(it)) {
            new.first = new.first.min(session.first);
            new.last = new.last.max(session.last);
            new.content.merge(&session.content);
        }
        let place = self.0.partition_point(|it| it.first < new.first);
        self.0.insert(place, new);
    }

    /// Takes out the sessions that nothing can be added to any more, the oldest first.
    pub fn close(&mut self, watermark: Timestamp, gap: Duration) -> Vec<Session<T>> {
        self.0.extract_if(.., |it| it.last + gap < watermark).collect()
    }

    pub fn open(&self) -> &[Session<T>] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    impl Merge for u64 {
        fn merge(&mut self, other: &Self) {
            *self += other;
        }
    }

    const GAP: Duration = Duration::from_millis(10);

    #[test]
    fn a_moment_is_in_one_minute() {
        for (millis, minute) in [(-1, -1), (0, 0), (59_999, 0), (60_000, 1)] {
            let number = MinuteNumber::of(Timestamp::from_millis(millis));
            assert_eq!(number, MinuteNumber(minute));
            assert!(number.start().as_millis() <= millis && millis < number.end().as_millis());
        }
    }

    #[test]
    fn a_sliding_window_holds_its_minutes_and_no_others() {
        let mut window = Sliding::new(3);
        for minute in 1..=5 {
            *window.pane(MinuteNumber(minute)) += 10_u64.pow(minute as u32);
        }
        let at = |minute| window.ending(MinuteNumber(minute));
        assert_eq!((at(0), at(1), at(3), at(5), at(7)), (0, 10, 1_110, 111_000, 100_000));
        assert_eq!(window.panes(MinuteNumber(5), 2).map(|it| it.1).sum::<u64>(), 110_000);
        window.forget_before(MinuteNumber(5));
        assert_eq!(window.ending(MinuteNumber(5)), 100_000);
    }

    #[test]
    fn a_gap_ends_a_session_and_a_late_event_joins_two() {
        let at = Timestamp::from_millis;
        let mut sessions = Sessions::default();
        for millis in [0, 10, 31, 40] {
            sessions.add(at(millis), 1_u64, GAP);
        }
        let found: Vec<_> = sessions.open().iter().map(|it| (it.first, it.content)).collect();
        assert_eq!(found, [(at(0), 2), (at(31), 2)]);
        let mut joined = sessions.clone();
        joined.add(at(21), 1, GAP);
        joined.add(at(20), 1, GAP);
        assert_eq!(joined.open(), [Session { first: at(0), last: at(40), content: 6 }]);
        assert_eq!(sessions.close(at(20), GAP), []);
        assert_eq!(sessions.close(at(21), GAP).len(), 1);
        assert_eq!(sessions.open().len(), 1);
    }

    proptest! {
        #[test]
        fn sessions_do_not_depend_on_the_order(
            millis in proptest::collection::vec(0_i64..300, 0..40),
        ) {
            let sessions = |millis: &[i64]| {
                let mut sessions = Sessions::default();
                for it in millis {
                    sessions.add(Timestamp::from_millis(*it), 1_u64, GAP);
                }
                sessions
            };
            let mut sorted = millis.clone();
            sorted.sort_unstable();
            let cuts = sorted.windows(2).filter(|it| it[1] - it[0] > 10).count();
            let found = sessions(&millis);
            prop_assert_eq!(found.open().len(), if millis.is_empty() { 0 } else { cuts + 1 });
            prop_assert_eq!(found, sessions(&sorted));
        }
    }
}
