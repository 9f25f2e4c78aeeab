//! Each saga ends once, and what was done for the order is undone in reverse: money first, stock
//! last, each step caused by the one before.

use super::evidence::{Case, Evidence, Recorded, listed, names};
use orderflow::domain::order::{CancelReason, Event};

/// One way in which payment and reservation may have gone.
struct Ending {
    payment: &'static [&'static str],
    reservation: &'static [&'static str],
}

const DELIVERED: &[Ending] = &[Ending {
    payment: &["PaymentAuthorised", "PaymentCaptured"],
    reservation: &["ReservationHeld", "ReservationShipped"],
}];
/// The money may have moved any part of its way.
const REFUNDED: &[Ending] = &[
    undone(&["PaymentVoided"]),
    undone(&["PaymentDeclined", "PaymentVoided"]),
    undone(&["PaymentAuthorised", "PaymentVoided"]),
    undone(&["PaymentAuthorised", "PaymentCaptured", "PaymentRefunded"]),
];
const DECLINED: &[Ending] = &[undone(&["PaymentDeclined"])];
const REFUSED: &[Ending] = &[Ending { payment: &[], reservation: &["ReservationRefused"] }];
/// Called off before anything was to be paid; the reservation may not have begun.
const CALLED_OFF: &[Ending] = &[
    undone(&[]),
    Ending { payment: &[], reservation: &["ReservationReleased"] },
    Ending { payment: &[], reservation: &["ReservationRefused"] },
];

const fn undone(payment: &'static [&'static str]) -> Ending {
    Ending { payment, reservation: &["ReservationHeld", "ReservationReleased"] }
}

/// `sagas_end_once`.
pub(crate) fn wrong_ends(evidence: &Evidence) -> Vec<String> {
    let all = evidence.cases.iter();
    all.filter_map(|(id, case)| wrong_end(id, case, evidence.is_held_up(id))).collect()
}

fn wrong_end(id: &str, case: &Case, held_up: bool) -> Option<String> {
    let confirmed = case.order.iter().any(|it| matches!(it.event, Event::OrderConfirmed { .. }));
    let ends = case.ends();
    match ends[..] {
        // What a dead letter holds up is as far as it can be, and no farther or elsewhere.
        [] if held_up => None,
        [end] if held_up => wrong_beginning(case, &end.event)
            .map(|wrong| format!("order {id} ended by {}: {wrong}", end.stored.event_type)),
        [] if confirmed => {
            let status = case.status();
            Some(format!("order {id} was confirmed and is {status}; expected its saga to end"))
        }
        [] => None,
        [end] => wrong_steps(case, &end.event)
            .or_else(|| wrong_causes(case, end))
            .map(|wrong| format!("order {id} ended by {}: {wrong}", end.stored.event_type)),
        _ => {
            let ends: Vec<_> = ends.iter().map(|end| end.stored.event_type.as_str()).collect();
            Some(format!("order {id} ended by {}; expected one end", listed(&ends)))
        }
    }
}

fn endings(end: &Event) -> &'static [Ending] {
    match end {
        Event::OrderCancelled { refund_due: true, .. } => REFUNDED,
        Event::OrderCancelled { reason: CancelReason::PaymentFailed(_), .. } => DECLINED,
        Event::OrderCancelled { reason: CancelReason::ReservationFailed(_), .. } => REFUSED,
        Event::OrderCancelled { .. } => CALLED_OFF,
        _ => DELIVERED,
    }
}

fn wrong_steps(case: &Case, end: &Event) -> Option<String> {
    let endings = endings(end);
    let (payment, reservation) = (names(&case.payment), names(&case.reservation));
    let fits = |ending: &Ending| payment == ending.payment && reservation == ending.reservation;
    if endings.iter().any(fits) {
        return None;
    }
    let both = |payment: &[&str], reservation: &[&str]| {
        format!("payment {} and reservation {}", listed(payment), listed(reservation))
    };
    let wanted = endings.iter().map(|ending| both(ending.payment, ending.reservation));
    let (seen, wanted) = (both(&payment, &reservation), wanted.collect::<Vec<_>>().join(" or "));
    Some(format!("{seen}; expected {wanted}"))
}

/// What is not at its end yet must be on a way that leads there.
fn wrong_beginning(case: &Case, end: &Event) -> Option<String> {
    let (payment, reservation) = (names(&case.payment), names(&case.reservation));
    let leads_to =
        |it: &Ending| it.payment.starts_with(&payment) && it.reservation.starts_with(&reservation);
    (!endings(end).iter().any(leads_to)).then(|| {
        let (payment, reservation) = (listed(&payment), listed(&reservation));
        format!("payment {payment} and reservation {reservation} lead to no known end")
    })
}

/// For a cancellation that found something to undo: the refund is caused by the cancellation, and
/// the release by the refund.
fn wrong_causes(case: &Case, end: &Recorded<Event>) -> Option<String> {
    let Event::OrderCancelled { refund_due, .. } = &end.event else {
        return None;
    };
    let mut before = &end.stored;
    if *refund_due {
        let refund = &case.payment.last()?.stored;
        if refund.causation_id != before.event_id {
            return Some(wrong_cause(&refund.event_type, &before.event_type));
        }
        before = refund;
    }
    let release = &case.reservation.last()?.stored;
    let wrong =
        release.event_type == "ReservationReleased" && release.causation_id != before.event_id;
    wrong.then(|| wrong_cause(&release.event_type, &before.event_type))
}

fn wrong_cause(what: &str, wanted: &str) -> String {
    format!("{what} was caused by something else; expected it after {wanted}, and because of it")
}
