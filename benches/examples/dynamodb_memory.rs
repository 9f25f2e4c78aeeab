//! How much memory a table needs beside the bytes of its items, as AWS counts them.
//!
//! `cargo run --release -p benches --example dynamodb_memory -- 300000`. Resident memory is read
//! from `/proc`, so it is there on Linux only.

use std::io::{self, Write};

use serde_json::{Value, json};
use skyrig::Settings;
use skyrig::cloud::{Driver, request as of};

/// The program's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ITEMS: u64 = 300_000;
const BATCH: u64 = 25;
/// Bytes of an item's largest attribute.
const NOTES: [usize; 3] = [50, 250, 1_000];

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    let items = std::env::args().nth(1).map_or(ITEMS, |it| it.parse().expect("a number"));
    writeln!(out, "bytes of an item | of all, MB | resident, MB | ratio")?;
    for note in NOTES {
        let mut driver = Driver::new(Settings::default());
        let attribute =
            |name: &str, kind: &str| json!({"AttributeName": name, "AttributeType": kind});
        let role = |name: &str, role: &str| json!({"AttributeName": name, "KeyType": role});
        let table = json!({
            "TableName": "items", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [attribute("pk", "S"), attribute("sk", "N")],
            "KeySchema": [role("pk", "HASH"), role("sk", "RANGE")],
        });
        call(&mut driver, "CreateTable", &table);
        let before = resident_bytes();
        for first in (0..items).step_by(BATCH as usize) {
            let puts = (first..items.min(first + BATCH))
                .map(|number| json!({"PutRequest": {"Item": item(number, note)}}));
            let puts: Vec<Value> = puts.collect();
            call(&mut driver, "BatchWriteItem", &json!({"RequestItems": {"items": puts}}));
        }
        let told = call(&mut driver, "DescribeTable", &json!({"TableName": "items"}));
        let bytes = told["Table"]["TableSizeBytes"].as_f64().unwrap_or(0.0);
        let resident = resident_bytes() - before;
        let (of_all, megabytes) = (bytes / 1e6, resident / 1e6);
        let each = bytes / items as f64;
        let ratio = resident / bytes;
        writeln!(out, "{each:16.0} | {of_all:10.1} | {megabytes:12.1} | {ratio:5.2}")?;
    }
    Ok(())
}

/// An event as a store of events has it: five attributes.
fn item(number: u64, note: usize) -> Value {
    json!({
        "pk": {"S": format!("order-{}", number / 10)}, "sk": {"N": (number % 10).to_string()},
        "at": {"N": (1_767_225_600 + number).to_string()}, "type": {"S": "OrderPlaced"},
        "note": {"S": "x".repeat(note)},
    })
}

fn call(driver: &mut Driver, operation: &str, body: &Value) -> Value {
    let request = of::json(&format!("DynamoDB_20120810.{operation}"), body.to_string());
    let answer = driver.send(request).expect("nothing here waits");
    assert!(answer.status().is_success(), "{operation}: {answer:?}");
    serde_json::from_slice(answer.body()).expect("an answer in JSON")
}

/// 0 where it cannot be read.
fn resident_bytes() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split_whitespace().nth(1).and_then(|it| it.parse::<f64>().ok());
    pages.unwrap_or(0.0) * 4096.0
}
