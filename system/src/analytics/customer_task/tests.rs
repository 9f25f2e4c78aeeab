use proptest::prelude::*;

use super::super::event::CancelCause;
use super::super::pattern::{Among, Shape, Signal};
use super::super::testing::{at, eur, event};
use super::*;
use crate::contracts::{EventType, IntegrationEvent, Payload};
use crate::domain::order::CancelReason;
use crate::domain::{CustomerId, PaymentMethod};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

fn task() -> CustomerTask {
    CustomerTask::new(CustomerSettings::default())
}

/// An event of an order, told as the first letter of what happened to it: P(laced), C(onfirmed),
/// R(equested payment), D(eclined payment: cancelled), T(imed out: cancelled).
fn told(customer: &str, order: u64, letter: char, millis: i64) -> IntegrationEvent {
    let customer_id = CustomerId::parse(customer).expect("a customer id");
    let (payment_method, why) = (PaymentMethod::hidden(), String::from("why"));
    let cancelled = |reason| Payload::OrderCancelled {
        customer_id: customer_id.clone(),
        reason,
        refund_due: false,
    };
    let (sequence, payload) = match letter {
        'P' => {
            let (items, total) = (vec![], eur(1));
            let placed = Payload::OrderPlaced {
                customer_id: customer_id.clone(),
                items,
                total,
                shipping_address: None,
            };
            (1, placed)
        }
        'C' => {
            let (customer_id, confirmation_code) = (customer_id.clone(), String::from("x"));
            (2, Payload::OrderConfirmed { customer_id, payment_method, confirmation_code })
        }
        'R' => {
            let (customer_id, amount) = (customer_id.clone(), eur(1));
            (3, Payload::PaymentRequested { customer_id, amount, payment_method })
        }
        'D' => (4, cancelled(CancelReason::PaymentFailed(why))),
        _ => (4, cancelled(CancelReason::TimedOut(why))),
    };
    let order = format!("{customer}-{order}");
    event(&order, &format!("order#{order}"), sequence, millis, payload)
}

fn apply(task: &mut CustomerTask, event: &IntegrationEvent) -> Outcome {
    let text = event.to_detail();
    task.apply(&Fact::decode(text.as_bytes()).expect("an event"))
}

/// All that has happened by then has been read.
fn settle(task: &mut CustomerTask, millis: i64) -> Vec<Match> {
    task.advance(at(millis) + task.settings.disorder);
    let mut found = task.take_matches();
    loop {
        task.take_changes();
        let seen_to = task.look(7);
        assert!(task.dirty() <= 8, "{} rows", task.dirty());
        if seen_to == 0 {
            break;
        }
        found.extend(task.take_matches());
    }
    found.sort_by_key(Match::key);
    found
}

/// One letter a minute of a customer's orders; the digit before it is the order.
fn story(text: &str) -> Vec<IntegrationEvent> {
    let letters: Vec<char> = text.chars().filter(|it| !it.is_whitespace()).collect();
    let pairs = (0..).zip(letters.chunks(2));
    pairs
        .map(|(minute, pair)| {
            let order = u64::from(pair[0].to_digit(10).expect("a digit"));
            told("c", order, pair[1], minute * MINUTE)
        })
        .collect()
}

#[test]
fn patterns_are_found_where_they_are() {
    let check = |text: &str, expected: &[(&str, usize)]| {
        let mut task = task();
        story(text).iter().for_each(|it| assert_eq!(apply(&mut task, it), Outcome::Counted));
        let found = settle(&mut task, HOUR);
        let found: Vec<(&str, usize)> =
            found.iter().map(|it| (it.pattern.as_str(), it.event_ids.len())).collect();
        assert_eq!(found, expected, "{text}");
        assert_eq!(settle(&mut task, 3 * HOUR), [], "once");
    };
    check("1P 1D 2P 2D 3P 3D", &[("payments-declined", 3)]);
    check("1P 1D 2P 2D 3P 3T", &[]);
    check("1D 2D 3D 4D 5D", &[("payments-declined", 3)]);
    check("1D 2D 3D 4D 5D 6D", &[("payments-declined", 3), ("payments-declined", 3)]);
    // More than ten minutes from the first to the last.
    check("1D 2D 9P 9C 9R 8P 8C 8R 7P 7C 7R 3D", &[]);
    check("1D 9P 9C 9R 8P 8C 8R 7P 7C 2D 3D", &[("payments-declined", 3)]);
    check("1C 1T", &[("confirmed-in-vain", 2)]);
    check("1C 1R 1T", &[]);
    check("1C 2T", &[]);
    check("1C 2R 1T", &[("confirmed-in-vain", 2)]);
}

