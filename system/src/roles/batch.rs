//! The messages of one receive, read, and put together by what they are about.

use super::incoming::Incoming;
use crate::adapters::sqs::Received;
use crate::failure::Failure;

/// A message and what it says.
pub(super) struct Message {
    pub(super) received: Received,
    pub(super) incoming: Result<Incoming, Failure>,
}

impl Message {
    fn read(received: Received) -> Self {
        let incoming = Incoming::parse(&received.body);
        Self { received, incoming }
    }

    /// What it is about: the order; without one the event, of which copies may come; otherwise the
    /// message itself.
    pub(super) fn subject(&self) -> String {
        let incoming = self.incoming.as_ref().ok();
        let order = incoming.and_then(Incoming::order_id).map(ToString::to_string);
        let event = || incoming.and_then(Incoming::cause).map(|cause| cause.causation_id);
        order.or_else(event).unwrap_or_else(|| self.received.message_id.clone())
    }
}

/// Messages about the same subject, in the order they came, in groups in the order of their first.
/// Groups can be worked on at once; within a group two would get into each other's way, and two
/// copies of one event would not find each other in the inbox.
pub(super) fn by_subject(all: Vec<Received>) -> Vec<Vec<Message>> {
    let mut groups: Vec<(String, Vec<Message>)> = Vec::new();
    for message in all.into_iter().map(Message::read) {
        let subject = message.subject();
        match groups.iter_mut().find(|(known, _)| *known == subject) {
            Some((_, group)) => group.push(message),
            None => groups.push((subject, vec![message])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(message_id: &str, body: &str) -> Received {
        Received {
            message_id: message_id.into(),
            receipt_handle: format!("handle-{message_id}"),
            body: body.into(),
            receive_count: 1,
            group: None,
            first_received: None,
            trace: None,
            attributes: Vec::new(),
        }
    }

    fn timer(order_id: &str) -> String {
        let ids = r#""correlation_id":"a","causation_id":"b""#;
        format!(r#"{{"timer":"packing","order_id":"{order_id}",{ids}}}"#)
    }

    #[test]
    fn what_is_about_one_order_stays_together_in_order() {
        let bodies = [
            ("1", timer("o")),
            ("2", "nonsense".into()),
            ("3", timer("p")),
            ("4", timer("o")),
            ("5", "nonsense".into()),
        ];
        let groups = by_subject(bodies.iter().map(|(id, body)| received(id, body)).collect());
        let ids: Vec<Vec<_>> = groups
            .iter()
            .map(|group| group.iter().map(|it| it.received.message_id.as_str()).collect())
            .collect();
        assert_eq!(ids, [vec!["1", "4"], vec!["2"], vec!["3"], vec!["5"]]);
    }

    #[test]
    fn copies_of_an_event_without_an_order_stay_together() {
        let event = |event_id: &str| {
            format!(
                r#"{{"version":"0","source":"ecommerce.inventory",
                "detail-type":"Low Stock Alert","detail":{{"event_id":"{event_id}",
                "event_type":"Low Stock Alert","event_data":{{"product_id":"lamp","remaining_stock":1,
                "threshold":10}},"timestamp":"2026-01-01T00:00:00Z","correlation_id":"a",
                "causation_id":"b","stream":"stock#lamp","sequence":1,"version":1}}}}"#
            )
        };
        let bodies = [("1", event("e")), ("2", event("f")), ("3", event("e"))];
        let groups = by_subject(bodies.iter().map(|(id, body)| received(id, body)).collect());
        assert!(groups.iter().flatten().all(|it| it.incoming.is_ok()));
        assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    }
}
