//! The types of events: one row each. What an event of a type says is its
//! [`Payload`](super::Payload).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::source::Source;

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventType {
    OrderPlaced,
    OrderConfirmed,
    StockAllocated,
    PaymentRequested,
    OrderProcessing,
    OrderShipped,
    OrderDelivered,
    OrderCancelled,
    InventoryReserved,
    ReservationFailed,
    InventoryReleased,
    InventoryShipped,
    StockUpdated,
    LowStockAlert,
    PaymentAuthorised,
    PaymentProcessed,
    PaymentFailed,
    PaymentVoided,
    PaymentRefunded,
}

/// The history an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum History {
    Order,
    Reservation,
    Payment,
    Stock,
}

struct Row {
    event_type: EventType,
    /// EventBridge `DetailType`, and `event_type` of the event itself.
    name: &'static str,
    history: History,
    /// What has happened, in one sentence.
    about: &'static str,
}

const fn row(
    event_type: EventType,
    name: &'static str,
    history: History,
    about: &'static str,
) -> Row {
    Row { event_type, name, history, about }
}

/// In the order of the enum.
static ROWS: &[Row] = &[
    row(EventType::OrderPlaced, "Order Placed", History::Order, "A customer has placed an order."),
    row(
        EventType::OrderConfirmed,
        "Order Confirmed",
        History::Order,
        "The customer agrees to pay for it.",
    ),
    row(
        EventType::StockAllocated,
        "Stock Allocated",
        History::Order,
        "The order knows that its stock is held.",
    ),
    row(
        EventType::PaymentRequested,
        "Payment Requested",
        History::Order,
        "The order is confirmed and its stock held: it can be paid for.",
    ),
    row(
        EventType::OrderProcessing,
        "Order Processing",
        History::Order,
        "It is paid for: it can be packed.",
    ),
    row(EventType::OrderShipped, "Order Shipped", History::Order, "The parcel is under way."),
    row(EventType::OrderDelivered, "Order Delivered", History::Order, "The parcel has arrived."),
    row(
        EventType::OrderCancelled,
        "Order Cancelled",
        History::Order,
        "`code` is CustomerRequest, ReservationFailed, PaymentFailed or TimedOut.",
    ),
    row(
        EventType::InventoryReserved,
        "Inventory Reserved",
        History::Reservation,
        "All pieces of an order are held for it.",
    ),
    row(
        EventType::ReservationFailed,
        "Reservation Failed",
        History::Reservation,
        "Nothing is held: a product is unknown or there is too little of it.",
    ),
    row(
        EventType::InventoryReleased,
        "Inventory Released",
        History::Reservation,
        "What was held for an order can be sold again; no items if nothing was.",
    ),
    row(
        EventType::InventoryShipped,
        "Inventory Shipped",
        History::Reservation,
        "What was held for an order has left the shelf.",
    ),
    row(
        EventType::StockUpdated,
        "Stock Updated",
        History::Stock,
        "`change` is counted, received, reserved, released or shipped.",
    ),
    row(
        EventType::LowStockAlert,
        "Low Stock Alert",
        History::Stock,
        "A reservation or a count has left no more than the threshold.",
    ),
    row(
        EventType::PaymentAuthorised,
        "Payment Authorised",
        History::Payment,
        "The bank has set the amount aside.",
    ),
    row(
        EventType::PaymentProcessed,
        "Payment Processed",
        History::Payment,
        "The amount was taken.",
    ),
    row(
        EventType::PaymentFailed,
        "Payment Failed",
        History::Payment,
        "The bank has declined the payment.",
    ),
    row(
        EventType::PaymentVoided,
        "Payment Voided",
        History::Payment,
        "The payment was called off before money moved.",
    ),
    row(
        EventType::PaymentRefunded,
        "Payment Refunded",
        History::Payment,
        "The amount was given back.",
    ),
];

// A type finds its row by its place.
const _: () = {
    let mut at = 0;
    while at < ROWS.len() {
        assert!(ROWS[at].event_type as usize == at, "a row stands in another place than its type");
        at += 1;
    }
};

impl EventType {
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.event_type)
    }

    const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// EventBridge `DetailType`, and `event_type` of the event itself.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// What has happened, in one sentence.
    pub const fn about(self) -> &'static str {
        self.row().about
    }

    pub const fn history(self) -> History {
        self.row().history
    }

    /// The service that tells of it.
    pub const fn source(self) -> Source {
        match self.history() {
            History::Order => Source::Orders,
            History::Reservation | History::Stock => Source::Inventory,
            History::Payment => Source::Payments,
        }
    }

    /// `None` for types from the future, or somebody else's.
    pub fn parse(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.name == name).map(|row| row.event_type)
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for EventType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for EventType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown = || serde::de::Error::custom(format!("{name:?} is no event type"));
        Self::parse(&name).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::contracts::{Payload, samples};

    /// The names that the derived reader of payloads knows, as its error lists them.
    fn names_on_the_wire() -> BTreeSet<String> {
        let stranger = serde_json::json!({ "event_type": "?", "event_data": {} });
        let error = serde_json::from_value::<Payload>(stranger).expect_err("no such type");
        let told = error.to_string();
        let quoted = told.split('`').skip(1).step_by(2);
        quoted.filter(|name| *name != "?").map(str::to_owned).collect()
    }

    #[test]
    fn every_type_is_complete() {
        let on_the_wire = names_on_the_wire();
        assert!(on_the_wire.len() > 1, "the error lists no names");
        for name in &on_the_wire {
            assert!(EventType::parse(name).is_some(), "the payload {name:?} has no row in ROWS");
        }
        let samples = samples();
        for event_type in EventType::all() {
            let name = event_type.name();
            assert!(on_the_wire.contains(name), "no payload is renamed to {name:?}");
            assert!(event_type.about().ends_with('.'), "{name:?} is not described by a sentence");
            let has_sample = samples.iter().any(|it| it.event_type() == event_type);
            assert!(has_sample, "contracts::samples() has none of {name:?}");
        }
        for sample in samples {
            let written = serde_json::to_value(&sample).expect("JSON");
            assert_eq!(written["event_type"], sample.event_type().name(), "{sample:?}");
        }
    }
}