#[test]
fn a_flood_of_matches_is_told_little_by_little() {
    let mut task = task();
    for number in 0..600 {
        let event = told("c", number, 'D', number as i64);
        let text = event.to_detail();
        task.apply(&Fact::decode(text.as_bytes()).expect("an event"));
        assert!(task.dirty() <= 2 + 4 + number as usize);
    }
    task.take_changes();
    assert_eq!(settle(&mut task, HOUR / 2).len(), 200);
}

#[test]
fn customers_are_kept_apart() {
    let mut task = task();
    for (minute, customer) in (0..).zip(["a", "b", "a", "b", "b"]) {
        apply(&mut task, &told(customer, minute as u64, 'D', minute * MINUTE));
    }
    let found = settle(&mut task, HOUR);
    let [only] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (only.customer_id.as_str(), only.first, only.last),
        ("b", at(MINUTE), at(4 * MINUTE))
    );
    assert_eq!(only.event_ids, ["order#b-1-4", "order#b-3-4", "order#b-4-4"]);
    assert_eq!(only.key(), "match#payments-declined#order#b-4-4");
    assert_eq!(task.head().totals.matches["payments-declined"], 1);
}

#[test]
fn a_match_waits_for_the_watermark_and_late_events_complete_one() {
    let mut task = task();
    apply(&mut task, &told("c", 1, 'D', 0));
    apply(&mut task, &told("c", 2, 'D', SECOND));
    apply(&mut task, &told("c", 4, 'D', 3 * SECOND));
    assert_eq!(settle(&mut task, 3 * SECOND), [], "an older one might come");
    assert_eq!(settle(&mut task, 3 * SECOND + 1).len(), 1);
    apply(&mut task, &told("c", 5, 'D', 5 * SECOND));
    apply(&mut task, &told("c", 6, 'D', 6 * SECOND));
    assert_eq!(settle(&mut task, 10 * MINUTE), []);
    assert_eq!(apply(&mut task, &told("c", 3, 'D', 2 * SECOND)), Outcome::Late);
    let found = settle(&mut task, 10 * MINUTE);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].event_ids, ["order#c-3-4", "order#c-5-4", "order#c-6-4"]);
}

#[test]
fn copies_count_once_and_old_events_not_at_all() {
    let mut task = task();
    let event = told("c", 1, 'D', 0);
    assert_eq!(apply(&mut task, &event), Outcome::Counted);
    assert_eq!(apply(&mut task, &event), Outcome::Duplicate);
    settle(&mut task, 70 * MINUTE);
    assert_eq!(apply(&mut task, &event), Outcome::Duplicate);
    settle(&mut task, 70 * MINUTE + 1);
    assert_eq!(apply(&mut task, &event), Outcome::TooOld);
    assert_eq!(task.rows(), 1);
    let totals = &task.head().totals;
    assert_eq!((totals.events, totals.duplicates, totals.too_old), (1, 2, 1));
}

#[test]
fn a_visit_ends_with_a_gap() {
    let mut task = task();
    apply(&mut task, &told("c", 1, 'P', 0));
    apply(&mut task, &told("c", 1, 'C', 20 * MINUTE));
    apply(&mut task, &told("c", 1, 'D', 60 * MINUTE));
    settle(&mut task, 51 * MINUTE);
    let totals = task.head().totals.clone();
    assert_eq!((totals.sessions, totals.sessions_with_orders), (1, 1));
    assert!(totals.session_millis.quantile(500).expect("one").abs_diff(1_200_000) < 10_000);
    settle(&mut task, 91 * MINUTE);
    let totals = &task.head().totals;
    assert_eq!((totals.sessions, totals.sessions_with_orders), (2, 1));
}

#[test]
fn what_is_not_of_a_customer_is_nothing() {
    let mut task = task();
    let payload = Payload::PaymentFailed { reason: "why".into() };
    assert_eq!(apply(&mut task, &event("o", "payment#o", 1, 0, payload)), Outcome::Unknown);
    assert_eq!(task.head().watermark(), None);
}

#[test]
fn memory_is_bounded_by_the_window() {
    let mut task = task();
    let mut most = 0;
    for number in 0..3_000_i64 {
        let customer = format!("c-{number}");
        apply(&mut task, &told(&customer, 1, 'P', number * MINUTE));
        most = most.max(task.rows());
        assert!(task.dirty() <= ROWS_PER_CUSTOMER_FACT_MAX);
        task.take_changes();
    }
    assert!(most < 80, "{most} rows");
    // A flood of one customer.
    for number in 0..3_000 {
        apply(&mut task, &told("flood", number, 'C', 3_000 * MINUTE + number as i64));
    }
    settle(&mut task, 3_001 * MINUTE);
    let length = rows::write(&task.customers["flood"]).len();
    assert!((1..400_000).contains(&length), "{length} bytes");
}

