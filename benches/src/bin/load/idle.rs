//! What a server costs that has nothing to do, how fast it wakes a receiver that waits, and how
//! fast it starts.

use std::io;
use std::time::Duration;

use super::bench::Bench;
use super::bodies::Queue;
use super::clock;
use super::message::md5_hex;
use super::server::Server;
use super::sqs::{Client, Received};
use super::stats::{Latencies, median};
use super::targets;

const QUEUES: usize = 10_000;
/// Receivers that wait, each on a connection and a queue of its own.
const POLLS: usize = 1_000;
const WAIT_SECONDS: u32 = 20;
const IDLE: Duration = Duration::from_secs(5);
const WAKES: usize = 2_000;
/// Long enough for a receive to have arrived and to be parked.
const PARK: Duration = Duration::from_millis(2);
/// After so many wakes what the machine makes of one request and its answer, after the same pause.
const BARE_EACH: usize = 4;
const STARTS: usize = 10;

/// Idle queues and parked receivers, then single wakes beside them.
///
/// # Errors
/// When a server cannot be started or a connection is lost.
pub(crate) async fn idle_and_wake(bench: &mut Bench, wants: [bool; 2]) -> io::Result<()> {
    let server = bench.lab.server().await?;
    let [idle, wake] = wants;
    let mut parked = Vec::new();
    if idle {
        let urls = make_queues(bench, &server).await?;
        parked = park(&server, &urls).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        measure_idle(bench, &server).await;
    }
    if wake {
        measure_wake(bench, &server).await?;
    }
    wake_all(bench, &server, parked).await
}

/// Shows that the receives of the idle measurement were waiting: each gets a message now.
async fn wake_all(
    bench: &mut Bench,
    server: &Server,
    parked: Vec<(String, Client)>,
) -> io::Result<()> {
    let mut client = Client::open(&server.address).await?;
    let all = parked.len();
    let mut ended = 0;
    for (url, mut receiver) in parked {
        let body = serde_json::json!({"QueueUrl": url, "MessageBody": url});
        client.ask("SendMessage", &body).await?;
        let answer = receiver.receive().await?;
        let text = String::from_utf8_lossy(answer.body).into_owned();
        let received = serde_json::from_str::<Received<'_>>(&text);
        let messages = received.map(|it| it.messages).unwrap_or_default();
        match messages.first() {
            Some(message) if message.body == url => {}
            None if answer.status == 200 => ended += 1,
            _ => bench.faults.add("wrong answer to a parked receive", &text),
        }
    }
    if all > 0 {
        let text = format!("idle: {} of {all} parked receives then got a message", all - ended);
        bench.report.note(text);
    }
    if ended == all && all > 0 {
        bench.faults.add("parked receives that were not", "none of them got its message");
    }
    Ok(())
}

async fn make_queues(bench: &Bench, server: &Server) -> io::Result<Vec<String>> {
    let mut client = Client::open(&server.address).await?;
    let mut urls = Vec::with_capacity(POLLS);
    for number in 0..QUEUES {
        let url = client.create_queue(&format!("load-{}-idle-{number}", bench.run)).await?;
        if urls.len() < POLLS {
            urls.push(url);
        }
    }
    Ok(urls)
}

async fn park(server: &Server, urls: &[String]) -> io::Result<Vec<(String, Client)>> {
    let mut parked = Vec::with_capacity(urls.len());
    let mut body = Vec::new();
    for url in urls {
        let mut client = Client::open(&server.address).await?;
        Queue::new(url, None).receive(&mut body, 1, WAIT_SECONDS);
        client.send("ReceiveMessage", &body).await?;
        parked.push((url.clone(), client));
    }
    Ok(parked)
}

async fn measure_idle(bench: &mut Bench, server: &Server) {
    let before = server.cpu_time();
    let begun = clock::now();
    tokio::time::sleep(IDLE).await;
    let elapsed = begun.elapsed();
    let Some((before, after)) = before.zip(server.cpu_time()) else {
        bench.report.note("idle: not measured without the server's --pid".to_owned());
        return;
    };
    let spent = after.saturating_sub(before).as_secs_f64() * 1_000.0 / elapsed.as_secs_f64();
    let name = format!("CPU with {QUEUES} queues and {POLLS} parked receives");
    bench.report.figure("idle", name, spent, "ms/s").target = Some(targets::IDLE_MILLIS);
    if let Some(bytes) = server.resident_bytes() {
        let mebibytes = bytes as f64 / (1024.0 * 1024.0);
        bench.report.figure("idle", "RSS with them", mebibytes, "MiB");
    }
}

