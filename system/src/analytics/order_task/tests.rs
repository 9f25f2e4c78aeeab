use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::rows::Change;
use super::super::testing::{STORIES, Story, at, eur, stock, story};
use super::*;
use crate::contracts::IntegrationEvent;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

fn settings() -> Settings {
    let (disorder, lateness) = (Duration::from_secs(10), Duration::from_secs(30));
    Settings { disorder, lateness, horizon: Duration::from_secs(3600) }
}

fn task() -> OrderTask {
    OrderTask::new(settings())
}

fn apply(task: &mut OrderTask, event: &IntegrationEvent) -> Outcome {
    let text = event.to_detail();
    task.apply(&Fact::decode(text.as_bytes()).expect("an event"))
}

fn apply_all(task: &mut OrderTask, events: &[IntegrationEvent]) -> Vec<Outcome> {
    events.iter().map(|it| apply(task, it)).collect()
}

/// Every topic has been read up to there.
fn advance(task: &mut OrderTask, millis: i64) {
    for source in Source::ALL {
        task.advance(source, at(millis) + settings().disorder);
    }
}

/// A table as a sink keeps it.
#[derive(Default)]
struct Table(BTreeMap<String, String>);

impl Table {
    fn take(&mut self, task: &mut OrderTask) {
        for Change { key, value } in task.take_changes() {
            match value {
                Some(value) => drop(self.0.insert(key, value)),
                None => drop(self.0.remove(&key)),
            }
        }
        assert_eq!(task.dirty(), 0);
    }

    fn restore(&self) -> OrderTask {
        let rows = self.0.iter().map(|(key, value)| (key.clone(), value.clone()));
        OrderTask::restore(settings(), rows).expect("a task's rows")
    }
}

/// All of a task's state, as rows.
fn state(task: &OrderTask) -> BTreeMap<String, String> {
    let rows = [Row::Head].into_iter();
    let rows = rows.chain(task.minutes.keys().map(|it| Row::Minute(*it)));
    let with_sales = task.minutes.iter().filter(|it| it.1.has_sales());
    let rows = rows.chain(with_sales.map(|it| Row::Sales(*it.0)));
    let rows = rows.chain(task.orders.keys().map(|it| Row::Order(it.clone())));
    let rows = rows.chain(task.stock.keys().map(|it| Row::Stock(it.clone())));
    let rows = rows.chain(task.counted.keys().map(|it| Row::Counted(it.0.clone(), it.1)));
    rows.map(|row| (row.to_string(), task.value(&row).expect("a row"))).collect()
}

#[test]
fn each_story_has_its_figures() {
    let check = |kind: Story, expected: [u64; 8], cohort: [u64; 3]| {
        let mut task = task();
        let events = story(1, 0, kind);
        assert!(apply_all(&mut task, &events).iter().all(|it| *it == Outcome::Counted));
        let counts = &task.head().totals.counts;
        let found = [
            counts.placed,
            counts.confirmed,
            counts.delivered,
            counts.cancelled,
            counts.payments,
            counts.payment_failures,
            counts.revenue.of(eur(0).currency),
            counts.refunds.of(eur(0).currency),
        ];
        assert_eq!((found, counts.events), (expected, events.len() as u64), "{kind:?}");
        let minute = task.minute(MinuteNumber(0)).expect("a minute");
        let found = [minute.cohort.paid, minute.cohort.cancelled, minute.cohort.delivered];
        assert_eq!((&minute.counts, found), (counts, cohort), "{kind:?}");
        assert_eq!(minute.products["lamp"].units, 2);
        assert_eq!(minute.products["lamp"].revenue.of(eur(0).currency), 1000);
        assert_eq!(task.stock("lamp").expect("stock").available, 99);
    };
    check(Story::Delivered, [1, 1, 1, 0, 1, 0, 1000, 0], [1, 0, 1]);
    check(Story::Declined, [1, 1, 0, 1, 0, 1, 0, 0], [0, 1, 0]);
    check(Story::Refunded, [1, 1, 0, 1, 1, 0, 1000, 1000], [1, 1, 0]);
    check(Story::Forgotten, [1, 0, 0, 1, 0, 0, 0, 0], [0, 1, 0]);
}

