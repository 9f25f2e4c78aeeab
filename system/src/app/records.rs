//! Which records of the stream an event becomes, and how far they were written.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::config::Names;
use crate::contracts::{
    BusEnvelope, HEADER_CORRELATION_ID, HEADER_EVENT_ID, HEADER_EVENT_TYPE, Source, Topic,
    Unreadable,
};
use crate::domain::Timestamp;
use crate::ports::{NewRecord, Position, TopicPartition};

/// How far this process has written the stream: the offsets after its last records.
#[derive(Debug, Default)]
pub(crate) struct Appended(Mutex<BTreeMap<TopicPartition, u64>>);

impl Appended {
    pub(crate) fn add(&self, place: &Position) {
        let mut all = self.lock();
        let next = all.entry(place.of.clone()).or_default();
        *next = (*next).max(place.offset + 1);
    }

    /// The offset after the last record; zero for none.
    pub(crate) fn end(&self, of: &TopicPartition) -> u64 {
        self.lock().get(of).copied().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<TopicPartition, u64>> {
        // Nothing inside can be half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The records of an event, known to this version or not: none if no topic is for its source. The
/// event stays as it came, but for a payment method.
///
/// # Errors
/// When it says neither when it happened nor what it is about.
pub fn records(names: &Names, event: &BusEnvelope) -> Result<Vec<NewRecord>, Unreadable> {
    let Some(source) = Source::parse_bus(&event.source) else { return Ok(Vec::new()) };
    let topic = source.topic();
    let told = event.told();
    let header: Header<'_> = serde_json::from_str(event.detail.get())?;
    let text = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    let record = |topic: Topic, key: &str| NewRecord {
        topic: names.stream_topic(topic),
        key: key.to_owned(),
        value: told.as_bytes().to_vec(),
        headers: vec![
            text(HEADER_EVENT_ID, &header.event_id),
            text(HEADER_EVENT_TYPE, &header.event_type),
            text(HEADER_CORRELATION_ID, &header.correlation_id),
        ],
        timestamp: header.timestamp,
    };
    let mut records = vec![record(topic, header.order_id.as_deref().unwrap_or(&header.stream))];
    // The data of an event that is not known here may be anything.
    let about = header.event_data.filter(|_| topic == Topic::Orders);
    let about = about.and_then(|data| serde_json::from_str::<About>(data.get()).ok());
    if let Some(customer) = about.and_then(|it| it.customer_id) {
        records.push(record(Topic::Customers, &customer));
    }
    Ok(records)
}

/// What is needed of an event to know where it belongs.
#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow)]
    event_id: Cow<'a, str>,
    order_id: Option<String>,
    #[serde(borrow)]
    event_type: Cow<'a, str>,
    timestamp: Timestamp,
    #[serde(borrow)]
    correlation_id: Cow<'a, str>,
    #[serde(borrow, default)]
    stream: Cow<'a, str>,
    #[serde(borrow)]
    event_data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct About {
    customer_id: Option<String>,
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
        let detail = serde_json::value::to_raw_value(&whole).expect("JSON");
        let envelope = BusEnvelope { source, detail_type: "Something".into(), detail };
        let records = records(&names, &envelope).expect("an event");
        let places: Vec<_> =
            records.iter().map(|it| (it.topic.as_str(), it.key.as_str())).collect();
        assert_eq!(places, expected);
        for record in records {
            assert_eq!(record.timestamp.as_millis() % 60_000, 1000);
            assert_eq!(record.value, envelope.detail.get().as_bytes(), "as it came");
        }
    }

    #[test]
    fn an_event_goes_where_its_source_says_under_its_order() {
        let order = json!({ "order_id": "o", "stream": "order#o", "new_member": [1] });
        check(Source::Orders.on_bus(), order.clone(), &[("shop-orders", "o")]);
        check(Source::Payments.on_bus(), order.clone(), &[("shop-payments", "o")]);
        check(Source::Inventory.on_bus(), order.clone(), &[("shop-inventory", "o")]);
        check(
            Source::Inventory.on_bus(),
            json!({ "stream": "stock#p" }),
            &[("shop-inventory", "stock#p")],
        );
        check("ecommerce.gifts", order, &[]);
        let customer = json!({ "order_id": "o", "event_data": { "customer_id": "ann" } });
        check(
            Source::Orders.on_bus(),
            customer.clone(),
            &[("shop-orders", "o"), ("shop-customers", "ann")],
        );
        check(Source::Payments.on_bus(), customer, &[("shop-payments", "o")]);
    }
}
