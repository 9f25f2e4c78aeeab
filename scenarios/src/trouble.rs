//! When something was going wrong on purpose. Invariants that ask whether something had a reason
//! look here; the others don't know.

use harness::script::Nemesis;
use orderflow::domain::Timestamp;
use std::time::Duration;

/// How long what was disturbed may stay behind: the longest pause between two tries, with what a
/// message may be hidden for.
const AFTERMATH: Duration = Duration::from_secs(400);

/// The fault under which what is delivered is dropped, and never tried again.
const LOSES: &str = "remove_policy";

/// The windows of a script's faults, counted from its first step.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schedule(Vec<(Duration, Option<Duration>)>);

/// The same in the system's time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trouble(Vec<(Timestamp, Timestamp)>);

impl Schedule {
    pub(crate) fn of(faults: &[Nemesis]) -> Self {
        let span = |it: &Nemesis| {
            let from = it.from.map(|from| from.0).unwrap_or_default();
            // What was lost then stays lost.
            let until = it.until.filter(|_| it.fault != LOSES);
            (from, until.map(|until| until.0))
        };
        Self(faults.iter().map(span).collect())
    }

    /// From the first step to the end.
    pub(crate) fn always() -> Self {
        Self(vec![(Duration::ZERO, None)])
    }

    /// `zero`: the first step. What has no end lasts until `now`.
    pub(crate) fn at(&self, zero: Timestamp, now: Timestamp) -> Trouble {
        let mut windows: Vec<_> = (self.0.iter())
            .map(|(from, until)| (zero + *from, until.map_or(now, |until| zero + until)))
            .collect();
        windows.sort_unstable();
        Trouble(windows)
    }
}

impl Trouble {
    #[cfg(test)]
    pub(crate) fn between(windows: &[(Timestamp, Timestamp)]) -> Self {
        Self(windows.to_vec())
    }

    /// Nothing ever went wrong.
    pub(crate) fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether anything went wrong then, or so recently that it may still be felt.
    pub(crate) fn is_felt(&self, from: Timestamp, until: Timestamp) -> bool {
        self.0.iter().any(|(begin, end)| *begin <= until && from <= *end + AFTERMATH)
    }

    /// Whether there was a stretch in which nothing went wrong, long enough for everybody to catch
    /// up.
    pub(crate) fn has_calm(&self, from: Timestamp, until: Timestamp) -> bool {
        let mut calm_since = from;
        for (begin, end) in &self.0 {
            if *end < from || *begin > until {
                continue;
            }
            if begin.since(calm_since) >= AFTERMATH {
                return true;
            }
            calm_since = calm_since.max(*end);
        }
        until.since(calm_since) >= AFTERMATH
    }
}

#[cfg(test)]
mod tests {
    use super::Trouble;
    use orderflow::domain::Timestamp;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1000 * seconds)
    }

    #[test]
    fn calm_is_long_enough_to_catch_up() {
        let check = |windows: &[(i64, i64)], until: i64, calm: bool| {
            let windows: Vec<_> = windows.iter().map(|(from, to)| (at(*from), at(*to))).collect();
            let trouble = Trouble::between(&windows);
            assert_eq!(trouble.has_calm(at(0), at(until)), calm, "{windows:?} until {until}");
        };
        check(&[], 399, false);
        check(&[], 400, true);
        check(&[(0, 60)], 450, false);
        check(&[(0, 60)], 460, true);
        check(&[(0, 60), (100, 400)], 790, false);
        check(&[(0, 60), (500, 900)], 900, true);
        check(&[(900, 990)], 300, false);
    }

    #[test]
    fn trouble_is_felt_for_a_while() {
        let trouble = Trouble::between(&[(at(100), at(200))]);
        let felt = |from, until| trouble.is_felt(at(from), at(until));
        assert!(!felt(0, 99) && felt(0, 100) && felt(150, 160) && felt(600, 700));
        assert!(!felt(601, 700));
    }
}
