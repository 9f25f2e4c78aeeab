//! The order of a FIFO queue: the first message of a group that is in flight or delayed holds back
//! what comes behind it, and nothing before it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::named::{GroupNumber, Named};
use super::pages::Pages;
use crate::services::sqs::message::{Message, Sequence, State};

/// The groups of a FIFO queue that hold messages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Groups {
    groups: Named<Group>,
    /// Groups that a receive may take from, by their first message.
    #[serde(with = "crate::kernel::pairs")]
    ready: BTreeMap<Sequence, GroupNumber>,
    in_flight: usize,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Group {
    /// Every message of the group in order, whatever its state. Those that were ever received
    /// stand at the front, so looking for one of them is short.
    messages: VecDeque<Sequence>,
    in_flight: u32,
    /// Under which first message the group stands in `ready`.
    ready_at: Option<Sequence>,
}

impl Groups {
    pub(super) fn number(&mut self, name: &str) -> (GroupNumber, Arc<str>) {
        let number = self.groups.number(name);
        (number, Arc::clone(self.groups.name(number)))
    }

    pub(super) fn arrive(&mut self, messages: &Pages<Message>, at: Sequence) {
        let group = group_of(messages, at);
        self.groups.get_mut(group).messages.push_back(at);
        self.refresh(messages, group);
    }

    pub(super) fn appear(&mut self, messages: &Pages<Message>, at: Sequence, before: State) {
        let group = group_of(messages, at);
        if before.is_in_flight() {
            self.end_flight(group);
        }
        self.refresh(messages, group);
    }

    pub(super) fn hide(&mut self, messages: &Pages<Message>, at: Sequence) {
        let group = group_of(messages, at);
        if messages.get(at).is_some_and(|message| message.state.is_in_flight()) {
            let group = self.groups.get_mut(group);
            self.in_flight += usize::from(group.in_flight == 0);
            group.in_flight += 1;
        }
        self.refresh(messages, group);
    }

    pub(super) fn leave(&mut self, messages: &Pages<Message>, at: Sequence, message: &Message) {
        let number = message.group.expect("every message of a FIFO queue has a group");
        let group = self.groups.get_mut(number);
        if let Some(index) = group.messages.iter().position(|sequence| *sequence == at) {
            group.messages.remove(index);
        }
        if message.state.is_in_flight() {
            self.end_flight(number);
        }
        self.refresh(messages, number);
    }

    pub(super) fn first(&self) -> Option<Sequence> {
        self.ready.first_key_value().map(|(first, _)| *first)
    }

    /// The message of a group right behind `taken`, which the caller has just taken.
    pub(super) fn next_in(
        &self,
        messages: &Pages<Message>,
        group: GroupNumber,
        taken: Sequence,
    ) -> Option<Sequence> {
        // What stood before it is in the caller's hands, or gone.
        let group = self.groups.get(group);
        let behind = group.messages.partition_point(|sequence| *sequence <= taken);
        let next = *group.messages.get(behind)?;
        (messages.get(next)?.state == State::Visible).then_some(next)
    }

    /// Groups of which a message is in flight.
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    fn end_flight(&mut self, group: GroupNumber) {
        let group = self.groups.get_mut(group);
        group.in_flight -= 1;
        self.in_flight -= usize::from(group.in_flight == 0);
    }

    /// Brings `ready` up to date after a change of one group.
    fn refresh(&mut self, messages: &Pages<Message>, number: GroupNumber) {
        let group = self.groups.get_mut(number);
        let visible = |first: &Sequence| {
            messages.get(*first).is_some_and(|message| message.state == State::Visible)
        };
        let ready_at = group.messages.front().copied().filter(visible);
        let before = std::mem::replace(&mut group.ready_at, ready_at);
        if group.messages.is_empty() {
            self.groups.remove(number);
        }
        if before != ready_at {
            if let Some(before) = before {
                self.ready.remove(&before);
            }
            if let Some(ready_at) = ready_at {
                self.ready.insert(ready_at, number);
            }
        }
    }
}

fn group_of(messages: &Pages<Message>, at: Sequence) -> GroupNumber {
    let group = messages.get(at).and_then(|message| message.group);
    group.expect("every message of a FIFO queue has a group")
}
