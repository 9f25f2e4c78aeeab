//! An event as the analytics reads it off the wire: only what some figure needs, borrowed from
//! the record where that is possible.
//!
//! It knows the contract's JSON, and nothing of topics, figures or customers. It is lenient about
//! what it does not read: `contracts::IntegrationEvent` is the strict reader.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::contracts::{CONTRACT_VERSION, EventType, History};
use crate::domain::identity::IDENTIFIER_LENGTH_MAX;
use crate::domain::money::MINOR_UNITS_MAX;
use crate::domain::{Currency, Money, Timestamp};

/// One event, as far as the analytics is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact<'a> {
    pub event_id: Cow<'a, str>,
    /// Missing in changes of stock that no order caused.
    pub order_id: Option<Cow<'a, str>>,
    /// There in every event of an order's own history.
    pub customer_id: Option<Cow<'a, str>>,
    /// When it happened: event time.
    pub at: Timestamp,
    /// Position in its history, counted from one.
    pub sequence: u64,
    /// None for a type that is not known here: from the future, or somebody else's.
    pub event_type: Option<EventType>,
    pub details: Details<'a>,
}

/// What an event of some type says beyond its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Details<'a> {
    Nothing,
    Placed {
        total: Money,
        lines: Vec<Line<'a>>,
    },
    Cancelled(CancelCause),
    /// Of a payment; none in refunds from before voided payments had an event of their own.
    Amount(Option<Money>),
    Stock {
        product_id: Cow<'a, str>,
        /// Pieces on the shelf, those of them promised to orders, and the rest.
        on_hand: u64,
        reserved: u64,
        available: u64,
    },
    LowStock {
        product_id: Cow<'a, str>,
    },
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    pub product_id: Cow<'a, str>,
    pub quantity: u64,
    pub unit_price: Money,
}

/// Why an order was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CancelCause {
    CustomerRequest,
    ReservationFailed,
    PaymentFailed,
    TimedOut,
}

/// Why a record is no event: it belongs in the dead-letter topic, with this text.
#[derive(Debug, thiserror::Error)]
pub enum Undecodable {
    #[error("not an integration event: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("not an integration event: the bytes are no UTF-8")]
    NotText,
    #[error("contract version {0} is not known here")]
    UnknownVersion(u32),
    #[error("an event of type {event_type:?} without a valid {field}")]
    Field { event_type: String, field: &'static str },
}

impl<'a> Fact<'a> {
    /// Reads a record's value: the `detail` of an event. An event of an unknown type is a fact
    /// without a type, whatever its data.
    ///
    /// # Errors
    /// The reason why it is no event.
    pub fn decode(value: &'a [u8]) -> Result<Self, Undecodable> {
        let text = std::str::from_utf8(value).map_err(|_| Undecodable::NotText)?;
        let wire = match serde_json::from_str::<Wire<'a, Data<'a>>>(text) {
            Ok(wire) => wire,
            Err(error) => {
                // The data may be that of an unknown type, and then anything.
                let bare: Wire<'a, IgnoredAny> = serde_json::from_str(text)?;
                return match EventType::parse(&bare.event_type.0) {
                    None => Self::known(bare.with(Data::default())),
                    Some(_) => Err(error.into()),
                };
            }
        };
        Self::known(wire)
    }

    fn known(wire: Wire<'a, Data<'a>>) -> Result<Self, Undecodable> {
        if wire.version != CONTRACT_VERSION {
            return Err(Undecodable::UnknownVersion(wire.version));
        }
        let event_type = EventType::parse(&wire.event_type.0);
        let mut data = wire.event_data;
        let customer_id = data.customer_id.take().map(|it| it.0);
        let order_id = wire.order_id.map(|it| it.0);
        let wrong = |field| Undecodable::Field { event_type: wire.event_type.0.to_string(), field };
        let plain = |id: &Option<Cow<'_, str>>| id.as_ref().is_some_and(|id| is_identifier(id));
        let history = event_type.map(EventType::history);
        if history.is_some() && wire.sequence == 0 {
            return Err(wrong("sequence"));
        }
        let may_be_without = matches!(history, None | Some(History::Stock));
        if !(plain(&order_id) || order_id.is_none() && may_be_without) {
            return Err(wrong("order_id"));
        }
        if history == Some(History::Order) && !plain(&customer_id) {
            return Err(wrong("customer_id"));
        }
        let details =
            event_type.map_or(Ok(Details::Nothing), |it| data.details(it)).map_err(wrong)?;
        let (event_id, at, sequence) = (wire.event_id.0, wire.timestamp, wire.sequence);
        Ok(Self { event_id, order_id, customer_id, at, sequence, event_type, details })
    }
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "D: Deserialize<'de>"))]
struct Wire<'a, D> {
    #[serde(borrow)]
    event_id: Text<'a>,
    #[serde(borrow)]
    order_id: Option<Text<'a>>,
    #[serde(borrow)]
    event_type: Text<'a>,
    event_data: D,
    timestamp: Timestamp,
    sequence: u64,
    version: u32,
}

