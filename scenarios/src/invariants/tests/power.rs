//! What once was seen by no invariant: each test changes one thing that a bug would change.

use super::*;
use crate::invariants::Asked;
use crate::trouble::Trouble;
use http::{Method, StatusCode};
use orderflow::adapters::simulated_gateway::{Account, Moved};
use orderflow::roles::inbox_key;

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1000 * seconds)
}

/// The gateway's book of a payment that came so far.
pub(super) fn account(status: &str) -> Account {
    let moved = |kind: &str| Moved { kind: kind.to_owned(), key: kind.to_owned(), amount: None };
    let all = [moved("captured"), moved("refunded")];
    let count = ["authorised", "captured", "refunded"].iter().position(|it| *it == status);
    Account { status: status.to_owned(), ledger: all[..count.unwrap_or(0)].to_vec() }
}

pub(super) fn sent(event_id: &str, audience: &str, seconds: i64) -> crate::mail::Letter {
    crate::mail::Letter {
        mailbox: if audience == "staff" { "staff-mail" } else { "customer-mail" },
        subject: String::new(),
        text: String::new(),
        audience: audience.to_owned(),
        event_id: event_id.to_owned(),
        sent_at: Some(at(seconds)),
    }
}

#[test]
fn wrong_mail_is_noticed() {
    let notified = "notified_once";
    let (event, audience) = ("order#good/1", "customer");
    let key = inbox_key(event, audience);
    let again =
        |seconds: i64| move |it: &mut Evidence| it.mail.push(sent(event, audience, seconds));
    shown(notified, again(7), &[]);
    let wanted = ["was sent at 1970-01-01T00:00:08.000Z", "since 1970-01-01T00:00:07.000Z"];
    shown(notified, again(8), &wanted);
    let unsent = |it: &mut Evidence| {
        it.mail.retain(|it| (it.event_id.as_str(), it.audience.as_str()) != (event, audience));
    };
    let wanted = format!("{key} is on record as told, but was never sent");
    shown(notified, unsent, &[&wanted]);
    let unrecorded = |it: &mut Evidence| it.told.retain(|known, _| *known != key);
    shown(notified, unrecorded, &["was sent, but that is not on record"]);
    // Neither sent nor recorded: only the history knows.
    let never = |it: &mut Evidence| {
        unsent(it);
        unrecorded(it);
    };
    shown(notified, never, &["OrderPlaced of order good for customer was never told"]);
    let given_up = |it: &mut Evidence| {
        never(it);
        let event_id = Some(event.to_owned());
        it.letters.push(Letter { event_id, ..letter(Role::Notifications, "good") });
    };
    shown(notified, given_up, &[]);
    let idle = |it: &mut Evidence| {
        it.told.insert(inbox_key("e", "staff"), at(7));
        it.mail.push(sent("e", "staff", 3));
    };
    shown(notified, idle, &["but nobody was to be told"]);
}

#[test]
fn money_that_moves_twice_is_noticed() {
    let charged = "charged_at_most_once";
    let twice = |kind: &'static str, id: &'static str| {
        move |it: &mut Evidence| {
            let booked = it.cases.get_mut(id).and_then(|case| case.booked.as_mut()).expect("it");
            let moved = booked.ledger.iter().find(|moved| moved.kind == kind).cloned();
            booked.ledger.push(Moved { key: "another".to_owned(), ..moved.expect("it") });
        }
    };
    shown(charged, twice("captured", "good"), &["took money 2 times and gave it back 0 times"]);
    shown(charged, twice("refunded", "bad"), &["took money 1 times and gave it back 2 times"]);
    let never = |it: &mut Evidence| {
        let booked = it.cases.get_mut("good").and_then(|case| case.booked.as_mut());
        booked.expect("it").ledger.clear();
    };
    shown(charged, never, &["took money 0 times", "expected 1 and 0"]);
}

fn asked(path: &str, body: Value, (from, until): (i64, i64), answer: (u16, Value)) -> Asked {
    let status = StatusCode::from_u16(answer.0).expect("a status");
    Asked {
        method: Method::POST,
        path: path.to_owned(),
        key: None,
        body,
        from: at(from),
        until: at(until),
        answer: Some((status, answer.1)),
    }
}

