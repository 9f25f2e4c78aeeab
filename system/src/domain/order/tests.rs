use proptest::prelude::*;

use super::*;
use crate::domain::{Currency, CustomerId, Money, OrderId, PaymentMethod, ProductId, Timestamp};

const NOW: Timestamp = Timestamp::from_millis(0);

fn eur(minor_units: u64) -> Money {
    Money { minor_units, currency: Currency::parse("EUR").expect("a currency") }
}

fn line(product: &str, quantity: u64, price: u64) -> Line {
    let product_id = ProductId::parse(product).expect("a product id");
    Line { product_id, quantity, unit_price: eur(price) }
}

fn place(items: Vec<Line>) -> Command {
    Command::Place(PlaceOrder {
        order_id: OrderId::parse("o-1").expect("an order id"),
        customer_id: CustomerId::parse("c-1").expect("a customer id"),
        items,
        shipping_address: None,
    })
}

fn paid_by(text: &str) -> PaymentMethod {
    PaymentMethod::parse(text).expect("a payment method")
}

fn confirm() -> Command {
    Command::Confirm { payment_method: paid_by("card"), confirmation_code: "CODE".into() }
}

fn cancel() -> Command {
    Command::Cancel(CancelReason::CustomerRequest("changed my mind".into()))
}

/// The commands in the order of the table below.
fn commands() -> Vec<Command> {
    vec![
        place(vec![line("p", 1, 5)]),
        confirm(),
        Command::AcceptReservation,
        Command::StartProcessing,
        Command::Ship { tracking_number: "T".into() },
        Command::Deliver,
        cancel(),
        Command::Expire(Deadline::Confirmation),
        Command::Expire(Deadline::Payment),
        Command::Expire(Deadline::Shipping),
    ]
}

fn after(commands: impl IntoIterator<Item = Command>) -> Order {
    commands.into_iter().fold(Order::Absent, |order, command| {
        let events = decide(&order, command, NOW).expect("a legal step");
        events.iter().fold(order, evolve)
    })
}

fn happy(steps: usize) -> Order {
    after(commands().into_iter().take(steps))
}

#[test]
fn each_command_in_each_state_is_either_legal_or_refused() {
    let unreserved = after([place(vec![line("p", 1, 5)]), confirm()]);
    let reserved = after([place(vec![line("p", 1, 5)]), Command::AcceptReservation]);
    let cancelled = after([place(vec![line("p", 1, 5)]), cancel()]);
    // One letter a command, in the order of `commands`: y = accepted, n = refused.
    for (order, accepted) in [
        (Order::Absent, "ynnnnnnnnn"),
        (happy(1), "nyynnnyynn"),
        (reserved, "nynnnnyynn"),
        (unreserved, "nnynnnyynn"),
        (happy(3), "nnnynnynyn"),
        (happy(4), "nnnnynynny"),
        (happy(5), "nnnnnynnnn"),
        (happy(6), "nnnnnnnnnn"),
        (cancelled, "nnnnnnnnnn"),
    ] {
        let found: String = commands()
            .into_iter()
            .map(|command| if decide(&order, command, NOW).is_ok() { 'y' } else { 'n' })
            .collect();
        assert_eq!(found, accepted, "{order:?}");
    }
}

#[test]
fn refusals_name_the_state() {
    let refusal = decide(&happy(5), cancel(), NOW).expect_err("shipped");
    assert_eq!(refusal.to_string(), "the order is shipped and cannot be cancelled");
    assert_eq!(decide(&Order::Absent, cancel(), NOW), Err(OrderError::NotFound));
    let again = decide(&happy(6), place(vec![line("p", 1, 5)]), NOW);
    assert_eq!(again, Err(OrderError::AlreadyExists));
}

#[test]
fn payment_is_requested_once_both_stock_and_confirmation_are_there() {
    let placed = place(vec![line("p", 2, 5)]);
    let requests = |steps: [Command; 2]| {
        let mut order = after([placed.clone()]);
        let mut requests = Vec::new();
        for step in steps {
            let events = decide(&order, step, NOW).expect("a legal step");
            order = events.iter().fold(order, evolve);
            requests.push(events.iter().filter(|event| event.name() == "PaymentRequested").count());
        }
        requests
    };
    assert_eq!(requests([confirm(), Command::AcceptReservation]), [0, 1]);
    assert_eq!(requests([Command::AcceptReservation, confirm()]), [0, 1]);
}

#[test]
fn a_refund_is_due_only_when_payment_was_requested_and_not_declined() {
    let declined = || Command::Cancel(CancelReason::PaymentFailed("declined".into()));
    for (order, command, due) in [
        (happy(1), cancel(), false),
        (after([place(vec![line("p", 1, 5)]), confirm()]), cancel(), false),
        (happy(3), cancel(), true),
        (happy(4), cancel(), true),
        (happy(3), declined(), false),
        (happy(1), Command::Expire(Deadline::Confirmation), false),
        (happy(3), Command::Expire(Deadline::Payment), true),
        (happy(4), Command::Expire(Deadline::Shipping), true),
    ] {
        let events = decide(&order, command, NOW).expect("cancellable");
        assert!(
            matches!(events[..], [Event::OrderCancelled { refund_due, .. }] if refund_due == due),
            "{order:?}"
        );
    }
}