/// A `Cow` alone would be copied inside an `Option`.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The data of all kinds at once: the type may stand behind its data.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Data<'a> {
    #[serde(borrow)]
    customer_id: Option<Text<'a>>,
    #[serde(borrow)]
    items: Vec<WireLine<'a>>,
    #[serde(borrow)]
    total: Option<WireMoney<'a>>,
    #[serde(borrow)]
    amount: Option<WireMoney<'a>>,
    reason: Option<Reason>,
    #[serde(borrow)]
    product_id: Option<Text<'a>>,
    on_hand: Option<u64>,
    reserved: Option<u64>,
    available: Option<u64>,
}

#[derive(Deserialize)]
struct WireLine<'a> {
    #[serde(borrow)]
    product_id: Text<'a>,
    quantity: u64,
    #[serde(borrow)]
    unit_price: Option<WireMoney<'a>>,
}

/// `Money` would copy the currency's name first.
#[derive(Deserialize)]
struct WireMoney<'a> {
    minor_units: u64,
    #[serde(borrow)]
    currency: Text<'a>,
}

/// A text where a reservation or a payment failed, a code with a text where an order was cancelled.
struct Reason(Option<CancelCause>);

impl<'a, D> Wire<'a, D> {
    fn with<E>(self, event_data: E) -> Wire<'a, E> {
        let Self { event_id, order_id, event_type, timestamp, sequence, version, .. } = self;
        Wire { event_id, order_id, event_type, event_data, timestamp, sequence, version }
    }
}

impl<'a> Data<'a> {
    /// Names the field that is missing or wrong.
    fn details(self, event_type: EventType) -> Result<Details<'a>, &'static str> {
        Ok(match event_type {
            EventType::OrderPlaced => Details::Placed {
                total: bounded(self.total).ok_or("total")?,
                lines: self.items.into_iter().map(WireLine::line).collect::<Result<_, _>>()?,
            },
            EventType::OrderCancelled => {
                Details::Cancelled(self.reason.and_then(|it| it.0).ok_or("reason")?)
            }
            EventType::PaymentProcessed => {
                Details::Amount(Some(bounded(self.amount).ok_or("amount")?))
            }
            EventType::PaymentRefunded if self.amount.is_some() => {
                Details::Amount(Some(bounded(self.amount).ok_or("amount")?))
            }
            EventType::PaymentRefunded => Details::Amount(None),
            EventType::StockUpdated => Details::Stock {
                product_id: identifier(self.product_id).ok_or("product_id")?,
                on_hand: self.on_hand.ok_or("on_hand")?,
                reserved: self.reserved.ok_or("reserved")?,
                available: self.available.ok_or("available")?,
            },
            EventType::LowStockAlert => {
                Details::LowStock { product_id: identifier(self.product_id).ok_or("product_id")? }
            }
            _ => Details::Nothing,
        })
    }
}

impl<'a> WireLine<'a> {
    fn line(self) -> Result<Line<'a>, &'static str> {
        Ok(Line {
            product_id: identifier(Some(self.product_id)).ok_or("items.product_id")?,
            quantity: self.quantity,
            unit_price: bounded(self.unit_price).ok_or("items.unit_price")?,
        })
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = Reason;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a code with a text")
            }

