//! The payment of one order: authorised, captured, and given back when the order fails.
//!
//! It decides the next step towards a goal; asking the gateway is someone else's work. Each step
//! is repeatable at the gateway under the order's id, so a lost answer costs a repetition only.

use serde::{Deserialize, Serialize};

use super::{Money, PaymentMethod};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Payment {
    #[default]
    None,
    Authorised {
        amount: Money,
    },
    Captured {
        amount: Money,
    },
    Declined,
    /// Given up before money moved.
    Voided,
    Refunded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    Take,
    GiveBack,
}

/// What to do next to reach the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Authorise,
    Capture { amount: Money },
    Void,
    Refund { amount: Money },
    Done,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    /// `payment_method` is hidden, but for payments of long ago.
    PaymentAuthorised {
        amount: Money,
        payment_method: PaymentMethod,
        reference: String,
    },
    PaymentCaptured {
        amount: Money,
    },
    PaymentDeclined {
        reason: String,
    },
    PaymentVoided,
    PaymentRefunded {
        amount: Money,
    },
}

impl Event {
    pub fn name(&self) -> &'static str {
        match self {
            Self::PaymentAuthorised { .. } => "PaymentAuthorised",
            Self::PaymentCaptured { .. } => "PaymentCaptured",
            Self::PaymentDeclined { .. } => "PaymentDeclined",
            Self::PaymentVoided => "PaymentVoided",
            Self::PaymentRefunded { .. } => "PaymentRefunded",
        }
    }
}

/// The step that brings `payment` closer to `goal`.
pub fn next_step(payment: &Payment, goal: Goal) -> Step {
    match (goal, payment) {
        (Goal::Take, Payment::None) => Step::Authorise,
        (Goal::Take, Payment::Authorised { amount }) => Step::Capture { amount: *amount },
        // Nothing was taken. It is recorded all the same: a request that arrives later must find
        // it, and the stock is released only once the payment is known to be settled.
        (Goal::GiveBack, Payment::None | Payment::Authorised { .. } | Payment::Declined) => {
            Step::Void
        }
        (Goal::GiveBack, Payment::Captured { amount }) => Step::Refund { amount: *amount },
        _ => Step::Done,
    }
}

/// The payment after `event`.
pub fn evolve(_before: Payment, event: &Event) -> Payment {
    match event {
        Event::PaymentAuthorised { amount, .. } => Payment::Authorised { amount: *amount },
        Event::PaymentCaptured { amount } => Payment::Captured { amount: *amount },
        Event::PaymentDeclined { .. } => Payment::Declined,
        Event::PaymentVoided => Payment::Voided,
        Event::PaymentRefunded { .. } => Payment::Refunded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Currency;

    #[test]
    fn each_state_has_one_next_step_towards_each_goal() {
        let amount =
            Money { minor_units: 7, currency: Currency::parse("EUR").expect("a currency") };
        for (payment, take, give_back) in [
            (Payment::None, Step::Authorise, Step::Void),
            (Payment::Authorised { amount }, Step::Capture { amount }, Step::Void),
            (Payment::Captured { amount }, Step::Done, Step::Refund { amount }),
            (Payment::Declined, Step::Done, Step::Void),
            (Payment::Voided, Step::Done, Step::Done),
            (Payment::Refunded, Step::Done, Step::Done),
        ] {
            assert_eq!(next_step(&payment, Goal::Take), take, "{payment:?}");
            assert_eq!(next_step(&payment, Goal::GiveBack), give_back, "{payment:?}");
        }
    }
}
