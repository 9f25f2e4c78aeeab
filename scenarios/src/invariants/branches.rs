//! Which ways orders took through the saga: how they ended, and what became of the stock and the
//! money.

use super::evidence::{Case, Evidence, Recorded};
use orderflow::domain::order::{CancelReason, Event};
use std::collections::BTreeMap;

/// How many orders took each way, like `OrderCancelled for PaymentFailed: ReservationReleased,
/// PaymentDeclined`.
pub(crate) fn branches(evidence: &Evidence) -> BTreeMap<String, u64> {
    let mut taken = BTreeMap::new();
    for case in evidence.cases.values() {
        *taken.entry(branch(case)).or_default() += 1;
    }
    taken
}

fn branch(case: &Case) -> String {
    let end = case.order.last().map_or("no order", |one| one.stored.event_type.as_str());
    let reason = case.order.iter().find_map(|one| match &one.event {
        Event::OrderCancelled { reason: CancelReason::CustomerRequest(_), .. } => {
            Some(" for CustomerRequest")
        }
        Event::OrderCancelled { reason: CancelReason::ReservationFailed(_), .. } => {
            Some(" for ReservationFailed")
        }
        Event::OrderCancelled { reason: CancelReason::PaymentFailed(_), .. } => {
            Some(" for PaymentFailed")
        }
        Event::OrderCancelled { reason: CancelReason::TimedOut(_), .. } => Some(" for TimedOut"),
        _ => None,
    });
    let (stock, money) = (last(&case.reservation, "no stock"), last(&case.payment, "no payment"));
    format!("{end}{}: {stock}, {money}", reason.unwrap_or_default())
}

fn last<'a, E>(events: &'a [Recorded<E>], none: &'a str) -> &'a str {
    events.last().map_or(none, |one| one.stored.event_type.as_str())
}
