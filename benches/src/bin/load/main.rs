//! `load`: measures SQS, SNS, EventBridge, CloudWatch and DynamoDB over HTTP at any endpoint,
//! beside a bare HTTP server as the ceiling, on the same machine in the same run. Every answer and
//! every message is checked; a wrong one ends the program with exit code 1. Knows nothing of skyrig
//! but its command line and its pages below `/_skyrig/`.

mod backlog;
mod bare;
mod bench;
mod bodies;
mod clock;
mod fanout;
mod functions;
mod http;
mod idle;
mod machine;
mod message;
mod metrics;
mod rates;
mod report;
mod server;
mod sqs;
mod stats;
mod tables;
mod targets;
mod worker;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Parser, Subcommand};

use bench::{Bench, Options};
use fanout::Fanout;
use message::Faults;
use rates::Workload;
use report::Report;
use server::{Lab, Process};

/// The names that `--only` takes, in the order in which they run.
const NAMES: [&str; 21] = [
    "start",
    "send",
    "cycle",
    "batch",
    "batch-send",
    "fifo-cycle",
    "publish",
    "publish-batch",
    "put-events",
    "put-events-rules",
    "put-metric-data",
    "get-metric-data",
    "put-item",
    "get-item",
    "transact-write",
    "query",
    "invoke",
    "backlog",
    "fifo-backlog",
    "idle",
    "wake",
];

/// Measures SQS over HTTP.
#[derive(Debug, Parser)]
#[command(name = "load", about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// A server that runs already, as http://127.0.0.1:4566; without it `skyrig serve` is started.
    #[arg(long)]
    endpoint: Option<String>,
    /// The process that serves the endpoint: lets its CPU and memory be read.
    #[arg(long, requires = "endpoint")]
    pid: Option<u32>,
    /// The program to start; by default the one beside this one.
    #[arg(long, conflicts_with = "endpoint")]
    skyrig: Option<PathBuf>,
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Seconds of a round at the fixed rate; one in a closed loop is half as long.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Rounds at each server, by turns.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Requests a second while CPU is compared; lowered where a server cannot meet it; 0 is as
    /// many as possible.
    #[arg(long, default_value_t = 12_000.0)]
    rate: f64,
    /// Messages of the large backlog.
    #[arg(long, default_value_t = 1_000_000)]
    backlog: u64,
    /// Threads of the client.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Only these workloads; `memory` comes with `backlog`.
    #[arg(long, value_delimiter = ',', value_parser = NAMES)]
    only: Vec<String>,
    /// Print JSON instead of tables.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve bare HTTP: the ceiling.
    Bare(bare::Bare),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Some(Command::Bare(settings)) => bare::serve(settings).map(|()| true),
        None => measure(&arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _untold = writeln!(io::stderr(), "load: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers whether everything was right; unmet targets are not wrong.
fn measure(arguments: &Arguments) -> io::Result<bool> {
    let mut builder = match arguments.threads {
        0 | 1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = builder.worker_threads(arguments.threads.max(1)).enable_all().build()?;
    let mut bench = bench(arguments)?;
    let wants =
        |name: &str| arguments.only.is_empty() || arguments.only.iter().any(|it| it == name);
    runtime.block_on(async {
        for name in NAMES.into_iter().filter(|name| wants(name)) {
            let _untold = writeln!(io::stderr(), "load: {name}");
            match name {
                "start" => idle::start(&mut bench).await?,
                "backlog" => backlog::standard(&mut bench).await?,
                "fifo-backlog" => backlog::fifo(&mut bench).await?,
                "invoke" => functions::invoke(&mut bench).await?,
                "idle" => idle::idle_and_wake(&mut bench, [true, wants("wake")]).await?,
                "wake" if wants("idle") => {} // Measured beside the idle receivers.
                "wake" => idle::idle_and_wake(&mut bench, [false, true]).await?,
                "publish" | "publish-batch" | "put-events" | "put-events-rules" => {
                    let fanout = Fanout::named(name).expect("NAMES holds no others");
                    fanout.measure(&mut bench).await?;
                }
                name => {
                    let workload = Workload::named(name).expect("NAMES holds no others");
                    workload.measure(&mut bench).await?;
                }
            }
        }
        io::Result::Ok(())
    })?;
    bench.report.faults = bench.faults.lines();
    match arguments.json {
        true => writeln!(io::stdout(), "{:#}", bench.report.json())?,
        false => writeln!(io::stdout(), "{}", bench.report.text())?,
    }
    Ok(bench.report.faults.is_empty())
}

fn bench(arguments: &Arguments) -> io::Result<Bench> {
    let endpoint = arguments.endpoint.as_ref().map(|url| {
        let address = url.strip_prefix("http://").unwrap_or(url).trim_end_matches('/');
        (address.to_owned(), arguments.pid)
    });
    let skyrig = match &arguments.skyrig {
        Some(program) => program.clone(),
        None => std::env::current_exe()?.with_file_name("skyrig"),
    };
    let report = Report {
        machine: machine::description(),
        date: clock::today(),
        subject: arguments.endpoint.clone().unwrap_or_else(|| "skyrig serve".to_owned()),
        ..Report::default()
    };
    Ok(Bench {
        lab: Lab { endpoint, skyrig },
        bare: Process::bare()?,
        options: Options {
            connections: arguments.connections.max(1),
            threads: arguments.threads.max(1),
            round: Duration::from_secs_f64(arguments.seconds.max(0.1)),
            rounds: arguments.rounds.max(1),
            rate: arguments.rate,
            backlog: arguments.backlog.max(100),
        },
        faults: Arc::new(Faults::default()),
        run: format!("{:x}", clock::unix_nanos() / 1_000_000),
        report,
    })
}
