//! What is kept for a while and then forgotten: names, tokens, ids.
//!
//! Forgetting costs as much as there is to forget, however much is kept.

use std::borrow::Borrow;
use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::wire::Timestamp;

/// Values by key, and when each was put in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(
    serialize = "K: Serialize, V: Serialize",
    deserialize = "K: Ord + Deserialize<'de>, V: Deserialize<'de>"
))]
pub(crate) struct Remembered<K, V> {
    #[serde(with = "crate::kernel::pairs")]
    kept: BTreeMap<K, (Timestamp, V)>,
    by_age: VecDeque<(Timestamp, K)>,
}

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self { kept: BTreeMap::new(), by_age: VecDeque::new() }
    }
}

impl<K: Ord + Clone, V> Remembered<K, V> {
    /// Forgets what was put in at `until` or earlier.
    pub(crate) fn forget(&mut self, until: Timestamp) {
        while let Some((at, key)) = self.by_age.pop_front_if(|(at, _)| *at <= until) {
            // One that was put in again since stays.
            if self.kept.get(&key).is_some_and(|(latest, _)| *latest == at) {
                self.kept.remove(&key);
            }
        }
    }

    /// Puts a value in; time never goes back.
    pub(crate) fn insert(&mut self, now: Timestamp, key: K, value: V) {
        self.by_age.push_back((now, key.clone()));
        self.kept.insert(key, (now, value));
    }

    /// The value of a key, with the time at which it was put in.
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&(Timestamp, V)>
    where
        K: Borrow<Q>,
    {
        self.kept.get(key)
    }

    /// The same, to be changed; it stays as old as it is.
    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.kept.get_mut(key).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_old_is_forgotten_and_what_came_again_is_not() {
        let at = Timestamp::from_millis;
        let mut remembered = Remembered::default();
        remembered.insert(at(1), "a", 1);
        remembered.insert(at(2), "b", 2);
        remembered.insert(at(3), "a", 3);
        remembered.forget(at(1));
        assert_eq!(remembered.get("a"), Some(&(at(3), 3)));
        remembered.forget(at(2));
        assert_eq!((remembered.get("a"), remembered.get("b")), (Some(&(at(3), 3)), None));
        remembered.forget(at(3));
        assert_eq!((remembered.get("a"), remembered.by_age.len()), (None, 0));
    }
}
