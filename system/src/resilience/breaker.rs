//! A circuit breaker: after some failures in a row a dependency is left alone for a while, then
//! probed, and used again as soon as a probe succeeds.

use std::collections::BTreeSet;
use std::time::Duration;

use super::backoff::Backoff;
use crate::domain::Timestamp;

/// How often in a row a dependency must fail.
const FAILURES: u32 = 5;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    /// In a row.
    failures: u32,
    /// What has failed since the last success and may itself be at fault; as many as matter.
    suspects: BTreeSet<String>,
    /// Open, and until when.
    open: Option<Timestamp>,
    /// How often it was opened since the last success.
    openings: u32,
}

/// Whether a dependency may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    Yes,
    /// With one piece of work, to see whether it is back.
    Probe,
    /// Not for so long.
    No(Duration),
}

impl Breaker {
    pub fn admission(&self, now: Timestamp) -> Admission {
        match self.open {
            None => Admission::Yes,
            Some(until) if now >= until => Admission::Probe,
            Some(until) => Admission::No(until.since(now)),
        }
    }

    /// True from the failure that opens it to the success that closes it.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// Opens for `backoff`'s pause when there were enough failures, or when a probe failed. What
    /// was begun before it opened, and fails now, changes nothing.
    ///
    /// `suspect` names what was worked on if that may be at fault instead of the dependency. It
    /// counts once, however often it fails: one message that always fails opens nothing.
    pub fn failed(
        &mut self,
        suspect: Option<&str>,
        now: Timestamp,
        backoff: &Backoff,
        random: u64,
    ) {
        if suspect.is_none_or(|suspect| self.is_news(suspect)) {
            self.failures = self.failures.saturating_add(1);
        }
        let due = match self.open {
            None => self.failures >= FAILURES,
            Some(until) => now >= until,
        };
        if due {
            self.openings = self.openings.saturating_add(1);
            self.open = Some(now + backoff.pause(self.openings, random));
        }
    }

    fn is_news(&mut self, suspect: &str) -> bool {
        // With so many of them it is open.
        let full = self.suspects.len() >= FAILURES as usize;
        !full && self.suspects.insert(suspect.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff =
        Backoff { first: Duration::from_secs(2), most: Duration::from_secs(8) };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..FAILURES {
            assert_eq!(breaker.admission(at(0)), Admission::Yes);
            breaker.failed(None, at(0), &BACKOFF, 0);
        }
        breaker
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_is_probed_later() {
        let breaker = opened();
        assert_eq!(breaker.admission(at(0)), Admission::No(Duration::from_secs(1)));
        assert_eq!(breaker.admission(at(1)), Admission::Probe);
    }

    #[test]
    fn a_success_in_between_starts_the_count_anew() {
        let mut breaker = Breaker::default();
        for _ in 0..10 {
            (1..FAILURES).for_each(|_| breaker.failed(None, at(0), &BACKOFF, 0));
            breaker.succeeded();
        }
        assert!(!breaker.is_open());
    }

    #[test]
    fn what_fails_alone_is_not_the_dependencys_fault() {
        let check = |failing: &[&str], opens: bool| {
            let mut breaker = Breaker::default();
            for suspect in failing {
                breaker.failed(Some(suspect), at(0), &BACKOFF, 0);
            }
            assert_eq!(breaker.is_open(), opens, "{failing:?}");
        };
        check(&["a"; 50], false);
        check(&["a", "b", "c", "d"].repeat(20), false);
        check(&["a", "b", "c", "d", "e"], true);
        check(&["a", "a", "b", "b", "c", "d", "e"], true);
        let mut breaker = Breaker::default();
        for suspect in ["a", "b", "c", "d", "e", "f"] {
            breaker.succeeded();
            breaker.failed(Some(suspect), at(0), &BACKOFF, 0);
        }
        assert!(!breaker.is_open(), "a success in between clears all of them");
    }

    #[test]
    fn a_failed_probe_opens_it_for_longer_and_a_good_one_closes_it() {
        let mut breaker = opened();
        // Begun before it opened.
        breaker.failed(None, at(0), &BACKOFF, 0);
        assert_eq!(breaker.admission(at(1)), Admission::Probe);
        for (now, pause) in [(1, 2), (3, 4), (7, 4)] {
            breaker.failed(None, at(now), &BACKOFF, 0);
            assert_eq!(breaker.admission(at(now)), Admission::No(Duration::from_secs(pause)));
        }
        breaker.succeeded();
        assert_eq!(breaker.admission(at(7)), Admission::Yes);
    }
}
