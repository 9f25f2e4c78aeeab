//! The breakers of one process, one for each dependency; all of its roles share them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Admission, Backoff, Breaker};
use crate::domain::Timestamp;
use crate::failure::Dependency;

#[derive(Debug)]
pub struct Breakers {
    backoff: Backoff,
    all: Mutex<BTreeMap<Dependency, Breaker>>,
}

impl Breakers {
    /// `backoff`: how long a dependency is left alone.
    pub fn new(backoff: Backoff) -> Self {
        Self { backoff, all: Mutex::default() }
    }

    /// Whether all of them may be used.
    pub fn admission(&self, dependencies: &[Dependency], now: Timestamp) -> Admission {
        let all = self.lock();
        let (mut probe, mut wait) = (false, Duration::ZERO);
        for breaker in dependencies.iter().filter_map(|one| all.get(one)) {
            match breaker.admission(now) {
                Admission::Yes => {}
                Admission::Probe => probe = true,
                Admission::No(longer) => wait = wait.max(longer),
            }
        }
        match (wait.is_zero(), probe) {
            (false, _) => Admission::No(wait),
            (true, true) => Admission::Probe,
            (true, false) => Admission::Yes,
        }
    }

    pub fn is_open(&self, dependency: Dependency) -> bool {
        self.lock().get(&dependency).is_some_and(Breaker::is_open)
    }

    pub fn succeeded(&self, dependencies: &[Dependency]) {
        let mut all = self.lock();
        for dependency in dependencies {
            if all.remove(dependency).is_some_and(|breaker| breaker.is_open()) {
                tracing::info!(%dependency, "is back");
            }
        }
    }

    /// `suspect`: what was worked on, if that may be at fault instead.
    pub fn failed(
        &self,
        dependency: Dependency,
        suspect: Option<&str>,
        now: Timestamp,
        random: u64,
    ) {
        let mut all = self.lock();
        let breaker = all.entry(dependency).or_default();
        breaker.failed(suspect, now, &self.backoff, random);
        if let Admission::No(pause) = breaker.admission(now) {
            let seconds = pause.as_secs_f64();
            tracing::warn!(%dependency, seconds, "is left alone");
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Dependency, Breaker>> {
        // Nothing inside can be half done.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_uses_several_waits_for_the_last() {
        let now = Timestamp::from_millis(0);
        let breakers =
            Breakers::new(Backoff { first: Duration::from_secs(2), most: Duration::from_secs(9) });
        let both = [Dependency::DynamoDb, Dependency::Gateway];
        for _ in 0..9 {
            breakers.failed(Dependency::Gateway, None, now, 0);
        }
        let second = Duration::from_secs(1);
        assert_eq!(breakers.admission(&both, now), Admission::No(second));
        assert_eq!(breakers.admission(&both, now + second), Admission::Probe);
        assert_eq!(breakers.admission(&[Dependency::DynamoDb], now), Admission::Yes);
        assert!(breakers.is_open(Dependency::Gateway));
        breakers.succeeded(&both);
        assert_eq!(breakers.admission(&both, now), Admission::Yes);
    }
}
