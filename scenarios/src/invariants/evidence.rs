//! All that the judges look at: the histories, typed and by order or product, and what the system
//! shows of them. It knows no AWS and no HTTP.

use super::answers::Asked;
use crate::mail;
use crate::trouble::Trouble;
use orderflow::adapters::audit_table::AuditEntry;
use orderflow::adapters::event_store::StoredEvent;
use orderflow::adapters::order_table::OrderRow;
use orderflow::adapters::simulated_gateway::Account;
use orderflow::analytics::Figures;
use orderflow::app::figures::Alert;
use orderflow::app::stored;
use orderflow::domain::Timestamp;
use orderflow::domain::order::{self, Order, Reservation as Allotment};
use orderflow::domain::payment::{self, Payment};
use orderflow::domain::reservation::{self, Reservation};
use orderflow::domain::stock;
use orderflow::{Role, Timing, TimingProfile};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Histories, oldest event first, by stream.
pub(crate) type Streams = BTreeMap<String, Vec<StoredEvent>>;

#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// How long things take.
    pub(crate) timing: Timing,
    /// Each request to the API.
    pub(crate) asked: Vec<Asked>,
    /// When something was made to go wrong.
    pub(crate) trouble: Trouble,
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
    pub(crate) board: Board,
    /// By customer: when the payment gateway was broken.
    pub(crate) outages: BTreeMap<String, Vec<Outage>>,
    /// Orders of which an operator sent a dead letter back.
    pub(crate) redriven: BTreeSet<String>,
}

/// What the analytics shows besides totals.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board {
    /// Closed minutes, the oldest first, and the end of the last.
    pub(crate) minutes: Vec<Figures>,
    pub(crate) closed_until: Option<Timestamp>,
    /// Events that came when their minute was closed.
    pub(crate) late: u64,
    pub(crate) alerts: Vec<Alert>,
    /// How often each pattern was found, by name.
    pub(crate) patterns: BTreeMap<String, u64>,
    /// The sum of the metric that counts who was told.
    pub(crate) notifications_sent: Option<f64>,
}

/// From when on, and until when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outage(pub(crate) Timestamp, pub(crate) Option<Timestamp>);

impl Outage {
    pub(crate) fn touches(self, from: Timestamp, until: Timestamp) -> bool {
        self.0 <= until && self.1.is_none_or(|end| from <= end)
    }
}

impl Default for Evidence {
    fn default() -> Self {
        Self {
            timing: TimingProfile::Standard.timing(),
            asked: Vec::new(),
            trouble: Trouble::default(),
            accepted: BTreeSet::new(),
            streams: Streams::new(),
            trails: Streams::new(),
            audit: BTreeMap::new(),
            rows: BTreeMap::new(),
            by_customer: BTreeMap::new(),
            cases: BTreeMap::new(),
            shelves: BTreeMap::new(),
            letters: Vec::new(),
            mail: Vec::new(),
            told: BTreeMap::new(),
            totals: Value::Null,
            board: Board::default(),
            outages: BTreeMap::new(),
            redriven: BTreeSet::new(),
        }
    }
}

/// Everything that was recorded of one order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) order: Vec<Recorded<order::Event>>,
    pub(crate) reservation: Vec<Recorded<reservation::Event>>,
    pub(crate) payment: Vec<Recorded<payment::Event>>,
    /// What the payment gateway's own book says.
    pub(crate) booked: Option<Account>,
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
    /// The event that it is, if it is one.
    pub(crate) event_id: Option<String>,
    /// The type of the event, the timer or the task.
    pub(crate) about: String,
    pub(crate) reason: String,
    /// When it failed the last time, where somebody wrote that down.
    pub(crate) failed_at: Option<Timestamp>,
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

    /// The orders and products that a text names, in the order of the text; for the id of an event
    /// stands whose event it is.
    pub(crate) fn named_in(&self, text: &str) -> Vec<String> {
        let owner = |word: &str| {
            let mut streams = self.streams.iter();
            let found = streams.find(|(_, events)| events.iter().any(|it| it.event_id == word));
            found.and_then(|(stream, _)| stream.split_once('#')).map(|(_, id)| id.to_owned())
        };
        let mut named = Vec::new();
        for word in text.split(|it: char| !it.is_alphanumeric() && it != '-' && it != '_') {
            let is_known = self.cases.contains_key(word)
                || self.accepted.contains(word)
                || self.shelves.contains_key(word);
            let found = if is_known { Some(word.to_owned()) } else { owner(word) };
            named.extend(found.filter(|it| !named.contains(it)));
        }
        named
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
