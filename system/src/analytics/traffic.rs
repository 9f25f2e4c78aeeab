//! A shop's events as they stand in the topics, made from a seed: for benches, and for whoever
//! wants much to read.
//!
//! Each order goes its way in event time, and all of them side by side. Stock never runs out.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use super::synthetic::Random;
use crate::contracts::{EventType, Source};
use crate::domain::Timestamp;

/// One record of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub source: Source,
    /// The order's id.
    pub key: String,
    pub at: Timestamp,
    /// The event's JSON.
    pub value: String,
}

/// How the shop does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shop {
    pub seed: u64,
    pub begin: Timestamp,
    pub orders_a_second: f64,
    pub products: usize,
    /// From the payment to the parcel's departure, and from there to delivery: each between a half
    /// and one and a half times as much.
    pub leg: Duration,
}

/// Events without end, by the time at which they happened.
#[derive(Clone, Debug)]
pub struct Traffic {
    shop: Shop,
    random: Random,
    /// When the next event of an order happens: which order, and which step.
    due: BinaryHeap<Reverse<(i64, u64, usize)>>,
    next_order: u64,
    /// The sequence of each product's stock.
    stock: Vec<u64>,
    told: VecDeque<Told>,
}

/// What an order is, again and again the same.
struct Order {
    id: String,
    customer_id: String,
    /// Products and quantities.
    lines: Vec<(usize, u64)>,
    declined: bool,
}

const CENTS: u64 = 1_990;
const ADDRESS: &str = concat!(
    r#","shipping_address":{"street":"1 High Street","city":"Ulm","zip_code":"89073","#,
    r#""country":"DE","state":""}"#,
);
const DECLINED: &str = concat!(
    r#","reason":{"code":"PaymentFailed","text":"the card was declined"},"#,
    r#""refund_due":false"#,
);
const PARTS_DECLINED: f64 = 0.05;

impl Default for Shop {
    /// A busy one: 20 orders a second of 500 products, delivered within minutes.
    fn default() -> Self {
        Self {
            seed: 1,
            begin: Timestamp::from_millis(1_767_225_600_000),
            orders_a_second: 20.0,
            products: 500,
            leg: Duration::from_secs(60),
        }
    }
}

impl Traffic {
    pub fn new(shop: Shop) -> Self {
        let due = BinaryHeap::from([Reverse((shop.begin.as_millis(), 0, 0))]);
        let stock = vec![0; shop.products];
        let (random, told) = (Random::new(shop.seed), VecDeque::new());
        Self { shop, random, due, next_order: 1, stock, told }
    }

