//! Workloads as diverse as life, drawn from a seed: each has its own size, density and currencies,
//! hot products and customers, and does without most of the features that there are.
//!
//! What a seed draws is the same on every machine and with every version of every library.

use harness::Script;
use harness::explore::Dice;
use harness::script::{Act, Step};
use orderflow::Role;
use serde_json::{Value, json};
use std::time::Duration;

const PRODUCTS: [(&str, &str); 8] = [
    ("lamp", "49.90"),
    ("cable", "5.20"),
    ("desk", "310.00"),
    ("chair", "89.00"),
    ("rug", "120.00"),
    ("vase", "19.50"),
    ("shelf", "75.00"),
    ("clock", "33.30"),
];
const CUSTOMERS: [&str; 8] = ["ann", "bob", "cleo", "dan", "eve", "fay", "gus", "hal"];
const CURRENCIES: [&str; 4] = ["EUR", "USD", "GBP", "JPY"];
/// Roles of which there may be two.
const TWINS: [Role; 5] =
    [Role::Orders, Role::Inventory, Role::Payments, Role::Projector, Role::Notifications];
/// Keeps it apart from what else is drawn from the same seed.
const STREAM: u64 = 0x7377_6172_6d5f_776c;
/// Instants are tenths of a second.
const SECOND: u64 = 10;
const MINUTE: u64 = 60 * SECOND;

/// A case without its faults, and how long its orders come in.
pub(crate) fn draw(seed: u64, orders_max: u32) -> (Script, u64) {
    let mut plan = Plan::new(seed, orders_max);
    let number = plan.number;
    for number in 1..=number {
        plan.order(number);
    }
    plan.features();
    let given = plan.stock();
    let seconds = plan.spread / SECOND;
    let story = format!("{number} orders within {seconds} s, drawn from the seed {seed}.");
    let script = Script::new(format!("swarm-{seed}"), story, plan.steps());
    (Script { given, ..script }, seconds)
}

struct Plan {
    dice: Dice,
    number: u64,
    products: u64,
    customers: u64,
    /// In tenths of a second.
    spread: u64,
    /// Which it has of what most do without.
    has: Features,
    demand: [u64; PRODUCTS.len()],
    acts: Vec<(u64, Act)>,
}

/// Each is in a third of the seeds.
struct Features {
    bursts: bool,
    currencies: bool,
    hot: bool,
    long: bool,
    restocked: bool,
    keys: bool,
    repeats: bool,
    quotes: bool,
    operators: bool,
    read_models: bool,
    replays: bool,
    twins: bool,
    gateway: bool,
    stream: bool,
    wide: bool,
}

impl Features {
    fn draw(dice: &mut Dice) -> Self {
        let mut has = || dice.chance(33);
        Self {
            bursts: has(),
            currencies: has(),
            hot: has(),
            long: has(),
            restocked: has(),
            keys: has(),
            repeats: has(),
            quotes: has(),
            operators: has(),
            read_models: has(),
            replays: has(),
            twins: has(),
            gateway: has(),
            stream: has(),
            wide: has(),
        }
    }
}

impl Plan {
    fn new(seed: u64, orders_max: u32) -> Self {
        let mut dice = Dice::apart(seed, STREAM);
        let most = u64::from(orders_max.max(1));
        let number = match dice.below(10) {
            0..=5 => dice.between(1, most.div_ceil(3)),
            6..=8 => dice.between(1, most),
            _ => dice.between(most, 2 * most),
        };
        let spread = dice.one(&[5, 30, 120, 120, 600]) * SECOND;
        let products = dice.between(1, PRODUCTS.len() as u64);
        let customers = dice.between(1, CUSTOMERS.len() as u64);
        let has = Features::draw(&mut dice);
        let (demand, acts) = ([0; PRODUCTS.len()], Vec::new());
        Self { dice, number, products, customers, spread, has, demand, acts }
    }

    fn add(&mut self, at: u64, action: &str, with: Value) {
        self.acts.push((at, Act::new(action, with).may_fail()));
    }

    /// Some moment at which orders come in.
    fn moment(&mut self) -> u64 {
        self.dice.below(self.spread)
    }

    /// One of so many; where some are hot, most often one of the first.
    fn pick(&mut self, count: u64) -> usize {
        let one = self.dice.below(count);
        let other = if self.has.hot { self.dice.below(one + 1) } else { one };
        other as usize
    }