#[test]
fn a_new_order_is_checked() {
    let too_many = (0..=LINES_MAX).map(|n| line(&format!("p{n}"), 1, 1)).collect();
    let usd = Money { minor_units: 1, currency: Currency::parse("USD").expect("a currency") };
    let mixed = vec![line("a", 1, 1), Line { unit_price: usd, ..line("b", 1, 1) }];
    for (items, message) in [
        (vec![], "an order needs at least one item"),
        (too_many, "an order has at most 19 items"),
        (vec![line("a", 0, 1)], "the quantity of a must be 1 to 1000"),
        (vec![line("a", 1001, 1)], "the quantity of a must be 1 to 1000"),
        (vec![line("a", 1, 0)], "there is nothing to pay for: the total is zero"),
        (vec![line("a", 9, 0), line("b", 1, 0)], "there is nothing to pay for: the total is zero"),
        (
            vec![line("a", 1, 1), line("a", 1, 1)],
            "product a appears twice; order it once with the sum of the quantities",
        ),
        (mixed, "amounts in EUR and USD cannot be added"),
    ] {
        let refusal = decide(&Order::Absent, place(items), NOW).expect_err(message);
        assert_eq!(refusal.to_string(), message);
    }
    let order = after([place(vec![line("a", 2, 5), line("b", 1, 7), line("free", 3, 0)])]);
    assert_eq!(order.details().map(|details| details.total), Some(eur(17)));
}

#[test]
fn a_command_is_known_again_while_what_it_did_stands() {
    let confirmed = happy(3);
    let history = |commands: Vec<Command>| {
        let (_, history) =
            commands.into_iter().fold((Order::Absent, vec![]), |(order, all), it| {
                let events = decide(&order, it, NOW).expect("a legal step");
                (events.iter().fold(order, evolve), [all, events].concat())
            });
        history
    };
    let until = |count: usize| history(commands().into_iter().take(count).collect());
    let again =
        || Command::Confirm { payment_method: paid_by("card"), confirmation_code: "2".into() };
    let cash =
        Command::Confirm { payment_method: paid_by("cash"), confirmation_code: "CODE".into() };
    let other = Command::Cancel(CancelReason::CustomerRequest("too dear".into()));
    let late = [until(2), history(vec![place(vec![line("p", 1, 5)]), cancel()])];
    let cancelled = history(vec![place(vec![line("p", 1, 5)]), confirm(), cancel()]);
    for (history, command, place) in [
        (&late[0], again(), Some(1)),
        (&until(6), again(), Some(1)),
        (&until(1), again(), None),
        (&late[0], cash, None),
        (&cancelled, again(), None),
        (&late[1], cancel(), Some(1)),
        (&cancelled, cancel(), Some(2)),
        (&cancelled, other, None),
        (&late[0], cancel(), None),
        (&until(6), Command::Deliver, None),
    ] {
        assert_eq!(done_before(history, &command), place, "{command:?} after {history:?}");
    }
    assert_eq!(confirmed.status(), Some(Status::Confirmed));
}

#[test]
fn stored_events_read_back() {
    let events = [
        Event::StockAllocated,
        Event::OrderCancelled {
            reason: CancelReason::ReservationFailed("none left".into()),
            refund_due: false,
        },
    ];
    for event in events {
        let text = serde_json::to_string(&event).expect("serialises");
        assert!(text.contains(event.name()), "{text}");
        assert_eq!(serde_json::from_str::<Event>(&text).expect("reads back"), event);
    }
}

proptest! {
    /// Whatever is asked in whatever sequence: no panic, statuses only move forward, a final order
    /// stays as it is, and payment is requested at most once.
    #[test]
    fn any_sequence_of_commands_keeps_the_rules(
        steps in prop::collection::vec(0_usize..10, 0..40),
    ) {
        let mut order = Order::Absent;
        let mut history = Vec::new();
        for step in steps {
            let before = order.clone();
            match decide(&order, commands()[step].clone(), NOW) {
                Err(_) => continue,
                Ok(events) => {
                    prop_assert!(!events.is_empty());
                    order = events.iter().fold(order, evolve);
                    history.extend(events);
                }
            }
            prop_assert!(order.status() >= before.status());
            prop_assert!(!before.status().is_some_and(Status::is_final));
        }
        let requests = history.iter().filter(|event| event.name() == "PaymentRequested").count();
        prop_assert!(requests <= 1);
        prop_assert_eq!(fold(&history), order);
    }
}
