//! How much memory the analytics' core needs while many more events go through it than it may
//! keep: rows and resident memory, a line for each tenth of the events.
//!
//! `cargo run --release -p benches --example analytics_memory -- 10000000`. Resident memory is
//! read from `/proc`, so it is there on Linux only.

use std::io::{self, Write};
use std::time::Duration;

use orderflow::analytics::traffic::{Shop, Traffic};
use orderflow::analytics::{Fact, OrderTask, Settings};

const EVENTS: u64 = 10_000_000;
const ROWS: usize = 80;
/// Of one partition: 10 events a second, so that the horizon of four days is reached in the first
/// half of the events.
const ORDERS_A_SECOND: f64 = 0.75;

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    let events = std::env::args().nth(1).map_or(EVENTS, |it| it.parse().expect("a number"));
    let leg = Duration::from_secs(24 * 3600);
    let shop = Shop { orders_a_second: ORDERS_A_SECOND, leg, ..Shop::default() };
    let mut task = OrderTask::new(Settings::default());
    let (mut rows_most, mut memory_most, mut written) = (0, 0, 0_u64);
    writeln!(out, "    events |  day |    rows | resident, MB | rows written")?;
    for (number, told) in (1..=events).zip(Traffic::new(shop)) {
        task.apply(&Fact::decode(told.value.as_bytes()).expect("an event"));
        if task.dirty() >= ROWS {
            written += task.take_changes().len() as u64;
        }
        if number.is_multiple_of((events / 10).max(1)) {
            let (rows, memory) = (task.rows(), resident_megabytes());
            (rows_most, memory_most) = (rows_most.max(rows), memory_most.max(memory));
            let day = told.at.since(shop.begin).as_secs_f64() / 86_400.0;
            writeln!(out, "{number:10} | {day:4.1} | {rows:7} | {memory:12} | {written:12}")?;
        }
    }
    let counts = &task.head().totals.counts;
    assert_eq!(counts.events, events, "every event is counted");
    writeln!(out, "at most {rows_most} rows and {memory_most} MB")
}

/// 0 where it cannot be read.
fn resident_megabytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split_whitespace().nth(1).and_then(|it| it.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096 / 1_000_000
}
