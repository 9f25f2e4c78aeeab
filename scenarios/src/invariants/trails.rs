//! What can be seen from outside is what happened: the read side, the audit trail, and what waits
//! for an operator.

use super::evidence::{Case, Evidence, Letter};
use orderflow::Role;
use orderflow::adapters::audit_table::AuditEntry;
use orderflow::adapters::event_store::StoredEvent;
use orderflow::adapters::order_table::{OrderRow, Progress};
use orderflow::domain::Timestamp;
use orderflow::domain::order::{self, Order};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a failure may take until it is written down, where calls are slow.
const SETTLING: Duration = Duration::from_secs(60);

/// `projection_equals_fold`: the read side shows each order as its history makes it, and no other.
pub(crate) fn wrong_rows(evidence: &Evidence) -> Vec<String> {
    let wrong = evidence.cases.iter().filter_map(|(id, case)| {
        let (seen, wanted) = (evidence.rows.get(id), row_of(case));
        (seen != wanted.as_ref()).then(|| {
            let (seen, wanted) = (told(seen), told(wanted.as_ref()));
            format!("order {id} is shown as {seen}; expected {wanted}")
        })
    });
    let unknown = evidence.rows.keys().filter(|id| !evidence.cases.contains_key(*id));
    let unknown = unknown.map(|id| format!("order {id} is shown but has no history"));
    let wanted = by_customer(evidence);
    let listed = evidence.by_customer.iter().filter_map(|(customer, seen)| {
        let wanted = wanted.get(customer).map_or(&[][..], Vec::as_slice);
        (seen != wanted).then(|| {
            format!("customer {customer} is shown the orders {seen:?}; expected {wanted:?}")
        })
    });
    wrong.chain(unknown).chain(listed).collect()
}

/// The orders of each customer as the histories have them, the newest first.
pub(super) fn by_customer(evidence: &Evidence) -> BTreeMap<String, Vec<String>> {
    let mut placed: Vec<_> = evidence
        .cases
        .iter()
        .filter_map(|(id, case)| row_of(case).map(|row| (row.placed_at, id, row.details)))
        .collect();
    placed.sort_by_key(|(at, id, _)| (*at, *id));
    let mut orders = BTreeMap::<String, Vec<String>>::new();
    for (_, id, details) in placed.into_iter().rev() {
        orders.entry(details.customer_id.to_string()).or_default().push(id.clone());
    }
    orders
}

/// What the read side must show of an order.
pub(super) fn row_of(case: &Case) -> Option<OrderRow> {
    let mut order = Order::Absent;
    let (mut sequence, mut updated_at) = (0, Timestamp::from_millis(0));
    for one in &case.order {
        order = order::evolve(order, &one.event);
        // The read side hears only what changes what it shows.
        if !matches!(one.event, order::Event::StockAllocated) {
            (sequence, updated_at) = (one.stored.version, one.stored.recorded_at);
        }
    }
    let reason = match &order {
        Order::Cancelled { reason, .. } => Some(reason.text().to_owned()),
        _ => None,
    };
    let progress = Progress { status: order.status()?, reason, sequence, updated_at };
    let placed_at = case.order.first()?.stored.recorded_at;
    Some(OrderRow { details: order.details()?.clone(), placed_at, progress })
}

fn told(row: Option<&OrderRow>) -> String {
    row.map_or_else(
        || "nothing".to_owned(),
        |OrderRow { details, placed_at, progress }| {
            let (status, sequence) = (progress.status.as_str(), progress.sequence);
            let reason = progress.reason.as_deref().unwrap_or("none");
            let (at, placed) = (progress.updated_at.to_rfc3339(), placed_at.to_rfc3339());
            let (lines, total) = (details.items.len(), details.total);
            format!(
                "{status} by event {sequence} at {at} (reason: {reason}; {lines} lines, {total}, \
                 placed at {placed})"
            )
        },
    )
}

/// `audit_without_gaps`: versions count from one, identifiers are used once, whoever asks for a
/// stream gets all that is stored in it, and all of an order's events name the request that
/// placed it.
pub(crate) fn gaps(evidence: &Evidence) -> Vec<String> {
    let mut findings = Vec::new();
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for (stream, events) in &evidence.streams {
        let versions: Vec<u64> = events.iter().map(|event| event.version).collect();
        if !versions.iter().copied().eq(1..=events.len() as u64) {
            findings.push(format!("{stream} has versions {versions:?}; expected 1, 2, 3 ..."));
        }
        for event in events {
            if let Some(other) = owners.insert(&event.event_id, stream) {
                let id = &event.event_id;
                findings.push(format!("{stream} and {other} share event id {id}; expected unique"));
            }
        }
        if evidence.trails.get(stream) != Some(events) {
            let shown = evidence.trails.get(stream).map_or(0, Vec::len);
            let stored = events.len();
            findings.push(format!("{stream} shows {shown} events; expected the {stored} stored"));
        }
    }
    let strangers = evidence.cases.iter().filter_map(|(id, case)| stranger(id, case));
    findings.extend(strangers);
    findings.extend(unrecorded(evidence));
    findings
}

