//! The rules of an order: which command is allowed in which state, and what follows from it.

use std::collections::BTreeSet;

use super::address::Address;
use super::command::{Command, Deadline, PlaceOrder};
use super::error::OrderError;
use super::event::{CancelReason, Event};
use super::state::{Details, Line, Order, Reservation};
use crate::domain::money::MINOR_UNITS_MAX;
use crate::domain::text::needed;
use crate::domain::{Money, PaymentMethod, Timestamp};

/// Most lines of an order. A reservation writes two records, and up to five a line, in one
/// transaction of at most a hundred.
pub const LINES_MAX: usize = 19;
/// Largest quantity of one line.
pub const QUANTITY_MAX: u64 = 1_000;
/// Longest reason that a customer gives, in characters.
const REASON_LENGTH_MAX: usize = 500;

/// What happens when `command` reaches `order`. A refusal leaves the order as it is.
///
/// `_now` is handed in for rules that depend on time; no rule does yet.
pub fn decide(order: &Order, command: Command, _now: Timestamp) -> Result<Vec<Event>, OrderError> {
    if let Command::Place(place) = command {
        return match order {
            Order::Absent => Ok(vec![Event::OrderPlaced(details(place)?)]),
            _ => Err(OrderError::AlreadyExists),
        };
    }
    let from = order.status().ok_or(OrderError::NotFound)?;
    let participle = command.participle();
    match (order, command) {
        (
            Order::Created { details, stock },
            Command::Confirm { payment_method, confirmation_code },
        ) => Ok(confirm(details, *stock, payment_method, confirmation_code)),
        (Order::Created { stock: Reservation::Awaited, .. }, Command::AcceptReservation) => {
            Ok(vec![Event::StockAllocated])
        }
        (
            Order::Confirmed { details, stock: Reservation::Awaited, payment_method },
            Command::AcceptReservation,
        ) => Ok(vec![Event::StockAllocated, payment_requested(details, payment_method)]),
        (Order::Confirmed { stock: Reservation::Held, .. }, Command::StartProcessing) => {
            Ok(vec![Event::OrderProcessing])
        }
        (Order::Processing { .. }, Command::Ship { tracking_number }) => {
            Ok(vec![Event::OrderShipped { tracking_number: Some(tracking_number) }])
        }
        (Order::Shipped { .. }, Command::Deliver) => Ok(vec![Event::OrderDelivered]),
        (
            Order::Created { .. } | Order::Confirmed { .. } | Order::Processing { .. },
            Command::Cancel(reason),
        ) => {
            if let CancelReason::CustomerRequest(text) = &reason {
                needed("reason", text, REASON_LENGTH_MAX)?;
            }
            Ok(vec![cancelled(order, reason)])
        }
        (_, Command::Expire(deadline)) => match missed(order, deadline) {
            Some(what) => Ok(vec![cancelled(order, CancelReason::TimedOut(what.to_owned()))]),
            None => Err(OrderError::IllegalTransition { from, participle }),
        },
        _ => Err(OrderError::IllegalTransition { from, participle }),
    }
}

/// What was not done in time, if it is still not done.
fn missed(order: &Order, deadline: Deadline) -> Option<&'static str> {
    match (order, deadline) {
        (Order::Created { .. }, Deadline::Confirmation) => Some("not confirmed in time"),
        (Order::Confirmed { stock: Reservation::Awaited, .. }, Deadline::Confirmation) => {
            Some("no word about the stock in time")
        }
        (Order::Confirmed { stock: Reservation::Held, .. }, Deadline::Payment) => {
            Some("not paid in time")
        }
        (Order::Processing { .. }, Deadline::Shipping) => Some("not shipped in time"),
        _ => None,
    }
}

fn confirm(
    details: &Details,
    stock: Reservation,
    payment_method: PaymentMethod,
    confirmation_code: String,
) -> Vec<Event> {
    let request = payment_requested(details, &payment_method);
    let mut events = vec![Event::OrderConfirmed { payment_method, confirmation_code }];
    if stock == Reservation::Held {
        events.push(request);
    }
    events
}

fn payment_requested(details: &Details, payment_method: &PaymentMethod) -> Event {
    Event::PaymentRequested {
        customer_id: details.customer_id.clone(),
        amount: details.total,
        payment_method: payment_method.clone(),
    }
}

fn cancelled(order: &Order, reason: CancelReason) -> Event {
    let requested = matches!(
        order,
        Order::Confirmed { stock: Reservation::Held, .. } | Order::Processing { .. }
    );
    // A declined payment moved no money.
    let refund_due = requested && !matches!(reason, CancelReason::PaymentFailed(_));
    Event::OrderCancelled { reason, refund_due }
}

fn details(place: PlaceOrder) -> Result<Details, OrderError> {
    let PlaceOrder { order_id, customer_id, items, shipping_address } = place;
    let total = total(&items)?;
    shipping_address.as_ref().map_or(Ok(()), Address::check)?;
    Ok(Details { order_id, customer_id, items, total, shipping_address })
}

fn total(items: &[Line]) -> Result<Money, OrderError> {
    let first = items.first().ok_or(OrderError::NoItems)?;
    if items.len() > LINES_MAX {
        return Err(OrderError::TooManyItems);
    }
    let mut seen = BTreeSet::new();
    let mut total = Money::zero(first.unit_price.currency.known()?);
    for line in items {
        if !(1..=QUANTITY_MAX).contains(&line.quantity) {
            return Err(OrderError::InvalidQuantity(line.product_id.clone()));
        }
        if !seen.insert(&line.product_id) {
            return Err(OrderError::DuplicateProduct(line.product_id.clone()));
        }
        if line.unit_price.minor_units > MINOR_UNITS_MAX {
            return Err(OrderError::InvalidPrice(line.product_id.clone()));
        }
        total = total.plus(line.unit_price.times(line.quantity)?)?;
    }
    // Something may be added for free, but no bank takes a payment of nothing.
    if total.minor_units == 0 {
        return Err(OrderError::NothingToPay);
    }
    Ok(total)
}
