//! Which message the next receive returns.
//!
//! A standard queue hands out whatever is visible, oldest first. A FIFO queue hands out by message
//! group: while a message of a group is in flight, or its first one is delayed, the group waits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::message::Sequence;

/// The receivable messages of one queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Order {
    Standard { visible: BTreeSet<Sequence> },
    Fifo(Groups),
}

/// The groups of a FIFO queue that hold messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Groups {
    groups: BTreeMap<Arc<str>, Group>,
    /// Groups that a receive may take from, by their first message.
    #[serde(with = "crate::kernel::pairs")]
    ready: BTreeMap<Sequence, Arc<str>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Group {
    /// Every message of the group in order, whatever its state.
    messages: BTreeSet<Sequence>,
    visible: BTreeSet<Sequence>,
    in_flight: u32,
    /// Under which first message the group stands in `ready`.
    ready_at: Option<Sequence>,
}

impl Order {
    pub(super) fn new(fifo: bool) -> Self {
        if fifo {
            Self::Fifo(Groups::default())
        } else {
            Self::Standard { visible: BTreeSet::new() }
        }
    }

    /// A message entered the queue.
    pub(super) fn arrive(&mut self, message: Sequence, group: Option<&Arc<str>>, visible: bool) {
        match self {
            Self::Standard { visible: set } => {
                if visible {
                    set.insert(message);
                }
            }
            Self::Fifo(groups) => groups.change(group, |group| {
                group.messages.insert(message);
                if visible {
                    group.visible.insert(message);
                }
            }),
        }
    }

    /// A delayed message, or one in flight, can be received again.
    pub(super) fn appear(
        &mut self,
        message: Sequence,
        group: Option<&Arc<str>>,
        was_in_flight: bool,
    ) {
        match self {
            Self::Standard { visible } => {
                visible.insert(message);
            }
            Self::Fifo(groups) => groups.change(group, |group| {
                group.visible.insert(message);
                group.in_flight -= u32::from(was_in_flight);
            }),
        }
    }

    /// The first message that a receive may take.
    pub(super) fn first(&self) -> Option<Sequence> {
        match self {
            Self::Standard { visible } => visible.first().copied(),
            Self::Fifo(groups) => groups.ready.first_key_value().map(|(message, _)| *message),
        }
    }

    /// The next message after `message` that the same receive may take.
    ///
    /// For FIFO queues that is the next of the group whose lock the receive now holds, and then
    /// the first of another group.
    pub(super) fn next_after(&self, group: Option<&Arc<str>>) -> Option<Sequence> {
        match (self, group) {
            (Self::Fifo(groups), Some(name)) => groups.next_in(name).or_else(|| self.first()),
            _ => self.first(),
        }
    }

    /// A receive took the message.
    pub(super) fn take(&mut self, message: Sequence, group: Option<&Arc<str>>) {
        match self {
            Self::Standard { visible } => {
                visible.remove(&message);
            }
            Self::Fifo(groups) => groups.change(group, |group| {
                group.visible.remove(&message);
                group.in_flight += 1;
            }),
        }
    }

    /// The message left the queue.
    pub(super) fn leave(
        &mut self,
        message: Sequence,
        group: Option<&Arc<str>>,
        was_in_flight: bool,
    ) {
        match self {
            Self::Standard { visible } => {
                visible.remove(&message);
            }
            Self::Fifo(groups) => groups.change(group, |group| {
                group.messages.remove(&message);
                group.visible.remove(&message);
                group.in_flight -= u32::from(was_in_flight);
            }),
        }
    }
}

impl Groups {
    /// Changes a group and brings `ready` up to date.
    fn change(&mut self, name: Option<&Arc<str>>, change: impl FnOnce(&mut Group)) {
        let name = name.expect("every message of a FIFO queue has a group");
        let group = self.groups.entry(Arc::clone(name)).or_default();
        change(group);
        let first = group.messages.first().filter(|first| group.visible.contains(first)).copied();
        let ready_at = first.filter(|_| group.in_flight == 0);
        let before = std::mem::replace(&mut group.ready_at, ready_at);
        if group.messages.is_empty() {
            self.groups.remove(name);
        }
        if before != ready_at {
            if let Some(before) = before {
                self.ready.remove(&before);
            }
            if let Some(ready_at) = ready_at {
                self.ready.insert(ready_at, Arc::clone(name));
            }
        }
    }

    /// The next message of a group of which the caller has just taken the ones before it.
    fn next_in(&self, name: &Arc<str>) -> Option<Sequence> {
        let group = self.groups.get(name)?;
        // Order is kept only if everything before it is in the caller's hands.
        let next = group.messages.iter().nth(group.in_flight as usize)?;
        group.visible.contains(next).then_some(*next)
    }
}
