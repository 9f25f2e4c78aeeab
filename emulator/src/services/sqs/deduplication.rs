//! The five minutes in which a FIFO queue takes no second message of one de-duplication id.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::message::Sequence;
use crate::kernel::MessageId;
use crate::wire::Timestamp;

/// How long an id is remembered, counted from the first send.
///
/// Source: developer guide "Using the message deduplication ID in Amazon SQS".
const WINDOW: Duration = Duration::from_secs(300);

/// A message group (where the scope is the group) and a de-duplication id.
pub(super) type Key = (Option<Arc<str>>, Arc<str>);

/// What was sent under a key; a duplicate gets the same answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct First {
    pub(super) id: MessageId,
    pub(super) sequence: Sequence,
}

/// The ids seen lately. It outlives the messages themselves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Deduplication {
    #[serde(with = "crate::kernel::pairs")]
    seen: BTreeMap<Key, First>,
    by_age: VecDeque<(Timestamp, Key)>,
}

impl Deduplication {
    pub(super) fn find(&mut self, key: &Key, now: Timestamp) -> Option<First> {
        while self.by_age.front().is_some_and(|(sent, _)| *sent + WINDOW <= now) {
            if let Some((_, old)) = self.by_age.pop_front() {
                self.seen.remove(&old);
            }
        }
        self.seen.get(key).copied()
    }

    pub(super) fn remember(&mut self, key: Key, first: First, now: Timestamp) {
        self.by_age.push_back((now, key.clone()));
        self.seen.insert(key, first);
    }
}
