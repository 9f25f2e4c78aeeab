//! Stored events of every age, read as the events of today.
//!
//! What is stored is never rewritten. When the form of an event changes, its schema version goes up
//! and a step is added here, which turns the older form into the next one.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::adapters::event_store::StoredEvent;

/// From one schema version of an event to the next.
struct Step {
    event_type: &'static str,
    from: u32,
    upcast: fn(&mut Value),
}

/// Everything that ever changed, oldest first.
const STEPS: &[Step] = &[
    // Parcels had no numbers once.
    Step {
        event_type: "OrderShipped",
        from: 1,
        upcast: |event| event["data"] = json!({ "tracking_number": null }),
    },
];

/// An event that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("{event_type} {version} has schema {schema}, this program knows up to {known}")]
    FromTheFuture { event_type: String, version: u64, schema: u32, known: u32 },
    #[error("{event_type} {version} is damaged: {error}")]
    Damaged { event_type: String, version: u64, error: serde_json::Error },
}

/// The schema version in which events of this type are written.
pub fn schema(event_type: &str) -> u32 {
    let steps = STEPS.iter().filter(|step| step.event_type == event_type);
    steps.map(|step| step.from + 1).max().unwrap_or(1)
}

/// The event, whatever its age.
pub fn read<E: DeserializeOwned>(stored: &StoredEvent) -> Result<E, Unreadable> {
    let StoredEvent { event_type, version, .. } = stored;
    let damaged =
        |error| Unreadable::Damaged { event_type: event_type.clone(), version: *version, error };
    let known = schema(event_type);
    if stored.schema == known {
        return serde_json::from_str(&stored.data).map_err(damaged);
    }
    if stored.schema > known {
        let (event_type, version, schema) = (event_type.clone(), *version, stored.schema);
        return Err(Unreadable::FromTheFuture { event_type, version, schema, known });
    }
    let mut event: Value = serde_json::from_str(&stored.data).map_err(damaged)?;
    let missed = |step: &&Step| step.event_type == event_type && step.from >= stored.schema;
    STEPS.iter().filter(missed).for_each(|step| (step.upcast)(&mut event));
    serde_json::from_value(event).map_err(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::domain::order::Event;

    fn stored(event_type: &str, schema: u32, data: &str) -> StoredEvent {
        StoredEvent {
            version: 7,
            event_id: "e".into(),
            event_type: event_type.into(),
            schema,
            data: data.into(),
            recorded_at: Timestamp::from_millis(0),
            correlation_id: "a".into(),
            causation_id: "b".into(),
        }
    }

    fn check(event_type: &str, schema: u32, data: &str, expected: Result<Event, &str>) {
        let found = read::<Event>(&stored(event_type, schema, data));
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(error), Err(said)) => assert!(error.to_string().starts_with(said), "{error}"),
            (found, expected) => panic!("{found:?}, wanted {expected:?}"),
        }
    }

    #[test]
    fn events_of_every_age_are_read_as_those_of_today() {
        let without = Event::OrderShipped { tracking_number: None };
        check("OrderShipped", 1, r#"{"type":"OrderShipped"}"#, Ok(without));
        let with = Event::OrderShipped { tracking_number: Some("t-1".into()) };
        let today = r#"{"type":"OrderShipped","data":{"tracking_number":"t-1"}}"#;
        check("OrderShipped", 2, today, Ok(with));
        check("OrderDelivered", 1, r#"{"type":"OrderDelivered"}"#, Ok(Event::OrderDelivered));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let future = "OrderShipped 7 has schema 3, this program knows up to 2";
        check("OrderShipped", 3, "{}", Err(future));
        check("OrderShipped", 1, "{", Err("OrderShipped 7 is damaged"));
        check("OrderDelivered", 1, "{}", Err("OrderDelivered 7 is damaged"));
    }

    #[test]
    fn what_is_written_today_is_read_today() {
        let event = Event::OrderShipped { tracking_number: Some("t-1".into()) };
        let data = serde_json::to_string(&event).expect("it serialises");
        check(event.name(), schema(event.name()), &data, Ok(event));
    }
}
