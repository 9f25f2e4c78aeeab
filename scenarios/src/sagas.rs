//! `scenario sagas`: what an order costs, led by nobody and led by a state machine. The same orders
//! are played with both, and with no orders at all, and the difference is counted.

use crate::form::Form;
use crate::library;
use crate::stages::{Extras, play_with};
use harness::record::Exchange;
use harness::say;
use orderflow::Saga;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Orders of one run, a minute apart, so that each goes its way alone.
const ORDERS: usize = 10;

/// Dollars of a million in us-east-1, without free tiers. Source: AWS's pages of prices, 2026.
const SQS_REQUESTS: f64 = 0.40;
const EVENTS: f64 = 1.00;
const READS: f64 = 0.125;
const WRITES: f64 = 0.625;
const TRANSITIONS: f64 = 25.0;

/// How an order goes.
#[derive(Clone, Copy)]
enum Way {
    Delivered,
    /// By the customer, while it is packed: it is paid for.
    CalledOff,
}

/// What is counted in one run.
#[derive(Clone, Debug, Default)]
struct Counted {
    /// Calls of the system, but receives that found nothing.
    calls: u64,
    /// Requests to SQS, those by which AWS's services put messages into queues included.
    sqs: u64,
    events: u64,
    /// Units of DynamoDB, for items of up to 1 KiB written and 4 KiB read.
    reads: u64,
    writes: u64,
    transitions: u64,
    /// When what happened to each order, in milliseconds.
    happened: BTreeMap<(String, String), i64>,
}

/// Plays and prints. True if all runs passed.
pub(crate) fn compare() -> Result<bool, String> {
    for (way, title) in [(Way::Delivered, "delivered"), (Way::CalledOff, "called off, refunded")] {
        say!("An order that is {title}:");
        say!("| an order | choreography | step-functions |");
        say!("|---|---|---|");
        let both = [Saga::Choreography, Saga::StepFunctions].map(|saga| of_one(saga, way));
        let [one, other] = both;
        let (one, other) = (one?, other?);
        for (name, pick) in ROWS {
            say!("| {name} | {:.1} | {:.1} |", pick(&one), pick(&other));
        }
        let late = [Saga::Choreography, Saga::StepFunctions].map(|saga| latency(saga, way));
        let [one, other] = late;
        say!("| milliseconds {} | {} | {} |", between(way).0, one?, other?);
    }
    Ok(true)
}

/// Of one order.
struct Order {
    counted: [f64; 6],
}

type Row = (&'static str, fn(&Order) -> f64);

const ROWS: [Row; 7] = [
    ("calls to AWS", |it| it.counted[0]),
    ("requests to SQS", |it| it.counted[1]),
    ("events on the bus", |it| it.counted[2]),
    ("DynamoDB read units", |it| it.counted[3]),
    ("DynamoDB write units", |it| it.counted[4]),
    ("state transitions", |it| it.counted[5]),
    ("dollars for a million orders", dollars),
];

fn dollars(order: &Order) -> f64 {
    let [_, sqs, events, reads, writes, transitions] = order.counted;
    sqs * SQS_REQUESTS
        + events * EVENTS
        + reads * READS
        + writes * WRITES
        + transitions * TRANSITIONS
}

fn of_one(saga: Saga, way: Way) -> Result<Order, String> {
    let (many, none) = (play(saga, way, ORDERS, false)?, play(saga, way, 0, false)?);
    let each =
        |pick: fn(&Counted) -> u64| (pick(&many) as f64 - pick(&none) as f64) / ORDERS as f64;
    let counted = [
        each(|it| it.calls),
        each(|it| it.sqs),
        each(|it| it.events),
        each(|it| it.reads),
        each(|it| it.writes),
        each(|it| it.transitions),
    ];
    Ok(Order { counted })
}

/// What it takes from one event to another, in words and by their names.
fn between(way: Way) -> (&'static str, &'static str, &'static str) {
    match way {
        Way::Delivered => ("from confirmed to paid", "Order Confirmed", "Order Processing"),
        Way::CalledOff => ("from called off to undone", "Order Cancelled", "Inventory Released"),
    }
}

/// The mean, where each call of the system takes ten milliseconds.
fn latency(saga: Saga, way: Way) -> Result<i64, String> {
    let happened = play(saga, way, ORDERS, true)?.happened;
    let (_, from, to) = between(way);
    let at = |order: usize, what: &str| {
        let key = (format!("o-{order}"), what.to_owned());
        happened.get(&key).copied().ok_or_else(|| format!("order {order} was not {what}"))
    };
    let mut sum = 0;
    for order in 1..=ORDERS {
        sum += at(order, to)? - at(order, from)?;
    }
    Ok(sum / ORDERS as i64)
}

fn play(saga: Saga, way: Way, orders: usize, slow: bool) -> Result<Counted, String> {
    let script = library::parse("sagas", &script(way, orders, slow))?;
    let counted = Arc::new(Mutex::new(Counted::default()));
    let keep = Arc::clone(&counted);
    let watcher = Box::new(move |it: Exchange<'_>| {
        keep.lock().unwrap_or_else(PoisonError::into_inner).count(&it);
    });
    let form = Form { saga, ..Form::default() };
    let extras = Extras { watcher: Some(watcher), form, ..Extras::default() };
    let run = play_with(&script, 1, extras)?;
    if !run.passed {
        return Err(run.text("scenario sagas"));
    }
    let counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(counted.clone())
}

