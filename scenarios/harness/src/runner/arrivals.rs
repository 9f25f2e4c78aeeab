//! When the repetitions of a step begin. Pure: the same dice give the same moments.

use crate::explore::Dice;
use crate::script::{Rate, Repeat, Span};
use std::time::Duration;

/// The moments of each repetition, and when the step is over at the earliest, both since the
/// step began. `begun` is the script's age then, `entries` the length of the list of `each`.
pub(super) fn arrivals(
    repeat: &Repeat,
    begun: Duration,
    entries: u64,
    dice: Dice,
) -> (Vec<Duration>, Duration) {
    let spaced = |times: u64, Span(every): Span| {
        let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        (0..times).map(|n| every.saturating_mul(number(n))).collect()
    };
    match repeat {
        Repeat::Times { every, times } => (spaced(*times, *every), Duration::ZERO),
        Repeat::Each { every, .. } => (spaced(entries, every.unwrap_or_default()), Duration::ZERO),
        Repeat::Until { every, until } => {
            let lasting = until.0.saturating_sub(begun);
            let times = lasting.as_nanos().div_ceil(every.0.as_nanos().max(1));
            (spaced(u64::try_from(times).unwrap_or(u64::MAX), *every), lasting)
        }
        Repeat::Rate(rate) => (random(rate, dice), rate.lasting.0),
    }
}

/// Exponential gaps, in whole milliseconds so that no machine's logarithm shows.
fn random(rate: &Rate, mut dice: Dice) -> Vec<Duration> {
    let mean_seconds = 1.0 / rate.per_second();
    let mut moment = 0.0;
    let mut moments = Vec::new();
    loop {
        // Between 0 (excluded) and 1, so that the logarithm is finite.
        moment -= (1.0 - dice.fraction()).ln() * mean_seconds;
        if moment >= rate.lasting.0.as_secs_f64() {
            return moments;
        }
        moments.push(Duration::from_millis((moment * 1000.0) as u64));
    }
}

#[cfg(test)]
mod tests {
    use super::arrivals;
    use crate::explore::Dice;
    use crate::script::{Per, Rate, Repeat, Span};
    use std::time::Duration;

    fn seconds(seconds: u64) -> Span {
        Span(Duration::from_secs(seconds))
    }

    #[test]
    fn intervals() {
        let check = |repeat: Repeat, begun: u64, entries: u64, wanted: &[u64], over: u64| {
            let (moments, end) =
                arrivals(&repeat, Duration::from_secs(begun), entries, Dice::new(1));
            let moments: Vec<_> = moments.iter().map(Duration::as_secs).collect();
            assert_eq!((moments.as_slice(), end.as_secs()), (wanted, over), "{repeat:?}");
        };
        let every = seconds(10);
        check(Repeat::Times { every, times: 3 }, 0, 0, &[0, 10, 20], 0);
        check(Repeat::Until { every, until: seconds(30) }, 0, 0, &[0, 10, 20], 30);
        check(Repeat::Until { every, until: seconds(30) }, 5, 0, &[0, 10, 20], 25);
        check(Repeat::Until { every, until: seconds(30) }, 31, 0, &[], 0);
        let list = serde_json::Value::Null;
        check(Repeat::Each { list: list.clone(), every: None }, 0, 3, &[0, 0, 0], 0);
        check(Repeat::Each { list, every: Some(every) }, 0, 2, &[0, 10], 0);
    }

    #[test]
    fn the_seed_decides_when_things_arrive() {
        let rate = Rate { arrivals: 60.0, per: Per::Minute, lasting: seconds(1000) };
        let drawn = |seed| arrivals(&Repeat::Rate(rate), Duration::ZERO, 0, Dice::new(seed)).0;
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        // A thousand expected; the standard deviation is 32.
        assert!((800..1200).contains(&drawn(7).len()), "{}", drawn(7).len());
        let first: Vec<_> = drawn(7)[..4].iter().map(Duration::as_millis).collect();
        // Another generator would change every seed that somebody has written down.
        assert_eq!(first, [494, 510, 2821, 3695]);
        assert!(drawn(7).is_sorted() && drawn(7).iter().all(|at| at.as_secs() < 1000));
    }
}