    fn customer(&mut self) -> &'static str {
        CUSTOMERS[self.pick(self.customers)]
    }

    fn order(&mut self, number: u64) {
        let lines = if self.has.wide { self.products } else { self.products.min(3) };
        let mut left: Vec<usize> = (0..self.products as usize).collect();
        let mut items = Vec::new();
        for _ in 0..self.dice.between(1, lines) {
            let product = left.remove(self.pick(left.len() as u64));
            let quantity = self.dice.between(1, 5);
            self.demand[product] += quantity;
            let (product, price) = PRODUCTS[product];
            items.push(json!({ "product": product, "quantity": quantity, "unit_price": price }));
        }
        let mut placed = self.moment();
        if self.has.bursts {
            placed -= placed % (self.spread / 3).max(1);
        }
        let mut with = json!({ "customer": self.customer(), "items": items });
        if self.has.currencies {
            with["currency"] = json!(self.dice.one(&CURRENCIES));
        }
        let id = format!("o-{number:04}");
        let by_key = self.has.keys && self.dice.chance(50);
        with[if by_key { "key" } else { "id" }] = json!(id);
        if self.has.repeats && self.dice.chance(30) {
            let again = placed + self.dice.below(MINUTE);
            self.add(again, "place_order", with.clone());
        }
        self.acts
            .push((placed, Act::new("place_order", with).named(format!("o{number}")).may_fail()));
        self.follow(number, placed);
    }

    /// What the customer does with the order afterwards.
    fn follow(&mut self, number: u64, placed: u64) {
        let order = format!("${{o{number}.id}}");
        if self.dice.chance(85) {
            // Some come back only after a long while.
            let late = self.has.long && self.dice.chance(30);
            let pause = if late { self.dice.between(20 * MINUTE, 40 * MINUTE) } else { 0 };
            let at = placed + pause + self.dice.between(SECOND, 20 * SECOND);
            let mut with = json!({ "order": order, "payment_method": "card", "if_allowed": true });
            if self.has.keys && self.dice.chance(50) {
                with["key"] = json!(format!("c-{number}"));
            }
            self.repeated(at, "confirm_order", with);
        }
        if self.dice.chance(25) {
            let at = placed + self.dice.between(1, 150 * SECOND);
            let mut with =
                json!({ "order": order, "reason": "changed my mind", "if_allowed": true });
            if self.has.keys && self.dice.chance(50) {
                with["key"] = json!(format!("x-{number}"));
            }
            self.repeated(at, "cancel_order", with);
        }
        if self.has.quotes && self.dice.chance(50) {
            let at = placed + self.dice.between(1, MINUTE);
            let address = json!({ "street": "1 Main St", "city": "Portland", "state": "OR",
                "zip_code": "97201", "country": "US" });
            let items = json!([{ "product": "lamp", "quantity": 1 }]);
            self.add(
                at,
                "shipping_quote",
                json!({ "items": items, "address": address, "insist": true }),
            );
        }
    }

    /// A customer who is not sure asks again.
    fn repeated(&mut self, at: u64, action: &str, with: Value) {
        if self.has.repeats && self.dice.chance(40) {
            let again = at + self.dice.below(2 * MINUTE);
            self.add(again, action, with.clone());
        }
        self.add(at, action, with);
    }

    fn features(&mut self) {
        if self.has.gateway {
            self.gateway();
        }
        if self.has.read_models {
            for _ in 0..self.dice.between(1, 2) {
                let (at, wrong) = (self.moment(), self.dice.one(&["lose", "falsify"]));
                self.add(at, &format!("{wrong}_read_models"), json!({}));
                let made_anew = at + self.dice.between(SECOND, 3 * MINUTE);
                self.add(made_anew, "rebuild_read_models", json!({}));
            }
        }
        if self.has.replays {
            let at = self.moment() + self.dice.below(3 * MINUTE);
            let roles = [
                "orders",
                "inventory",
                "payments",
                "fulfilment",
                "notifications",
                "projector",
                "audit",
            ];
            let whom = json!({ "role": self.dice.one(&roles) });
            let with = if self.dice.chance(60) { whom } else { json!({}) };
            self.add(at, "replay", with);
        }
        if self.has.operators {
            let consumers: Vec<_> = Role::consumers().map(Role::as_str).collect();
            for _ in 0..self.dice.between(1, 3) {
                let at = self.moment() + self.dice.below(3 * MINUTE);
                let action = self.dice.one(&["inspect_dead_letters", "redrive"]);
                let queue = self.dice.one(&consumers);
                self.add(at, action, json!({ "queue": queue }));
            }
        }
        if self.has.twins {
            let (at, role) = (self.moment(), self.dice.one(&TWINS));
            self.add(at, "add_instance", json!({ "queue": role.as_str() }));
        }
        if self.has.stream {
            self.stream();
        }
        if self.has.long {
            // Until deadlines have rung; now and then a day.
            let hours = match self.dice.below(60) {
                0 => 24,
                1..=5 => 2,
                _ => 0,
            };
            let end = self.spread + 75 * MINUTE + hours * 60 * MINUTE;
            self.add(end, "inspect_dead_letters", json!({ "queue": "payments" }));
        }
    }

    /// The gateway is broken for customers or declines their payments, for a while.
    fn gateway(&mut self) {
        let mut repaired = 0;
        for _ in 0..self.dice.between(1, 2) {
            let with = json!({ "customer": self.customer() });
            let begin = self.moment();
            let long = self.has.long && self.dice.chance(50);
            let most = if long { 30 * MINUTE } else { 90 * SECOND };
            let end = begin + self.dice.between(5 * SECOND, most);
            self.add(begin, "break_gateway", with.clone());
            self.add(end, "repair_gateway", with);
            repaired = end.max(repaired);
        }
        if self.dice.chance(50) {
            self.add(repaired + MINUTE, "redrive", json!({ "queue": "payments" }));
        }
        if self.dice.chance(50) {
            let (begin, with) = (self.moment(), json!({ "customer": self.customer() }));
            self.add(begin, "decline_payments", with.clone());
            let end = begin + self.dice.between(10 * SECOND, 90 * SECOND);
            self.add(end, "accept_payments", with);
        }
    }

    /// Trouble at the stream's brokers.
    fn stream(&mut self) {
        for _ in 0..self.dice.between(1, 4) {
            let seconds = self.dice.between(1, 40);
            let at = self.moment();
            match self.dice.below(4) {
                0 => self.add(at, "cut_stream", json!({ "seconds": seconds })),
                1 => {
                    let topic = self.dice.one(&["orders", "inventory", "payments", "customers"]);
                    let partition = self.dice.below(3);
                    let with =
                        json!({ "topic": topic, "partition": partition, "seconds": seconds });
                    self.add(at, "lag_stream", with);
                }
                2 => self.add(at, "lose_stream_answers", json!({ "count": seconds % 5 + 1 })),
                _ => self.add(at, "fence_analytics", json!({})),
            }
        }
    }

    /// What is there from the beginning; what comes later is among the steps.
    fn stock(&mut self) -> Vec<Act> {
        let mut given = Vec::new();
        let demand = self.demand;
        for (product, wanted) in PRODUCTS.iter().zip(demand).take(self.products as usize) {
            let name = product.0;
            // Too little for all, now and then.
            let too_little = self.dice.chance(25);
            let more = self.dice.between(0, 20);
            let quantity = if too_little { wanted / 2 } else { wanted + more };
            let mut first = quantity.max(1);
            if self.has.restocked && self.dice.chance(60) {
                first = (first / 3).max(1);
                for delivery in 0..self.dice.between(1, 3) {
                    let (at, quantity) = (self.moment(), self.dice.between(1, wanted.max(1)));
                    let mut with = json!({ "product": name, "quantity": quantity });
                    if self.dice.chance(70) {
                        with["key"] = json!(format!("d-{name}-{delivery}"));
                    }
                    self.add(at, "receive_stock", with);
                }
            }
            given.push(Act::new("receive_stock", json!({ "product": name, "quantity": first })));
        }
        given
    }

    /// In the order of time; what is done at the same instant, in the order in which it was drawn.
    fn steps(mut self) -> Vec<Step> {
        self.acts.sort_by_key(|(at, _)| *at);
        let step = |(at, act): (u64, Act)| Step::at(Duration::from_millis(at * 100), act);
        self.acts.into_iter().map(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::draw;
    use crate::words::CATALOG;
    use harness::script::parse;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_is_drawn_and_every_script_is_good() {
        let mut seen = BTreeSet::new();
        let mut drawn = BTreeSet::new();
        for seed in 0..300 {
            let (script, _) = draw(seed, 8);
            let text = script.to_yaml().expect("YAML can say it");
            assert_eq!(draw(seed, 8).0, script);
            assert_eq!(parse("drawn.yaml", &text, &CATALOG).as_ref(), Ok(&script), "{text}");
            let acts = script.when.iter().filter_map(|step| step.act.as_ref());
            seen.extend(script.given.iter().chain(acts).map(|act| act.action.clone()));
            drawn.insert(text);
        }
        assert_eq!(drawn.len(), 300);
        // Where AWS's clock and the system's differ, invariants that compare both do not hold.
        let drawn = CATALOG.actions.iter().filter(|it| it.name != "advance_clock");
        let known: BTreeSet<_> = drawn.map(|it| it.name.to_owned()).collect();
        assert_eq!(seen, known);
    }
}
