//! The program `skyrig`: its commands.

mod asking;
mod attaching;
mod client;
mod credentials;
mod health;
mod hooks;
mod log;
mod metrics;
mod serve;
mod signals;
mod tail;
mod taken;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use skyrig::edge::Supervise;

use asking::Question;
use attaching::Attach;
use client::ClientError;
use health::Health;
use log::Log;
use metrics::Metrics;
use serve::Serve;
use tail::Tail;
use taken::Taken;

/// Half of what a request costs beyond HTTP is small allocations; the system's allocator is slower
/// at them and keeps more memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// Look at log groups of an emulator that runs.
    #[command(subcommand)]
    Logs(Logs),
    /// Show a namespace's metrics, or one of them as a chart.
    Metrics(Metrics),
    /// What became of a message, event or request: its id, or a text such as an order's number.
    Trace(Question),
    /// Why nothing is in a queue, or comes to a topic or bus: its name, ARN or URL.
    Why(Question),
    /// Whether an emulator serves, and has run the scripts of ready.d.
    Health(Health),
    /// Functions of an emulator that runs.
    #[command(subcommand)]
    Lambda(Lambda),
    #[command(hide = true)]
    Supervise(Supervise),
}

#[derive(Debug, Subcommand)]
enum Lambda {
    /// Run a program as the code of a function: under a debugger, or with hot reload.
    Attach(Attach),
}

#[derive(Debug, Subcommand)]
enum Logs {
    /// Show a group's events as they come.
    Tail(Tail),
}

fn main() -> ExitCode {
    let serve = match Arguments::parse().command {
        Command::Serve(serve) => serve,
        Command::Logs(Logs::Tail(tail)) => return show(&tail),
        Command::Metrics(metrics) => return answered(metrics.text()),
        Command::Trace(question) => return answered(question.trace()),
        Command::Why(question) => return answered(question.why()),
        Command::Health(health) => return answered(health.ask()),
        Command::Lambda(Lambda::Attach(attach)) => {
            return attach.run(say).unwrap_or_else(|reason| failed(&reason));
        }
        Command::Supervise(supervise) => return supervise.run(),
    };
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        // What is no text is none of those that count.
        Some((name.into_string().ok()?, value.into_string().ok()?))
    });
    let taken = match Taken::of(&variables.collect()) {
        Ok(taken) => taken,
        Err(reason) => return failed(&reason),
    };
    let log = match Log::begin(taken.log.as_deref()) {
        Ok(log) => log,
        Err(reason) => return failed(&reason),
    };
    let result = serve::run(serve, taken, &log);
    log.end();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => failed(&reason),
    }
}

fn show(tail: &Tail) -> ExitCode {
    match tail::run(tail, &mut std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => failed(&reason),
    }
}

fn answered(answer: Result<String, ClientError>) -> ExitCode {
    match answer {
        Ok(answer) => {
            say(answer.trim_end());
            ExitCode::SUCCESS
        }
        Err(reason) => failed(&reason),
    }
}

fn failed(reason: &dyn std::fmt::Display) -> ExitCode {
    // Whoever closed standard error does not want to know.
    let _closed = writeln!(std::io::stderr(), "skyrig: {reason}");
    ExitCode::FAILURE
}

/// Writes to standard output.
fn say(lines: &str) {
    let mut out = std::io::stdout();
    // Nobody may be reading; that is no reason to stop.
    let _closed = writeln!(out, "{lines}");
    let _closed = out.flush();
}