#[test]
fn answers_that_do_not_hold_are_noticed() {
    let check = |one: Asked, trouble: bool, wanted: &[&str]| {
        let tell = |it: &mut Evidence| {
            it.asked.push(one.clone());
            if trouble {
                it.trouble = Trouble::between(&[(at(0), at(60))]);
            }
        };
        shown("answers_hold", tell, wanted);
    };
    let confirm = |window, answer| {
        asked("/orders/good/confirm", json!({ "payment_method": "card" }), window, answer)
    };
    let cancel = |id: &str, window, answer| {
        asked(&format!("/orders/{id}/cancel"), json!({ "reason": "why" }), window, answer)
    };
    let code = |code: &str| json!({ "confirmation_code": code });
    check(confirm((2, 2), (200, code("x"))), false, &[]);
    check(confirm((2, 2), (200, code("y"))), false, &["nothing of it is in the history"]);
    check(confirm((2, 2), (409, json!({}))), false, &["409", "expected it done"]);
    // It was confirmed so before: the same answer again, and no conflict.
    check(confirm((4, 4), (409, json!({}))), false, &["expected it done"]);
    check(confirm((0, 0), (404, json!({}))), false, &[]);
    check(confirm((4, 4), (404, json!({}))), false, &["404", "expected it done"]);
    check(cancel("good", (2, 2), (409, json!({}))), false, &["expected it done"]);
    check(cancel("good", (6, 6), (409, json!({}))), false, &[]);
    check(cancel("bad", (5, 5), (200, json!({}))), false, &[]);
    check(cancel("good", (5, 5), (200, json!({}))), false, &["nothing of it is in the history"]);
    check(confirm((2, 2), (500, json!({ "detail": "oh" }))), true, &["oh; expected no such"]);
    check(confirm((2, 2), (503, json!({ "detail": "oh" }))), true, &[]);
    check(confirm((2, 2), (503, json!({ "detail": "oh" }))), false, &["nothing was in the way"]);
    let placed = |id: &str, lines: Value| {
        let body = json!({ "customer_id": "ann", "items": lines });
        asked("/orders", body, (1, 1), (201, json!({ "order_id": id })))
    };
    check(placed("good", json!([1])), false, &[]);
    check(placed("good", json!([1, 2])), false, &["order good is another"]);
    check(placed("new", json!([1])), false, &["order new has no history"]);
    let stock = |quantity: u64, answer| {
        asked("/stock/p", json!({ "quantity": quantity }), (1, 1), (answer, json!({})))
    };
    check(stock(10, 200), false, &[]);
    check(stock(11, 200), false, &["product p: 10 arrived; expected 11 to 11"]);
    check(stock(9, 503), true, &["product p: 10 arrived; expected 0 to 9"]);
}

/// The order `bad` timed out with its payment requested at 4 s and its end at so many seconds.
fn timed_out(change: impl Fn(&mut Evidence), ended: i64, wanted: &[&str]) {
    let mut streams = streams();
    let end = event(&mut streams, "order#bad", 5);
    let reason = json!({ "code": "TimedOut", "text": "not paid in time" });
    let data = json!({ "reason": reason, "refund_due": true });
    end.data = json!({ "type": "OrderCancelled", "data": data }).to_string();
    end.recorded_at = at(ended);
    let mut evidence = evidence(streams);
    change(&mut evidence);
    check("deadlines_have_reasons", &evidence, wanted);
}

#[test]
fn deadlines_that_ring_early_or_idly_are_noticed() {
    timed_out(|_| (), 600, &["order bad timed out at", "expected not before", "its payment due"]);
    timed_out(|_| (), 1000, &["its payment due since", "as nothing was in the way"]);
    let broken = |it: &mut Evidence| {
        it.outages.insert("ann".to_owned(), vec![Outage(at(5), Some(at(10)))]);
    };
    timed_out(broken, 1000, &[]);
    timed_out(|it| it.letters.push(letter(Role::Payments, "bad")), 1000, &[]);
    let short = |it: &mut Evidence| it.trouble = Trouble::between(&[(at(0), at(60))]);
    timed_out(short, 1000, &["as nothing was in the way"]);
    let long = |it: &mut Evidence| it.trouble = Trouble::between(&[(at(0), at(700))]);
    timed_out(long, 1000, &[]);
    recorded("deadlines_have_reasons", |_| (), &[]);
}

#[test]
fn a_dead_letter_excuses_only_what_it_is_about() {
    let held = |role: Role, about: &str, lost: &[(&str, usize)]| {
        let mut streams = streams();
        lost.iter().for_each(|(stream, kept)| cut(&mut streams, stream, *kept));
        let mut evidence = evidence(streams);
        let about = about.to_owned();
        evidence.letters.push(Letter { about, ..letter(role, "bad") });
        evidence.is_held_up("bad")
    };
    let refund = ("payment#bad", 2);
    assert!(held(Role::Payments, "Order Cancelled", &[refund]));
    assert!(!held(Role::Payments, "Order Cancelled", &[]));
    assert!(!held(Role::Payments, "Payment Requested", &[refund]));
    assert!(!held(Role::Notifications, "Order Cancelled", &[refund]));
    assert!(held(Role::Inventory, "Payment Refunded", &[("reservation#bad", 1)]));
    assert!(!held(Role::Inventory, "Order Shipped", &[("reservation#bad", 1)]));
    assert!(held(Role::Payments, "Payment Requested", &[("order#bad", 4), ("payment#bad", 1)]));
}

#[test]
fn a_letter_after_the_repair_is_noticed() {
    let late = |failed: i64| {
        move |it: &mut Evidence| {
            it.outages.insert("ann".to_owned(), vec![Outage(at(5), Some(at(10)))]);
            let failed_at = Some(at(failed));
            it.letters.push(Letter { failed_at, ..letter(Role::Payments, "bad") });
        }
    };
    shown("only_poison_in_dead_letters", late(9), &[]);
    let wanted = ["the dead letters of payments hold a message about order bad"];
    shown("only_poison_in_dead_letters", late(300), &wanted);
}