            fn visit_str<E>(self, _text: &str) -> Result<Reason, E> {
                Ok(Reason(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Reason, A::Error> {
                let mut cause = None;
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    match &*key.0 {
                        "code" => cause = Some(map.next_value()?),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(Reason(cause))
            }
        }
        deserializer.deserialize_any(Form)
    }
}

fn bounded(amount: Option<WireMoney<'_>>) -> Option<Money> {
    let WireMoney { minor_units, currency } = amount?;
    let currency = Currency::parse(&currency.0).ok()?;
    (minor_units <= MINOR_UNITS_MAX).then_some(Money { minor_units, currency })
}

fn identifier(text: Option<Text<'_>>) -> Option<Cow<'_, str>> {
    text.map(|it| it.0).filter(|it| is_identifier(it))
}

/// As `domain::identity` has it; that would copy the text.
fn is_identifier(text: &str) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=IDENTIFIER_LENGTH_MAX).contains(&text.len()) && text.as_bytes().iter().all(plain)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::contracts::{IntegrationEvent, Payload, samples};
    use crate::domain::OrderId;

    fn event(payload: Payload) -> IntegrationEvent {
        IntegrationEvent {
            event_id: "e-1".into(),
            order_id: OrderId::parse("o-1").ok(),
            payload,
            timestamp: Timestamp::from_millis(1_767_225_599_999),
            correlation_id: "cor".into(),
            causation_id: "cau".into(),
            stream: "order#o-1".into(),
            sequence: 3,
        }
    }

    fn sample(event_type: &str) -> Value {
        let payload = samples().into_iter().find(|it| it.detail_type() == event_type);
        let event = event(payload.expect("a sample"));
        serde_json::from_str(&event.to_detail()).expect("JSON")
    }

    #[test]
    fn every_event_of_the_contract_is_read() {
        for payload in samples() {
            let event = event(payload.clone());
            let text = event.to_detail();
            let fact = Fact::decode(text.as_bytes()).expect("an event");
            assert_eq!(fact.event_type, Some(payload.event_type()));
            assert_eq!((&*fact.event_id, fact.order_id.as_deref()), ("e-1", Some("o-1")));
            assert_eq!((fact.at, fact.sequence), (event.timestamp, 3));
            assert!(matches!(fact.event_id, Cow::Borrowed(_)), "copied");
            assert!(matches!(fact.order_id, Some(Cow::Borrowed(_))), "copied");
        }
    }

    #[test]
    fn fields_may_stand_in_any_order_and_have_escapes() {
        let text = r#"{"version":1,"sequence":2,"timestamp":"2026-01-01T00:00:00.000Z",
            "event_data":{"reason":{"text":"no \"luck\"","code":"PaymentFailed"},
            "customer_id":"c\u002d1","refund_due":true,"new":[1,{}]},
            "event_type":"Order Cancelled","order_id":"o","event_id":"e","more":{}}"#;
        let fact = Fact::decode(text.as_bytes()).expect("an event");
        assert_eq!(fact.details, Details::Cancelled(CancelCause::PaymentFailed));
        assert_eq!(fact.customer_id.as_deref(), Some("c-1"));
    }

    #[test]
    fn unknown_types_are_told_apart_from_broken_events() {
        let check = |event_type: &str, path: &str, value: Value, expected: &str| {
            let mut detail = sample(event_type);
            *detail.pointer_mut(path).expect("a field") = value;
            let text = detail.to_string();
            let found = match Fact::decode(text.as_bytes()) {
                Ok(fact) => fact.event_type.map_or("Unknown", EventType::name).to_owned(),
                Err(error) => error.to_string(),
            };
            assert!(found.contains(expected), "{found}");
        };
        let placed = "Order Placed";
        check(placed, "/event_type", json!("Order Gift-Wrapped"), "Unknown");
        check("Stock Updated", "/order_id", Value::Null, "Stock Updated");
        check(placed, "/order_id", Value::Null, "without a valid order_id");
        check(placed, "/order_id", json!("a b"), "without a valid order_id");
        check(placed, "/event_data/customer_id", json!(""), "without a valid customer_id");
        check(placed, "/event_data/customer_id", json!(7), "not an integration event");
        check(placed, "/event_data", json!({"customer_id": "c"}), "without a valid total");
        check(placed, "/event_data/total/minor_units", json!(-1), "not an integration event");
        check(placed, "/event_data/total/minor_units", json!(u64::MAX), "without a valid total");
        check(placed, "/event_data/total/currency", json!("euro"), "without a valid total");
        check(placed, "/sequence", json!(0), "without a valid sequence");
        check(placed, "/version", json!(2), "contract version 2");
        check(placed, "/timestamp", json!("now"), "not a time");
        check("Order Cancelled", "/event_data/reason", json!("why"), "without a valid reason");
        check(
            "Stock Updated",
            "/event_data/product_id",
            json!("a#b"),
            "without a valid product_id",
        );
    }

    #[test]
    fn the_data_of_an_unknown_type_may_be_anything() {
        for data in [json!(null), json!(7), json!({"items": "x"}), json!({"total": []})] {
            let mut detail = sample("Order Placed");
            detail["event_type"] = json!("Order Gift-Wrapped");
            detail["event_data"] = data;
            let text = detail.to_string();
            let fact = Fact::decode(text.as_bytes()).expect("an event");
            assert_eq!(fact.event_type, None);
        }
        for bad in [&b"\xff"[..], b"", b"{}", b"[]", b"null"] {
            assert!(Fact::decode(bad).is_err());
        }
    }
}
