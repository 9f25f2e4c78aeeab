//! The audit: reads every history and says where the books do not agree.
//!
//! Some rules hold at every moment; the others hold once nothing is on its way any more.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::DeserializeOwned;

use super::context::App;
use super::stored;
use crate::adapters::audit_table::AuditEntry;
use crate::adapters::event_store::StoredEvent;
use crate::adapters::order_table::{OrderRow, Progress};
use crate::app::{orders, trail};
use crate::contracts::{EventHeader, Source};
use crate::domain::Timestamp;
use crate::domain::order::{self, Order, Status};
use crate::domain::payment::{self, Payment};
use crate::domain::reservation::{self, Reservation};
use crate::domain::stock::{self, Stock};
use crate::failure::Failure;

/// Everything that was recorded.
#[derive(Clone, Debug, Default)]
pub struct Books {
    pub streams: BTreeMap<String, Vec<StoredEvent>>,
    /// The read side, by order.
    pub rows: BTreeMap<String, OrderRow>,
    /// The audit trail, by what it is recorded under.
    pub trails: BTreeMap<String, Vec<AuditEntry>>,
    /// Events that are not published yet.
    pub pending: usize,
}

/// A rule that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub rule: &'static str,
    /// The order or product.
    pub subject: String,
    pub detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.rule, self.subject, self.detail)
    }
}

/// Reads everything. Made for rehearsals: the tables are scanned.
pub async fn read(app: &App) -> Result<Books, Failure> {
    let mut books = Books { streams: app.store.scan().await?, ..Books::default() };
    for row in app.order_table.scan().await? {
        books.rows.insert(row.details.order_id.to_string(), row);
    }
    books.trails = app.audit_table.scan().await?;
    for source in Source::ALL {
        books.pending += app.outbox.pending(source.as_str(), None, 1000).await?.len();
    }
    Ok(books)
}

impl Books {
    /// What must hold at every moment: histories have no gaps, no order is paid twice, no more is
    /// promised than there is, and what is promised is exactly what orders hold.
    pub fn always(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (stream_id, stored) in &self.streams {
            let versions = stored.iter().map(|event| event.version);
            if !versions.eq(1..=stored.len() as u64) {
                findings.push(finding("history without gaps", stream_id, "a version is missing"));
            }
        }
        for (order_id, events) in self.of::<payment::Event>("payment", &mut findings) {
            let count = |name| events.iter().filter(|event| event.name() == name).count();
            let (captured, refunded) = (count("PaymentCaptured"), count("PaymentRefunded"));
            if captured > 1 || refunded > captured {
                let detail = format!("captured {captured} times, refunded {refunded} times");
                findings.push(finding("money moves once", &order_id, detail));
            }
        }
        let held = self.held(&mut findings);
        for (product_id, events) in self.of::<stock::Event>("stock", &mut findings) {
            let stock = events.iter().fold(Stock::Unknown, stock::evolve);
            let Stock::Known { on_hand, reserved } = stock else {
                continue;
            };
            let promised = held.get(&product_id).copied().unwrap_or(0);
            if reserved > on_hand {
                let detail = format!("{reserved} of {on_hand} promised");
                findings.push(finding("stock is never oversold", &product_id, detail));
            }
            if reserved != promised {
                let detail = format!("{reserved} reserved, orders hold {promised}");
                findings.push(finding("stock is conserved", &product_id, detail));
            }
        }
        findings
    }

    /// What must hold besides once nothing is on its way: everything is published, the read side
    /// equals the histories, and orders that ended have ended everywhere.
    pub fn settled(&self) -> Vec<Finding> {
        let mut findings = self.always();
        if self.pending > 0 {
            let detail = format!("{} events wait", self.pending);
            findings.push(finding("everything is published", "outbox", detail));
        }
        let reservations = self.of::<reservation::Event>("reservation", &mut Vec::new());
        let payments = self.of::<payment::Event>("payment", &mut Vec::new());
        let mut known = BTreeSet::new();
        for (order_id, events) in self.of::<order::Event>("order", &mut findings) {
            let order = order::fold(&events);
            let reservation = reservations
                .get(&order_id)
                .map(|events| events.iter().fold(Reservation::None, reservation::evolve))
                .unwrap_or_default();
            let payment = payments
                .get(&order_id)
                .map(|events| events.iter().fold(Payment::None, payment::evolve))
                .unwrap_or_default();
            if !ended_alike(&order, &reservation, &payment) {
                let status = order.status().map_or("absent", Status::as_str);
                let detail = format!("{status}, {reservation:?}, {payment:?}");
                findings.push(finding("a saga ends everywhere", &order_id, detail));
            }
            findings.extend(self.projected(&order_id, &events));
            known.insert(order_id);
        }
        findings.extend(self.recorded());
        let strangers = self.rows.keys().filter(|order_id| !known.contains(*order_id));
        findings.extend(
            strangers.map(|order_id| {
                finding("the read side equals the histories", order_id, "no history")
            }),
        );
        findings
    }