    /// The order's next step: its events, and when the one after happens.
    fn step(&mut self, at: i64, number: u64, step: usize) {
        let order = self.order(number);
        let data = |more: &str| format!(r#"{{"customer_id":"{}"{more}}}"#, order.customer_id);
        let money = format!(r#"{{"minor_units":{},"currency":"EUR"}}"#, order.total());
        let leg = self.shop.leg.as_millis() as f64;
        let pause = match (step, order.declined) {
            (0, _) => {
                let items = order.items(r#","unit_price":{"minor_units":1990,"currency":"EUR"}"#);
                let more = format!(r#","items":[{items}],"total":{money}{ADDRESS}"#);
                self.tell(at, &order, "order", 1, EventType::OrderPlaced, &data(&more));
                Some(50)
            }
            (1, _) => {
                self.stock(
                    at,
                    &order,
                    "reservation",
                    1,
                    (EventType::InventoryReserved, "reserved"),
                );
                Some(200)
            }
            (2, _) => {
                self.tell(at, &order, "order", 2, EventType::StockAllocated, &data(""));
                Some(self.random.below(5_000..60_000))
            }
            (3, _) => {
                let more = r#","payment_method":"card","confirmation_code":"C-7F3A""#;
                self.tell(at, &order, "order", 3, EventType::OrderConfirmed, &data(more));
                let more = format!(r#","amount":{money},"payment_method":"card""#);
                self.tell(at, &order, "order", 4, EventType::PaymentRequested, &data(&more));
                Some(700)
            }
            (4, true) => {
                let reason = r#"{"reason":"the card was declined"}"#;
                self.tell(at, &order, "payment", 1, EventType::PaymentFailed, reason);
                self.tell(at, &order, "order", 5, EventType::OrderCancelled, &data(DECLINED));
                self.stock(
                    at,
                    &order,
                    "reservation",
                    2,
                    (EventType::InventoryReleased, "released"),
                );
                None
            }
            (4, false) => {
                let more = format!(
                    r#"{{"amount":{money},"payment_method":"card","reference":"ref-{number}"}}"#
                );
                self.tell(at, &order, "payment", 1, EventType::PaymentAuthorised, &more);
                let amount = format!(r#"{{"amount":{money}}}"#);
                self.tell(at, &order, "payment", 2, EventType::PaymentProcessed, &amount);
                self.tell(at, &order, "order", 5, EventType::OrderProcessing, &data(""));
                Some((leg * self.random.between(0.5, 1.5)) as i64)
            }
            (5, _) => {
                let more = format!(r#","tracking_number":"T-{number}""#);
                self.tell(at, &order, "order", 6, EventType::OrderShipped, &data(&more));
                self.stock(at, &order, "reservation", 2, (EventType::InventoryShipped, "shipped"));
                Some((leg * self.random.between(0.5, 1.5)) as i64)
            }
            _ => {
                self.tell(at, &order, "order", 7, EventType::OrderDelivered, &data(""));
                None
            }
        };
        self.due.extend(pause.map(|pause| Reverse((at + pause, number, step + 1))));
    }

    fn order(&self, number: u64) -> Order {
        let mut random = Random::new(self.shop.seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut lines: Vec<(usize, u64)> = Vec::new();
        for _ in 0..random.below(1..5) {
            // The first products sell best.
            let product = (random.part().powi(2) * self.shop.products as f64) as usize;
            if lines.iter().all(|it| it.0 != product) {
                lines.push((product, random.below(1..4) as u64));
            }
        }
        Order {
            id: format!("ord-{number:012}"),
            customer_id: format!("cust-{:08}", random.below(0..500_000)),
            lines,
            declined: random.part() < PARTS_DECLINED,
        }
    }

    /// The reservation's event, and one for the stock of each product.
    fn stock(
        &mut self,
        at: i64,
        order: &Order,
        history: &str,
        sequence: u64,
        what: (EventType, &str),
    ) {
        let items = format!(r#"{{"items":[{}]}}"#, order.items(""));
        self.tell(at, order, history, sequence, what.0, &items);
        for &(product, quantity) in &order.lines {
            self.stock[product] += 1;
            let (sequence, change) = (self.stock[product], what.1);
            let shelf = r#""on_hand":5000,"reserved":40,"available":4960"#;
            let product_id = format!("prod-{product:05}");
            let change = format!(r#""change":"{change}","quantity":{quantity}"#);
            let data = format!(r#"{{"product_id":"{product_id}",{change},{shelf}}}"#);
            self.tell(
                at,
                order,
                &format!("stock#{product}"),
                sequence,
                EventType::StockUpdated,
                &data,
            );
        }
    }

    /// `history`: one of the order's own, or a whole stream.
    fn tell(
        &mut self,
        at: i64,
        order: &Order,
        history: &str,
        sequence: u64,
        event_type: EventType,
        data: &str,
    ) {
        let source = event_type.source();
        let id = &order.id;
        let stream = match history.split_once('#') {
            Some((kind, product)) => format!("{kind}#prod-{product:0>5}"),
            None => format!("{history}#{id}"),
        };
        let (event, cause) = (self.random.number(), self.random.number());
        let at = Timestamp::from_millis(at);
        let time = at.to_rfc3339();
        let value = [
            format!(r#"{{"event_id":"{event:032x}","order_id":"{id}","event_type":"{event_type}""#),
            format!(r#""event_data":{data},"timestamp":"{time}","correlation_id":"{cause:032x}""#),
            format!(r#""causation_id":"{cause:032x}","stream":"{stream}","sequence":{sequence}"#),
            r#""version":1}"#.to_owned(),
        ]
        .join(",");
        self.told.push_back(Told { source, key: id.clone(), at, value });
    }
}

impl Iterator for Traffic {
    type Item = Told;

    fn next(&mut self) -> Option<Told> {
        while self.told.is_empty() {
            let Reverse((at, number, step)) = self.due.pop()?;
            if step == 0 {
                let pause = self.random.between(0.0, 2_000.0) / self.shop.orders_a_second;
                self.due.push(Reverse((at + pause as i64, self.next_order, 0)));
                self.next_order += 1;
            }
            self.step(at, number, step);
        }
        self.told.pop_front()
    }
}

impl Order {
    fn total(&self) -> u64 {
        self.lines.iter().map(|it| it.1 * CENTS).sum()
    }

    /// Lines in JSON, each with `more`.
    fn items(&self, more: &str) -> String {
        let line = |&(product, quantity): &(usize, u64)| {
            format!(r#"{{"product_id":"prod-{product:05}","quantity":{quantity}{more}}}"#)
        };
        self.lines.iter().map(line).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::event::Fact;
    use super::super::order_task::{OrderTask, Outcome, Settings};
    use super::*;
    use crate::contracts::IntegrationEvent;

    fn shop() -> Shop {
        let (begin, leg) = (Timestamp::from_millis(1_767_225_600_000), Duration::from_secs(300));
        Shop { seed: 1, begin, orders_a_second: 2.0, products: 20, leg }
    }

    #[test]
    fn the_events_are_those_of_the_contract_and_each_counts() {
        let mut task = OrderTask::new(Settings::default());
        let mut types = BTreeSet::new();
        for told in Traffic::new(shop()).take(20_000) {
            let event = IntegrationEvent::from_detail(&told.value).expect("an event");
            let fact = Fact::decode(told.value.as_bytes()).expect("an event");
            assert_eq!(
                (fact.event_type.map(EventType::source), fact.at),
                (Some(told.source), event.timestamp)
            );
            assert_eq!(task.apply(&fact), Outcome::Counted);
            types.insert(event.payload.detail_type());
        }
        assert_eq!(types.len(), 15, "{types:?}");
        let counts = &task.head().totals.counts;
        assert_eq!(counts.events, 20_000);
        assert!(counts.delivered > 200 && counts.payment_failures > 10, "{counts:?}");
    }
}
