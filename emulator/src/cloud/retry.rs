//! When a delivery that failed is tried again: the schedules of SNS and EventBridge.

use std::time::Duration;

use crate::kernel::{Principal, Retry};
use crate::wire::Timestamp;

/// EventBridge tries for so long, and so often, unless the target says otherwise.
///
/// Source: user guide "How EventBridge retries delivering events".
const EVENTS_AGE_MAX: u32 = 86_400;
const EVENTS_ATTEMPTS_MAX: u32 = 185;
/// Longest pause between two tries of EventBridge.
// Differs from AWS: the pauses double from one second to ten minutes, less up to half by chance;
// AWS says only that they grow exponentially and vary.
const EVENTS_PAUSE_SECONDS_MAX: u32 = 600;

/// SNS's phases for AWS endpoints: at once, before the backoff, the backoff, after it.
///
/// Source: developer guide "Amazon SNS message delivery retries".
const SNS_IMMEDIATE: u32 = 3;
const SNS_BEFORE: u32 = 2;
const SNS_BACKOFF_SECONDS: [u64; 10] = [1, 1, 2, 3, 4, 5, 7, 10, 14, 20];
const SNS_AFTER: u32 = 100_000;
const SNS_AFTER_SECONDS: u64 = 20;

/// Why a delivery is not tried again, in EventBridge's word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exhausted(pub(super) &'static str);

/// When the next try is, after `retry.failed` of them (at least one) have failed; `jitter`, from 0
/// to below 1, shortens EventBridge's pause.
pub(super) fn next(
    principal: Principal,
    retry: &Retry,
    now: Timestamp,
    jitter: f64,
) -> Result<Timestamp, Exhausted> {
    match principal {
        // Unverified: AWS does not say how often an alarm's action is tried.
        Principal::Events | Principal::CloudWatch => events(retry, now, jitter),
        Principal::Sns => sns(retry).map(|pause| now + Duration::from_secs(pause)),
    }
}

fn events(retry: &Retry, now: Timestamp, jitter: f64) -> Result<Timestamp, Exhausted> {
    if retry.failed > retry.attempts_max.unwrap_or(EVENTS_ATTEMPTS_MAX) {
        return Err(Exhausted("MaximumRetryAttempts"));
    }
    let doubled = 1_u32.checked_shl(retry.failed - 1).unwrap_or(u32::MAX);
    let seconds = f64::from(doubled.min(EVENTS_PAUSE_SECONDS_MAX)) * (1.0 - jitter / 2.0);
    let pause = Duration::from_millis((seconds * 1000.0) as u64);
    let age_max = Duration::from_secs(retry.age_max.unwrap_or(EVENTS_AGE_MAX).into());
    let next = now + pause;
    if next.since(retry.since.unwrap_or(now)) > age_max {
        return Err(Exhausted("MaximumEventAgeInSeconds"));
    }
    Ok(next)
}

fn sns(retry: &Retry) -> Result<u64, Exhausted> {
    let number = retry.failed;
    let backoff = number.checked_sub(SNS_IMMEDIATE + SNS_BEFORE + 1);
    match backoff {
        None if number <= SNS_IMMEDIATE => Ok(0),
        None => Ok(1),
        Some(step) => match SNS_BACKOFF_SECONDS.get(step as usize) {
            Some(seconds) => Ok(*seconds),
            None if step < SNS_BACKOFF_SECONDS.len() as u32 + SNS_AFTER => Ok(SNS_AFTER_SECONDS),
            None => Err(Exhausted("MaximumRetryAttempts")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(principal: Principal, retry: Retry, tries: u32) -> Vec<i64> {
        let now = Timestamp::default();
        let of = |failed| next(principal, &Retry { failed, since: Some(now), ..retry }, now, 0.0);
        (1..=tries).map_while(|failed| of(failed).ok()).map(|at| at.millis() / 1000).collect()
    }

    #[test]
    fn sns_tries_at_once_then_slower_then_for_weeks() {
        let pauses = pauses(Principal::Sns, Retry::default(), 200_000);
        assert_eq!(pauses[..16], [0, 0, 0, 1, 1, 1, 1, 2, 3, 4, 5, 7, 10, 14, 20, 20]);
        assert_eq!(pauses.len(), 100_015);
        assert_eq!(pauses.iter().sum::<i64>() / 86_400, 23);
    }

    #[test]
    fn eventbridge_heeds_the_targets_policy() {
        let all = pauses(Principal::Events, Retry::default(), 1000);
        assert_eq!((&all[..4], all.len()), (&[1, 2, 4, 8][..], 185));
        let two = Retry { attempts_max: Some(2), ..Retry::default() };
        assert_eq!(pauses(Principal::Events, two, 10), [1, 2]);
        let minute = Retry { age_max: Some(60), ..Retry::default() };
        assert_eq!(pauses(Principal::Events, minute, 10), [1, 2, 4, 8, 16, 32]);
    }
    #[test]
    fn the_jitter_of_eventbridge_takes_up_to_half_of_a_pause() {
        let now = Timestamp::default();
        let pause = |failed, jitter| {
            let retry = Retry { failed, since: Some(now), ..Retry::default() };
            next(Principal::Events, &retry, now, jitter).unwrap().millis()
        };
        for (failed, jitter, millis) in [
            (1, 0.0, 1000),
            (1, 0.5, 750),
            (4, 0.75, 5000),
            (100, 0.0, 600_000),
            (100, 0.5, 450_000),
        ] {
            assert_eq!(pause(failed, jitter), millis, "{failed} {jitter}");
        }
    }
}
