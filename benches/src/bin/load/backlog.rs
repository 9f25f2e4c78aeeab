//! Whether receiving costs more when much is queued, and what a queued message takes of memory.
//!
//! Two queues at one server, one of ten messages and one of very many, are used by turns in
//! stretches of blocks. A block is: ten connections receive and delete one message each while
//! the server's CPU is read before and after, then an unmeasured batch of ten brings the queue
//! back to its depth. So both queues see the same requests in the same rhythm, and only receives
//! and deletes are in the figure. CPU is read when the server has fallen asleep again, for only
//! then are the scheduler's sums complete.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::bench::{Bench, Subject};
use super::server::Server;
use super::stats::median;
use super::targets;
use super::worker::{Kind, Traffic, Worker};

/// Receive-and-delete pairs in a block, each on its own connection; also the small queue's depth.
const PAIRS: usize = 10;
const BLOCKS: usize = 40;
const STRETCHES: usize = 24;
/// How long the server is given to fall asleep.
const SETTLE: Duration = Duration::from_millis(1);
/// Groups of the large FIFO queue, one message each.
const FIFO_GROUPS: u64 = 100_000;
/// Any two messages of a filler are in different groups.
const NO_GROUP_TWICE: u32 = u32::MAX;

/// The standard queue: memory, and cost with ten and with very many messages.
///
/// # Errors
/// When a server cannot be started or a connection is lost.
pub(crate) async fn standard(bench: &mut Bench) -> io::Result<()> {
    let messages = bench.options.backlog;
    measure(bench, "backlog", None, messages, "messages").await
}

/// The FIFO queue: cost with ten and with very many groups of one message each.
///
/// # Errors
/// When a server cannot be started or a connection is lost.
pub(crate) async fn fifo(bench: &mut Bench) -> io::Result<()> {
    let groups = FIFO_GROUPS.min(bench.options.backlog);
    measure(bench, "fifo-backlog", Some(NO_GROUP_TWICE), groups, "groups").await
}

async fn measure(
    bench: &mut Bench,
    workload: &'static str,
    groups: Option<u32>,
    messages: u64,
    unit: &'static str,
) -> io::Result<()> {
    let server = bench.lab.server().await?;
    let small = bench.subject(&server, &format!("{workload}-small"), groups).await?;
    let large = bench.subject(&server, &format!("{workload}-large"), groups).await?;
    let before = server.resident_bytes();
    let filled = bench.fill(&server, &large, messages).await?;
    let after = server.resident_bytes();
    let rate = filled.tally.messages as f64 / filled.elapsed.as_secs_f64();
    bench.report.figure(workload, "messages filled in by batches of ten", rate, "/s");
    if let (Some(before), Some(after), None) = (before, after, groups) {
        let growth = after.saturating_sub(before) as f64 / messages as f64;
        let report = &mut bench.report;
        report.figure("memory", "growth a queued message of 256 bytes", growth, "bytes").target =
            Some(targets::MESSAGE_BYTES);
        let idle = before as f64 / (1024.0 * 1024.0);
        report.figure("memory", "RSS right after the start", idle, "MiB").target =
            Some(targets::IDLE_MEBIBYTES);
    }
    bench.fill(&server, &small, PAIRS as u64).await?;
    let mut small_crew = Crew::open(&server, &small).await?;
    let mut large_crew = Crew::open(&server, &large).await?;
    let (mut small_costs, mut large_costs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STRETCHES {
        let small = small_crew.stretch(&server).await?;
        let large = large_crew.stretch(&server).await?;
        if let (Some(small), Some(large)) = (small, large) {
            small_costs.push(small);
            large_costs.push(large);
            ratios.push(large / small);
        }
    }
    let report = &mut bench.report;
    let name = |depth| format!("CPU a receive and delete, {depth} {unit}");
    for (depth, costs) in [(PAIRS as u64, &small_costs), (messages, &large_costs)] {
        if let Some(cost) = median(costs) {
            report.figure(workload, name(depth), cost, "µs");
        }
    }
    match median(&ratios) {
        Some(ratio) => {
            report.figure(workload, "large to small", ratio, "times").target =
                Some(targets::BACKLOG_RATIO);
        }
        None => report.note(format!("{workload}: not measured without the server's --pid")),
    }
    bench.finish(&server, small, workload).await?;
    bench.finish(&server, large, workload).await
}

/// The connections that work on one queue.
struct Crew {
    pairs: Vec<Worker>,
    filler: Worker,
    depth_checks: Arc<super::worker::Checks>,
}

impl Crew {
    async fn open(server: &Server, subject: &Subject) -> io::Result<Self> {
        let traffic = |batch| {
            Arc::new(Traffic {
                queue: subject.queue.clone(),
                batch,
                kind: Kind::Cycle,
                checks: Some(Arc::clone(&subject.checks)),
                post: None,
            })
        };
        let mut pairs = Vec::new();
        for _ in 0..PAIRS {
            pairs.push(Worker::open(&server.address, traffic(1)).await?);
        }
        let filler = Worker::open(&server.address, traffic(PAIRS)).await?;
        Ok(Self { pairs, filler, depth_checks: Arc::clone(&subject.checks) })
    }

    /// Server CPU of a pair in microseconds, over some blocks.
    async fn stretch(&mut self, server: &Server) -> io::Result<Option<f64>> {
        let mut spent = Some(Duration::ZERO);
        let mut done = 0;
        for _ in 0..BLOCKS {
            tokio::time::sleep(SETTLE).await;
            let before = server.cpu_time();
            done += self.block().await?;
            tokio::time::sleep(SETTLE).await;
            let after = server.cpu_time();
            let cost = before.zip(after).map(|(before, after)| after.saturating_sub(before));
            spent = spent.zip(cost).map(|(spent, cost)| spent + cost);
            self.filler.send().await?;
        }
        if done < PAIRS * BLOCKS {
            let missing = (PAIRS * BLOCKS - done) as u64;
            self.depth_checks.faults.add_many("receive without a message", missing, "backlog");
        }
        Ok(spent.map(|it| it.as_secs_f64() * 1_000_000.0 / done as f64))
    }

    async fn block(&mut self) -> io::Result<usize> {
        let mut running = JoinSet::new();
        for mut worker in self.pairs.drain(..) {
            running.spawn(async move {
                let received = worker.receive_and_delete().await;
                (worker, received)
            });
        }
        let mut done = 0;
        while let Some(joined) = running.join_next().await {
            let (worker, received) = joined.map_err(io::Error::other)?;
            self.pairs.push(worker);
            done += received?;
        }
        Ok(done)
    }
}