    fn projected(&self, order_id: &str, events: &[order::Event]) -> Option<Finding> {
        let at = |version| (version, Timestamp::from_millis(0));
        let expected = orders::row_of(events.iter().zip((1..).map(at)));
        let seen = |row: &OrderRow| {
            let Progress { status, sequence, .. } = row.progress;
            (status, row.details.clone(), sequence)
        };
        let row = self.rows.get(order_id);
        (row.map(seen) != expected.as_ref().map(seen)).then(|| {
            let status = |row: &OrderRow| row.progress.status.as_str();
            let shown = row.map_or("nothing", status);
            let actual = expected.as_ref().map_or("absent", status);
            let detail = format!("shows {shown}, is {actual}");
            finding("the read side equals the histories", order_id, detail)
        })
    }

    /// The audit trail holds each event of each history, and no other, under each of its subjects.
    fn recorded(&self) -> Vec<Finding> {
        const RULE: &str = "the audit trail is complete";
        let mut recorded: BTreeMap<(&str, u64), BTreeMap<&str, &AuditEntry>> = BTreeMap::new();
        for (subject, entry) in
            self.trails.iter().flat_map(|(key, trail)| trail.iter().map(move |it| (key, it)))
        {
            let place = (entry.stream.as_str(), entry.sequence);
            recorded.entry(place).or_default().insert(subject, entry);
        }
        let mut findings = Vec::new();
        for (stream_id, event) in
            self.streams.iter().flat_map(|(id, events)| events.iter().map(move |it| (id, it)))
        {
            let copies = recorded.remove(&(stream_id, event.version)).unwrap_or_default();
            if let Some(wrong) = wrong_copies(stream_id, event, &copies) {
                let detail = format!("event {}, {}, {wrong}", event.version, event.event_type);
                findings.push(finding(RULE, stream_id, detail));
            }
        }
        let unknown = recorded.into_keys().map(|(stream_id, sequence)| {
            finding(RULE, stream_id, format!("event {sequence} never happened"))
        });
        findings.extend(unknown);
        findings
    }

    /// Pieces of each product that orders hold.
    fn held(&self, findings: &mut Vec<Finding>) -> BTreeMap<String, u64> {
        let mut held = BTreeMap::new();
        for events in self.of::<reservation::Event>("reservation", findings).values() {
            let reservation = events.iter().fold(Reservation::None, reservation::evolve);
            let Reservation::Held(items) = reservation else {
                continue;
            };
            for item in items {
                *held.entry(item.product_id.to_string()).or_default() += item.quantity;
            }
        }
        held
    }

    /// The histories of one kind, by what stands after the `#`.
    fn of<E: DeserializeOwned>(
        &self,
        kind: &str,
        findings: &mut Vec<Finding>,
    ) -> BTreeMap<String, Vec<E>> {
        let mut all = BTreeMap::new();
        for (stream_id, stored) in &self.streams {
            let Some((_, id)) = stream_id.split_once('#').filter(|(found, _)| *found == kind)
            else {
                continue;
            };
            let events: Result<Vec<E>, _> = stored.iter().map(stored::read).collect();
            match events {
                Ok(events) => {
                    all.insert(id.to_owned(), events);
                }
                Err(error) => {
                    findings.push(finding("histories are readable", id, error.to_string()));
                }
            }
        }
        all
    }
}

/// What is wrong with an event's entries in the audit trail, by subject.
fn wrong_copies(
    stream_id: &str,
    event: &StoredEvent,
    copies: &BTreeMap<&str, &AuditEntry>,
) -> Option<String> {
    let is_copy = |entry: &AuditEntry| {
        entry.event_id == event.event_id
            && entry.happened_at == event.recorded_at
            && entry.correlation_id == event.correlation_id
            && entry.causation_id == event.causation_id
    };
    let Some(entry) = copies.values().next() else {
        return Some("is not recorded".to_owned());
    };
    if !copies.values().all(|entry| is_copy(entry)) {
        return Some("is recorded as another".to_owned());
    }
    let Ok(header) = EventHeader::from_detail(&entry.detail) else {
        return Some("is recorded but not readable".to_owned());
    };
    let subjects: BTreeSet<_> =
        trail::subjects(stream_id, header.order_id.as_ref()).into_iter().collect();
    let found = copies.keys().map(|key| (*key).to_owned());
    (!subjects.iter().cloned().eq(found)).then(|| "is not recorded everywhere".to_owned())
}

fn ended_alike(order: &Order, reservation: &Reservation, payment: &Payment) -> bool {
    match order {
        Order::Delivered { .. } => {
            *reservation == Reservation::Shipped && matches!(payment, Payment::Captured { .. })
        }
        Order::Cancelled { .. } => {
            !matches!(reservation, Reservation::Held(_) | Reservation::Shipped)
                && !matches!(payment, Payment::Captured { .. } | Payment::Authorised { .. })
        }
        _ => true,
    }
}

