//! The order saga on one screen: what happened, who acts on it, and how.
//!
//! The happy path reads from top to bottom. Compensation runs backwards: money first, stock last.
//! It is pure; each participant asks for its own reactions and carries them out idempotently.

use super::order::{CancelReason, Deadline};
use super::reservation::Item;
use super::{Money, PaymentMethod};

/// Something that a participant published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    OrderPlaced { items: Vec<Item> },
    InventoryReserved,
    ReservationFailed { reason: String },
    PaymentRequested { payment: TakePayment },
    PaymentProcessed,
    PaymentFailed { reason: String },
    OrderProcessing,
    OrderShipped,
    OrderCancelled { refund_due: bool },
    PaymentRefunded,
}

/// Who carries out a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Participant {
    Orders,
    Inventory,
    Payments,
    Fulfilment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    ReserveStock {
        items: Vec<Item>,
    },
    AcceptReservation,
    TakePayment(TakePayment),
    StartProcessing,
    PackOrder,
    ShipStock,
    CarryToCustomer,
    CancelOrder {
        reason: CancelReason,
    },
    /// From now on there is so much time.
    Expect(Deadline),
    RefundPayment,
    ReleaseStock,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakePayment {
    pub customer_id: super::CustomerId,
    pub amount: Money,
    pub payment_method: PaymentMethod,
}

/// The reaction table.
pub fn react(happened: &Happened) -> Vec<(Participant, Command)> {
    use Participant::{Fulfilment, Inventory, Orders, Payments};
    match happened.clone() {
        // Happy path.
        Happened::OrderPlaced { items } => vec![
            (Inventory, Command::ReserveStock { items }),
            (Orders, Command::Expect(Deadline::Confirmation)),
        ],
        Happened::InventoryReserved => vec![(Orders, Command::AcceptReservation)],
        Happened::PaymentRequested { payment } => {
            let expect = Command::Expect(Deadline::Payment);
            vec![(Payments, Command::TakePayment(payment)), (Orders, expect)]
        }
        Happened::PaymentProcessed => vec![(Orders, Command::StartProcessing)],
        Happened::OrderProcessing => {
            vec![(Fulfilment, Command::PackOrder), (Orders, Command::Expect(Deadline::Shipping))]
        }
        Happened::OrderShipped => {
            vec![(Inventory, Command::ShipStock), (Fulfilment, Command::CarryToCustomer)]
        }
        // Something failed, or a deadline passed: the order is cancelled.
        Happened::ReservationFailed { reason } => {
            let reason = CancelReason::ReservationFailed(reason);
            vec![(Orders, Command::CancelOrder { reason })]
        }
        Happened::PaymentFailed { reason } => {
            let reason = CancelReason::PaymentFailed(reason);
            vec![(Orders, Command::CancelOrder { reason })]
        }
        // Compensation, in reverse.
        Happened::OrderCancelled { refund_due: true } => vec![(Payments, Command::RefundPayment)],
        Happened::OrderCancelled { refund_due: false } | Happened::PaymentRefunded => {
            vec![(Inventory, Command::ReleaseStock)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Currency, CustomerId};

    fn check(happened: Happened, expected: &[(Participant, &str)]) {
        let reactions = react(&happened);
        let found: Vec<_> = reactions
            .iter()
            .map(|(participant, command)| {
                let name = format!("{command:?}");
                let end = name.find([' ', '(', '{']).unwrap_or(name.len());
                (*participant, name[..end].to_owned())
            })
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(participant, name)| (*participant, (*name).to_owned())).collect();
        assert_eq!(found, expected, "{happened:?}");
    }

    #[test]
    fn each_event_has_its_reactions() {
        use Participant::{Fulfilment, Inventory, Orders, Payments};
        let payment = TakePayment {
            customer_id: CustomerId::parse("c").expect("a customer id"),
            amount: Money::zero(Currency::parse("EUR").expect("a currency")),
            payment_method: super::super::PaymentMethod::parse("card").expect("a payment method"),
        };
        let reason = String::from("why");
        let placed = [(Inventory, "ReserveStock"), (Orders, "Expect")];
        check(Happened::OrderPlaced { items: vec![] }, &placed);
        check(Happened::InventoryReserved, &[(Orders, "AcceptReservation")]);
        let requested = [(Payments, "TakePayment"), (Orders, "Expect")];
        check(Happened::PaymentRequested { payment }, &requested);
        check(Happened::PaymentProcessed, &[(Orders, "StartProcessing")]);
        check(Happened::OrderProcessing, &[(Fulfilment, "PackOrder"), (Orders, "Expect")]);
        let shipped = [(Inventory, "ShipStock"), (Fulfilment, "CarryToCustomer")];
        check(Happened::OrderShipped, &shipped);
        let failed = Happened::ReservationFailed { reason: reason.clone() };
        check(failed, &[(Orders, "CancelOrder")]);
        check(Happened::PaymentFailed { reason }, &[(Orders, "CancelOrder")]);
        check(Happened::OrderCancelled { refund_due: true }, &[(Payments, "RefundPayment")]);
        check(Happened::PaymentRefunded, &[(Inventory, "ReleaseStock")]);
        check(Happened::OrderCancelled { refund_due: false }, &[(Inventory, "ReleaseStock")]);
    }
}
