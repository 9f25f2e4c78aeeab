//! What bridge and processor reach on a broker, beside a bare producer and consumer of librdkafka
//! on the same broker, in turns: writing, reading what is there, and both at once.
//!
//! `cargo run --release -p benches --example stream -- HOST:PORT [RECORDS] [ROUNDS]`. The brokers
//! must keep what is written for a minute; the embedded ones do not.
//!
//! *Bare* has the same records in memory, with the system's settings, and does nothing with them
//! but count. The *bridge* begins with the JSON of queue messages: it reads them, makes records and
//! hears of each that all replicas have it. The *processor* ends with the changed rows of
//! transactions. Neither queue nor table is part of it: these are other services. Nor is what a
//! role's consumer reads of every event before the bridge has it.

mod bare;
mod clock;
mod system;
mod work;

use std::io::{self, Write};
use std::time::Duration;

use orderflow::adapters::kafka::{Endpoint, KafkaSettings, KafkaStream};
use orderflow::contracts::Topic;
use orderflow::ports::{NewTopic, Stream};

use work::Work;

/// As `orderflow` has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RECORDS: usize = 300_000;
const ROUNDS: usize = 5;
const PARTITIONS: u32 = 3;
const RETENTION: Duration = Duration::from_secs(600);

/// Records a second.
#[derive(Clone, Copy, Default)]
struct Reached {
    written: f64,
    read: f64,
    both: f64,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let mut out = io::stdout();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize, default| {
        arguments.get(index).map_or(default, |it| it.parse().expect("a number"))
    };
    let endpoint = arguments.first().expect("where the brokers are: HOST:PORT");
    let endpoint: Endpoint = endpoint.parse().unwrap_or_else(|error| panic!("{error}"));
    assert_ne!(endpoint, Endpoint::Embedded, "embedded brokers forget what nobody has read yet");
    let (records, rounds) = (number(1, RECORDS), number(2, ROUNDS).max(1));
    let stream = KafkaStream::connect(&endpoint, KafkaSettings::default()).expect("clients");
    writeln!(out, "records a second, {records} of them in {rounds} rounds; ratios are to bare")?;
    writeln!(
        out,
        "round |  write: bare  bridge ratio |   read: bare  processor ratio |   both: bare  system ratio"
    )?;
    let mut ratios = Vec::new();
    for round in 1..=rounds {
        // A new process finds no topic of an earlier one.
        let name = |side: &str| format!("bench-{}-{round}-{side}", std::process::id());
        let (bare, system) = if round % 2 == 0 {
            let system = system_side(&stream, &name("s"), records).await;
            (bare_side(&stream, &name("b"), records).await, system)
        } else {
            let bare = bare_side(&stream, &name("b"), records).await;
            (bare, system_side(&stream, &name("s"), records).await)
        };
        let ratio = Reached {
            written: system.written / bare.written,
            read: system.read / bare.read,
            both: system.both / bare.both,
        };
        writeln!(
            out,
            "{round:5} | {:12.0} {:7.0} {:5.2} | {:12.0} {:10.0} {:5.2} | {:12.0} {:7.0} {:5.2}",
            bare.written,
            system.written,
            ratio.written,
            bare.read,
            system.read,
            ratio.read,
            bare.both,
            system.both,
            ratio.both,
        )?;
        ratios.push(ratio);
    }
    let median = |pick: fn(&Reached) -> f64| {
        let mut all: Vec<f64> = ratios.iter().map(pick).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    writeln!(
        out,
        "median ratios: write {:.2}, read {:.2}, both at once {:.2}",
        median(|it| it.written),
        median(|it| it.read),
        median(|it| it.both),
    )
}

async fn bare_side(stream: &KafkaStream, name: &str, records: usize) -> Reached {
    let (first, second) = (work(stream, name, records).await, format!("{name}-both"));
    let bootstrap = stream.bootstrap().to_owned();
    let (written, read) = tokio::task::spawn_blocking(move || {
        (bare::write(&bootstrap, &first.records), bare::read(&bootstrap, &first))
    })
    .await
    .expect("no panic");
    let second = work(stream, &second, records).await;
    let bootstrap = stream.bootstrap().to_owned();
    let both = tokio::task::spawn_blocking(move || bare::both(&bootstrap, second));
    let both = both.await.expect("no panic");
    rates(records, written, read, both)
}

async fn system_side(stream: &KafkaStream, name: &str, records: usize) -> Reached {
    let first = work(stream, name, records).await;
    let written = system::write(stream, &first).await;
    let read = system::read(stream, &first).await;
    let second = work(stream, &format!("{name}-both"), records).await;
    let both = system::both(stream, &second).await;
    rates(records, written, read, both)
}

/// With its topics made.
async fn work(stream: &KafkaStream, name: &str, records: usize) -> Work {
    let work = Work::new(name, records);
    let topics = Topic::ALL.map(|topic| NewTopic {
        topic: work.names.stream_topic(topic),
        partitions: PARTITIONS,
        retention: RETENTION,
    });
    stream.ensure_topics(&topics).await.expect("topics");
    work
}

fn rates(records: usize, written: Duration, read: Duration, both: Duration) -> Reached {
    let of = |time: Duration| records as f64 / time.as_secs_f64();
    Reached { written: of(written), read: of(read), both: of(both) }
}
