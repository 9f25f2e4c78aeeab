//! The figures of the stream are those of the histories.

mod board;

use super::evidence::Evidence;
use orderflow::Role;
use orderflow::domain::Money;
use orderflow::domain::payment::Event;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// `figures_equal_event_store`: the analytics has counted each event of each history, and once.
pub(crate) fn wrong_totals(evidence: &Evidence) -> Vec<String> {
    if evidence.letters.iter().any(|letter| letter.role == Role::Bridge) {
        // What the bridge gave up on cannot be in the figures.
        return Vec::new();
    }
    let (wanted, seen) = (wanted(evidence), &evidence.totals);
    let wrong = wanted.iter().filter(|(name, wanted)| seen[name.as_str()] != **wanted);
    let wrong = wrong.map(|(name, wanted)| {
        let seen = &seen[name.as_str()];
        format!("{name} is {seen} in the figures; expected {wanted}")
    });
    wrong.chain(board::wrong(evidence)).collect()
}

/// True while the figures lack events that nobody gave up on.
pub(crate) fn is_to_be_counted(evidence: &Evidence) -> bool {
    let given_up = evidence.letters.iter().any(|letter| letter.role == Role::Bridge);
    !given_up && evidence.totals["events"].as_u64() < Some(events(evidence))
}

fn events(evidence: &Evidence) -> u64 {
    evidence.streams.values().map(|events| events.len() as u64).sum()
}

/// The totals that events of a name count for.
const COUNTED: [(&str, &str); 8] = [
    ("OrderPlaced", "placed"),
    ("OrderConfirmed", "confirmed"),
    ("OrderShipped", "shipped"),
    ("OrderDelivered", "delivered"),
    ("OrderCancelled", "cancelled"),
    ("PaymentCaptured", "payments"),
    ("PaymentDeclined", "payment_failures"),
    ("PaymentRefunded", "payment_refunds"),
];

/// What must be counted of these histories.
pub(super) fn wanted(evidence: &Evidence) -> Map<String, Value> {
    let of_name = |name: &str| {
        let all = evidence.streams.values().flatten();
        all.filter(|event| event.event_type == name).count()
    };
    let (mut revenue, mut refunds) = (Sums::default(), Sums::default());
    for one in evidence.cases.values().flat_map(|case| &case.payment) {
        match &one.event {
            Event::PaymentCaptured { amount } => revenue.add(*amount),
            Event::PaymentRefunded { amount } => refunds.add(*amount),
            _ => {}
        }
    }
    let mut wanted = Map::new();
    wanted.insert("events".into(), json!(events(evidence)));
    wanted.extend(COUNTED.map(|(event, total)| (total.to_owned(), json!(of_name(event)))));
    wanted.insert("revenue".into(), json!(revenue.0));
    wanted.insert("refunds".into(), json!(refunds.0));
    wanted
}

/// Minor units by currency.
#[derive(Default)]
struct Sums(BTreeMap<String, u64>);

impl Sums {
    fn add(&mut self, amount: Money) {
        *self.0.entry(amount.currency.to_string()).or_default() += amount.minor_units;
    }
}
