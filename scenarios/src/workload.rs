//! Workloads drawn from a seed: scripts that no person wrote, for exploring.
//!
//! The same seed and number of orders give the same script, on every machine and with every
//! version of every library. What must be true in the end the invariants say.

use harness::Script;
use harness::explore::Dice;
use harness::script::{Act, Step};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

/// Product and price.
const PRODUCTS: [(&str, &str); 4] =
    [("lamp", "49.90"), ("cable", "5.20"), ("desk", "310.00"), ("chair", "89.00")];
const CUSTOMERS: [&str; 5] = ["ann", "bob", "cleo", "dan", "eve"];
/// Orders are placed within the first two minutes.
const PLACED_WITHIN: u64 = 1200;
/// Instants are tenths of a second.
const TENTH: Duration = Duration::from_millis(100);
const QUANTITY_MAX: u64 = 5;
/// After the last repair, in tenths of a second.
const REDRIVE_AFTER: u64 = 600;

/// Some stock, then `orders` orders (`o1`, `o2` ...) that are placed, confirmed and cancelled at
/// drawn instants, sometimes while the payment gateway is broken for a customer or the customer's
/// bank declines.
pub(crate) fn draw(seed: u64, orders: u32) -> Script {
    let mut dice = Dice::new(seed);
    let kinds = dice.between(2, PRODUCTS.len() as u64) as usize;
    let mut plan = Plan::default();
    let mut demand = BTreeMap::new();
    for number in 1..=orders {
        order(&mut dice, kinds, number, &mut plan, &mut demand);
    }
    if dice.chance(40) {
        outage(&mut dice, &mut plan);
    }
    if dice.chance(30) {
        empty_account(&mut dice, &mut plan);
    }
    disturbed_stream(seed, &mut plan);
    let given = PRODUCTS[..kinds].iter().map(|(product, _)| {
        let wanted = demand.get(product).copied().unwrap_or(0);
        // Too little for all, now and then.
        let quantity = match dice.chance(25) {
            true => wanted / 2,
            false => wanted + dice.between(0, 20),
        };
        Act::new("receive_stock", json!({ "product": product, "quantity": quantity.max(1) }))
    });
    let given = given.collect();
    let story = format!("{orders} orders, drawn from the seed {seed}.");
    Script { given, ..Script::new(format!("workload-{seed}"), story, plan.steps()) }
}

/// What is done when, in tenths of a second.
#[derive(Default)]
struct Plan(Vec<(u64, Act)>);

impl Plan {
    fn add(&mut self, at: u64, act: Act) {
        self.0.push((at, act.may_fail()));
    }

    /// In the order of time; what is done at the same instant, in the order in which it was drawn.
    fn steps(mut self) -> Vec<Step> {
        self.0.sort_by_key(|(at, _)| *at);
        let step = |(at, act): (u64, Act)| {
            Step::at(Duration::from_millis(at * TENTH.as_millis() as u64), act)
        };
        self.0.into_iter().map(step).collect()
    }
}

fn order(
    dice: &mut Dice,
    kinds: usize,
    number: u32,
    plan: &mut Plan,
    demand: &mut BTreeMap<&'static str, u64>,
) {
    let mut shelf = PRODUCTS[..kinds].to_vec();
    let mut items = Vec::new();
    for _ in 0..dice.between(1, 3).min(kinds as u64) {
        let (product, price) = shelf.swap_remove(dice.below(shelf.len() as u64) as usize);
        let quantity = dice.between(1, QUANTITY_MAX);
        *demand.entry(product).or_default() += quantity;
        items.push(json!({ "product": product, "quantity": quantity, "unit_price": price }));
    }
    let placed = dice.below(PLACED_WITHIN);
    let id = format!("o-{number:04}");
    let with = json!({ "customer": dice.one(&CUSTOMERS), "items": items, "id": id });
    plan.add(placed, Act::new("place_order", with).named(format!("o{number}")));
    let order = format!("${{o{number}.id}}");
    if dice.chance(85) {
        let with = json!({ "order": order, "payment_method": "card", "if_allowed": true });
        plan.add(placed + dice.between(10, 200), Act::new("confirm_order", with));
    }
    if dice.chance(25) {
        let with = json!({ "order": order, "reason": "changed my mind", "if_allowed": true });
        plan.add(placed + dice.between(1, 1500), Act::new("cancel_order", with));
    }
}

/// The gateway is broken for one or two customers for a while. In half of the cases an operator
/// sends back afterwards what was given up.
fn outage(dice: &mut Dice, plan: &mut Plan) {
    let mut repaired = 0;
    for _ in 0..dice.between(1, 2) {
        let with = json!({ "customer": dice.one(&CUSTOMERS) });
        let begin = dice.below(PLACED_WITHIN);
        let end = begin + dice.between(50, 900);
        plan.add(begin, Act::new("break_gateway", with.clone()));
        plan.add(end, Act::new("repair_gateway", with));
        repaired = end.max(repaired);
    }
    if dice.chance(50) {
        plan.add(repaired + REDRIVE_AFTER, Act::new("redrive", json!({ "queue": "payments" })));
    }
}

/// A customer's bank declines payments, for a while or from then on.
fn empty_account(dice: &mut Dice, plan: &mut Plan) {
    let with = json!({ "customer": dice.one(&CUSTOMERS) });
    let begin = dice.below(PLACED_WITHIN / 2);
    plan.add(begin, Act::new("decline_payments", with.clone()));
    if dice.chance(50) {
        plan.add(begin + dice.between(100, 900), Act::new("accept_payments", with));
    }
}

/// Trouble at the stream's brokers, drawn apart: what else a seed draws does not depend on it.
fn disturbed_stream(seed: u64, plan: &mut Plan) {
    let mut dice = Dice::new(!seed);
    for _ in 0..dice.below(4) {
        let seconds = json!(dice.between(1, 40));
        let act = match dice.below(4) {
            0 => Act::new("cut_stream", json!({ "seconds": seconds })),
            1 => {
                let topic = dice.one(&["orders", "inventory", "payments", "customers"]);
                let partition = dice.below(3);
                let with = json!({ "topic": topic, "partition": partition, "seconds": seconds });
                Act::new("lag_stream", with)
            }
            2 => Act::new("lose_stream_answers", json!({ "count": dice.between(1, 5) })),
            _ => Act::new("fence_analytics", json!({})),
        };
        plan.add(dice.below(PLACED_WITHIN), act);
    }
}

#[cfg(test)]
mod tests {
    use super::draw;
    use crate::form::Form;
    use crate::stages::play_simulated;
    use crate::words::CATALOG;
    use harness::script::parse;
    use harness::stage::Detail;
    use std::collections::BTreeSet;

    #[test]
    fn the_seed_decides_the_script_and_every_script_is_good() {
        let mut drawn = BTreeSet::new();
        for seed in 0..200 {
            let script = draw(seed, 8);
            let text = script.to_yaml().expect("YAML can say it");
            assert_eq!(draw(seed, 8).to_yaml().expect("YAML"), text);
            assert_eq!(parse("drawn.yaml", &text, &CATALOG).as_ref(), Ok(&script), "{text}");
            drawn.insert(text);
        }
        assert_eq!(drawn.len(), 200);
    }

    #[test]
    fn a_drawn_workload_keeps_the_invariants() {
        for seed in 1..=3 {
            let run = play_simulated(&draw(seed, 5), seed, Detail::Failures, Form::default());
            let run = run.expect("a world");
            assert!(run.passed, "{}", run.text("-"));
            assert_eq!(run.verdicts.len(), CATALOG.invariants.len());
        }
    }
}
