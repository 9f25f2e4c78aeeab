//! The order of a standard queue: oldest first, but quiet tenants before noisy ones.
//!
//! A tenant is a message group; each message without a group is a tenant of its own and never
//! noisy. At most nine groups exceed a tenth of anything, so passing over the noisy ones is cheap.
//!
//! Source: developer guide "How Amazon SQS fair queues work" for the thresholds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::named::{GroupNumber, Named};
use super::pages::Pages;
use crate::services::sqs::message::{Message, Sequence, State};
use crate::wire::Timestamp;

/// A tenant with more than one in so many messages in flight, or of the processing time, is noisy.
const SHARE: u64 = 10;
/// Least messages in flight of a tenant that is noisy by their share.
const IN_FLIGHT_MIN: u64 = 30;
/// A tenant that sent nothing for so long is quiet again.
// Differs from AWS: processing time counts as recent for five to ten minutes; AWS does not say for
// how long.
const RECENT: Duration = Duration::from_secs(300);

/// The visible messages of a standard queue.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Tenants {
    /// Messages without a group at or after this were never received: the messages themselves say
    /// whether they are visible, so a backlog costs no index.
    cursor: Sequence,
    /// The visible messages without a group before the cursor.
    returned: BTreeSet<Sequence>,
    tenants: Named<Tenant>,
    /// Tenants with visible messages, by their first one.
    #[serde(with = "crate::kernel::pairs")]
    ready: BTreeMap<Sequence, GroupNumber>,
    in_flight: u64,
    processing: Recent,
}

/// One message group.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Tenant {
    /// Messages of the group in the queue, whatever their state.
    messages: u64,
    visible: BTreeSet<Sequence>,
    in_flight: u64,
    last_sent: Timestamp,
    processing: Recent,
}

/// Time that consumers spent on messages lately, in milliseconds: in the present window and the
/// one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Recent {
    window: u64,
    present: u64,
    before: u64,
}

impl Recent {
    fn at(self, now: Timestamp) -> Self {
        let window = now.millis().unsigned_abs() / (RECENT.as_millis() as u64);
        match window - self.window.min(window) {
            0 => self,
            1 => Self { window, present: 0, before: self.present },
            _ => Self { window, present: 0, before: 0 },
        }
    }

    fn add(&mut self, spent: Duration, now: Timestamp) {
        *self = self.at(now);
        self.present += spent.as_millis() as u64;
    }

    fn total(self, now: Timestamp) -> u64 {
        let recent = self.at(now);
        recent.present + recent.before
    }
}

impl Tenants {
    pub(super) fn number(&mut self, name: &str) -> (GroupNumber, Arc<str>) {
        let number = self.tenants.number(name);
        (number, Arc::clone(self.tenants.name(number)))
    }

    pub(super) fn arrive(&mut self, messages: &Pages<Message>, at: Sequence, now: Timestamp) {
        let Some(message) = messages.get(at) else { return };
        let Some(group) = message.group else { return };
        let tenant = self.tenants.get_mut(group);
        tenant.messages += 1;
        tenant.last_sent = now;
        if message.state == State::Visible {
            self.show(at, group);
        }
    }

    pub(super) fn appear(
        &mut self,
        messages: &Pages<Message>,
        at: Sequence,
        before: State,
        now: Timestamp,
    ) {
        let group = messages.get(at).and_then(|message| message.group);
        self.end_flight(before, group, now);
        match group {
            Some(group) => self.show(at, group),
            None if at < self.cursor => {
                self.returned.insert(at);
            }
            None => {}
        }
    }

    pub(super) fn hide(&mut self, messages: &Pages<Message>, at: Sequence) {
        let Some(message) = messages.get(at) else { return };
        if message.state.is_in_flight() {
            self.in_flight += 1;
            if let Some(group) = message.group {
                self.tenants.get_mut(group).in_flight += 1;
            }
        }
        self.unshow(at, message.group);
    }

    pub(super) fn leave(&mut self, at: Sequence, message: &Message, now: Timestamp) {
        self.end_flight(message.state, message.group, now);
        if message.state == State::Visible {
            self.unshow(at, message.group);
        }
        if let Some(group) = message.group {
            let tenant = self.tenants.get_mut(group);
            tenant.messages -= 1;
            if tenant.messages == 0 {
                self.tenants.remove(group);
            }
        }
    }

    /// The oldest message of a quiet tenant; else one of the noisy tenant with the fewest messages
    /// in flight.
    pub(super) fn first(&mut self, messages: &Pages<Message>, now: Timestamp) -> Option<Sequence> {
        let mut noisy: Option<(u64, Sequence)> = None;
        let mut quiet = None;
        for (first, group) in &self.ready {
            let tenant = self.tenants.get(*group);
            if !self.is_noisy(tenant, now) {
                quiet = Some(*first);
                break;
            }
            let candidate = (tenant.in_flight, *first);
            noisy = Some(noisy.map_or(candidate, |best| best.min(candidate)));
        }
        let alone = self.first_without_group(messages);
        let quiet = quiet.into_iter().chain(alone).min();
        quiet.or(noisy.map(|(_, first)| first))
    }

    fn first_without_group(&mut self, messages: &Pages<Message>) -> Option<Sequence> {
        if let Some(first) = self.returned.first() {
            return Some(*first);
        }
        while let Some((at, message)) = messages.next(self.cursor) {
            if message.group.is_none() && message.state == State::Visible {
                self.cursor = at;
                return Some(at);
            }
            self.cursor = at + 1;
        }
        None
    }

    fn is_noisy(&self, tenant: &Tenant, now: Timestamp) -> bool {
        if now >= tenant.last_sent + RECENT {
            return false;
        }
        let many = tenant.in_flight >= IN_FLIGHT_MIN && tenant.in_flight * SHARE > self.in_flight;
        many || tenant.processing.total(now) * SHARE > self.processing.total(now)
    }

    fn show(&mut self, at: Sequence, group: GroupNumber) {
        let tenant = self.tenants.get_mut(group);
        let before = tenant.visible.first().copied();
        tenant.visible.insert(at);
        if before.is_none_or(|before| at < before) {
            if let Some(before) = before {
                self.ready.remove(&before);
            }
            self.ready.insert(at, group);
        }
    }

    fn unshow(&mut self, at: Sequence, group: Option<GroupNumber>) {
        let Some(group) = group else {
            if at == self.cursor {
                self.cursor += 1;
            } else {
                self.returned.remove(&at);
            }
            return;
        };
        let tenant = self.tenants.get_mut(group);
        tenant.visible.remove(&at);
        if self.ready.remove(&at).is_some()
            && let Some(next) = tenant.visible.first()
        {
            self.ready.insert(*next, group);
        }
    }

    fn end_flight(&mut self, before: State, group: Option<GroupNumber>, now: Timestamp) {
        let State::InFlight { received, .. } = before else { return };
        let spent = now.since(received);
        self.in_flight -= 1;
        self.processing.add(spent, now);
        if let Some(group) = group {
            let tenant = self.tenants.get_mut(group);
            tenant.in_flight -= 1;
            tenant.processing.add(spent, now);
        }
    }
}
