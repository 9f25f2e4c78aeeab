//! `bad-clients`: a good client of SQS beside bad ones, one kind after the other, each at a
//! `skyrig serve` of its own. Prints how long the good client's calls take and what memory the
//! server needs; ends with exit code 1 when a call fails or a target is missed.

mod bad;
mod good;
mod server;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::time::Instant;

use bad::{KINDS, Kind};
use server::Server;

/// Measures a good client beside bad ones.
#[derive(Debug, Parser)]
#[command(name = "bad-clients", about)]
struct Arguments {
    /// The program to start; by default the one beside this one.
    #[arg(long)]
    skyrig: Option<PathBuf>,
    /// How long the good client calls beside each kind.
    #[arg(long, default_value_t = 8.0)]
    seconds: f64,
    /// Only these kinds.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Most milliseconds of the good client's 99th percentile.
    #[arg(long, default_value_t = 50.0)]
    p99_ms: f64,
    /// Most resident memory of the server, in MiB.
    #[arg(long, default_value_t = 1536.0)]
    rss_mib: f64,
}

/// How far from where it was memory may be when the bad clients are gone, in MiB.
const KEPT_MIB_MAX: f64 = 128.0;
/// How long it may take to get there.
const BACK_WITHIN: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _untold = writeln!(io::stderr(), "bad-clients: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers whether every target was met.
fn run(arguments: &Arguments) -> io::Result<bool> {
    let skyrig = match &arguments.skyrig {
        Some(program) => program.clone(),
        None => std::env::current_exe()?.with_file_name("skyrig"),
    };
    for name in &arguments.only {
        if KINDS.iter().all(|kind| kind.name != name) {
            let names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
            return Err(io::Error::other(format!(
                "no kind {name}; there are: {}",
                names.join(", ")
            )));
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    writeln!(
        io::stdout(),
        "{:<20} {:>7} {:>7} {:>7} {:>8} {:>8} {:>6} {:>8} {:>8} {:>8}",
        "beside",
        "calls",
        "p50 ms",
        "p99 ms",
        "max ms",
        "new p99",
        "lost",
        "MiB",
        "peak",
        "after"
    )?;
    let mut all_met = true;
    for kind in KINDS {
        if arguments.only.is_empty() || arguments.only.iter().any(|name| name == kind.name) {
            let missed = runtime.block_on(beside(kind, &skyrig, arguments))?;
            all_met &= missed.is_empty();
            for missed in missed {
                writeln!(io::stdout(), "    MISSED: {missed}")?;
            }
        }
    }
    Ok(all_met)
}

/// One row; answers which targets were missed.
async fn beside(
    kind: &Kind,
    skyrig: &std::path::Path,
    arguments: &Arguments,
) -> io::Result<Vec<String>> {
    let server = Server::start(skyrig, kind)?;
    let mut client = good::Client::new(&server.address);
    client.prepare(kind.long_messages).await?;
    let before = server.resident_mib();
    let attack = bad::begin(kind, &server.address);
    let mut peak = before;
    let end = Instant::now() + Duration::from_secs_f64(arguments.seconds);
    while Instant::now() < end {
        client.turn().await?;
        peak = peak.max(server.resident_mib());
    }
    drop(attack);
    let gone = Instant::now();
    let mut after = server.resident_mib();
    while after > before + KEPT_MIB_MAX && gone.elapsed() < BACK_WITHIN {
        // An allocator gives memory back while there is something to do.
        client.turn().await?;
        after = server.resident_mib();
    }
    client.turn().await?;
    let mut calls = client.calls;
    let (p50, p99, max) = (calls.at(50.0), calls.at(99.0), calls.at(100.0));
    let mut row = String::new();
    let _to_string = write!(
        row,
        "{:<20} {:>7} {p50:>7.2} {p99:>7.2} {max:>8.2} {:>8.2} {:>6} {before:>8.1} {peak:>8.1} \
         {after:>8.1}",
        kind.name,
        calls.count(),
        client.new.at(99.0),
        client.lost,
    );
    writeln!(io::stdout(), "{row}")?;
    let targets = [
        (p99 > arguments.p99_ms, "the 99th percentile is too long"),
        (peak > arguments.rss_mib, "too much memory"),
        (after > before + KEPT_MIB_MAX, "memory does not come back"),
        (server.stop() > Duration::from_secs(5), "it did not end within five seconds"),
    ];
    Ok(targets.into_iter().filter(|(missed, _)| *missed).map(|(_, what)| what.to_owned()).collect())
}
