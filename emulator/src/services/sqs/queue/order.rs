//! Which message the next receive returns: by message group in a FIFO queue, fairly among tenants
//! in a standard one.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::fair::Tenants;
use super::fifo::Groups;
use super::named::GroupNumber;
use super::pages::Pages;
use crate::services::sqs::message::{Message, Sequence, State};
use crate::wire::Timestamp;

/// The receivable messages of one queue. Every method is called after the message's own state has
/// changed, and told what it was before where that matters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Order {
    Standard(Tenants),
    Fifo(Groups),
}

impl Order {
    pub(super) fn new(fifo: bool) -> Self {
        if fifo { Self::Fifo(Groups::default()) } else { Self::Standard(Tenants::default()) }
    }

    /// The number and the shared name of a group, which begins now if it was not there.
    pub(super) fn group(&mut self, name: &str) -> (GroupNumber, Arc<str>) {
        match self {
            Self::Standard(tenants) => tenants.number(name),
            Self::Fifo(groups) => groups.number(name),
        }
    }

    /// A message entered the queue.
    pub(super) fn arrive(&mut self, messages: &Pages<Message>, at: Sequence, now: Timestamp) {
        match self {
            Self::Standard(tenants) => tenants.arrive(messages, at, now),
            Self::Fifo(groups) => groups.arrive(messages, at),
        }
    }

    /// A message can be received again: its delay or its visibility timeout ended.
    pub(super) fn appear(
        &mut self,
        messages: &Pages<Message>,
        at: Sequence,
        before: State,
        now: Timestamp,
    ) {
        match self {
            Self::Standard(tenants) => tenants.appear(messages, at, before, now),
            Self::Fifo(groups) => groups.appear(messages, at, before),
        }
    }

    /// A visible message is in flight or delayed now.
    pub(super) fn hide(&mut self, messages: &Pages<Message>, at: Sequence) {
        match self {
            Self::Standard(tenants) => tenants.hide(messages, at),
            Self::Fifo(groups) => groups.hide(messages, at),
        }
    }

    /// `message` left the queue.
    pub(super) fn leave(
        &mut self,
        messages: &Pages<Message>,
        at: Sequence,
        message: &Message,
        now: Timestamp,
    ) {
        match self {
            Self::Standard(tenants) => tenants.leave(at, message, now),
            Self::Fifo(groups) => groups.leave(messages, at, message),
        }
    }

    /// The first message that a receive may take.
    pub(super) fn first(&mut self, messages: &Pages<Message>, now: Timestamp) -> Option<Sequence> {
        match self {
            Self::Standard(tenants) => tenants.first(messages, now),
            Self::Fifo(groups) => groups.first(),
        }
    }

    /// The next message that the same receive may take after `taken`, which is of `group`.
    ///
    /// For FIFO queues that is the next of the same group, and then the first of another.
    pub(super) fn next_after(
        &mut self,
        messages: &Pages<Message>,
        taken: Sequence,
        group: Option<GroupNumber>,
        now: Timestamp,
    ) -> Option<Sequence> {
        match (&*self, group) {
            (Self::Fifo(groups), Some(group)) => {
                groups.next_in(messages, group, taken).or_else(|| groups.first())
            }
            _ => self.first(messages, now),
        }
    }

    /// Message groups of a FIFO queue of which a message is in flight.
    pub(super) fn groups_in_flight(&self) -> Option<usize> {
        match self {
            Self::Standard(_) => None,
            Self::Fifo(groups) => Some(groups.in_flight()),
        }
    }
}
