//! Money moves once, and comes back when there is nothing to pay for.

use super::evidence::{Case, Evidence, listed, names};
use orderflow::domain::Money;
use orderflow::domain::order::Order;
use orderflow::domain::payment::{Event, Payment};

/// `charged_at_most_once`: at most one capture, of the order's total; given back in full if the
/// order was cancelled, and kept if it was delivered.
pub(crate) fn wrong_charges(evidence: &Evidence) -> Vec<String> {
    let all = evidence.cases.iter();
    all.filter_map(|(id, case)| wrong_charge(id, case, evidence.is_held_up(id))).collect()
}

fn wrong_charge(id: &str, case: &Case, held_up: bool) -> Option<String> {
    let amounts = |pick: fn(&Event) -> Option<Money>| -> Vec<Money> {
        case.payment.iter().filter_map(|one| pick(&one.event)).collect()
    };
    let captured = amounts(|event| match event {
        Event::PaymentCaptured { amount } => Some(*amount),
        _ => None,
    });
    let refunded = amounts(|event| match event {
        Event::PaymentRefunded { amount } => Some(*amount),
        _ => None,
    });
    let order = case.state();
    let wanted = match (&order, captured.len(), refunded.len()) {
        (_, 2.., _) => "at most one capture",
        (_, captured, refunded) if refunded > captured => "no refund without a capture",
        (Order::Delivered { .. }, captured, refunded) if (captured, refunded) != (1, 0) => {
            "one capture and no refund"
        }
        (Order::Cancelled { .. }, 1, 0) if !held_up => "one refund of the capture",
        (Order::Delivered { .. } | Order::Cancelled { .. }, _, _) => "",
        (_, _, 1..) => "no refund of an order that goes on",
        _ => "",
    };
    if !wanted.is_empty() {
        let (status, seen) = (case.status(), listed(&names(&case.payment)));
        return Some(format!("order {id} is {status} and was paid by {seen}; expected {wanted}"));
    }
    if let Some(wrong) = wrongly_booked(id, case, held_up) {
        return Some(wrong);
    }
    let total = order.details().map(|details| details.total);
    let wrong = captured.iter().chain(&refunded).find(|amount| Some(**amount) != total)?;
    let total = total.map_or_else(|| "nothing".to_owned(), |total| total.to_string());
    Some(format!("order {id}: {wrong} was moved; expected its total, {total}"))
}

/// What the gateway did must be what was recorded: a record can be lost between the two. Its own
/// ledger shows each movement of money, also one that was never recorded.
fn wrongly_booked(id: &str, case: &Case, held_up: bool) -> Option<String> {
    let status = case.status();
    let moved = |kind: &str| {
        let ledger = case.booked.iter().flat_map(|account| &account.ledger);
        ledger.filter(|moved| moved.kind == kind).count()
    };
    let (taken, back) = (moved("captured"), moved("refunded"));
    if taken > 1 || back > taken {
        return Some(format!(
            "order {id} is {status} and the gateway took money {taken} times and gave it back \
             {back} times; expected each once at most"
        ));
    }
    let wanted = match (case.state(), case.money()) {
        (Order::Delivered { .. }, _) => "captured",
        (Order::Cancelled { .. }, Payment::Refunded) => "refunded",
        (Order::Cancelled { .. }, Payment::Voided) => "voided",
        (Order::Cancelled { .. }, Payment::Declined) => "declined",
        (Order::Cancelled { .. }, Payment::None) if !held_up => "nothing",
        _ => return None,
    };
    let booked = case.booked.as_ref().map_or("nothing", |account| account.status.as_str());
    // A voided payment that was declined before stays declined in the book.
    let same = booked == wanted || (booked, wanted) == ("declined", "voided");
    let expected = match wanted {
        "captured" => (1, 0),
        "refunded" => (1, 1),
        _ => (0, 0),
    };
    if same && (taken, back) != expected {
        return Some(format!(
            "order {id} is {status} and the gateway took money {taken} times and gave it back \
             {back} times; expected {} and {}",
            expected.0, expected.1
        ));
    }
    (!same)
        .then(|| format!("order {id} is {status} and the gateway has {booked}; expected {wanted}"))
}
