mod power;

use super::evidence::{Evidence, Letter, Outage, Streams};
use super::figures::{is_to_be_counted, wanted};
use super::orders::under_way;
use super::trails::{by_customer, is_to_be_recorded, row_of};
use super::{TOLD_MAX, judge, mail};
use crate::words::CATALOG;
use orderflow::Role;
use orderflow::adapters::audit_table::AuditEntry;
use orderflow::adapters::event_store::StoredEvent;
use orderflow::domain::Timestamp;
use power::{account, at, sent};
use serde_json::{Value, json};

/// Two orders for two pieces each: `good` was delivered, `bad` was paid for and then cancelled.
fn streams() -> Streams {
    let money = json!({ "minor_units": 500, "currency": "EUR" });
    let items = json!({ "items": [{ "product_id": "p", "quantity": 2 }] });
    let placed = |id: &str| {
        json!({ "order_id": id, "customer_id": "ann", "total": money, "shipping_address": null,
            "items": [{ "product_id": "p", "quantity": 2,
                "unit_price": { "minor_units": 250, "currency": "EUR" } }] })
    };
    let confirmed = json!({ "payment_method": "card", "confirmation_code": "x" });
    let requested = json!({ "customer_id": "ann", "amount": money, "payment_method": "card" });
    let reason = json!({ "code": "CustomerRequest", "text": "why" });
    let cancelled = json!({ "reason": reason, "refund_due": true });
    let authorised = json!({ "amount": money, "payment_method": "card", "reference": "r" });
    let amount = json!({ "amount": money });
    let begun = |id: &str| {
        vec![
            ("OrderPlaced", placed(id)),
            ("OrderConfirmed", confirmed.clone()),
            ("StockAllocated", Value::Null),
            ("PaymentRequested", requested.clone()),
        ]
    };
    let paid =
        || vec![("PaymentAuthorised", authorised.clone()), ("PaymentCaptured", amount.clone())];
    let rest = ["OrderProcessing", "OrderShipped", "OrderDelivered"].map(|it| (it, Value::Null));
    let quantity = |quantity: u64| json!({ "quantity": quantity });
    let histories = [
        ("order#good", [begun("good"), rest.to_vec()].concat()),
        ("payment#good", paid()),
        (
            "reservation#good",
            vec![("ReservationHeld", items.clone()), ("ReservationShipped", items.clone())],
        ),
        ("order#bad", [begun("bad"), vec![("OrderCancelled", cancelled)]].concat()),
        ("payment#bad", [paid(), vec![("PaymentRefunded", amount.clone())]].concat()),
        (
            "reservation#bad",
            vec![("ReservationHeld", items.clone()), ("ReservationReleased", items.clone())],
        ),
        (
            "stock#p",
            vec![
                ("StockReceived", quantity(10)),
                ("StockReserved", quantity(2)),
                ("StockReserved", quantity(2)),
                ("StockShipped", quantity(2)),
                ("StockReleased", quantity(2)),
            ],
        ),
    ];
    let mut streams: Streams = histories.map(|(stream, events)| history(stream, &events)).into();
    // Each step of the compensation names the one before.
    event(&mut streams, "payment#bad", 3).causation_id = "order#bad/5".to_owned();
    event(&mut streams, "reservation#bad", 2).causation_id = "payment#bad/3".to_owned();
    streams
}

fn history(stream: &str, events: &[(&str, Value)]) -> (String, Vec<StoredEvent>) {
    let stored = (1..).zip(events).map(|(version, (name, data))| StoredEvent {
        version,
        event_id: format!("{stream}/{version}"),
        event_type: (*name).to_owned(),
        schema: 1,
        data: json!({ "type": name, "data": data }).to_string(),
        recorded_at: Timestamp::from_millis(1000 * version as i64),
        correlation_id: "c".to_owned(),
        causation_id: "some request".to_owned(),
    });
    (stream.to_owned(), stored.collect())
}

/// What the audit trail has of an event.
fn entry(stream: &str, event: &StoredEvent) -> AuditEntry {
    AuditEntry {
        event_id: event.event_id.clone(),
        event_type: event.event_type.clone(),
        source: "ecommerce.x".to_owned(),
        stream: stream.to_owned(),
        sequence: event.version,
        happened_at: event.recorded_at,
        recorded_at: event.recorded_at,
        correlation_id: event.correlation_id.clone(),
        causation_id: event.causation_id.clone(),
        detail: "{}".to_owned(),
    }
}