#[test]
fn the_time_to_delivery_stands_in_the_minute_of_the_delivery() {
    let mut task = task();
    let mut events = story(1, 0, Story::Delivered);
    let delivered = events.iter().position(|it| it.payload.detail_type() == "Order Delivered");
    events[delivered.expect("delivered")].timestamp = at(5 * MINUTE + 7);
    events.reverse();
    apply_all(&mut task, &events);
    let minute = |number| task.minute(MinuteNumber(number)).expect("a minute");
    assert!(minute(0).fulfilment.is_empty());
    assert_eq!(minute(0).cohort.delivered, 1);
    let took = minute(5).fulfilment.quantile(500).expect("one");
    assert!(took.abs_diff(300_007) < 3_000, "{took}");
}

#[test]
fn a_late_event_corrects_its_minute_and_is_counted_as_late() {
    let mut task = task();
    let mut events = story(1, 0, Story::Delivered);
    let late = events.pop().expect("events");
    apply_all(&mut task, &events);
    advance(&mut task, MINUTE + 29_999);
    let mut other = story(2, 0, Story::Forgotten);
    assert_eq!(apply(&mut task, &other.remove(0)), Outcome::Counted, "open as long as lateness");
    advance(&mut task, MINUTE + 30_000);
    assert_eq!(apply(&mut task, &late), Outcome::Late);
    assert_eq!(apply(&mut task, &late), Outcome::Duplicate);
    let totals = &task.head().totals;
    assert_eq!((totals.late, totals.duplicates, totals.beyond), (1, 1, 0));
    let minute = task.minute(MinuteNumber(0)).expect("a minute");
    assert_eq!((minute.corrections, &minute.counts), (1, &totals.counts));
}

#[test]
fn the_slowest_topic_holds_minutes_open() {
    let mut task = task();
    task.advance(Source::Orders, at(HOUR));
    task.advance(Source::Payments, at(HOUR));
    assert_eq!(task.head().watermark(), None);
    assert_eq!(apply(&mut task, &stock("", 1, 0, 5)), Outcome::Counted);
    assert_eq!(task.head().watermark(), Some(at(-10_000)));
    task.advance(Source::Inventory, at(HOUR));
    assert_eq!(apply(&mut task, &stock("", 2, 0, 5)), Outcome::Late);
}

#[test]
fn a_clock_that_is_wrong_closes_nothing() {
    let mut task = task();
    task.hear_clock(at(MINUTE));
    let mut events = story(1, 100 * HOUR, Story::Delivered);
    apply_all(&mut task, &events);
    assert_eq!(task.head().watermark(), Some(at(50_000)));
    events = story(2, 0, Story::Delivered);
    assert!(apply_all(&mut task, &events).iter().all(|it| *it == Outcome::Counted));
}

