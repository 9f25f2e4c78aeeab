//! What is kept of one order: which of its events have been counted, and what joins need.
//!
//! It does not know figures; `order_task` turns what it answers into them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event::Fact;
use super::rows::{millis, millis_option};
use crate::contracts::{EventType, History};
use crate::domain::Timestamp;

/// Sequences up to this one take a bit each.
const BITS: u64 = 64;

/// One order, from its first event until the horizon after its last one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OrderFacts {
    /// When its newest event happened.
    #[serde(with = "millis")]
    pub(super) last: Timestamp,
    /// Events before this moment may have been counted by a row that was forgotten.
    #[serde(with = "millis")]
    pub(super) floor: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "millis_option")]
    placed_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "millis_option")]
    delivered_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "is_false")]
    paid: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    cancelled: bool,
    #[serde(default)]
    seen: Seen,
}

/// Which events of an order were counted. A history is known by the kinds of its events, as an
/// order has one of each, and one of stock for each of its products.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    /// The first sequences of the order's own histories.
    own: [u64; 3],
    /// Later ones, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    more: Vec<(History, u64)>,
    /// Product and sequence, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stock: Vec<(Arc<str>, u64)>,
}

/// What an event completes, whichever of the two joined events came last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Joined {
    /// When the order was placed: the cohort it belongs to.
    pub(super) placed_at: Timestamp,
    pub(super) paid: bool,
    pub(super) cancelled: bool,
    pub(super) delivered_at: Option<Timestamp>,
}

impl OrderFacts {
    pub(super) fn new(floor: Timestamp, first: Timestamp) -> Self {
        Self {
            last: first,
            floor,
            placed_at: None,
            delivered_at: None,
            paid: false,
            cancelled: false,
            seen: Seen::default(),
        }
    }

    /// Marks the event as counted; false when it was already. `product`: whose stock it is about.
    pub(super) fn count(&mut self, fact: &Fact<'_>, product: Option<Arc<str>>) -> bool {
        let new = match (fact.event_type.map(EventType::history), product) {
            (Some(History::Order), _) => self.seen.own(0, History::Order, fact.sequence),
            (Some(History::Reservation), _) => {
                self.seen.own(1, History::Reservation, fact.sequence)
            }
            (Some(History::Payment), _) => self.seen.own(2, History::Payment, fact.sequence),
            (Some(History::Stock), Some(product)) => {
                insert(&mut self.seen.stock, (product, fact.sequence))
            }
            (Some(History::Stock) | None, _) => false,
        };
        if new {
            self.last = self.last.max(fact.at);
        }
        new
    }

    /// Joins an event that was counted just now with those before it.
    pub(super) fn join(&mut self, fact: &Fact<'_>) -> Option<Joined> {
        match fact.event_type? {
            EventType::OrderPlaced if self.placed_at.is_none() => self.placed_at = Some(fact.at),
            EventType::PaymentProcessed if !self.paid => self.paid = true,
            EventType::OrderCancelled if !self.cancelled => self.cancelled = true,
            EventType::OrderDelivered if self.delivered_at.is_none() => {
                self.delivered_at = Some(fact.at);
            }
            // No part in a join, or a second one, which no order has.
            _ => return None,
        }
        let placed_at = self.placed_at?;
        let nothing = Joined { placed_at, paid: false, cancelled: false, delivered_at: None };
        Some(match fact.event_type? {
            EventType::PaymentProcessed => Joined { paid: true, ..nothing },
            EventType::OrderCancelled => Joined { cancelled: true, ..nothing },
            EventType::OrderDelivered => Joined { delivered_at: self.delivered_at, ..nothing },
            // What came before the order itself.
            _ => Joined {
                placed_at,
                paid: self.paid,
                cancelled: self.cancelled,
                delivered_at: self.delivered_at,
            },
        })
    }

    /// Shares the names of products with others.
    pub(super) fn intern(&mut self, mut intern: impl FnMut(&str) -> Arc<str>) {
        for (product, _) in &mut self.seen.stock {
            *product = intern(product);
        }
    }
}

impl Seen {
    fn own(&mut self, slot: usize, history: History, sequence: u64) -> bool {
        if sequence > BITS {
            return insert(&mut self.more, (history, sequence));
        }
        let bit = 1 << sequence.saturating_sub(1);
        let new = self.own[slot] & bit == 0;
        self.own[slot] |= bit;
        new
    }
}

/// False when it is there already.
fn insert<T: Ord>(sorted: &mut Vec<T>, item: T) -> bool {
    match sorted.binary_search(&item) {
        Ok(_) => false,
        Err(at) => {
            sorted.insert(at, item);
            true
        }
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}