fn event<'a>(streams: &'a mut Streams, stream: &str, version: usize) -> &'a mut StoredEvent {
    &mut streams.get_mut(stream).expect("it is there")[version - 1]
}

/// What a system that keeps its word shows of these histories.
fn evidence(streams: Streams) -> Evidence {
    let mut evidence = Evidence::of(streams).expect("readable histories");
    evidence.trails = evidence.streams.clone();
    for (stream, events) in &evidence.streams {
        let subject = stream.replace("stock", "product");
        let subject = subject.replace("reservation", "order").replace("payment", "order");
        let trail = evidence.audit.entry(subject).or_default();
        trail.extend(events.iter().map(|event| entry(stream, event)));
    }
    evidence.accepted = ["good", "bad"].map(str::to_owned).into();
    for (id, case) in &evidence.cases {
        evidence.rows.extend(row_of(case).map(|row| (id.clone(), row)));
    }
    evidence.by_customer = by_customer(&evidence);
    for (id, booked) in [("good", "captured"), ("bad", "refunded")] {
        if let Some(case) = evidence.cases.get_mut(id) {
            case.booked = Some(account(booked));
        }
    }
    for shelf in evidence.shelves.values_mut() {
        (shelf.on_hand, shelf.reserved) = (8, 0);
    }
    evidence.totals = Value::Object(wanted(&evidence));
    for (key, to_tell) in mail::wanted(&evidence) {
        let audience = key.rsplit('#').next().expect("it").to_owned();
        evidence.mail.push(sent(&to_tell.event_id, &audience, 3));
        evidence.told.insert(key, at(7));
    }
    evidence
}

#[test]
fn figures_that_are_not_those_of_the_histories_are_noticed() {
    let figures = "figures_equal_event_store";
    let mut evidence = evidence(streams());
    let counted = ["placed", "delivered", "cancelled", "payments", "payment_refunds"];
    assert_eq!(
        counted.map(|name| evidence.totals[name].clone()),
        [2, 1, 1, 2, 1].map(|it| json!(it))
    );
    assert!(!is_to_be_counted(&evidence));
    evidence.totals["placed"] = json!(3);
    check(figures, &evidence, &["placed is 3 in the figures; expected 2"]);
    evidence.totals["events"] = json!(1);
    assert!(is_to_be_counted(&evidence));
    evidence.letters.push(letter(Role::Bridge, "good"));
    check(figures, &evidence, &[]);
    assert!(!is_to_be_counted(&evidence));
}

fn letter(role: Role, order: &str) -> Letter {
    Letter {
        role,
        order_id: Some(order.to_owned()),
        event_id: None,
        about: "Order Cancelled".to_owned(),
        reason: "503".to_owned(),
        failed_at: Some(at(9)),
    }
}

/// The invariant notices, with these words. Nothing wanted: it holds.
fn check(invariant: &str, evidence: &Evidence, wanted: &[&str]) {
    let seen = judge(invariant, evidence).err().unwrap_or_default();
    assert_eq!(seen.is_empty(), wanted.is_empty(), "{invariant}: {seen}");
    for wanted in wanted {
        assert!(seen.contains(wanted), "{invariant}: {seen:?} does not say {wanted:?}");
    }
}

/// After a change of the histories.
fn recorded(invariant: &str, change: impl Fn(&mut Streams), wanted: &[&str]) {
    let mut streams = streams();
    change(&mut streams);
    check(invariant, &evidence(streams), wanted);
}

/// After a change of what is shown of them.
fn shown(invariant: &str, change: impl Fn(&mut Evidence), wanted: &[&str]) {
    let mut evidence = evidence(streams());
    change(&mut evidence);
    check(invariant, &evidence, wanted);
}

fn cut(streams: &mut Streams, stream: &str, length: usize) {
    streams.get_mut(stream).expect("it is there").truncate(length);
}

fn repeat(streams: &mut Streams, stream: &str, version: usize) {
    let events = streams.get_mut(stream).expect("it is there");
    let again = StoredEvent {
        version: events.len() as u64 + 1,
        event_id: format!("{stream}/again"),
        ..events[version - 1].clone()
    };
    events.push(again);
}

