//! How long a snapshot holds others up: the time for which the cloud is locked while it is copied,
//! and what the first changes cost while the copy is there, beside those without one.
//!
//! `cargo run --release -p benches --example snapshot_stall -- 1000000`.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use skyrig::Settings;
use skyrig::cloud::{Driver, request as of};

/// The program's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ENTRIES: u64 = 1_000_000;
const COPIES: usize = 5;
/// So many single requests are measured after each copy.
const REQUESTS: u64 = 20_000;

/// What a state is filled with, how, and a request that changes it.
type Fill = (&'static str, fn(&mut Driver, u64), fn(&mut Driver));

#[expect(clippy::disallowed_methods, reason = "this measures")]
fn main() -> io::Result<()> {
    let mut out = io::stdout();
    let entries = std::env::args().nth(1).map_or(ENTRIES, |it| it.parse().expect("a number"));
    let fills: [Fill; 3] = [
        ("messages in a queue", fill_queue, send),
        ("messages in flight or delayed", fill_delayed, send),
        ("items in a table", fill_table, put),
    ];
    let copies = format!("copy, ms: best, worst of {COPIES}");
    writeln!(out, "{entries} … | {copies} | request, µs: mean, worst, alone | beside a copy")?;
    for (name, fill, change) in fills {
        let mut driver = Driver::new(Settings::default());
        fill(&mut driver, entries);
        let alone = changes(&mut driver, change);
        let mut copies = Vec::new();
        let mut beside = (Duration::ZERO, Duration::ZERO);
        for _ in 0..COPIES {
            let begun = Instant::now();
            let copy = driver.cloud.clone();
            copies.push(begun.elapsed());
            let with_copy = changes(&mut driver, change);
            beside = (beside.0.max(with_copy.0), beside.1.max(with_copy.1));
            drop(copy);
        }
        copies.sort();
        let (best, worst) = (copies[0].as_secs_f64() * 1e3, copies[COPIES - 1].as_secs_f64() * 1e3);
        let micros = |(mean, worst): (Duration, Duration)| {
            format!("{:6.1} {:8.1}", mean.as_secs_f64() * 1e6, worst.as_secs_f64() * 1e6)
        };
        writeln!(
            out,
            "{name:32} | {best:8.1} {worst:8.1} | {} | {}",
            micros(alone),
            micros(beside)
        )?;
    }
    Ok(())
}

/// The mean and the longest time of a request.
#[expect(clippy::disallowed_methods, reason = "this measures")]
fn changes(driver: &mut Driver, change: fn(&mut Driver)) -> (Duration, Duration) {
    let begun = Instant::now();
    let mut longest = Duration::ZERO;
    for _ in 0..REQUESTS {
        let one = Instant::now();
        change(driver);
        longest = longest.max(one.elapsed());
    }
    (begun.elapsed() / REQUESTS as u32, longest)
}

fn fill_queue(driver: &mut Driver, entries: u64) {
    fill_with(driver, entries, 0);
}

fn fill_delayed(driver: &mut Driver, entries: u64) {
    fill_with(driver, entries, 900);
}

fn fill_with(driver: &mut Driver, entries: u64, delay: u64) {
    call(driver, "AmazonSQS.CreateQueue", &json!({"QueueName": "q"}));
    for first in (0..entries).step_by(10) {
        let entry = |number: u64| {
            let body = format!("order {number} of somebody, with some text as orders have it");
            json!({"Id": number.to_string(), "MessageBody": body, "DelaySeconds": delay})
        };
        let batch: Vec<Value> = (first..entries.min(first + 10)).map(entry).collect();
        call(driver, "AmazonSQS.SendMessageBatch", &json!({"QueueUrl": "q", "Entries": batch}));
    }
}

fn fill_table(driver: &mut Driver, entries: u64) {
    let table = json!({
        "TableName": "t", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    });
    call(driver, "DynamoDB_20120810.CreateTable", &table);
    call(driver, "DynamoDB_20120810.DescribeTable", &json!({"TableName": "t"}));
    for first in (0..entries).step_by(25) {
        let item = |number: u64| json!({"id": {"S": number.to_string()}, "n": {"N": "1"}});
        let put = |number: u64| json!({"PutRequest": {"Item": item(number)}});
        let puts: Vec<Value> = (first..entries.min(first + 25)).map(put).collect();
        call(driver, "DynamoDB_20120810.BatchWriteItem", &json!({"RequestItems": {"t": puts}}));
    }
}

fn send(driver: &mut Driver) {
    call(driver, "AmazonSQS.SendMessage", &json!({"QueueUrl": "q", "MessageBody": "one more"}));
}

fn put(driver: &mut Driver) {
    let item = json!({"id": {"S": "1"}, "n": {"N": "2"}});
    call(driver, "DynamoDB_20120810.PutItem", &json!({"TableName": "t", "Item": item}));
}

fn call(driver: &mut Driver, target: &str, input: &Value) {
    let answer = driver.send(of::json(target, input.to_string())).expect("it answers at once");
    assert!(answer.status().is_success(), "{target}: {answer:?}");
}
