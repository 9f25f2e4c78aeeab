//! The five minutes in which a FIFO topic publishes no second message of one de-duplication id.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::topic::Published;
use crate::wire::Timestamp;

/// How long an id is remembered, counted from the first publish.
///
/// Source: developer guide "Amazon SNS message deduplication for FIFO topics".
const WINDOW: Duration = Duration::from_secs(300);

/// A message group (where ids count within groups) and a de-duplication id.
pub(super) type Key = (Option<String>, String);

/// The ids seen lately.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Deduplication {
    #[serde(with = "crate::kernel::pairs")]
    seen: BTreeMap<Key, Published>,
    by_age: VecDeque<(Timestamp, Key)>,
}

impl Deduplication {
    pub(super) fn find(&mut self, key: &Key, now: Timestamp) -> Option<Published> {
        while self.by_age.front().is_some_and(|(first, _)| *first + WINDOW <= now) {
            if let Some((_, old)) = self.by_age.pop_front() {
                self.seen.remove(&old);
            }
        }
        self.seen.get(key).copied()
    }

    pub(super) fn remember(&mut self, key: Key, published: Published, now: Timestamp) {
        self.by_age.push_back((now, key.clone()));
        self.seen.insert(key, published);
    }
}
