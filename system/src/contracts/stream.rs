//! Events on the stream: which topics there are, and which records an event becomes.

use super::envelope::{BusEnvelope, EventHeader, Unreadable};
use super::payload::{SOURCE_INVENTORY, SOURCE_ORDERS, SOURCE_PAYMENTS};
use crate::config::Names;
use crate::ports::NewRecord;

/// A topic of the stream. All have as many partitions, so that what is keyed alike stands under the
/// same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Order events, by order.
    Orders,
    /// Stock events, by order; those without an order by their history.
    Inventory,
    /// Payment events, by order.
    Payments,
    /// Order events again, by customer.
    Customers,
    /// Records that could not be read or counted, with the reason.
    Refused,
}

/// Says why a record was refused.
pub const HEADER_REASON: &str = "reason";
const HEADER_EVENT_ID: &str = "event_id";
const HEADER_EVENT_TYPE: &str = "event_type";
const HEADER_CORRELATION_ID: &str = "correlation_id";

impl Topic {
    pub const ALL: [Self; 5] =
        [Self::Orders, Self::Inventory, Self::Payments, Self::Customers, Self::Refused];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Inventory => "inventory",
            Self::Payments => "payments",
            Self::Customers => "customers",
            Self::Refused => "refused",
        }
    }

    /// Where the events of a source go.
    fn of_source(source: &str) -> Option<Self> {
        match source {
            SOURCE_ORDERS => Some(Self::Orders),
            SOURCE_INVENTORY => Some(Self::Inventory),
            SOURCE_PAYMENTS => Some(Self::Payments),
            _ => None,
        }
    }
}

/// The records of an event, known to this version or not: none if no topic is for its source. The
/// event stays as it came.
///
/// # Errors
/// When it says neither when it happened nor what it is about.
pub fn records(names: &Names, event: &BusEnvelope) -> Result<Vec<NewRecord>, Unreadable> {
    let Some(topic) = Topic::of_source(&event.source) else { return Ok(Vec::new()) };
    let header = EventHeader::from_detail(&event.detail)?;
    let value = event.detail.to_string().into_bytes();
    let text = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    let record = |topic: Topic, key: &str| NewRecord {
        topic: names.stream_topic(topic),
        key: key.to_owned(),
        value: value.clone(),
        headers: vec![
            text(HEADER_EVENT_ID, &header.event_id),
            text(HEADER_EVENT_TYPE, &header.event_type),
            text(HEADER_CORRELATION_ID, &header.correlation_id),
        ],
        timestamp: header.timestamp,
    };
    let key = header.order_id.as_ref().map_or(header.stream.as_str(), |id| id.as_str());
    let mut records = vec![record(topic, key)];
    let customer = event.detail["event_data"]["customer_id"].as_str();
    if let Some(customer) = customer.filter(|_| topic == Topic::Orders) {
        records.push(record(Topic::Customers, customer));
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(source: &str, detail: serde_json::Value, expected: &[(&str, &str)]) {
        let names = Names::parse("shop").expect("a prefix");
        let mut whole = json!({ "event_id": "e", "event_type": "Something",
            "timestamp": "2026-01-01T00:00:01Z", "correlation_id": "a", "causation_id": "b",
            "sequence": 1, "event_data": {} });
        let members = detail.as_object().expect("an object").clone();
        whole.as_object_mut().expect("an object").extend(members);
        let source = source.to_owned();
        let envelope = BusEnvelope { source, detail_type: "Something".into(), detail: whole };
        let records = records(&names, &envelope).expect("an event");
        let places: Vec<_> =
            records.iter().map(|it| (it.topic.as_str(), it.key.as_str())).collect();
        assert_eq!(places, expected);
        for record in records {
            assert_eq!(record.timestamp.as_millis() % 60_000, 1000);
            let value: serde_json::Value = serde_json::from_slice(&record.value).expect("JSON");
            assert_eq!(value, envelope.detail, "as it came");
        }
    }

    #[test]
    fn an_event_goes_where_its_source_says_under_its_order() {
        let order = json!({ "order_id": "o", "stream": "order#o", "new_member": [1] });
        check(SOURCE_ORDERS, order.clone(), &[("shop-orders", "o")]);
        check(SOURCE_PAYMENTS, order.clone(), &[("shop-payments", "o")]);
        check(SOURCE_INVENTORY, order.clone(), &[("shop-inventory", "o")]);
        check(SOURCE_INVENTORY, json!({ "stream": "stock#p" }), &[("shop-inventory", "stock#p")]);
        check("ecommerce.gifts", order, &[]);
        let customer = json!({ "order_id": "o", "event_data": { "customer_id": "ann" } });
        check(SOURCE_ORDERS, customer.clone(), &[("shop-orders", "o"), ("shop-customers", "ann")]);
        check(SOURCE_PAYMENTS, customer, &[("shop-payments", "o")]);
    }
}
