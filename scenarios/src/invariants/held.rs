//! What a dead letter excuses: that what it asks for was not done, and no more.

use super::evidence::{Case, Evidence, Letter};
use orderflow::Role;
use orderflow::domain::order::{Order, Reservation as Allotment};
use orderflow::domain::payment::Payment;
use orderflow::domain::reservation::Reservation;

impl Evidence {
    /// True if a role of the saga gave up on a message of this order that asks for something that
    /// is not done: it stays so until an operator acts.
    pub(crate) fn is_held_up(&self, order_id: &str) -> bool {
        let Some(case) = self.cases.get(order_id) else { return false };
        let mut letters = self.letters.iter();
        letters.any(|it| it.order_id.as_deref() == Some(order_id) && asks_in_vain(it, case))
    }
}

/// `letter.about`: the type of an event, a timer or a coordinator's task.
fn asks_in_vain(letter: &Letter, case: &Case) -> bool {
    let (order, stock, money) = (case.state(), case.stock(), case.money());
    let has_ended = matches!(order, Order::Delivered { .. } | Order::Cancelled { .. });
    let is_called_off = matches!(order, Order::Cancelled { .. });
    match (letter.role, letter.about.as_str()) {
        (Role::Inventory, "Order Placed" | "ReserveStock") => stock == Reservation::None,
        (Role::Inventory, "Order Shipped" | "ShipStock") => {
            matches!(stock, Reservation::Held(_)) && !is_called_off
        }
        (
            Role::Inventory,
            "Order Cancelled" | "Payment Refunded" | "Payment Voided" | "ReleaseStock",
        ) => is_called_off && matches!(stock, Reservation::Held(_) | Reservation::None),
        (Role::Payments, "Payment Requested" | "TakePayment") => {
            !has_ended && matches!(money, Payment::None | Payment::Authorised { .. })
        }
        (Role::Payments, "Order Cancelled" | "RefundPayment") => {
            is_called_off && !matches!(money, Payment::Voided | Payment::Refunded)
        }
        (Role::Orders, "Inventory Reserved" | "AcceptReservation") => matches!(
            order,
            Order::Created { stock: Allotment::Awaited, .. }
                | Order::Confirmed { stock: Allotment::Awaited, .. }
        ),
        (Role::Orders, "Payment Processed" | "StartProcessing") => {
            matches!(order, Order::Confirmed { .. })
        }
        (Role::Fulfilment, "Order Processing" | "PackOrder" | "packing") => {
            matches!(order, Order::Processing { .. })
        }
        (Role::Fulfilment, "Order Shipped" | "CarryToCustomer" | "transit") => {
            matches!(order, Order::Shipped { .. })
        }
        // The end of an order, for whatever reason, or that a deadline is kept.
        (Role::Orders, _) => !has_ended,
        _ => false,
    }
}