#[test]
fn orders_are_forgotten_after_the_horizon_and_then_refused() {
    let (mut task, mut table) = (task(), Table::default());
    let events = story(1, 0, Story::Delivered);
    apply_all(&mut task, &events);
    apply(&mut task, &stock("", 9, 0, 5));
    table.take(&mut task);
    assert_eq!(table.0.len(), 6, "{:?}", table.0);

    let last = events.iter().map(|it| it.timestamp.as_millis()).max().expect("events");
    advance(&mut task, last + HOUR);
    assert_eq!(task.forget(9), 0);
    assert_eq!(apply(&mut task, &events[0]), Outcome::Duplicate);
    // The order first, then its minute, which ends later.
    advance(&mut task, last + HOUR + 1);
    assert_eq!(task.forget(9), 1);
    advance(&mut task, HOUR + MINUTE);
    assert_eq!(task.forget(9), 2, "its minute and the sales in it");
    assert_eq!(apply(&mut task, &events[0]), Outcome::TooOld);
    assert_eq!(apply(&mut task, &stock("", 9, 0, 5)), Outcome::Duplicate);
    advance(&mut task, 2 * HOUR);
    assert_eq!(task.forget(9), 1);
    assert_eq!(apply(&mut task, &stock("", 9, 0, 5)), Outcome::TooOld);
    assert_eq!(task.head().totals.too_old, 2);
    table.take(&mut task);
    assert_eq!(table.0.keys().collect::<Vec<_>>(), ["head", "stock#lamp"]);

    // What comes of it after all is counted, but older events of it stay refused.
    let mut more = events[0].clone();
    (more.sequence, more.timestamp) = (50, at(2 * HOUR));
    let mut restored = table.restore();
    assert_eq!(apply(&mut restored, &more), Outcome::Counted);
    assert_eq!(apply(&mut restored, &more), Outcome::Duplicate);
    assert_eq!(apply(&mut restored, &events[0]), Outcome::TooOld);
    assert_eq!(restored.head().totals.counts.events, events.len() as u64 + 2);
}

#[test]
fn what_is_later_than_its_minute_is_kept_counts_in_the_totals() {
    let mut task = task();
    let events = story(1, 0, Story::Delivered);
    apply_all(&mut task, &events[..3]);
    let mut last = events[4].clone();
    last.timestamp = at(HOUR);
    apply(&mut task, &last);
    advance(&mut task, HOUR + 2 * MINUTE);
    task.forget(9);
    assert!(task.minute(MinuteNumber(0)).is_none());
    assert_eq!(apply(&mut task, &events[3]), Outcome::Late);
    let totals = &task.head().totals;
    assert_eq!((totals.counts.events, totals.late, totals.beyond), (5, 1, 1));
}

#[test]
fn no_more_rows_are_forgotten_at_once_than_was_said() {
    let mut task = task();
    for number in 0..50 {
        apply_all(&mut task, &story(number, number as i64 * MINUTE, Story::Delivered));
    }
    advance(&mut task, 10 * HOUR);
    let mut rows = task.take_changes().len();
    while rows > 3 {
        let forgotten = task.forget(7);
        let changes = task.take_changes();
        assert!((1..=7).contains(&forgotten), "{forgotten}");
        assert_eq!(changes.len(), forgotten);
        assert!(changes.iter().all(|it| it.value.is_none()));
        rows -= forgotten;
    }
    assert_eq!((task.forget(7), task.rows()), (0, 2));
}

#[test]
fn forgetting_keeps_up_with_what_comes() {
    let mut task = task();
    for number in 0..400 {
        apply_all(&mut task, &story(number, number as i64 * MINUTE, Story::Delivered));
        task.take_changes();
    }
    // An hour of orders and minutes, and what the watermark is behind.
    assert!(task.rows() < 2 * 64 + 10, "{} rows", task.rows());
}

#[test]
fn an_event_changes_few_rows() {
    let mut task = task();
    for number in 0..100 {
        for event in story(number, number as i64 * 10 * MINUTE, Story::Delivered) {
            apply(&mut task, &event);
            assert!(task.dirty() <= ROWS_PER_FACT_MAX);
            task.take_changes();
        }
    }
}

#[test]
fn unknown_events_are_counted_apart() {
    let mut task = task();
    let mut detail = story(1, 0, Story::Delivered).remove(0).to_detail();
    detail = detail.replace("Order Placed", "Order Gift-Wrapped");
    let fact = Fact::decode(detail.as_bytes()).expect("an event");
    assert_eq!(task.apply(&fact), Outcome::Unknown);
    assert_eq!(task.apply(&fact), Outcome::Unknown);
    assert_eq!((task.head().totals.unknown, task.head().totals.counts.events), (2, 0));
}

