//! A deadline rings when the time is over and not before, and hides no loss: what should have been
//! done in that time had a reason to be late.

use super::evidence::{Case, Evidence, Recorded};
use orderflow::domain::Timestamp;
use orderflow::domain::order::{self, CancelReason, Event, Order, Reservation as Allotment};
use std::time::Duration;

/// `deadlines_have_reasons`.
pub(crate) fn hasty(evidence: &Evidence) -> Vec<String> {
    evidence.cases.iter().filter_map(|(id, case)| wrong_deadline(evidence, id, case)).collect()
}

/// What an order was late with.
struct Late<'a> {
    /// Since when it was waited for.
    since: &'a Recorded<Event>,
    within: Duration,
    what: &'static str,
    /// Customers may take their time; the system may not.
    by_customer: bool,
}

fn wrong_deadline(evidence: &Evidence, id: &str, case: &Case) -> Option<String> {
    let rang = |one: &Recorded<Event>| {
        matches!(&one.event, Event::OrderCancelled { reason: CancelReason::TimedOut(_), .. })
    };
    let place = case.order.iter().position(rang)?;
    let rang_at = case.order[place].stored.recorded_at;
    let before = order::fold(case.order[..place].iter().map(|one| &one.event));
    let Some(late) = late(evidence, case, &before) else {
        let status = before.status().map_or("absent", order::Status::as_str);
        return Some(format!("order {id} timed out when it was {status}; expected no deadline"));
    };
    let due_at = late.since.stored.recorded_at + late.within;
    if rang_at < due_at {
        let (at, due) = (rang_at.to_rfc3339(), due_at.to_rfc3339());
        return Some(format!(
            "order {id} timed out at {at}; expected not before {due}: {}",
            late.what
        ));
    }
    if late.by_customer || has_reason(evidence, id, &before, late.since.stored.recorded_at, due_at)
    {
        return None;
    }
    let (what, since) = (late.what, late.since.stored.recorded_at.to_rfc3339());
    Some(format!(
        "order {id} timed out with {what} since {since}; expected it done, as nothing was in the \
         way"
    ))
}

fn late<'a>(evidence: &Evidence, case: &'a Case, before: &Order) -> Option<Late<'a>> {
    let since = |pick: fn(&Event) -> bool| case.order.iter().rfind(|one| pick(&one.event));
    let timing = &evidence.timing;
    let placed = || since(|event| matches!(event, Event::OrderPlaced(_)));
    Some(match before {
        Order::Created { stock, .. } => Late {
            since: placed()?,
            within: timing.confirm_within,
            what: "its confirmation due",
            by_customer: *stock == Allotment::Held,
        },
        Order::Confirmed { stock: Allotment::Awaited, .. } => Late {
            since: placed()?,
            within: timing.confirm_within,
            what: "no word about its stock",
            by_customer: false,
        },
        Order::Confirmed { .. } => Late {
            since: since(|event| matches!(event, Event::PaymentRequested { .. }))?,
            within: timing.pay_within,
            what: "its payment due",
            by_customer: false,
        },
        Order::Processing { .. } => Late {
            since: since(|event| matches!(event, Event::OrderProcessing))?,
            within: timing.ship_within,
            what: "its parcel due",
            by_customer: false,
        },
        _ => return None,
    })
}

/// Something went wrong nearly all the time, an operator is still to act, or the customer's payment
/// gateway was broken.
fn has_reason(
    evidence: &Evidence,
    id: &str,
    before: &Order,
    since: Timestamp,
    due_at: Timestamp,
) -> bool {
    let letter = |it: &super::evidence::Letter| it.order_id.as_deref() == Some(id);
    let was_broken = before.details().is_some_and(|details| {
        let outages = evidence.outages.get(details.customer_id.as_str()).into_iter().flatten();
        outages.into_iter().any(|outage| outage.touches(since, due_at))
    });
    was_broken
        || evidence.letters.iter().any(letter)
        || evidence.redriven.contains(id)
        || !evidence.trouble.has_calm(since, due_at)
}
