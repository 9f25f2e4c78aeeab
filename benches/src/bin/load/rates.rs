//! The workloads of a row each: how fast at most, and what a request costs the server beside
//! what it costs the bare server at the same rate, in rounds by turns, so that whatever else the
//! machine does hits both.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::bench::{Bench, Subject, run};
use super::bodies::Queue;
use super::machine;
use super::metrics::Metrics;
use super::report::Row;
use super::server::Server;
use super::stats::median;
use super::tables::Tables;
use super::targets;
use super::worker::{Kind, Traffic, Until};

/// Share of the slower server's maximum that the fixed rate may be, so that both can meet it.
pub(crate) const RATE_SHARE_MAX: f64 = 0.75;
/// Share of the fixed rate from which on a round has met it.
pub(crate) const RATE_MET: f64 = 0.95;
/// From this share on the client is what limits a closed loop.
const CLIENT_BUSY: f64 = 0.9;
pub(crate) const WARM_UP: Duration = Duration::from_millis(700);
/// Groups that a sender of a FIFO queue uses in turn: so many that a receive finds a free one.
const GROUPS: u32 = 64;
pub(crate) const MEBIBYTE: f64 = 1024.0 * 1024.0;

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

/// The workloads by name. A cycle's ratio is of its three requests against three bare answers;
/// `batch-send` is the costliest of the batch operations alone.
const WORKLOADS: [Workload; 11] = [
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
        name: "batch-send",
        kind: Kind::Send,
        batch: 10,
        groups: None,
        ratio_max: targets::BATCH_RATIO,
    },
    Workload {
        name: "fifo-cycle",
        kind: Kind::Cycle,
        batch: 1,
        groups: Some(GROUPS),
        ratio_max: targets::FIFO_RATIO,
    },
    Workload {
        name: "put-metric-data",
        kind: Kind::Metrics(Metrics::Put),
        batch: 1,
        groups: None,
        ratio_max: targets::PUT_METRIC_DATA_RATIO,
    },
    Workload {
        name: "get-metric-data",
        kind: Kind::Metrics(Metrics::Get),
        batch: 1,
        groups: None,
        ratio_max: targets::GET_METRIC_DATA_RATIO,
    },
    Workload::of_tables("put-item", Tables::Put, targets::ITEM_RATIO),
    Workload::of_tables("get-item", Tables::Get, targets::ITEM_RATIO),
    Workload::of_tables("transact-write", Tables::TransactWrite, targets::TRANSACTION_RATIO),
    Workload::of_tables("query", Tables::Query, targets::QUERY_RATIO),
];

impl Workload {
    const fn of_tables(name: &'static str, tables: Tables, ratio_max: f64) -> Self {
        Self { name, kind: Kind::Tables(tables), batch: 1, groups: None, ratio_max }
    }

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
        if let Kind::Metrics(metrics) = self.kind {
            metrics.prepare(&server.address).await?;
        }
        if let Kind::Tables(tables) = self.kind {
            tables.prepare(&server.address).await?;
        }
        let pair = Pair::new(self, bench, &server, &subject);
        let rate = self.rate(bench, &pair).await?;
        let (mut most, mut even) = (Series::default(), Series::default());
        for _ in 0..options.rounds {
            even.add(
                pair.bare(rate, options.round).await?,
                pair.server(rate, options.round).await?,
            );
            let half = options.round / 2;
            most.add(pair.bare(0.0, half).await?, pair.server(0.0, half).await?);
        }
        let missed = even.leave_out_slower_than(RATE_MET * rate);
        if missed > 0 {
            let text = format!("{}: {missed} rounds did not meet the rate", self.name);
            bench.report.note(text);
        }
        let busy = median(&most.rounds.iter().map(|it| it.server.busy).collect::<Vec<_>>());
        if let Some(busy) = busy.filter(|it| *it > CLIENT_BUSY) {
            let share = busy * 100.0;
            let text =
                format!("{}: requests/s are the client's limit, {share:.0} % busy", self.name);
            bench.report.note(text);
        }
        let resident = server.resident_bytes();
        let row = Row {
            workload: self.name,
            rate,
            ratio_max: self.ratio_max,
            resident_mebibytes: resident.map(|it| it as f64 / MEBIBYTE),
            ..row(&most, &even)
        };
        bench.report.rows.push(row);
        if matches!(self.kind, Kind::Metrics(_) | Kind::Tables(_)) {
            // No message went into the queue, so there are no books to check.
            return Ok(());
        }
        bench.finish(&server, subject, self.name).await
    }

    /// The fixed rate: as asked, or what both servers can surely meet. Warms both up.
    async fn rate(self, bench: &mut Bench, pair: &Pair) -> io::Result<f64> {
        let bare = pair.bare(0.0, WARM_UP).await?.requests_per_second;
        let server = pair.server(0.0, WARM_UP).await?.requests_per_second;
        let most = bare.min(server);
        if bench.options.rate <= RATE_SHARE_MAX * most {
            return Ok(bench.options.rate);
        }
        let text = format!(
            "{}: compared at a lower rate, since {most:.0}/s was the most; \
             the fewer requests, the more both pay for waking up, and the lower the ratio",
            self.name
        );
        bench.report.note(text);
        Ok(RATE_SHARE_MAX * most)
    }
}

