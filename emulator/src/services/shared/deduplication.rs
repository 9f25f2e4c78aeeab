//! The five minutes in which a FIFO queue or topic takes no second message of one id.
//!
//! Knows neither messages nor queues: a first one leaves an answer, and a duplicate gets it again.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::remembered::Remembered;
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
pub(crate) struct Deduplication<A>(Remembered<Key, A>);

impl<A> Default for Deduplication<A> {
    fn default() -> Self {
        Self(Remembered::default())
    }
}

impl<A: Copy> Deduplication<A> {
    /// The answer that the first message under `key` got, if `now` is still within its window.
    pub(crate) fn find(&mut self, key: &Key, now: Timestamp) -> Option<A> {
        self.0.forget(now - WINDOW);
        self.0.get(key).map(|(_, answer)| *answer)
    }

    pub(crate) fn remember(&mut self, key: Key, answer: A, now: Timestamp) {
        self.0.insert(now, key, answer);
    }
}