#[test]
fn all_invariants_hold_of_a_good_system() {
    for invariant in CATALOG.invariants {
        check(invariant.name, &evidence(streams()), &[]);
    }
    assert!(under_way(&evidence(streams())).is_empty());
    check("no_such_thing", &Evidence::default(), &["nothing checks `no_such_thing`"]);
}

#[test]
fn lost_orders_are_noticed() {
    let lost = "no_order_lost";
    let absent = |it: &mut Evidence| it.accepted.extend(["third".to_owned()]);
    shown(lost, absent, &["order third was accepted but has no history"]);
    let stuck = ["order good is shipped and nothing moves it on"];
    recorded(lost, |it| cut(it, "order#good", 6), &stuck);
    recorded(lost, |it| cut(it, "order#good", 3), &["order good is confirmed"]);
    recorded(lost, |it| cut(it, "order#good", 1), &["order good is created"]);
    let twice = ["order good ended by OrderDelivered, OrderDelivered; expected one end"];
    recorded(lost, |it| repeat(it, "order#good", 7), &twice);
    // What waits for the customer, or for an operator, is not lost.
    let unconfirmed = |it: &mut Streams| drop(it.get_mut("order#good").expect("it").remove(1));
    let unconfirmed = |it: &mut Streams| {
        unconfirmed(it);
        cut(it, "order#good", 2);
    };
    recorded(lost, unconfirmed, &[]);
    let mut streams = streams();
    cut(&mut streams, "order#good", 4);
    let mut given_up = evidence(streams);
    assert_eq!(under_way(&given_up), ["good"]);
    given_up.letters.push(letter(Role::Orders, "good"));
    check(lost, &given_up, &[]);
    assert!(under_way(&given_up).is_empty());
}

#[test]
fn wrong_charges_are_noticed() {
    let charged = "charged_at_most_once";
    let twice = |it: &mut Streams| repeat(it, "payment#good", 2);
    recorded(charged, twice, &["order good is delivered", "PaymentCaptured, PaymentCaptured"]);
    let unpaid = ["order good is delivered", "[PaymentAuthorised]", "one capture and no refund"];
    recorded(charged, |it| cut(it, "payment#good", 1), &unpaid);
    let kept = ["order bad is cancelled", "expected one refund of the capture"];
    recorded(charged, |it| cut(it, "payment#bad", 2), &kept);
    let refunds = ["PaymentRefunded, PaymentRefunded", "expected no refund without a capture"];
    recorded(charged, |it| repeat(it, "payment#bad", 3), &refunds);
    let forgotten = |it: &mut Evidence| {
        it.cases.get_mut("bad").expect("it").booked = Some(account("captured"));
    };
    let wanted = ["order bad is cancelled and the gateway has captured; expected refunded"];
    shown(charged, forgotten, &wanted);
    let dear = |it: &mut Streams| {
        let captured = event(it, "payment#good", 2);
        captured.data = captured.data.replace("500", "501");
    };
    recorded(charged, dear, &["order good: 5.01 EUR was moved; expected its total, 5.00 EUR"]);
}

#[test]
fn stock_that_appears_or_vanishes_is_noticed() {
    let conserved = "stock_conserved";
    let on_hand = |it: &mut Evidence| it.shelves.get_mut("p").expect("it").on_hand = 7;
    let wanted = ["product p: 7 on hand and 2 shipped; expected the 10 that were received"];
    shown(conserved, on_hand, &wanted);
    let reserved = |it: &mut Evidence| it.shelves.get_mut("p").expect("it").reserved = 2;
    let wanted = ["product p: 2 reserved; expected the 0 that orders hold"];
    shown(conserved, reserved, &wanted);
    let oversold = |it: &mut Streams| {
        let received = event(it, "stock#p", 1);
        received.data = received.data.replace("10", "3");
    };
    let wanted = ["product p: 3 on hand and 4 reserved after its event 3, StockReserved"];
    recorded(conserved, oversold, &wanted);
}

