//! What a topic remembers of what was published to it lately, to explain later what a filter policy
//! stopped and where, and to find a message by its text.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::archive::{Archived, bytes};
use crate::kernel::MessageId;

/// Most bytes that a topic remembers. A message that is larger is not remembered.
const BYTES_MAX: usize = 256 * 1024;

/// The latest messages, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Recent {
    kept: VecDeque<Archived>,
    bytes: usize,
}

impl Recent {
    pub(super) fn keep(&mut self, message: Archived) {
        self.bytes += bytes(&message);
        self.kept.push_back(message);
        while self.bytes > BYTES_MAX
            && let Some(oldest) = self.kept.pop_front()
        {
            self.bytes -= bytes(&oldest);
        }
    }

    /// The message that was published under that id, if it is still remembered.
    pub(super) fn find(&self, id: MessageId) -> Option<&Archived> {
        self.kept.iter().rev().find(|it| it.published.id == id)
    }

    /// Oldest first.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Archived> {
        self.kept.iter()
    }
}