pub(crate) fn row(most: &Series, even: &Series) -> Row {
    Row {
        requests_per_second: most.median(|it| Some(it.server.requests_per_second)).unwrap_or(0.0),
        messages_per_second: most.median(|it| Some(it.server.messages_per_second)).unwrap_or(0.0),
        p50_micros: most.median(|it| Some(it.server.p50_micros)).unwrap_or(0.0),
        p99_micros: most.median(|it| Some(it.server.p99_micros)).unwrap_or(0.0),
        bare_requests_per_second: most
            .median(|it| Some(it.bare.requests_per_second))
            .unwrap_or(0.0),
        closed_loop_ratio: most.median(Both::ratio),
        cpu_micros: even.median(|it| it.server.cpu_micros),
        bare_cpu_micros: even.median(|it| it.bare.cpu_micros),
        ratio: even.median(Both::ratio),
        ..Row::default()
    }
}

/// What one server did in one round.
pub(crate) struct Measured {
    pub(crate) requests_per_second: f64,
    messages_per_second: f64,
    p50_micros: f64,
    p99_micros: f64,
    /// Server CPU a request.
    cpu_micros: Option<f64>,
    /// Share of the time that the client's threads were on a core.
    busy: f64,
}

/// Both servers, one right after the other.
struct Both {
    bare: Measured,
    server: Measured,
}

impl Both {
    fn ratio(&self) -> Option<f64> {
        Some(self.server.cpu_micros? / self.bare.cpu_micros?)
    }
}

#[derive(Default)]
pub(crate) struct Series {
    rounds: Vec<Both>,
}

impl Series {
    pub(crate) fn add(&mut self, bare: Measured, server: Measured) {
        self.rounds.push(Both { bare, server });
    }

    fn median(&self, of: impl Fn(&Both) -> Option<f64>) -> Option<f64> {
        median(&self.rounds.iter().filter_map(of).collect::<Vec<_>>())
    }

    /// Leaves out the rounds in which either server was slower, unless all were; answers how
    /// many there were.
    pub(crate) fn leave_out_slower_than(&mut self, requests_per_second: f64) -> usize {
        let met = |it: &Both| {
            it.bare.requests_per_second.min(it.server.requests_per_second) >= requests_per_second
        };
        let missed = self.rounds.iter().filter(|it| !met(it)).count();
        if missed < self.rounds.len() {
            self.rounds.retain(met);
        }
        missed
    }
}

/// The same traffic to either server.
pub(crate) struct Pair {
    pub(crate) bare: (String, Option<u32>, Traffic),
    pub(crate) server: (String, Option<u32>, Traffic),
    pub(crate) connections: usize,
    pub(crate) threads: usize,
}

impl Pair {
    fn new(workload: Workload, bench: &Bench, server: &Server, subject: &Subject) -> Self {
        let Workload { kind, batch, groups, .. } = workload;
        // The bare server gets requests of the same bytes, but of those that depend on an answer.
        let queue = Queue::new(&subject.url, groups);
        let bare = Traffic { queue: queue.clone(), batch, kind, checks: None, post: None };
        let checks = Some(Arc::clone(&subject.checks));
        let traffic = Traffic { queue, batch, kind, checks, post: None };
        Self {
            bare: (bench.bare.address.clone(), Some(bench.bare.child.id()), bare),
            server: (server.address.clone(), server.pid, traffic),
            connections: bench.options.connections,
            threads: bench.options.threads,
        }
    }

    pub(crate) async fn bare(&self, rate: f64, length: Duration) -> io::Result<Measured> {
        let (address, pid, traffic) = &self.bare;
        self.measure(address, *pid, traffic, rate, length).await
    }

    pub(crate) async fn server(&self, rate: f64, length: Duration) -> io::Result<Measured> {
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
        let client = std::process::id();
        let before = (pid.and_then(machine::cpu_time), machine::cpu_time(client));
        let until = Until::After(length);
        let mut round = run(address, traffic.clone(), self.connections, rate, until).await?;
        let after = (pid.and_then(machine::cpu_time), machine::cpu_time(client));
        let spent = |before: Option<Duration>, after: Option<Duration>| {
            Some(after?.saturating_sub(before?).as_secs_f64())
        };
        let requests = round.tally.requests as f64;
        let seconds = round.elapsed.as_secs_f64();
        let busy = spent(before.1, after.1).unwrap_or(0.0) / seconds;
        Ok(Measured {
            requests_per_second: round.requests_per_second(),
            messages_per_second: round.tally.messages as f64 / seconds,
            p50_micros: round.tally.latencies.percentile_micros(50.0),
            p99_micros: round.tally.latencies.percentile_micros(99.0),
            cpu_micros: spent(before.0, after.0).map(|it| it * 1_000_000.0 / requests),
            busy: busy / self.threads as f64,
        })
    }
}
