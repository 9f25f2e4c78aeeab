//! One connection's work: send, receive, delete, in a closed loop or at a fixed rate, each answer
//! checked. The same work can be done against the bare server, whose answers say nothing.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::bodies::Queue;
use super::clock;
use super::message::Name;
use super::message::{Faults, Ledger, md5_hex};
use super::metrics::Metrics;
use super::sqs::{Client, DeletedBatch, Received, Sent, SentBatch, Speech};
use super::stats::Latencies;
use super::tables::Tables;

/// How often an empty answer is asked again before its message counts as lost.
const EMPTY_MAX: usize = 100;
/// As long as a receipt handle of skyrig's.
const BARE_RECEIPT: &str = "c3FzMQbEXRiACUVPAAAAAAAAAAEAAAAB";

/// What the connections do.
#[derive(Clone, Debug)]
pub(crate) struct Traffic {
    pub(crate) queue: Queue,
    /// Messages a request: 1, or 10 by the batch operations.
    pub(crate) batch: usize,
    pub(crate) kind: Kind,
    /// `None` at the bare server: only the status is looked at.
    pub(crate) checks: Option<Arc<Checks>>,
    /// What is posted, of [`Kind::Post`].
    pub(crate) post: Option<Arc<Post>>,
}

/// A request that is made again and again.
#[derive(Debug)]
pub(crate) struct Post {
    pub(crate) speech: Speech,
    pub(crate) operation: &'static str,
    pub(crate) body: Vec<u8>,
    /// Messages or events that it holds.
    pub(crate) messages: u64,
    /// What the answer must hold, unless it is the bare server's.
    pub(crate) answer: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// The same request again and again, to any service.
    Post,
    Send,
    /// Send, receive, delete.
    Cycle,
    /// One operation of CloudWatch.
    Metrics(Metrics),
    /// One operation of DynamoDB.
    Tables(Tables),
}

/// The books of one queue, and where errors go.
#[derive(Debug)]
pub(crate) struct Checks {
    pub(crate) ledger: Ledger,
    pub(crate) faults: Arc<Faults>,
}

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    After(Duration),
    Rounds(u64),
}

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) requests: u64,
    pub(crate) messages: u64,
    pub(crate) latencies: Latencies,
}

impl Tally {
    pub(crate) fn append(&mut self, other: Self) {
        self.requests += other.requests;
        self.messages += other.messages;
        self.latencies.append(other.latencies);
    }
}

/// When the next request is due. The schedule stays: who is late hurries.
#[derive(Debug)]
pub(crate) struct Pace {
    pub(crate) next: Instant,
    pub(crate) interval: Duration,
}

impl Pace {
    async fn wait(&mut self) {
        // tokio's timer wakes at whole milliseconds, so requests come in small bursts; they do so
        // at both servers alike.
        if self.next > clock::now() {
            tokio::time::sleep_until(self.next.into()).await;
        }
        self.next += self.interval;
    }
}

/// One connection at work.
pub(crate) struct Worker {
    client: Client,
    traffic: Arc<Traffic>,
    sender: u32,
    pace: Option<Pace>,
    body: Vec<u8>,
    tally: Tally,
}

impl Worker {
    /// Connects; ready to work as fast as it can.
    ///
    /// # Errors
    /// When nobody listens there.
    pub(crate) async fn open(address: &str, traffic: Arc<Traffic>) -> io::Result<Self> {
        let speech = traffic.post.as_ref().map_or(Speech::Sqs, |post| post.speech);
        let client = Client::speaking(address, speech).await?;
        let sender = traffic.checks.as_ref().map_or(0, |it| it.ledger.new_sender());
        let (body, tally) = (Vec::new(), Tally::default());
        Ok(Self { client, traffic, sender, pace: None, body, tally })
    }

    pub(crate) fn set_pace(&mut self, pace: Option<Pace>) {
        self.pace = pace;
    }

