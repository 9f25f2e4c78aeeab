//! How often and when something that failed is tried again: a schedule that each service fills in.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::wire::Timestamp;

/// When a delivery that failed is tried again, and when it is given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetrySchedule {
    /// One after the other; after the last it is given up.
    pub phases: Cow<'static, [RetryPhase]>,
    /// The share of each pause that chance may take away: 0 to 1.
    pub jitter: f64,
    /// Most retries, whatever the phases say (EventBridge's `MaximumRetryAttempts`).
    pub attempts_max: u32,
    /// Longest time of trying in seconds, if there is one (`MaximumEventAgeInSeconds`).
    pub age_max: Option<u32>,
}

/// Retries with one rule for their pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryPhase {
    pub retries: u32,
    pub pause: Pause,
}

/// How long to wait before a retry of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pause {
    Seconds(u32),
    /// Twice as long each time, from the first to the longest.
    Doubling {
        first_seconds: u32,
        longest_seconds: u32,
    },
}

impl Pause {
    /// The pause before the retry `number` of its phase, from 0.
    fn seconds(self, number: u32) -> u32 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Doubling { first_seconds, longest_seconds } => {
                let factor = 1_u32.checked_shl(number).unwrap_or(u32::MAX);
                first_seconds.saturating_mul(factor).min(longest_seconds)
            }
        }
    }
}

/// Why something is not tried again, in EventBridge's word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exhausted(pub &'static str);

impl RetrySchedule {
    /// EventBridge's, for events and what is sent like them.
    ///
    /// Source: user guide "How EventBridge retries delivering events".
    // Differs from AWS: the pauses double from one second to ten minutes, less up to half by
    // chance; AWS says only that they grow exponentially and vary.
    pub const EVENTS: Self = Self {
        phases: Cow::Borrowed(&[RetryPhase {
            retries: u32::MAX,
            pause: Pause::Doubling { first_seconds: 1, longest_seconds: 600 },
        }]),
        jitter: 0.5,
        attempts_max: 185,
        age_max: Some(86_400),
    };

    /// It is tried once.
    pub const NEVER: Self =
        Self { phases: Cow::Borrowed(&[]), jitter: 0.0, attempts_max: 0, age_max: None };
}

/// How often a delivery was tried, and how often it may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retry {
    /// Tries that failed so far.
    pub failed: u32,
    /// When it was first tried; unset before.
    pub since: Option<Timestamp>,
    pub schedule: RetrySchedule,
}

impl Retry {
    /// Nothing was tried yet.
    pub const fn on(schedule: RetrySchedule) -> Self {
        Self { failed: 0, since: None, schedule }
    }

    /// When the next try is, after at least one has failed. `chance`, from 0 to below 1, shortens
    /// the pause as far as the schedule lets it.
    ///
    /// # Errors
    /// [`Exhausted`] when it is given up.
    pub fn next(&self, now: Timestamp, chance: f64) -> Result<Timestamp, Exhausted> {
        let attempts = Exhausted("MaximumRetryAttempts");
        if self.failed > self.schedule.attempts_max {
            return Err(attempts);
        }
        let mut number = self.failed - 1;
        for phase in &*self.schedule.phases {
            if number < phase.retries {
                let seconds = f64::from(phase.pause.seconds(number));
                let seconds = seconds * (1.0 - chance * self.schedule.jitter);
                let next = now + Duration::from_millis((seconds * 1000.0) as u64);
                return match self.schedule.age_max {
                    Some(age) if self.is_older(next, age) => {
                        Err(Exhausted("MaximumEventAgeInSeconds"))
                    }
                    _ => Ok(next),
                };
            }
            number -= phase.retries;
        }
        Err(attempts)
    }

    fn is_older(&self, at: Timestamp, seconds: u32) -> bool {
        let since = self.since.unwrap_or(at);
        at.since(since) > Duration::from_secs(seconds.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHASES: &[RetryPhase] = &[
        RetryPhase { retries: 2, pause: Pause::Seconds(0) },
        RetryPhase { retries: 4, pause: Pause::Doubling { first_seconds: 3, longest_seconds: 10 } },
        RetryPhase { retries: 1, pause: Pause::Seconds(7) },
    ];

    fn pauses(schedule: &RetrySchedule, chance: f64) -> Vec<i64> {
        let now = Timestamp::default();
        let of = |failed| {
            let retry = Retry { failed, since: Some(now), schedule: schedule.clone() };
            retry.next(now, chance).map(Timestamp::millis)
        };
        (1..100).map_while(|failed| of(failed).ok()).collect()
    }

    #[test]
    fn phases_follow_one_another() {
        let schedule = RetrySchedule {
            phases: PHASES.into(),
            jitter: 0.5,
            attempts_max: u32::MAX,
            age_max: None,
        };
        assert_eq!(pauses(&schedule, 0.0), [0, 0, 3000, 6000, 10_000, 10_000, 7000]);
        assert_eq!(pauses(&schedule, 0.5), [0, 0, 2250, 4500, 7500, 7500, 5250]);
        let few = RetrySchedule { attempts_max: 3, ..schedule.clone() };
        assert_eq!(pauses(&few, 0.0), [0, 0, 3000]);
        let young = RetrySchedule { age_max: Some(6), ..schedule };
        assert_eq!(pauses(&young, 0.0), [0, 0, 3000, 6000]);
        assert!(pauses(&RetrySchedule::NEVER, 0.0).is_empty());
    }
}
