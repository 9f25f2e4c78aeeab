//! What every integration event carries, and how one is read back from a queue.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::event_type::EventType;
use super::payload::Payload;
use crate::domain::payment_method::HIDDEN;
use crate::domain::{OrderId, Timestamp};

/// The contract's version, in every event. Additions leave it as it is: readers skip event types
/// and fields that they don't know.
pub const CONTRACT_VERSION: u32 = 1;

/// One integration event. On the wire it is the `Detail` of an EventBridge entry, an object with
/// exactly these fields plus `event_type` and `event_data` for the payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegrationEvent {
    pub event_id: String,
    /// Missing when no order is behind it, as with an alert after a stock count.
    pub order_id: Option<OrderId>,
    pub payload: Payload,
    pub timestamp: Timestamp,
    /// The request that started it all.
    pub correlation_id: String,
    /// The event or request that led to this event.
    pub causation_id: String,
    /// The history it belongs to, as in `order#o-1` or `stock#lamp`. Empty in events from before
    /// there was the field.
    pub stream: String,
    /// Position in that history, counted from one. Every event of a history is told, so a number
    /// that is missing is an event that is missing.
    pub sequence: u64,
}

/// What can be read of any event, also of one whose payload is not known here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct EventHeader {
    pub event_id: String,
    pub order_id: Option<OrderId>,
    pub event_type: String,
    pub timestamp: Timestamp,
    pub correlation_id: String,
    pub causation_id: String,
    #[serde(default)]
    pub stream: String,
    pub sequence: u64,
}

/// The JSON that EventBridge puts into a queue.
#[derive(Clone, Debug, Deserialize)]
pub struct BusEnvelope {
    pub source: String,
    #[serde(rename = "detail-type")]
    pub detail_type: String,
    /// As it came, byte by byte.
    pub detail: Box<RawValue>,
}

#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("not an integration event: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("contract version {0} is not known here")]
    UnknownVersion(u32),
    /// Somebody else's event, or one from the future.
    #[error("event type {0:?} is not known here")]
    UnknownType(String),
}

#[derive(Serialize, Deserialize)]
struct Wire {
    event_id: String,
    order_id: Option<OrderId>,
    event_type: String,
    event_data: Value,
    timestamp: Timestamp,
    correlation_id: String,
    causation_id: String,
    #[serde(default)]
    stream: String,
    sequence: u64,
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Tagged {
    event_type: String,
    event_data: Value,
}

/// What of an event's data only the payments may read.
#[derive(Deserialize)]
struct Private<'a> {
    #[serde(borrow)]
    payment_method: Option<&'a RawValue>,
}

impl BusEnvelope {
    /// The detail for whoever only writes down or passes on what was told: as it came, byte by
    /// byte, but for a payment method, which is hidden.
    pub fn told(&self) -> Cow<'_, str> {
        let detail = self.detail.get();
        match private(detail) {
            Some(range) => {
                let (before, after) = (&detail[..range.start], &detail[range.end..]);
                Cow::Owned(format!("{before}\"{HIDDEN}\"{after}"))
            }
            None => Cow::Borrowed(detail),
        }
    }
}

/// Where the payment method stands. What is no event has none.
fn private(detail: &str) -> Option<Range<usize>> {
    #[derive(Deserialize)]
    struct Event<'a> {
        #[serde(borrow)]
        event_data: &'a RawValue,
    }
    // An array would be read as well.
    let object = |text: &str| text.trim_start().starts_with('{').then_some(());
    object(detail)?;
    let event: Event<'_> = serde_json::from_str(detail).ok()?;
    object(event.event_data.get())?;
    let data: Private<'_> = serde_json::from_str(event.event_data.get()).ok()?;
    let found = data.payment_method?.get();
    // It is borrowed from `detail`.
    let start = found.as_ptr().addr() - detail.as_ptr().addr();
    Some(start..start + found.len())
}

impl EventHeader {
    /// Reads the `detail` of an EventBridge message.
    pub fn from_detail(detail: &str) -> Result<Self, Unreadable> {
        Ok(serde_json::from_str(detail)?)
    }
}

impl IntegrationEvent {
    /// The `Detail` of an EventBridge entry.
    pub fn to_detail(&self) -> String {
        let tagged = serde_json::to_value(&self.payload)
            .and_then(serde_json::from_value::<Tagged>)
            .expect("every payload is an object with a type and data");
        let wire = Wire {
            event_id: self.event_id.clone(),
            order_id: self.order_id.clone(),
            event_type: tagged.event_type,
            event_data: tagged.event_data,
            timestamp: self.timestamp,
            correlation_id: self.correlation_id.clone(),
            causation_id: self.causation_id.clone(),
            stream: self.stream.clone(),
            sequence: self.sequence,
            version: CONTRACT_VERSION,
        };
        serde_json::to_string(&wire).expect("plain fields always serialise")
    }