    /// Works until told to stop; always finishes the round it is in.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(crate) async fn run(mut self, until: Until) -> io::Result<Tally> {
        let (begun, mut rounds) = (clock::now(), 0);
        while match until {
            Until::After(length) => begun.elapsed() < length,
            Until::Rounds(max) => rounds < max,
        } {
            match self.traffic.kind {
                Kind::Post => self.post().await?,
                Kind::Tables(tables) => self.ask_tables(tables, rounds as u32).await?,
                Kind::Send | Kind::Cycle | Kind::Metrics(_) => self.send().await?,
            }
            if self.traffic.kind == Kind::Cycle {
                self.receive_and_delete().await?;
            }
            rounds += 1;
        }
        Ok(self.tally)
    }

    /// Makes the request that stays the same.
    async fn post(&mut self) -> io::Result<()> {
        let traffic = Arc::clone(&self.traffic);
        let post = traffic.post.as_ref().expect("a post has a request");
        let pace = self.pace.as_mut();
        let (tally, operation) = (&mut self.tally, post.operation);
        let answer = timed(&mut self.client, pace, tally, operation, &post.body).await?;
        if let Some(checks) = &traffic.checks {
            let body = String::from_utf8_lossy(answer.body);
            if answer.status != 200 || !body.contains(post.answer) {
                let text = format!("{}: {body}", answer.status);
                checks.faults.add("answer that is not as it should be", &text);
            }
        }
        self.tally.messages += post.messages;
        Ok(())
    }

    /// Sends one message or one batch.
    pub(crate) async fn send(&mut self) -> io::Result<()> {
        if let Kind::Metrics(metrics) = self.traffic.kind {
            return self.ask(metrics).await;
        }
        let traffic = Arc::clone(&self.traffic);
        let mut messages = Vec::with_capacity(traffic.batch);
        for number in 0..traffic.batch {
            let name = match &traffic.checks {
                Some(checks) => checks.ledger.send(self.sender),
                None => super::message::Name { sender: 0, number: number as u32 },
            };
            messages.push((name, name.body()));
        }
        if traffic.batch == 1 {
            let (name, body) = &messages[0];
            traffic.queue.send(&mut self.body, *name, body);
            let answer = self.request("SendMessage").await?;
            if let Some(checks) = &traffic.checks
                && let Some(sent) = read::<Sent<'_>>(answer, checks)
            {
                check_sent(&sent, body, checks);
            }
        } else {
            traffic.queue.send_batch(&mut self.body, &messages);
            let answer = self.request("SendMessageBatch").await?;
            if let Some(checks) = &traffic.checks
                && let Some(sent) = read::<SentBatch<'_>>(answer, checks)
            {
                if sent.successful.len() != messages.len() {
                    checks.faults.add("refused entry", "SendMessageBatch");
                }
                // AWS answers the entries in the request's order.
                for (sent, (_, body)) in sent.successful.iter().zip(&messages) {
                    check_sent(sent, body, checks);
                }
            }
        }
        self.tally.messages += traffic.batch as u64;
        Ok(())
    }

    /// Sends CloudWatch's request, which is the same each time.
    async fn ask(&mut self, metrics: Metrics) -> io::Result<()> {
        if self.body.is_empty() {
            self.body = metrics.body();
        }
        let checks = self.traffic.checks.clone();
        let (status, body) = self.request(metrics.operation()).await?;
        if let Some(checks) = checks.filter(|_| status != 200) {
            let text = format!("{status}: {}", String::from_utf8_lossy(body));
            checks.faults.add("answer that is not 200", &text);
        }
        self.tally.messages += 1;
        Ok(())
    }

    /// Sends a request to DynamoDB.
    async fn ask_tables(&mut self, tables: Tables, number: u32) -> io::Result<()> {
        tables.body(&mut self.body, Name { sender: self.sender, number });
        let checks = self.traffic.checks.clone();
        let (status, body) = self.request(tables.operation()).await?;
        if let Some(checks) = checks {
            let body = String::from_utf8_lossy(body);
            if status != 200 || !body.contains(tables.answer()) {
                let text = format!("{status}: {body}");
                checks.faults.add("answer that is not as it should be", &text);
            }
        }
        self.tally.messages += 1;
        Ok(())
    }

    /// Receives up to a batch and deletes it; answers how many there were.
    pub(crate) async fn receive_and_delete(&mut self) -> io::Result<usize> {
        let traffic = Arc::clone(&self.traffic);
        for _ in 0..EMPTY_MAX {
            traffic.queue.receive(&mut self.body, traffic.batch, 0);
            let answer = timed(
                &mut self.client,
                self.pace.as_mut(),
                &mut self.tally,
                "ReceiveMessage",
                &self.body,
            )
            .await?;
            let Some(checks) = &traffic.checks else {
                let handles = std::iter::repeat_n(BARE_RECEIPT, traffic.batch);
                write_deletes(&traffic, &mut self.body, handles);
                self.request(delete_operation(&traffic)).await?;
                return Ok(traffic.batch);
            };
            let Some(received) = read::<Received<'_>>((answer.status, answer.body), checks) else {
                return Ok(0);
            };
            let count = received.messages.len();
            if count == 0 {
                continue;
            }
            for message in &received.messages {
                checks.ledger.receive(&message.body, &message.md5_of_body, &checks.faults);
            }
            let handles = received.messages.iter().map(|it| &*it.receipt_handle);
            write_deletes(&traffic, &mut self.body, handles);
            let answer = self.request(delete_operation(&traffic)).await?;
            check_deleted(answer, count, &traffic, checks);
            return Ok(count);
        }
        Ok(0)
    }

    async fn request(&mut self, operation: &str) -> io::Result<(u16, &[u8])> {
        let pace = self.pace.as_mut();
        let answer = timed(&mut self.client, pace, &mut self.tally, operation, &self.body).await?;
        Ok((answer.status, answer.body))
    }
}