#[test]
fn damaged_rows_are_refused() {
    for (key, value) in [("heads", "{}"), ("order#o", "{}"), ("head", "["), ("minute#x", "{}")] {
        let rows = [(key.to_owned(), value.to_owned())];
        assert!(OrderTask::restore(settings(), rows).is_err(), "{key}");
    }
}

/// Events of some orders, with copies, in any order.
fn shuffled() -> impl Strategy<Value = (Vec<IntegrationEvent>, Vec<IntegrationEvent>)> {
    let orders = proptest::collection::vec((0..STORIES.len(), 0_i64..20 * MINUTE), 1..6);
    let events = orders.prop_map(|orders| {
        let stories =
            (0..).zip(orders).map(|(number, (kind, start))| story(number, start, STORIES[kind]));
        let mut events: Vec<IntegrationEvent> = stories.flatten().collect();
        events.push(stock("", 500, 3 * MINUTE, 7));
        events
    });
    events.prop_flat_map(|events| {
        let copies = proptest::sample::subsequence(events.clone(), 0..events.len());
        let all = copies.prop_map({
            let events = events.clone();
            move |copies| [events.clone(), copies].concat()
        });
        (Just(events), all.prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn copies_and_order_change_nothing((events, told) in shuffled()) {
        let (mut tidy, mut wild) = (task(), task());
        apply_all(&mut tidy, &events);
        apply_all(&mut wild, &told);
        let totals = &wild.head().totals;
        prop_assert_eq!(&totals.counts, &tidy.head().totals.counts);
        prop_assert_eq!(totals.duplicates, (told.len() - events.len()) as u64);
        prop_assert_eq!(wild.stock("lamp"), tidy.stock("lamp"));
        prop_assert_eq!(wild.minutes.len(), tidy.minutes.len());
        for (number, minute) in &wild.minutes {
            // Which of them were late depends on the order, nothing else does.
            let minute = Minute { corrections: tidy.minutes[number].corrections, ..minute.clone() };
            prop_assert_eq!(&minute, &tidy.minutes[number]);
        }
    }

    #[test]
    fn minutes_add_up_to_the_totals((_, told) in shuffled()) {
        let mut task = task();
        apply_all(&mut task, &told);
        let mut forwards = Minute::default();
        task.minutes.values().for_each(|it| forwards.merge(it));
        let mut backwards = Minute::default();
        task.minutes.values().rev().for_each(|it| backwards.merge(it));
        prop_assert_eq!(&forwards.counts, &task.head().totals.counts);
        prop_assert_eq!(forwards.corrections, task.head().totals.late);
        prop_assert_eq!(forwards, backwards);
    }

    #[test]
    fn a_restart_at_any_moment_changes_nothing((_, told) in shuffled(), every in 1_usize..9) {
        let mut live = task();
        let (mut restarted, mut table) = (task(), Table::default());
        for (index, event) in told.iter().enumerate() {
            prop_assert_eq!(apply(&mut restarted, event), apply(&mut live, event));
            if index % every == 0 {
                table.take(&mut restarted);
                restarted = table.restore();
            }
        }
        prop_assert_eq!(state(&restarted), state(&live));
        table.take(&mut restarted);
        prop_assert_eq!(&table.0, &state(&live));
    }

    #[test]
    fn tasks_of_a_topic_add_up((events, told) in shuffled()) {
        let mut one = task();
        apply_all(&mut one, &events);
        let mut parts = [task(), task()];
        for event in &told {
            let key = event.order_id.as_ref().map_or("", |it| it.as_str());
            apply(&mut parts[usize::from(key.ends_with(['1', '3', '5']))], event);
        }
        let [first, second] = &parts;
        let mut both = first.head().totals.clone();
        both.merge(&second.head().totals);
        let mut other = second.head().totals.clone();
        other.merge(&first.head().totals);
        prop_assert_eq!(&both.counts, &one.head().totals.counts);
        prop_assert_eq!(both, other);
    }
}