/// One sample at a time: a receive is parked, a message is sent on another connection, and the
/// time runs from just before the send is written until the receive's answer is read.
async fn measure_wake(bench: &mut Bench, server: &Server) -> io::Result<()> {
    let subject = bench.subject(server, "wake", None).await?;
    let mut client = Client::open(&server.address).await?;
    let sender = subject.checks.ledger.new_sender();
    let mut receiver = Client::open(&server.address).await?;
    let (mut send, mut receive, mut latencies) = (Vec::new(), Vec::new(), Latencies::default());
    let mut bare = Client::open(&bench.bare.address).await?;
    let mut bare_latencies = Latencies::default();
    subject.queue.receive(&mut receive, 1, WAIT_SECONDS);
    for sample in 0..WAKES {
        if sample % BARE_EACH == 0 {
            tokio::time::sleep(PARK).await;
            let begun = clock::now();
            bare.call("SendMessage", b"{}").await?;
            bare_latencies.add(begun.elapsed());
        }
        let name = subject.checks.ledger.send(sender);
        let body = name.body();
        subject.queue.send(&mut send, name, &body);
        receiver.send("ReceiveMessage", &receive).await?;
        tokio::time::sleep(PARK).await;
        let begun = clock::now();
        client.send("SendMessage", &send).await?;
        let answer = receiver.receive().await?;
        latencies.add(begun.elapsed());
        let text = String::from_utf8_lossy(answer.body).into_owned();
        let sent = client.receive().await?;
        let sent: serde_json::Value = serde_json::from_slice(sent.body).unwrap_or_default();
        let received = serde_json::from_str::<Received<'_>>(&text);
        let Some(message) = received.ok().and_then(|mut it| it.messages.pop()) else {
            bench.faults.add("wake without a message", &text);
            continue;
        };
        let faults = &bench.faults;
        subject.checks.ledger.receive(&message.body, &message.md5_of_body, faults);
        if sent["MD5OfMessageBody"] != md5_hex(&body).as_str() {
            faults.add("wrong MD5OfMessageBody", &sent.to_string());
        }
        subject.checks.ledger.acknowledge(sent["MessageId"].as_str().unwrap_or_default());
        subject.queue.delete(&mut send, &message.receipt_handle);
        let deleted = client.call("DeleteMessage", &send).await?;
        if deleted.status != 200 {
            faults.add("answer that is not 200", &String::from_utf8_lossy(deleted.body));
        }
    }
    let name = "send to the waiting receive's answer";
    let median = latencies.percentile_micros(50.0);
    bench.report.figure("wake", format!("{name}, p50"), median, "µs");
    let tail = latencies.percentile_micros(99.0);
    bench.report.figure("wake", format!("{name}, p99"), tail, "µs").target =
        Some(targets::WAKE_MICROS);
    for (percent, name) in [(50.0, "p50"), (99.0, "p99")] {
        let micros = bare_latencies.percentile_micros(percent);
        let name = format!("round trip at the bare server, {name}");
        bench.report.figure("wake", name, micros, "µs");
    }
    bench.finish(server, subject, "wake").await
}

/// From starting the program to its first answer, and how large it is.
///
/// # Errors
/// When it does not start.
pub(crate) async fn start(bench: &mut Bench) -> io::Result<()> {
    if bench.lab.endpoint.is_some() {
        let text = "start: skipped, the server at an endpoint runs already";
        bench.report.note(text);
        return Ok(());
    }
    let mut millis = Vec::new();
    for _ in 0..STARTS {
        millis.push(bench.lab.start_time().await?.as_secs_f64() * 1_000.0);
    }
    let name = format!("start to the first answer, median of {STARTS}");
    let taken = median(&millis).unwrap_or_default();
    bench.report.figure("start", name, taken, "ms").target = Some(targets::START_MILLIS);
    let size = std::fs::metadata(&bench.lab.skyrig)?.len() as f64 / (1024.0 * 1024.0);
    bench.report.figure("start", "size of the program", size, "MiB").target =
        Some(targets::PROGRAM_MEBIBYTES);
    Ok(())
}