async fn timed<'a>(
    client: &'a mut Client,
    pace: Option<&mut Pace>,
    tally: &mut Tally,
    operation: &str,
    body: &[u8],
) -> io::Result<super::http::Answer<'a>> {
    if let Some(pace) = pace {
        pace.wait().await;
    }
    let begun = clock::now();
    let answer = client.call(operation, body).await?;
    tally.latencies.add(begun.elapsed());
    tally.requests += 1;
    Ok(answer)
}

fn delete_operation(traffic: &Traffic) -> &'static str {
    if traffic.batch == 1 { "DeleteMessage" } else { "DeleteMessageBatch" }
}

fn write_deletes<'a>(
    traffic: &Traffic,
    body: &mut Vec<u8>,
    mut handles: impl Iterator<Item = &'a str>,
) {
    match traffic.batch {
        1 => traffic.queue.delete(body, handles.next().unwrap_or_default()),
        _ => traffic.queue.delete_batch(body, handles),
    }
}

/// The answer's document, or a fault.
fn read<'a, T: serde::Deserialize<'a>>(answer: (u16, &'a [u8]), checks: &Checks) -> Option<T> {
    let (status, body) = answer;
    let text = || format!("{status}: {}", String::from_utf8_lossy(body));
    if status != 200 {
        checks.faults.add("answer that is not 200", &text());
        return None;
    }
    let read = serde_json::from_slice(body);
    if read.is_err() {
        checks.faults.add("answer that cannot be read", &text());
    }
    read.ok()
}

fn check_sent(sent: &Sent<'_>, body: &str, checks: &Checks) {
    if sent.md5 != md5_hex(body) {
        checks.faults.add("wrong MD5OfMessageBody", &sent.md5);
    }
    checks.ledger.acknowledge(&sent.id);
}

fn check_deleted(answer: (u16, &[u8]), count: usize, traffic: &Traffic, checks: &Checks) {
    if traffic.batch > 1 {
        let deleted = read::<DeletedBatch>(answer, checks);
        if deleted.is_some_and(|it| it.successful.len() != count) {
            checks.faults.add("refused entry", "DeleteMessageBatch");
        }
    } else if answer.0 != 200 {
        read::<serde_json::Value>(answer, checks);
    }
}
