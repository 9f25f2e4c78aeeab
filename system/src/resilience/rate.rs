//! How often each client may ask: a bucket of tokens each, filled at an even rate.

use std::collections::HashMap;
use std::time::Duration;

use crate::domain::Timestamp;

/// Clients that are told apart at once. Beyond them all others share one bucket.
const CLIENTS_MAX: usize = 10_000;
/// A client that was silent may ask so many seconds' worth at once.
const BURST_SECONDS: u64 = 2;

#[derive(Debug)]
pub struct RateLimit {
    per_second: u64,
    known: HashMap<u128, Bucket>,
    strangers: Bucket,
}

/// In thousandths of a request, so that every millisecond brings a whole number of them.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: u64,
    at: Timestamp,
}

impl RateLimit {
    /// `per_second` is at least one.
    pub fn new(per_second: u32, now: Timestamp) -> Self {
        let per_second = u64::from(per_second.max(1));
        let strangers = Bucket { left: most(per_second), at: now };
        Self { per_second, known: HashMap::new(), strangers }
    }

    /// Takes one request of `client`, or says how long it should wait.
    pub fn take(&mut self, client: u128, now: Timestamp) -> Result<(), Duration> {
        let rate = self.per_second;
        if !self.known.contains_key(&client) && self.known.len() >= CLIENTS_MAX {
            // A full bucket is as good as none.
            self.known.retain(|_, bucket| bucket.filled(rate, now) < most(rate));
        }
        let bucket = match self.known.len() < CLIENTS_MAX || self.known.contains_key(&client) {
            true => {
                let full = Bucket { left: most(rate), at: now };
                self.known.entry(client).or_insert(full)
            }
            false => &mut self.strangers,
        };
        bucket.left = bucket.filled(rate, now);
        // A clock that was set back brings nothing, and takes nothing.
        bucket.at = now;
        match bucket.left.checked_sub(1000) {
            Some(left) => {
                bucket.left = left;
                Ok(())
            }
            None => Err(Duration::from_millis((1000 - bucket.left).div_ceil(rate))),
        }
    }
}

impl Bucket {
    fn filled(&self, rate: u64, now: Timestamp) -> u64 {
        let millis = u64::try_from(now.since(self.at).as_millis()).unwrap_or(u64::MAX);
        self.left.saturating_add(millis.saturating_mul(rate)).min(most(rate))
    }
}

fn most(rate: u64) -> u64 {
    rate * BURST_SECONDS * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn each_client_has_its_own_rate_and_a_burst() {
        let mut limit = RateLimit::new(5, at(0));
        let taken = |limit: &mut RateLimit, client, now| {
            (0..100).take_while(|_| limit.take(client, at(now)).is_ok()).count()
        };
        assert_eq!(taken(&mut limit, 1, 0), 10);
        assert_eq!(limit.take(1, at(0)), Err(Duration::from_millis(200)));
        assert_eq!(limit.take(1, at(150)), Err(Duration::from_millis(50)));
        assert_eq!(taken(&mut limit, 2, 150), 10, "another one is not held up");
        assert_eq!(taken(&mut limit, 1, 1000), 5, "a second brings five");
        assert_eq!(taken(&mut limit, 1, 9_000_000), 10, "a long silence no more than a burst");
        assert_eq!(taken(&mut limit, 1, 0), 0, "a clock that was set back brings nothing");
        assert_eq!(taken(&mut limit, 1, 1000), 5);
    }

    #[test]
    fn more_clients_than_it_remembers_share_what_is_left() {
        let mut limit = RateLimit::new(1, at(0));
        for client in 0..CLIENTS_MAX as u128 {
            assert_eq!(limit.take(client, at(0)), Ok(()));
        }
        let strangers = || CLIENTS_MAX as u128..;
        let mut taken = strangers().map_while(|client| limit.take(client, at(0)).ok());
        assert_eq!(taken.by_ref().take(1000).count(), 2);
        drop(taken);
        assert_eq!(limit.known.len(), CLIENTS_MAX);
        assert_eq!(limit.take(7, at(0)), Ok(()), "who is known has its own");
        assert_eq!(limit.take(CLIENTS_MAX as u128, at(60_000)), Ok(()));
        assert_eq!(limit.known.len(), 1, "silent ones are forgotten");
    }
}
