//! The saga's commands as the steps of a coordinator: what it sends to whoever shall carry one out,
//! and by which events a step ends.
//!
//! Which step follows which is not here: that is the reaction table's, [`crate::domain::saga`].

use serde::{Deserialize, Serialize};

use super::envelope::IntegrationEvent;
use super::event_type::EventType;
use super::payload::Payload;
use crate::domain::OrderId;
use crate::domain::order::Deadline;
use crate::domain::saga::Command;

/// A command of the saga, without what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Step {
    ReserveStock,
    AcceptReservation,
    TakePayment,
    StartProcessing,
    PackOrder,
    ShipStock,
    CarryToCustomer,
    CancelOrder,
    RefundPayment,
    ReleaseStock,
    /// The time is over in which the step before should have been done.
    ExpireConfirmation,
    ExpirePayment,
    ExpireShipping,
}

/// The events that end a step; each comes at most once in the life of an order.
struct Ends {
    step: Step,
    name: &'static str,
    /// It was done.
    done: &'static [EventType],
    /// It will never be done.
    failed: &'static [EventType],
}

const fn ends(
    step: Step,
    name: &'static str,
    done: &'static [EventType],
    failed: &'static [EventType],
) -> Ends {
    Ends { step, name, done, failed }
}

/// In the order of the enum. A step that waits for others may find that the order was called off.
static ENDS: &[Ends] = {
    use EventType as E;
    &[
        ends(
            Step::ReserveStock,
            "ReserveStock",
            &[E::InventoryReserved],
            &[E::ReservationFailed, E::OrderCancelled],
        ),
        // Once the customer has confirmed as well.
        ends(
            Step::AcceptReservation,
            "AcceptReservation",
            &[E::PaymentRequested],
            &[E::OrderCancelled],
        ),
        ends(
            Step::TakePayment,
            "TakePayment",
            &[E::PaymentProcessed],
            &[E::PaymentFailed, E::OrderCancelled],
        ),
        ends(Step::StartProcessing, "StartProcessing", &[E::OrderProcessing], &[E::OrderCancelled]),
        ends(Step::PackOrder, "PackOrder", &[E::OrderShipped], &[E::OrderCancelled]),
        ends(Step::ShipStock, "ShipStock", &[E::InventoryShipped], &[]),
        ends(Step::CarryToCustomer, "CarryToCustomer", &[E::OrderDelivered], &[]),
        ends(Step::CancelOrder, "CancelOrder", &[E::OrderCancelled], &[]),
        ends(Step::RefundPayment, "RefundPayment", &[E::PaymentRefunded, E::PaymentVoided], &[]),
        // What was never held needs no release.
        ends(
            Step::ReleaseStock,
            "ReleaseStock",
            &[E::InventoryReleased, E::ReservationFailed],
            &[],
        ),
        // Late or not: the order knows whether it was done after all.
        ends(
            Step::ExpireConfirmation,
            "ExpireConfirmation",
            &[E::PaymentRequested],
            &[E::OrderCancelled],
        ),
        ends(Step::ExpirePayment, "ExpirePayment", &[E::OrderProcessing], &[E::OrderCancelled]),
        ends(Step::ExpireShipping, "ExpireShipping", &[E::OrderShipped], &[E::OrderCancelled]),
    ]
};

// A step finds its row by its place.
const _: () = {
    let mut at = 0;
    while at < ENDS.len() {
        assert!(ENDS[at].step as usize == at, "a row stands in another place than its step");
        at += 1;
    }
};

impl Step {
    /// The step that is this command; `None` for one that only says how long others have.
    pub fn of(command: &Command) -> Option<Self> {
        Some(match command {
            Command::ReserveStock { .. } => Self::ReserveStock,
            Command::AcceptReservation => Self::AcceptReservation,
            Command::TakePayment(_) => Self::TakePayment,
            Command::StartProcessing => Self::StartProcessing,
            Command::PackOrder => Self::PackOrder,
            Command::ShipStock => Self::ShipStock,
            Command::CarryToCustomer => Self::CarryToCustomer,
            Command::CancelOrder { .. } => Self::CancelOrder,
            Command::RefundPayment => Self::RefundPayment,
            Command::ReleaseStock => Self::ReleaseStock,
            Command::Expect(_) => return None,
        })
    }

