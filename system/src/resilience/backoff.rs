//! Pauses between attempts: doubled each time, up to a limit, with jitter so that those who failed
//! together do not come back together.

use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Before jitter, the pause after the first failure.
    pub first: Duration,
    pub most: Duration,
}

impl Backoff {
    /// The pause after the `failures`th failure in a row, counted from one: at least half of the
    /// doubled pause, at most all of it. `random`: any bits.
    pub fn pause(&self, failures: u32, random: u64) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        let whole = self.first.saturating_mul(1 << doublings).min(self.most);
        let half = whole / 2;
        let span = u64::try_from(half.as_millis()).unwrap_or(u64::MAX);
        half + Duration::from_millis(random % (span + 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BACKOFF: Backoff =
        Backoff { first: Duration::from_secs(5), most: Duration::from_secs(300) };

    #[test]
    fn the_pause_doubles_up_to_a_limit() {
        let longest = |failures| {
            (0..50_000).map(|random| BACKOFF.pause(failures, random * 10)).max().expect("some")
        };
        let seconds: Vec<_> =
            [1, 2, 3, 7, 40].map(|failures| longest(failures).as_secs_f64().round()).to_vec();
        assert_eq!(seconds, [5.0, 10.0, 20.0, 300.0, 300.0]);
    }

    proptest! {
        #[test]
        fn jitter_takes_up_to_half(failures in 0_u32..70, random: u64) {
            let pause = BACKOFF.pause(failures, random);
            let whole = BACKOFF.pause(failures, 0) * 2;
            prop_assert!(pause >= whole / 2 && pause <= whole, "{pause:?} of {whole:?}");
        }
    }
}
