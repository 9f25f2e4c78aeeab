//! All that the judges look at: the histories, typed and by order or product, and what the system
//! shows of them. It knows no AWS and no HTTP.

use crate::mail;
use orderflow::Role;
use orderflow::adapters::audit_table::AuditEntry;
use orderflow::adapters::event_store::StoredEvent;
use orderflow::adapters::order_table::OrderRow;
use orderflow::app::stored;
use orderflow::domain::Timestamp;
use orderflow::domain::order::{self, Order, Reservation as Allotment};
use orderflow::domain::payment::{self, Payment};
use orderflow::domain::reservation::{self, Reservation};
use orderflow::domain::stock;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Histories, oldest event first, by stream.
pub(crate) type Streams = BTreeMap<String, Vec<StoredEvent>>;

#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// The orders that the API accepted.
    pub(crate) accepted: BTreeSet<String>,
    /// All that is stored.
    pub(crate) streams: Streams,
    /// The same, each stream asked for by its name.
    pub(crate) trails: Streams,
    /// The audit trail, by what it is recorded under.
    pub(crate) audit: BTreeMap<String, Vec<AuditEntry>>,
    /// The read side, by order.
    pub(crate) rows: BTreeMap<String, OrderRow>,
    /// The same by customer: what is shown as the orders of each, the newest first.
    pub(crate) by_customer: BTreeMap<String, Vec<String>>,
    /// By order.
    pub(crate) cases: BTreeMap<String, Case>,
    /// By product.
    pub(crate) shelves: BTreeMap<String, Shelf>,
    pub(crate) letters: Vec<Letter>,
    /// What customers and staff were sent.
    pub(crate) mail: Vec<mail::Letter>,
    /// By the key of the inbox: when it was put on record that somebody was told.
    pub(crate) told: BTreeMap<String, Timestamp>,
    /// What the analytics has counted.
    pub(crate) totals: Value,
    /// Customers for whom the payment gateway was broken at any time.
    pub(crate) broken: BTreeSet<String>,
}

/// Everything that was recorded of one order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) order: Vec<Recorded<order::Event>>,
    pub(crate) reservation: Vec<Recorded<reservation::Event>>,
    pub(crate) payment: Vec<Recorded<payment::Event>>,
    /// What the payment gateway's own book says.
    pub(crate) booked: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Recorded<E> {
    pub(crate) event: E,
    pub(crate) stored: StoredEvent,
}

/// A product's history, and the stock that the API shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) events: Vec<stock::Event>,
    pub(crate) on_hand: u64,
    pub(crate) reserved: u64,
}

/// A message in a dead-letter queue.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) role: Role,
    /// The order it is about, if it is about one and can be read.
    pub(crate) order_id: Option<String>,
    pub(crate) reason: String,
}

impl Evidence {
    /// What the histories say; the rest is still to be filled in.
    ///
    /// # Errors
    /// When an event can't be read.
    pub(crate) fn of(streams: Streams) -> Result<Self, String> {
        let mut evidence = Self::default();
        for (stream, events) in &streams {
            let Some((kind, id)) = stream.split_once('#') else {
                return Err(format!("a stream of no known kind: {stream}"));
            };
            match kind {
                "order" => evidence.case(id).order = typed(stream, events)?,
                "reservation" => evidence.case(id).reservation = typed(stream, events)?,
                "payment" => evidence.case(id).payment = typed(stream, events)?,
                "stock" => {
                    let events = typed(stream, events)?.into_iter().map(|one| one.event).collect();
                    let shelf = Shelf { events, ..Shelf::default() };
                    evidence.shelves.insert(id.to_owned(), shelf);
                }
                _ => return Err(format!("a stream of no known kind: {stream}")),
            }
        }
        evidence.streams = streams;
        Ok(evidence)
    }

    /// True if a role of the saga gave up on a message of this order: it stays where it is until
    /// an operator acts.
    pub(crate) fn is_held_up(&self, order_id: &str) -> bool {
        let of_saga = |letter: &&Letter| letter.role.participant().is_some();
        let mut letters = self.letters.iter().filter(of_saga);
        letters.any(|letter| letter.order_id.as_deref() == Some(order_id))
    }

    fn case(&mut self, order_id: &str) -> &mut Case {
        self.cases.entry(order_id.to_owned()).or_default()
    }
}

impl Case {
    pub(crate) fn state(&self) -> Order {
        order::fold(self.order.iter().map(|one| &one.event))
    }

    /// The word for the order's state.
    pub(crate) fn status(&self) -> &'static str {
        self.state().status().map_or("absent", order::Status::as_str)
    }

    pub(crate) fn stock(&self) -> Reservation {
        let events = self.reservation.iter().map(|one| &one.event);
        events.fold(Reservation::None, reservation::evolve)
    }

    pub(crate) fn money(&self) -> Payment {
        self.payment.iter().map(|one| &one.event).fold(Payment::None, payment::evolve)
    }

    /// The events with which the order ended; there should be at most one.
    pub(crate) fn ends(&self) -> Vec<&Recorded<order::Event>> {
        let ends = |one: &&Recorded<order::Event>| {
            use order::Event::{OrderCancelled, OrderDelivered};
            matches!(one.event, OrderDelivered | OrderCancelled { .. })
        };
        self.order.iter().filter(ends).collect()
    }

    /// True if only the customer can move the order on, by confirming it: it may stay for ever.
    pub(crate) fn awaits_customer(&self) -> bool {
        matches!(self.state(), Order::Created { stock: Allotment::Held, .. })
    }
}

/// Names in a history, like `[ReservationHeld, ReservationShipped]`.
pub(crate) fn listed(names: &[&str]) -> String {
    format!("[{}]", names.join(", "))
}

/// The names of the events of a history.
pub(crate) fn names<E>(events: &[Recorded<E>]) -> Vec<&str> {
    events.iter().map(|one| one.stored.event_type.as_str()).collect()
}

fn typed<E: DeserializeOwned>(
    stream: &str,
    events: &[StoredEvent],
) -> Result<Vec<Recorded<E>>, String> {
    let read = |stored: &StoredEvent| {
        let event = stored::read(stored)
            .map_err(|error| format!("{stream} has an unreadable event: {error}"))?;
        Ok(Recorded { event, stored: stored.clone() })
    };
    events.iter().map(read).collect()
}