    /// What is to be done when `deadline` has passed.
    pub fn after(deadline: Deadline) -> Self {
        match deadline {
            Deadline::Confirmation => Self::ExpireConfirmation,
            Deadline::Payment => Self::ExpirePayment,
            Deadline::Shipping => Self::ExpireShipping,
        }
    }

    /// The deadline that has passed, if that is what it is about.
    pub fn deadline(self) -> Option<Deadline> {
        Deadline::ALL.into_iter().find(|deadline| Self::after(*deadline) == self)
    }

    pub fn parse(name: &str) -> Option<Self> {
        ENDS.iter().find(|row| row.name == name).map(|row| row.step)
    }

    fn ends(self) -> &'static Ends {
        &ENDS[self as usize]
    }

    pub fn as_str(self) -> &'static str {
        self.ends().name
    }

    /// The events of which each says that the step was done.
    pub fn done(self) -> &'static [EventType] {
        self.ends().done
    }

    /// The events of which each says that it never will be.
    pub fn failed(self) -> &'static [EventType] {
        self.ends().failed
    }

    pub fn ends_with(self, event_type: EventType) -> bool {
        self.done().contains(&event_type) || self.failed().contains(&event_type)
    }
}

/// The event by which a coordinator goes on. It names the event and says nothing of what is in it,
/// as a coordinator keeps what it is told, and everybody who may look at it can read that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    pub event_type: EventType,
    pub event_id: String,
    /// Position in the history of the order that the type belongs to.
    pub sequence: u64,
    pub correlation_id: String,
    /// Of an order that was called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_due: Option<bool>,
}

/// What a coordinator has somebody do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub task: Step,
    pub order_id: OrderId,
    pub because: Because,
    /// By which the coordinator is told how it ended.
    pub token: String,
    /// How often it was sent before because sending had failed: each has a token of its own.
    pub attempt: u64,
}

impl Because {
    /// What a step that ends with this event has failed with, as one word.
    pub fn error(event_type: EventType) -> String {
        event_type.name().replace(' ', "")
    }

    pub fn of(payload: &Payload, event_id: &str, sequence: u64, correlation_id: &str) -> Self {
        let refund_due = match payload {
            Payload::OrderCancelled { refund_due, .. } => Some(*refund_due),
            _ => None,
        };
        Self {
            event_type: payload.event_type(),
            event_id: event_id.to_owned(),
            sequence,
            correlation_id: correlation_id.to_owned(),
            refund_due,
        }
    }
}

impl From<&IntegrationEvent> for Because {
    fn from(event: &IntegrationEvent) -> Self {
        Self::of(&event.payload, &event.event_id, event.sequence, &event.correlation_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::{History, happened, samples};
    use crate::domain::saga::react;

    fn commands() -> Vec<Command> {
        let happened = samples().into_iter().filter_map(|payload| happened(&payload));
        happened.flat_map(|it| react(&it)).map(|(_, command)| command).collect()
    }

    #[test]
    fn every_command_of_the_table_is_a_step_or_a_deadline() {
        for command in commands() {
            let deadline = matches!(command, Command::Expect(_));
            assert_eq!(Step::of(&command).is_none(), deadline, "{command:?}");
        }
        for row in ENDS {
            let given = commands().iter().any(|command| Step::of(command) == Some(row.step));
            assert!(given != row.step.deadline().is_some(), "{:?}", row.step);
            assert_eq!(format!("{:?}", row.step), row.name);
        }
    }

    #[test]
    fn a_step_ends_by_events_that_come_once() {
        for row in ENDS {
            assert!(!row.done.is_empty(), "{:?} is never done", row.step);
            for event in row.done.iter().chain(row.failed) {
                assert_ne!(event.history(), History::Stock, "{:?}: {event}", row.step);
                assert_eq!(row.done.contains(event), !row.failed.contains(event), "{event}");
            }
        }
    }

    #[test]
    fn what_a_coordinator_keeps_says_nothing_private() {
        for payload in samples() {
            let because = Because::of(&payload, "e-1", 4, "c-1");
            let text = serde_json::to_string(&because).expect("JSON");
            let names = ["event_type", "event_id", "sequence", "correlation_id", "refund_due"];
            let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            let all = value.as_object().expect("an object");
            assert!(all.keys().all(|name| names.contains(&name.as_str())), "{text}");
            assert_eq!(serde_json::from_str::<Because>(&text).expect("the same"), because);
        }
    }
}