fn finding(rule: &'static str, subject: &str, detail: impl Into<String>) -> Finding {
    Finding { rule, subject: subject.to_owned(), detail: detail.into() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::OrderId;

    /// Streams of events as JSON, numbered from one.
    fn books(streams: &[(&str, &[&str])]) -> Books {
        let stored = |version, data: &str| StoredEvent {
            version,
            event_id: format!("e-{version}"),
            event_type: String::new(),
            schema: 1,
            data: data.to_owned(),
            recorded_at: Timestamp::from_millis(0),
            correlation_id: String::new(),
            causation_id: String::new(),
        };
        let streams = streams.iter().map(|(id, events)| {
            let events = (1..).zip(*events).map(|(version, data)| stored(version, data));
            ((*id).to_owned(), events.collect())
        });
        let mut books = Books { streams: streams.collect(), ..Books::default() };
        for (stream, events) in &books.streams {
            for subject in trail::subjects(stream, OrderId::parse("o").ok().as_ref()) {
                let trail = books.trails.entry(subject).or_default();
                trail.extend(events.iter().map(|event| entry(stream, event)));
            }
        }
        books
    }

    /// What is recorded of an event of order `o`.
    fn entry(stream: &str, event: &StoredEvent) -> AuditEntry {
        let StoredEvent { version, event_id, recorded_at, .. } = event;
        let detail = json!({
            "event_id": event_id, "order_id": "o", "event_type": "", "stream": stream,
            "timestamp": recorded_at, "correlation_id": "", "causation_id": "",
            "sequence": version,
        });
        AuditEntry {
            event_id: event_id.clone(),
            event_type: String::new(),
            source: String::new(),
            stream: stream.to_owned(),
            sequence: *version,
            happened_at: *recorded_at,
            recorded_at: *recorded_at,
            correlation_id: String::new(),
            causation_id: String::new(),
            detail: detail.to_string(),
        }
    }

    fn check(streams: &[(&str, &[&str])], expected: &[&str]) {
        let found = books(streams).settled();
        let rules: Vec<_> = found.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, expected, "{found:?}");
    }

    const PLACED: &str = r#"{"type":"OrderPlaced","data":{"order_id":"o","customer_id":"c",
        "items":[],"total":{"minor_units":5,"currency":"EUR"},"shipping_address":null}}"#;
    const CANCELLED: &str = r#"{"type":"OrderCancelled","data":{"refund_due":true,
        "reason":{"code":"CustomerRequest","text":"why"}}}"#;
    const HELD: &str = r#"{"type":"ReservationHeld","data":{"items":
        [{"product_id":"p","quantity":2}]}}"#;
    const COUNTED: &str = r#"{"type":"StockCounted","data":{"on_hand":9}}"#;
    const RESERVED: &str = r#"{"type":"StockReserved","data":{"quantity":2}}"#;
    const CAPTURED: &str =
        r#"{"type":"PaymentCaptured","data":{"amount":{"minor_units":5,"currency":"EUR"}}}"#;

    #[test]
    fn books_that_disagree_are_found() {
        const READ_SIDE: &str = "the read side equals the histories";
        check(&[], &[]);
        check(&[("stock#p", &[COUNTED, RESERVED]), ("reservation#o", &[HELD])], &[]);
        check(&[("stock#p", &[COUNTED, RESERVED])], &["stock is conserved"]);
        check(&[("payment#o", &[CAPTURED, CAPTURED])], &["money moves once"]);
        check(&[("payment#o", &["{}"])], &["histories are readable"]);
        check(&[("order#o", &[PLACED])], &[READ_SIDE]);
        let unpaid: &[_] = &[("order#o", &[PLACED, CANCELLED][..]), ("payment#o", &[CAPTURED])];
        check(unpaid, &["a saga ends everywhere", READ_SIDE]);
    }

    #[test]
    fn an_audit_trail_that_is_not_the_histories_is_found() {
        let agreed = || books(&[("stock#p", &[COUNTED, RESERVED]), ("reservation#o", &[HELD])]);
        let check = |change: fn(&mut BTreeMap<String, Vec<AuditEntry>>), expected: &str| {
            let mut books = agreed();
            change(&mut books.trails);
            let found: Vec<_> = books.settled().iter().map(ToString::to_string).collect();
            assert_eq!(found, [format!("the audit trail is complete: {expected}")]);
        };
        check(
            |trails| trails.values_mut().for_each(|all| all.retain(|it| it.sequence == 1)),
            "stock#p: event 2, , is not recorded",
        );
        check(
            |trails| {
                trails.values_mut().flatten().for_each(|it| {
                    if it.stream == "reservation#o" {
                        it.event_id.push('x');
                    }
                })
            },
            "reservation#o: event 1, , is recorded as another",
        );
        check(
            |trails| {
                let of_order = trails.get_mut("order#o").expect("it was put there");
                of_order.retain(|it| (it.stream.as_str(), it.sequence) != ("stock#p", 2));
            },
            "stock#p: event 2, , is not recorded everywhere",
        );
    }

    #[test]
    fn a_gap_in_a_history_is_found() {
        let mut books = books(&[("stock#p", &[COUNTED, RESERVED]), ("reservation#o", &[HELD])]);
        let stream = books.streams.get_mut("stock#p").expect("it was put there");
        stream[1].version = 3;
        let rules: Vec<_> = books.always().iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["history without gaps"]);
    }
}
