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
}

const fn row(event_type: EventType, name: &'static str, history: History) -> Row {
    Row { event_type, name, history }
}

/// In the order of the enum.
static ROWS: &[Row] = &[
    row(EventType::OrderPlaced, "Order Placed", History::Order),
    row(EventType::OrderConfirmed, "Order Confirmed", History::Order),
    row(EventType::StockAllocated, "Stock Allocated", History::Order),
    row(EventType::PaymentRequested, "Payment Requested", History::Order),
    row(EventType::OrderProcessing, "Order Processing", History::Order),
    row(EventType::OrderShipped, "Order Shipped", History::Order),
    row(EventType::OrderDelivered, "Order Delivered", History::Order),
    row(EventType::OrderCancelled, "Order Cancelled", History::Order),
    row(EventType::InventoryReserved, "Inventory Reserved", History::Reservation),
    row(EventType::ReservationFailed, "Reservation Failed", History::Reservation),
    row(EventType::InventoryReleased, "Inventory Released", History::Reservation),
    row(EventType::InventoryShipped, "Inventory Shipped", History::Reservation),
    row(EventType::StockUpdated, "Stock Updated", History::Stock),
    row(EventType::LowStockAlert, "Low Stock Alert", History::Stock),
    row(EventType::PaymentAuthorised, "Payment Authorised", History::Payment),
    row(EventType::PaymentProcessed, "Payment Processed", History::Payment),
    row(EventType::PaymentFailed, "Payment Failed", History::Payment),
    row(EventType::PaymentVoided, "Payment Voided", History::Payment),
    row(EventType::PaymentRefunded, "Payment Refunded", History::Payment),
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
            let has_sample = samples.iter().any(|it| it.event_type() == event_type);
            assert!(has_sample, "contracts::samples() has none of {name:?}");
        }
        for sample in samples {
            let written = serde_json::to_value(&sample).expect("JSON");
            assert_eq!(written["event_type"], sample.event_type().name(), "{sample:?}");
        }
    }
}
