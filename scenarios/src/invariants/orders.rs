//! What is accepted is brought to an end, and which orders are still on their way there.

use super::evidence::{Case, Evidence, names};
use super::trails::row_of;
use orderflow::Role;
use orderflow::domain::order::{Event, Order};
use orderflow::domain::payment::Payment;
use orderflow::domain::reservation::Reservation;

/// `no_order_lost`: each order exists, and ended once, or stays where it may stay for ever.
pub(crate) fn lost(evidence: &Evidence) -> Vec<String> {
    let missing = evidence.accepted.iter().filter(|id| !evidence.cases.contains_key(*id));
    let missing = missing.map(|id| format!("order {id} was accepted but has no history"));
    let stray = evidence.cases.iter().filter_map(|(id, case)| {
        let ends: Vec<_> = case.ends().iter().map(|end| end.stored.event_type.as_str()).collect();
        let status = case.status();
        match ends[..] {
            [_] => None,
            [] if case.awaits_customer() || evidence.is_held_up(id) => None,
            [] => Some(format!(
                "order {id} is {status} and nothing moves it on; expected it delivered, \
                 cancelled or waiting for its confirmation"
            )),
            _ => Some(format!("order {id} ended by {}; expected one end", ends.join(", "))),
        }
    });
    missing.chain(stray).collect()
}

/// Orders with something still to be done for them that no dead letter explains. What is on its
/// way between two queues, to be delivered later, shows only here.
pub(crate) fn under_way(evidence: &Evidence) -> Vec<&str> {
    let moving = |(id, case): &(&String, &Case)| {
        let waits = case.awaits_customer() || evidence.is_held_up(id);
        (!waits && !is_finished(case)) || is_to_be_shown(evidence, id, case)
    };
    evidence.cases.iter().filter(moving).map(|(id, _)| id.as_str()).collect()
}

/// True if the order ended, and everything that follows from its end was done.
fn is_finished(case: &Case) -> bool {
    let refund_due = case
        .ends()
        .iter()
        .any(|end| matches!(end.event, Event::OrderCancelled { refund_due: true, .. }));
    match (case.state(), case.stock(), case.money()) {
        (Order::Delivered { .. }, stock, _) => stock == Reservation::Shipped,
        (Order::Cancelled { .. }, Reservation::Refused | Reservation::Released, money) => {
            !refund_due || matches!(money, Payment::Voided | Payment::Refunded)
        }
        _ => false,
    }
}

fn is_to_be_shown(evidence: &Evidence, id: &str, case: &Case) -> bool {
    let given_up = evidence
        .letters
        .iter()
        .any(|letter| letter.role == Role::Projector && letter.order_id.as_deref() == Some(id));
    !given_up && !names(&case.order).is_empty() && row_of(case).as_ref() != evidence.rows.get(id)
}
