//! Events of a small shop, for the tests of this folder.

use crate::contracts::{IntegrationEvent, Payload, StockChange};
use crate::domain::order::{CancelReason, Line};
use crate::domain::reservation::Item;
use crate::domain::{Currency, CustomerId, Money, OrderId, PaymentMethod, ProductId, Timestamp};

/// How an order goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Story {
    Delivered,
    /// The card is declined.
    Declined,
    /// Cancelled when it was paid already.
    Refunded,
    /// Nobody ever confirms it.
    Forgotten,
}

pub(super) const STORIES: [Story; 4] =
    [Story::Delivered, Story::Declined, Story::Refunded, Story::Forgotten];

pub(super) fn eur(minor_units: u64) -> Money {
    Money { minor_units, currency: Currency::parse("EUR").expect("a currency") }
}

pub(super) fn product(name: &str) -> ProductId {
    ProductId::parse(name).expect("a product id")
}

pub(super) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// One event of a history such as `order#o-1`; `order` is empty where no order is behind it.
pub(super) fn event(
    order: &str,
    stream: &str,
    sequence: u64,
    millis: i64,
    payload: Payload,
) -> IntegrationEvent {
    IntegrationEvent {
        event_id: format!("{stream}-{sequence}"),
        order_id: OrderId::parse(order).ok(),
        payload,
        timestamp: at(millis),
        correlation_id: "cor".into(),
        causation_id: "cau".into(),
        stream: stream.to_owned(),
        sequence,
    }
}

/// A change of stock; `order` is empty when staff made it.
pub(super) fn stock(order: &str, sequence: u64, millis: i64, available: u64) -> IntegrationEvent {
    let change = if order.is_empty() { StockChange::Counted } else { StockChange::Reserved };
    let (quantity, on_hand, reserved) = (2, available + 2, 2);
    let product_id = product("lamp");
    let updated =
        Payload::StockUpdated { product_id, change, quantity, on_hand, reserved, available };
    event(order, "stock#lamp", sequence, millis, updated)
}

/// The events of an order over two lamps for 10 EUR, a second apart; its `number` makes ids and
/// the sequence of the stock.
pub(super) fn story(number: u64, start: i64, story: Story) -> Vec<IntegrationEvent> {
    let id = format!("o-{number}");
    let customer = || CustomerId::parse(&format!("c-{}", number % 3)).expect("a customer id");
    let lines = vec![Line { product_id: product("lamp"), quantity: 2, unit_price: eur(500) }];
    let items = vec![Item { product_id: product("lamp"), quantity: 2 }];
    let method = PaymentMethod::hidden();
    let placed = Payload::OrderPlaced {
        customer_id: customer(),
        items: lines,
        total: eur(1000),
        shipping_address: None,
    };
    let mut told = vec![("order", placed), ("reservation", Payload::InventoryReserved { items })];
    let cancelled = |reason, refund_due| {
        ("order", Payload::OrderCancelled { customer_id: customer(), reason, refund_due })
    };
    if story != Story::Forgotten {
        let (payment_method, confirmation_code) = (method.clone(), String::from("x"));
        let customer_id = customer();
        told.extend([
            ("order", Payload::StockAllocated { customer_id: customer() }),
            ("order", Payload::OrderConfirmed { customer_id, payment_method, confirmation_code }),
        ]);
    }
    let why = String::from("why");
    match story {
        Story::Delivered | Story::Refunded => told.extend([
            (
                "payment",
                Payload::PaymentAuthorised {
                    amount: eur(1000),
                    payment_method: method,
                    reference: "r".into(),
                },
            ),
            ("payment", Payload::PaymentProcessed { amount: eur(1000) }),
            ("order", Payload::OrderProcessing { customer_id: customer() }),
        ]),
        Story::Declined => told.extend([
            ("payment", Payload::PaymentFailed { reason: why.clone() }),
            cancelled(CancelReason::PaymentFailed(why), false),
        ]),
        Story::Forgotten => told.push(cancelled(CancelReason::TimedOut(why), false)),
    }
    match story {
        Story::Delivered => told.extend([
            ("order", Payload::OrderShipped { customer_id: customer(), tracking_number: None }),
            ("order", Payload::OrderDelivered { customer_id: customer() }),
        ]),
        Story::Refunded => told.extend([
            cancelled(CancelReason::CustomerRequest("why".into()), true),
            ("payment", Payload::PaymentRefunded { amount: Some(eur(1000)) }),
        ]),
        Story::Declined | Story::Forgotten => {}
    }
    let mut sequences = std::collections::BTreeMap::new();
    let mut events: Vec<IntegrationEvent> = Vec::new();
    for (second, (history, payload)) in (0..).zip(told) {
        let sequence = sequences.entry(history).or_insert(0);
        *sequence += 1;
        let stream = format!("{history}#{id}");
        events.push(event(&id, &stream, *sequence, start + second * 1000, payload));
    }
    events.push(stock(&id, number + 1, start + 1000, 100 - number.min(100)));
    events
}
