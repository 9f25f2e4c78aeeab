//! The workloads of a row each: how fast at most, and what a request costs the server beside
//! what it costs the bare server at the same rate, in rounds by turns, so that whatever else the
//! machine does hits both.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::bench::{Bench, Round, Subject, run};
use super::bodies::Queue;
use super::machine;
use super::report::Row;
use super::server::Server;
use super::stats::median;
use super::targets;
use super::worker::{Kind, Traffic, Until};

/// Share of the slower server's maximum that the fixed rate may be, so that both can meet it.
const RATE_SHARE_MAX: f64 = 0.6;
/// Groups that a sender of a FIFO queue uses in turn: so many that a receive finds a free one.
const GROUPS: u32 = 64;
const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// A workload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Workload {
    name: &'static str,
    kind: Kind,
    batch: usize,
    groups: Option<u32>,
    /// The most that a request may cost, in bare answers.
    ratio_max: f64,
}

/// The workloads by name. A cycle's ratio is of its three requests against three bare answers.
pub(crate) const WORKLOADS: [Workload; 4] = [
    Workload {
        name: "send",
        kind: Kind::Send,
        batch: 1,
        groups: None,
        ratio_max: targets::SINGLE_RATIO,
    },
    Workload {
        name: "cycle",
        kind: Kind::Cycle,
        batch: 1,
        groups: None,
        ratio_max: targets::SINGLE_RATIO,
    },
    Workload {
        name: "batch",
        kind: Kind::Cycle,
        batch: 10,
        groups: None,
        ratio_max: targets::BATCH_RATIO,
    },
    Workload {
        name: "fifo-cycle",
        kind: Kind::Cycle,
        batch: 1,
        groups: Some(GROUPS),
        ratio_max: targets::SINGLE_RATIO,
    },
];

impl Workload {
    pub(crate) fn named(name: &str) -> Option<Self> {
        WORKLOADS.into_iter().find(|it| it.name == name)
    }

    /// Measures it on a new server.
    ///
    /// # Errors
    /// When a server cannot be started or a connection is lost.
    pub(crate) async fn measure(self, bench: &mut Bench) -> io::Result<()> {
        let options = bench.options;
        let server = bench.lab.server().await?;
        let subject = bench.subject(&server, self.name, self.groups).await?;
        let pair = Pair::new(self, bench, &server, &subject);
        let bare = pair.bare(0.0, options.round / 2).await?.0;
        let mut most = pair.server(0.0, options.round).await?.0;
        let bare_max = bare.requests_per_second();
        let most_max = most.requests_per_second();
        let rate = options.rate.min(RATE_SHARE_MAX * bare_max.min(most_max));
        let (mut bare_costs, mut costs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..options.rounds {
            let bare = pair.bare(rate, options.round).await?.1;
            let cost = pair.server(rate, options.round).await?.1;
            if let (Some(bare), Some(cost)) = (bare, cost) {
                bare_costs.push(bare);
                costs.push(cost);
                ratios.push(cost / bare);
            }
        }
        let resident = server.resident_bytes();
        bench.report.rows.push(Row {
            workload: self.name,
            requests_per_second: most_max,
            messages_per_second: most.tally.messages as f64 / most.elapsed.as_secs_f64(),
            p50_micros: most.tally.latencies.percentile_micros(50.0),
            p99_micros: most.tally.latencies.percentile_micros(99.0),
            bare_requests_per_second: bare_max,
            rate,
            cpu_micros: median(&costs),
            bare_cpu_micros: median(&bare_costs),
            ratio: median(&ratios),
            ratio_max: self.ratio_max,
            resident_mebibytes: resident.map(|it| it as f64 / MEBIBYTE),
        });
        if rate < options.rate {
            let text = format!("{}: the rate was lowered to one that both can meet", self.name);
            bench.report.note(text);
        }
        bench.finish(&server, subject, self.name).await
    }
}

/// The same traffic to either server.
struct Pair {
    bare: (String, u32, Traffic),
    server: (String, Option<u32>, Traffic),
    connections: usize,
}

/// What was done, and server CPU a request in microseconds.
type Measured = (Round, Option<f64>);

impl Pair {
    fn new(workload: Workload, bench: &Bench, server: &Server, subject: &Subject) -> Self {
        let Workload { kind, batch, groups, .. } = workload;
        // The bare server gets requests of the same bytes, but of those that depend on an answer.
        let queue = Queue::new(&subject.url, groups);
        let bare = Traffic { queue: queue.clone(), batch, kind, checks: None };
        let traffic = Traffic { queue, batch, kind, checks: Some(Arc::clone(&subject.checks)) };
        Self {
            bare: (bench.bare.address.clone(), bench.bare.child.id(), bare),
            server: (server.address.clone(), server.pid, traffic),
            connections: bench.options.connections,
        }
    }

    async fn bare(&self, rate: f64, length: Duration) -> io::Result<Measured> {
        let (address, pid, traffic) = &self.bare;
        self.measure(address, Some(*pid), traffic, rate, length).await
    }

    async fn server(&self, rate: f64, length: Duration) -> io::Result<Measured> {
        let (address, pid, traffic) = &self.server;
        self.measure(address, *pid, traffic, rate, length).await
    }

    async fn measure(
        &self,
        address: &str,
        pid: Option<u32>,
        traffic: &Traffic,
        rate: f64,
        length: Duration,
    ) -> io::Result<Measured> {
        let before = pid.and_then(machine::cpu_time);
        let until = Until::After(length);
        let round = run(address, traffic.clone(), self.connections, rate, until).await?;
        let after = pid.and_then(machine::cpu_time);
        let cost = before.zip(after).map(|(before, after)| {
            let spent = after.saturating_sub(before).as_secs_f64() * 1_000_000.0;
            spent / round.tally.requests as f64
        });
        Ok((round, cost))
    }
}