#[test]
fn damaged_rows_are_refused() {
    for (key, value) in [("heads", "{}"), ("customer#c", "["), ("head", "{}")] {
        let rows = [(key.to_owned(), value.to_owned())];
        assert!(CustomerTask::restore(CustomerSettings::default(), rows).is_err(), "{key}");
    }
}

fn settings() -> CustomerSettings {
    let of = |kind| Signal { kind, cause: None };
    let declined =
        Signal { kind: EventType::OrderCancelled, cause: Some(CancelCause::PaymentFailed) };
    let pattern = |name: &str, shape, among| Pattern {
        name: name.into(),
        shape,
        within: Duration::from_secs(120),
        among,
    };
    let then = |without| Shape::Then { first: of(EventType::OrderPlaced), then: declined, without };
    let patterns = vec![
        pattern("two", Shape::AtLeast { count: 2, of: declined }, Among::Customer),
        pattern("then", then(None), Among::Customer),
        pattern("not", then(Some(of(EventType::OrderConfirmed))), Among::Order),
    ];
    let disorder = Duration::from_secs(3_600);
    CustomerSettings { disorder, patterns, ..CustomerSettings::default() }
}

fn events() -> impl Strategy<Value = Vec<IntegrationEvent>> {
    let one = ("[ab]", 0_u64..6, "[PCD]", 0_i64..600);
    proptest::collection::vec(one, 0..30).prop_map(|all| {
        let mut events: Vec<IntegrationEvent> = all
            .into_iter()
            .map(|(customer, order, letter, second)| {
                let letter = letter.chars().next().expect("a letter");
                told(&customer, order, letter, second * SECOND)
            })
            .collect();
        // An event has one time.
        events.sort_by(|a, b| a.event_id.cmp(&b.event_id));
        events.dedup_by(|a, b| a.event_id == b.event_id);
        events.sort_by_key(|it| it.timestamp);
        events
    })
}

fn shuffled() -> impl Strategy<Value = (Vec<IntegrationEvent>, Vec<IntegrationEvent>)> {
    events().prop_flat_map(|events| {
        let twice = [events.clone(), events.clone()].concat();
        (Just(events), Just(twice).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn copies_and_order_change_nothing((events, told) in shuffled()) {
        let (mut tidy, mut wild) =
            (CustomerTask::new(settings()), CustomerTask::new(settings()));
        let mut expected = Vec::new();
        for event in &events {
            apply(&mut tidy, event);
            expected.extend(settle(&mut tidy, event.timestamp.as_millis()));
        }
        expected.extend(settle(&mut tidy, HOUR));
        expected.sort_by_key(Match::key);
        for event in &told {
            apply(&mut wild, event);
        }
        prop_assert_eq!(settle(&mut wild, HOUR), expected);
        let (tidy, wild) = (&tidy.head().totals, &wild.head().totals);
        prop_assert_eq!((&wild.matches, wild.events), (&tidy.matches, tidy.events));
        prop_assert_eq!(&wild.session_millis, &tidy.session_millis);
        prop_assert_eq!(wild.duplicates, events.len() as u64);
    }

    #[test]
    fn a_restart_at_any_moment_changes_nothing((_, told) in shuffled(), every in 1_usize..9) {
        let settings = CustomerSettings { disorder: Duration::from_secs(200), ..settings() };
        let mut live = CustomerTask::new(settings.clone());
        let mut restarted = CustomerTask::new(settings.clone());
        let mut table = BTreeMap::new();
        let mut found = [Vec::new(), Vec::new()];
        for (index, event) in told.iter().enumerate() {
            prop_assert_eq!(apply(&mut restarted, event), apply(&mut live, event));
            found[0].extend(live.take_matches());
            if index % every == 0 {
                found[1].extend(restarted.take_matches());
                for Change { key, value } in restarted.take_changes() {
                    match value {
                        Some(value) => drop(table.insert(key, value)),
                        None => drop(table.remove(&key)),
                    }
                }
                restarted = CustomerTask::restore(settings.clone(), table.clone()).expect("rows");
                // Who is looked at first decides what a late event still meets.
                prop_assert_eq!(&restarted.due, &live.due);
            }
        }
        found[0].extend(settle(&mut live, HOUR));
        found[1].extend(settle(&mut restarted, HOUR));
        found.iter_mut().for_each(|it| it.sort_by_key(Match::key));
        let [expected, found] = found;
        prop_assert_eq!(found, expected);
        prop_assert_eq!(&restarted.head, &live.head);
        prop_assert_eq!(restarted.rows(), live.rows());
    }
}