/// True if the audit trail is still to hear of something, and nobody gave that up.
pub(super) fn is_to_be_recorded(evidence: &Evidence) -> bool {
    let given_up = evidence.letters.iter().any(|letter| letter.role == Role::Audit);
    !given_up && !unrecorded(evidence).is_empty()
}

/// Where the audit trail is not what is stored: each event once under its order or product, and
/// what an order did to stock under both.
fn unrecorded(evidence: &Evidence) -> Vec<String> {
    let mut findings = Vec::new();
    let mut count = 0;
    for (stream, events) in &evidence.streams {
        let (kind, id) = stream.split_once('#').unwrap_or_default();
        let owner = if kind == "stock" { "product" } else { "order" };
        for event in events {
            let of = |subject: String| {
                let mut trail = evidence.audit.get(&subject)?.iter();
                trail.find(|it| (&it.stream, it.sequence) == (stream, event.version))
            };
            let entry = of(format!("{owner}#{id}"));
            let copy = entry.and_then(order_of).map(|order| of(format!("order#{order}")));
            count += usize::from(entry.is_some()) + usize::from(copy.flatten().is_some());
            let expected = Some((&event.event_id, event.recorded_at));
            let seen = |it: Option<&AuditEntry>| it.map(|it| (it.event_id.clone(), it.happened_at));
            let wrong = [Some(entry), copy].into_iter().flatten().map(seen);
            let mut wrong = wrong.filter(|it| it.as_ref().map(|(id, at)| (id, *at)) != expected);
            if let Some(seen) = wrong.next() {
                let seen = seen.map_or("nothing".to_owned(), |(id, at)| {
                    format!("{id} at {}", at.to_rfc3339())
                });
                let (version, name, id) = (event.version, &event.event_type, &event.event_id);
                findings.push(format!(
                    "event {version} of {stream}, {name}, is recorded as {seen}; expected {id}"
                ));
            }
        }
    }
    let recorded: usize = evidence.audit.values().map(Vec::len).sum();
    if recorded > count {
        let more = recorded - count;
        findings.push(format!("the audit trail has {more} entries of what never happened"));
    }
    findings
}

/// The order that changed a product's stock.
fn order_of(entry: &AuditEntry) -> Option<String> {
    entry.stream.strip_prefix("stock#")?;
    let detail: Value = serde_json::from_str(&entry.detail).ok()?;
    Some(detail["order_id"].as_str()?.to_owned())
}

/// An event of an order that does not follow from the request that placed the order.
fn stranger(id: &str, case: &Case) -> Option<String> {
    let Some(placed) = case.order.first().map(|one| &one.stored) else {
        return Some(format!("order {id} has records; expected that it was placed"));
    };
    let order = case.order.iter().map(|one| &one.stored);
    let reservation = case.reservation.iter().map(|one| &one.stored);
    let payment = case.payment.iter().map(|one| &one.stored);
    let mut all = order.chain(reservation).chain(payment);
    let other = |event: &&StoredEvent| event.correlation_id != placed.correlation_id;
    let event = all.find(other)?;
    Some(format!(
        "order {id}: {} has correlation id {}; expected {}, as when it was placed",
        event.event_type, event.correlation_id, placed.correlation_id
    ))
}

/// `only_poison_in_dead_letters`: nobody gave up on anything but payments, and those while the
/// gateway was broken for the customer. What an operator sent back after that is dealt with.
pub(crate) fn strange_letters(evidence: &Evidence) -> Vec<String> {
    let customer = |letter: &Letter| {
        let case = evidence.cases.get(letter.order_id.as_ref()?)?;
        Some(case.state().details()?.customer_id.to_string())
    };
    let strange = evidence.letters.iter().filter_map(|letter| {
        let customer = customer(letter);
        let outages = customer.as_ref().and_then(|it| evidence.outages.get(it)).into_iter();
        let was_broken = outages
            .flatten()
            .any(|outage| letter.failed_at.is_none_or(|at| outage.touches(at - SETTLING, at)));
        (letter.role != Role::Payments || !was_broken).then(|| {
            let Letter { role, order_id, reason, .. } = letter;
            let order = order_id.as_deref().unwrap_or("none");
            let customer = customer.as_deref().unwrap_or("nobody");
            format!(
                "the dead letters of {role} hold a message about order {order} of {customer}, \
                 which failed because: {reason}; expected only payments with a broken gateway"
            )
        })
    });
    strange.collect()
}