fn script(way: Way, orders: usize, slow: bool) -> String {
    let mut text = String::from(
        "name: sagas\nstory: Orders, one after the other.\ngiven:\n\
         \x20 - { do: receive_stock, with: { product: lamp, quantity: 1000 } }\n",
    );
    if slow {
        text += "nemesis:\n";
        for service in ["dynamodb", "sqs", "events", "states"] {
            text += &format!(
                "  - {{ fault: delay, with: {{ seconds: 0.01 }}, on: {{ service: {service} }} }}\n"
            );
        }
    }
    text += "when:\n";
    for order in 1..=orders {
        let at = order * 60;
        text += &format!(
            "  - {{ at: {at}s, do: place_order, with: {{ id: o-{order}, customer: ann, items: \
             [{{ product: lamp, quantity: 1, unit_price: \"5.00\" }}] }} }}\n  - {{ after: 10s, \
             do: confirm_order, with: {{ order: o-{order}, payment_method: card }} }}\n"
        );
        if let Way::CalledOff = way {
            text += &format!(
                "  - {{ after: 10s, do: cancel_order, with: {{ order: o-{order}, reason: too \
                 late }} }}\n"
            );
        }
    }
    text += "  - at: 30m\nthen:\n  - never: { see: dead_letters, of: { queue: orders }, at_least: \
             1, within: 1m }\ninvariants: all\n";
    text
}

impl Counted {
    fn count(&mut self, it: &Exchange<'_>) {
        let request: Value = serde_json::from_slice(it.request).unwrap_or_default();
        let (service, operation) = it.target.split_once('.').unwrap_or_default();
        match (service, operation) {
            ("AmazonSQS", "ReceiveMessage") => {
                let reply: Value = serde_json::from_slice(it.reply).unwrap_or_default();
                let messages = reply["Messages"].as_array().map_or(&[][..], Vec::as_slice);
                if messages.is_empty() {
                    return;
                }
                // Each came by a request of whoever sent it.
                self.sqs += 1 + messages.len() as u64;
                messages.iter().for_each(|message| self.message(message));
            }
            // It is counted where it is received.
            ("AmazonSQS", "SendMessage" | "SendMessageBatch") => {}
            ("AmazonSQS", _) => self.sqs += 1,
            ("AWSEvents", "PutEvents") => {
                let entries = request["Entries"].as_array().into_iter().flatten();
                entries.for_each(|entry| self.event(entry));
            }
            ("DynamoDB_20120810", "TransactWriteItems") => {
                self.writes += 2 * request["TransactItems"].as_array().map_or(0, Vec::len) as u64;
            }
            ("DynamoDB_20120810", "PutItem" | "UpdateItem" | "DeleteItem") => self.writes += 1,
            ("DynamoDB_20120810", "BatchExecuteStatement") => {
                self.writes += request["Statements"].as_array().map_or(0, Vec::len) as u64;
            }
            ("DynamoDB_20120810", "BatchWriteItem") => {
                let tables = request["RequestItems"].as_object().into_iter().flatten();
                let counts = tables.map(|(_, all)| all.as_array().map_or(0, Vec::len) as u64);
                self.writes += counts.sum::<u64>();
            }
            ("DynamoDB_20120810", _) => self.reads += 1,
            ("AWSStepFunctions", "StartExecution") => self.transitions += 1,
            _ => {}
        }
        self.calls += 1;
    }

    /// A task is a state; there is one more where two are side by side, and one that chooses for
    /// each order that is called off.
    fn message(&mut self, message: &Value) {
        let body = message["Body"].as_str().unwrap_or_default();
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        self.transitions += match body["task"].as_str() {
            None => 0,
            Some("ShipStock" | "ReleaseStock") => 2,
            Some(_) => 1,
        };
    }

    fn event(&mut self, entry: &Value) {
        self.events += 1;
        let detail = entry["Detail"].as_str().unwrap_or_default();
        let detail: Value = serde_json::from_str(detail).unwrap_or_default();
        let text = |name: &str| detail[name].as_str().unwrap_or_default().to_owned();
        if let Ok(at) = orderflow::domain::Timestamp::parse(&text("timestamp")) {
            let key = (text("order_id"), text("event_type"));
            self.happened.insert(key, at.as_millis());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Saga, Way, of_one};

    /// One state for the start, seven tasks, and one in which two of them are side by side.
    #[test]
    fn an_order_is_counted_with_each_form() {
        let led = of_one(Saga::StepFunctions, Way::Delivered).expect("it passes");
        assert!((led.counted[5] - 9.0).abs() < 0.01, "{:?}", led.counted);
        let free = of_one(Saga::Choreography, Way::Delivered).expect("it passes");
        assert!(free.counted[5] == 0.0 && free.counted[2] == led.counted[2], "{:?}", free.counted);
    }
}