#[test]
fn wrong_ends_are_noticed() {
    let ended = "sagas_end_once";
    let open = ["order good was confirmed and is shipped; expected its saga to end"];
    recorded(ended, |it| cut(it, "order#good", 6), &open);
    let unshipped = ["order good ended by OrderDelivered", "reservation [ReservationHeld]"];
    recorded(ended, |it| cut(it, "reservation#good", 1), &unshipped);
    let unreleased = ["order bad ended by OrderCancelled", "expected", "ReservationReleased"];
    recorded(ended, |it| cut(it, "reservation#bad", 1), &unreleased);
    let early = |it: &mut Streams| {
        event(it, "reservation#bad", 2).causation_id = "order#bad/5".to_owned();
    };
    let wanted = ["ReservationReleased was caused by something else; expected it after Payment"];
    recorded(ended, early, &wanted);
    let twice = ["order bad ended by [OrderCancelled, OrderCancelled]; expected one end"];
    recorded(ended, |it| repeat(it, "order#bad", 5), &twice);
}

#[test]
fn wrong_rows_are_noticed() {
    let equal = "projection_equals_fold";
    shown(equal, |it| drop(it.rows.remove("bad")), &["order bad is shown as nothing; expected"]);
    let late = |it: &mut Evidence| {
        let row = it.rows.get_mut("good").expect("it");
        (row.progress.status, row.progress.sequence) =
            (orderflow::domain::order::Status::Shipped, 6);
    };
    shown(equal, late, &["order good is shown as shipped by event 6", "expected delivered by"]);
    let unknown = |it: &mut Evidence| drop(it.cases.remove("bad"));
    shown(equal, unknown, &["order bad is shown but has no history"]);
    let unlisted = |it: &mut Evidence| drop(it.by_customer.get_mut("ann").expect("it").pop());
    let wanted = [r#"customer ann is shown the orders ["good"]; expected ["good", "bad"]"#];
    shown(equal, unlisted, &wanted);
    let mut late_row = evidence(streams());
    late(&mut late_row);
    assert_eq!(under_way(&late_row), ["good"]);
}

#[test]
fn gaps_are_noticed() {
    let gapless = "audit_without_gaps";
    let gap = |it: &mut Streams| drop(it.get_mut("stock#p").expect("it").remove(2));
    recorded(gapless, gap, &["stock#p has versions [1, 2, 4, 5]; expected 1, 2, 3 ..."]);
    let untold = |it: &mut Evidence| cut(&mut it.trails, "order#bad", 4);
    shown(gapless, untold, &["order#bad shows 4 events; expected the 5 stored"]);
    let unheard = |it: &mut Evidence| drop(it.audit.get_mut("order#bad").expect("it").remove(0));
    let wanted =
        ["event 1 of order#bad, OrderPlaced, is recorded as nothing; expected order#bad/1"];
    shown(gapless, unheard, &wanted);
    let invented = |it: &mut Evidence| {
        let trail = it.audit.get_mut("product#p").expect("it");
        trail.push(AuditEntry { sequence: 9, ..trail[0].clone() });
    };
    shown(gapless, invented, &["the audit trail has 1 entries of what never happened"]);
    let mut late = evidence(streams());
    unheard(&mut late);
    assert!(is_to_be_recorded(&late));
    late.letters.push(letter(Role::Audit, "bad"));
    assert!(!is_to_be_recorded(&late));
    let shared = |it: &mut Streams| {
        event(it, "order#good", 1).event_id = "order#bad/1".to_owned();
    };
    recorded(gapless, shared, &["order#good and order#bad share event id order#bad/1"]);
    let stranger = |it: &mut Streams| {
        event(it, "payment#good", 2).correlation_id = "other".to_owned();
    };
    recorded(gapless, stranger, &["order good: PaymentCaptured has correlation id other"]);
}

#[test]
fn strange_letters_are_noticed() {
    let poison = "only_poison_in_dead_letters";
    let unbroken = |it: &mut Evidence| it.letters.push(letter(Role::Payments, "bad"));
    let wanted = ["the dead letters of payments hold a message about order bad of ann", "503"];
    shown(poison, unbroken, &wanted);
    let broken = |it: &mut Evidence| {
        unbroken(it);
        it.outages.insert("ann".to_owned(), vec![Outage(at(5), Some(at(10)))]);
    };
    shown(poison, broken, &[]);
    let elsewhere = |it: &mut Evidence| {
        broken(it);
        it.letters.push(letter(Role::Projector, "bad"));
    };
    shown(poison, elsewhere, &["the dead letters of projector"]);
}

#[test]
fn long_lists_are_cut() {
    let mut evidence = Evidence::default();
    evidence.accepted.extend((0..TOLD_MAX + 2).map(|number| format!("o{number}")));
    check("no_order_lost", &evidence, &["order o4 was", "; and 2 more"]);
}