    /// Reads the `detail` of an EventBridge message.
    pub fn from_detail(detail: &str) -> Result<Self, Unreadable> {
        let wire: Wire = serde_json::from_str(detail)?;
        if wire.version != CONTRACT_VERSION {
            return Err(Unreadable::UnknownVersion(wire.version));
        }
        if EventType::parse(&wire.event_type).is_none() {
            return Err(Unreadable::UnknownType(wire.event_type));
        }
        let tagged = Tagged { event_type: wire.event_type, event_data: wire.event_data };
        let payload = serde_json::to_value(tagged).and_then(serde_json::from_value)?;
        Ok(Self {
            event_id: wire.event_id,
            order_id: wire.order_id,
            payload,
            timestamp: wire.timestamp,
            correlation_id: wire.correlation_id,
            causation_id: wire.causation_id,
            stream: wire.stream,
            sequence: wire.sequence,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event() -> IntegrationEvent {
        IntegrationEvent {
            event_id: "e-1".into(),
            order_id: OrderId::parse("o-1").ok(),
            payload: Payload::ReservationFailed { reason: "none left".into() },
            timestamp: Timestamp::from_millis(0),
            correlation_id: "cor".into(),
            causation_id: "cau".into(),
            stream: "reservation#o-1".into(),
            sequence: 3,
        }
    }

    #[test]
    fn an_event_is_one_flat_object_and_reads_back() {
        let detail: Value = serde_json::from_str(&event().to_detail()).expect("JSON");
        let expected = json!({
            "event_id": "e-1", "order_id": "o-1", "event_type": "Reservation Failed",
            "event_data": {"reason": "none left"}, "timestamp": "1970-01-01T00:00:00.000Z",
            "correlation_id": "cor", "causation_id": "cau", "stream": "reservation#o-1",
            "sequence": 3, "version": 1
        });
        assert_eq!(detail, expected);
        let read = IntegrationEvent::from_detail(&event().to_detail());
        assert_eq!(read.expect("reads back"), event());
    }

    #[test]
    fn every_event_reads_back() {
        for payload in &super::super::samples() {
            let event = IntegrationEvent { payload: payload.clone(), ..event() };
            let read = IntegrationEvent::from_detail(&event.to_detail());
            assert_eq!(read.expect("reads back"), event);
        }
    }

    #[test]
    fn what_was_added_to_the_contract_may_be_missing() {
        let mut detail: Value = serde_json::from_str(&event().to_detail()).expect("JSON");
        detail.as_object_mut().expect("an object").remove("stream");
        let read = IntegrationEvent::from_detail(&detail.to_string()).expect("an older event");
        assert_eq!(read.stream, "");
    }

    #[test]
    fn strangers_are_told_apart_from_broken_events() {
        let with = |field: &str, value: Value| {
            let mut detail: Value = serde_json::from_str(&event().to_detail()).expect("JSON");
            detail[field] = value;
            IntegrationEvent::from_detail(&detail.to_string()).expect_err("unreadable")
        };
        assert!(matches!(with("version", json!(2)), Unreadable::UnknownVersion(2)));
        assert!(matches!(with("event_type", json!("X")), Unreadable::UnknownType(_)));
        assert!(matches!(with("event_data", json!({})), Unreadable::Malformed(_)));
        assert!(matches!(with("timestamp", json!("now")), Unreadable::Malformed(_)));
    }

    #[test]
    fn a_payment_method_is_passed_on_to_nobody() {
        let check = |detail: &str, expected: &str| {
            let envelope = BusEnvelope {
                source: "ecommerce.orders".into(),
                detail_type: "Any".into(),
                detail: RawValue::from_string(detail.into()).expect("JSON"),
            };
            assert_eq!(envelope.told(), expected);
        };
        check(
            r#"{"n":1.50,"event_data":{"payment_method":"4111 \"x","new":{}},"version":1}"#,
            r#"{"n":1.50,"event_data":{"payment_method":"***","new":{}},"version":1}"#,
        );
        check(
            r#"{"event_data": {"a": [1], "payment\u005fmethod" : {"card": "4111"} } }"#,
            r#"{"event_data": {"a": [1], "payment\u005fmethod" : "***" } }"#,
        );
        for other in [
            r#"{"event_data":{"customer_id":"ann"},"payment_method":1}"#,
            r#"{ "event_data":[1] }"#,
            r#"{"event_data":{"payment_method":null}}"#,
            "7",
        ] {
            check(other, other);
        }
    }
}
