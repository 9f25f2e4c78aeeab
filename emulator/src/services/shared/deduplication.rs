//! The five minutes in which a FIFO queue or topic takes no second message of one id.
//!
//! Knows neither messages nor queues: a first one leaves an answer, and a duplicate gets it again.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::wire::Timestamp;

/// How long an id is remembered, counted from the first message.
///
/// Source: developer guides, "Using the message deduplication ID in Amazon SQS" and "Amazon SNS
/// message deduplication for FIFO topics".
const WINDOW: Duration = Duration::from_secs(300);

/// A message group (where ids count within groups) and a de-duplication id.
pub(crate) type Key = (Option<Arc<str>>, Arc<str>);

/// The ids seen lately, with the answer that each one got. It outlives the messages themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "A: Serialize", deserialize = "A: Deserialize<'de>"))]
pub(crate) struct Deduplication<A> {
    #[serde(with = "crate::kernel::pairs")]
    seen: BTreeMap<Key, A>,
    by_age: VecDeque<(Timestamp, Key)>,
}

impl<A> Default for Deduplication<A> {
    fn default() -> Self {
        Self { seen: BTreeMap::new(), by_age: VecDeque::new() }
    }
}

impl<A: Copy> Deduplication<A> {
    /// The answer that the first message under `key` got, if `now` is still within its window.
    pub(crate) fn find(&mut self, key: &Key, now: Timestamp) -> Option<A> {
        while self.by_age.front().is_some_and(|(first, _)| *first + WINDOW <= now) {
            if let Some((_, old)) = self.by_age.pop_front() {
                self.seen.remove(&old);
            }
        }
        self.seen.get(key).copied()
    }

    pub(crate) fn remember(&mut self, key: Key, answer: A, now: Timestamp) {
        self.by_age.push_back((now, key.clone()));
        self.seen.insert(key, answer);
    }
}
