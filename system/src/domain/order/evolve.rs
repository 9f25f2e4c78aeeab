//! How an event changes an order. No rules: what was stored did happen.

use super::event::Event;
use super::state::{Order, Reservation};

/// The order after `event`. An event that cannot follow leaves the order as it is; `decide` never
/// makes one.
pub fn evolve(order: Order, event: &Event) -> Order {
    match (order, event) {
        (Order::Absent, Event::OrderPlaced(details)) => {
            Order::Created { details: details.clone(), stock: Reservation::Awaited }
        }
        (Order::Created { details, stock }, Event::OrderConfirmed { payment_method, .. }) => {
            Order::Confirmed { details, stock, payment_method: payment_method.clone() }
        }
        (Order::Created { details, .. }, Event::StockAllocated) => {
            Order::Created { details, stock: Reservation::Held }
        }
        (Order::Confirmed { details, payment_method, .. }, Event::StockAllocated) => {
            Order::Confirmed { details, stock: Reservation::Held, payment_method }
        }
        (Order::Confirmed { details, .. }, Event::OrderProcessing) => Order::Processing { details },
        (Order::Processing { details }, Event::OrderShipped { .. }) => Order::Shipped { details },
        (Order::Shipped { details }, Event::OrderDelivered) => Order::Delivered { details },
        (
            Order::Created { details, .. }
            | Order::Confirmed { details, .. }
            | Order::Processing { details },
            Event::OrderCancelled { reason, .. },
        ) => Order::Cancelled { details, reason: reason.clone() },
        (order, _) => order,
    }
}

/// The order that a whole history makes.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Order {
    events.into_iter().fold(Order::Absent, evolve)
}
