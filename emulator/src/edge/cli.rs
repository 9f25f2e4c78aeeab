//! The program `skyrig`: flags, log, signals.

use std::io::Write as _;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};

use super::clock::Mode;
use super::log::Log;
use super::server::{Server, ServerSettings};
use crate::kernel::{Lifecycle, PolicyMode, Settings};

/// An emulator of AWS's messaging services.
#[derive(Debug, Parser)]
#[command(name = "skyrig", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve all services on one HTTP port.
    Serve(Serve),
}

#[derive(Debug, clap::Args)]
struct Serve {
    /// Address and port; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:4566")]
    listen: SocketAddr,
    /// Whether deliveries between services need resource policies, as on AWS.
    #[arg(long, value_enum, default_value = "enforce")]
    policies: Policies,
    /// Refuse settings that are stored but have no effect here.
    #[arg(long)]
    strict: bool,
    /// Lift the rules that only make a client wait (60 seconds between purges, and between deleting
    /// and creating a queue of one name).
    #[arg(long)]
    relaxed: bool,
    /// How long states such as CREATING last: until the next request that reads them, or some
    /// virtual seconds.
    #[arg(long, value_enum, default_value = "until-read")]
    lifecycle: LifecycleMode,
    /// How virtual time follows the machine's.
    #[arg(long, value_enum, default_value = "real")]
    clock: ClockMode,
    /// Seed of all ids.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Threads that serve; by default one a core.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Policies {
    Enforce,
    Warn,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LifecycleMode {
    UntilRead,
    Timed,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ClockMode {
    Real,
    Manual,
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let Command::Serve(serve) = Arguments::parse().command;
    let log = match Log::begin() {
        Ok(log) => log,
        Err(reason) => return failed(&reason),
    };
    let result = run(serve);
    log.end();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => failed(&reason),
    }
}

fn failed(reason: &dyn std::fmt::Display) -> ExitCode {
    // Whoever closed standard error does not want to know.
    let _closed = writeln!(std::io::stderr(), "skyrig: {reason}");
    ExitCode::FAILURE
}

fn run(serve: Serve) -> Result<(), super::ServeError> {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let server = Server::bind(ServerSettings {
        listen: serve.listen,
        threads: serve.threads.map_or(cores, NonZeroUsize::get),
        clock: match serve.clock {
            ClockMode::Real => Mode::Real,
            ClockMode::Manual => Mode::Manual,
        },
        cloud: Settings {
            seed: serve.seed,
            policies: match serve.policies {
                Policies::Enforce => PolicyMode::Enforce,
                Policies::Warn => PolicyMode::Warn,
            },
            strict: serve.strict,
            relaxed: serve.relaxed,
            lifecycle: match serve.lifecycle {
                LifecycleMode::UntilRead => Lifecycle::UntilRead,
                LifecycleMode::Timed => Lifecycle::Timed,
            },
            ..Settings::default()
        },
    })?;
    say(&format!(
        "skyrig listening on http://{}\nState is kept in memory only: it is gone when skyrig ends.",
        server.address()
    ));
    server.run(async {
        let mut interrupt = signal(SignalKind::interrupt()).expect("signals can be listened for");
        let mut terminate = signal(SignalKind::terminate()).expect("signals can be listened for");
        // The line that tools wait for which were made for LocalStack: clients are served, and a
        // signal ends it in order.
        say("Ready.");
        tokio::select! {
            biased;
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Writes to standard output.
fn say(lines: &str) {
    let mut out = std::io::stdout();
    // Nobody may be reading; that is no reason to stop.
    let _closed = writeln!(out, "{lines}");
    let _closed = out.flush();
}
