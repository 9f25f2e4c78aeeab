//! What all workloads share: options, servers, many connections at once, the last checks.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use super::bodies::Queue;
use super::clock;
use super::message::{Faults, Ledger};
use super::report::Report;
use super::server::{Lab, Process, Server};
use super::sqs::{self, Client};
use super::worker::{Checks, Kind, Pace, Tally, Traffic, Until, Worker};

/// How to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    pub(crate) connections: usize,
    /// Threads of the client.
    pub(crate) threads: usize,
    /// Length of a round.
    pub(crate) round: Duration,
    pub(crate) rounds: usize,
    /// Requests a second while CPU is compared; 0 is as many as possible.
    pub(crate) rate: f64,
    /// Messages of the large backlog.
    pub(crate) backlog: u64,
}

/// A run of the program.
pub(crate) struct Bench {
    pub(crate) lab: Lab,
    pub(crate) bare: Process,
    pub(crate) options: Options,
    pub(crate) faults: Arc<Faults>,
    /// Makes the names of queues new at a server that keeps them.
    pub(crate) run: String,
    pub(crate) report: Report,
}

/// A queue under test.
pub(crate) struct Subject {
    pub(crate) url: String,
    pub(crate) queue: Queue,
    pub(crate) checks: Arc<Checks>,
}

/// What many connections did together.
pub(crate) struct Round {
    pub(crate) tally: Tally,
    pub(crate) elapsed: Duration,
}

impl Round {
    pub(crate) fn requests_per_second(&self) -> f64 {
        self.tally.requests as f64 / self.elapsed.as_secs_f64()
    }
}

impl Bench {
    /// A new queue; `groups` (of each sender) makes it a FIFO queue.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(crate) async fn subject(
        &self,
        server: &Server,
        name: &str,
        groups: Option<u32>,
    ) -> io::Result<Subject> {
        let mut client = Client::open(&server.address).await?;
        let suffix = if groups.is_some() { ".fifo" } else { "" };
        let url = client.create_queue(&format!("load-{}-{name}{suffix}", self.run)).await?;
        let checks = Checks { ledger: Ledger::default(), faults: Arc::clone(&self.faults) };
        let queue = Queue::new(&url, groups);
        Ok(Subject { url, queue, checks: Arc::new(checks) })
    }

    /// Compares the queue's own count with the ledger's, reads the story of the last message,
    /// and deletes the queue.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub(crate) async fn finish(
        &mut self,
        server: &Server,
        subject: Subject,
        workload: &'static str,
    ) -> io::Result<()> {
        let expected = subject.checks.ledger.waiting();
        // A new connection: servers close those that were idle for long.
        let mut client = Client::open(&server.address).await?;
        let counted = client.count(&subject.url).await?;
        if expected > counted {
            let text = format!("{workload}: {expected} must be there, the queue has {counted}");
            self.faults.add_many("lost message", expected - counted, &text);
        } else if counted > expected {
            let text = format!("{workload}: {expected} must be there, the queue has {counted}");
            self.faults.add_many("message too many", counted - expected, &text);
        }
        self.check_story(server, &subject, workload).await?;
        let delete = json!({"QueueUrl": subject.url});
        client.ask("DeleteQueue", &delete).await?;
        Ok(())
    }

    async fn check_story(
        &mut self,
        server: &Server,
        subject: &Subject,
        workload: &'static str,
    ) -> io::Result<()> {
        if !server.is_skyrig {
            self.report.note("traces are skipped: the server has no pages below /_skyrig/");
            return Ok(());
        }
        let id = subject.checks.ledger.last_id();
        let (status, story) = sqs::get(&server.address, &format!("/_skyrig/trace/{id}")).await?;
        if status == 200 && story.contains("enqueued") {
            self.report.note(format!("{workload}: the last message's trace is OK"));
        } else {
            self.faults.add("trace that does not tell the story", &format!("{id}: {story}"));
        }
        Ok(())
    }

    /// Puts `count` messages into a queue, by batches of ten.
    ///
    /// # Errors
    /// When a connection is lost.
    pub(crate) async fn fill(
        &self,
        server: &Server,
        subject: &Subject,
        count: u64,
    ) -> io::Result<Round> {
        let batches = count.div_ceil(10);
        let connections = batches.min(10);
        let traffic = Traffic {
            queue: subject.queue.clone(),
            batch: 10,
            kind: Kind::Send,
            checks: Some(Arc::clone(&subject.checks)),
            post: None,
        };
        let until = Until::Rounds(batches / connections);
        run(&server.address, traffic, connections as usize, 0.0, until).await
    }
}

/// Lets many connections work at once. `rate` is the requests a second of all together; 0 is a
/// closed loop.
///
/// # Errors
/// When a connection is lost.
pub(crate) async fn run(
    address: &str,
    traffic: Traffic,
    connections: usize,
    rate: f64,
    until: Until,
) -> io::Result<Round> {
    let traffic = Arc::new(traffic);
    let mut workers = Vec::new();
    for _ in 0..connections {
        workers.push(Worker::open(address, Arc::clone(&traffic)).await?);
    }
    let begun = clock::now();
    let mut running = JoinSet::new();
    for (index, mut worker) in workers.into_iter().enumerate() {
        worker.set_pace(pace(begun, rate, connections, index));
        running.spawn(worker.run(until));
    }
    let mut tally = Tally::default();
    while let Some(done) = running.join_next().await {
        tally.append(done.map_err(io::Error::other)??);
    }
    Ok(Round { tally, elapsed: begun.elapsed() })
}

/// Connections take turns within one interval.
fn pace(begun: Instant, rate: f64, connections: usize, index: usize) -> Option<Pace> {
    (rate > 0.0).then(|| {
        let interval = Duration::from_secs_f64(connections as f64 / rate);
        let offset = interval.mul_f64(index as f64 / connections as f64);
        Pace { next: begun + offset, interval }
    })
}
