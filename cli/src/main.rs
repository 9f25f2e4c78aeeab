//! The program `skyrig`: its commands.

mod against;
mod asking;
mod attaching;
mod client;
mod credentials;
mod health;
mod hooks;
mod init;
mod log;
mod metrics;
mod playing;
mod recording;
mod rehearse;
mod serve;
mod signals;
mod snapshot;
mod status;
mod tail;
mod taken;
mod worlds;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use skyrig::edge::Supervise;

use asking::Question;
use attaching::Attach;
use client::ClientError;
use health::Health;
use init::Init;
use log::Log;
use metrics::Metrics;
use playing::{At, Replay};
use recording::Record;
use rehearse::Rehearse;
use serve::Serve;
use snapshot::Snapshot;
use status::{Status, Watch};
use tail::Tail;
use taken::Taken;
use worlds::Worlds;

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
    /// What an emulator that runs has: queues with their depths, topics, rules, tables, executions.
    Status(Status),
    /// Show what happens in an emulator that runs, as it happens.
    Watch(Watch),
    /// The worlds of an emulator that runs.
    Worlds(Worlds),
    /// A world as a file: save, load, compare.
    #[command(subcommand)]
    Snapshot(Snapshot),
    /// Write what clients do to a file, until Ctrl-C.
    Record(Record),
    /// Play what `record` has written: here, or against another endpoint, and name what differs.
    Replay(Replay),
    /// Serve the world of a recording as it was before one of its inputs.
    At(At),
    /// Whether an emulator serves, and has run the scripts of ready.d.
    Health(Health),
    /// Functions of an emulator that runs.
    #[command(subcommand)]
    Lambda(Lambda),
    /// Write a first system file and script for `rehearse`, by what a running emulator has.
    Init(Init),
    /// Play scripts with the processes of a system, in any language.
    Rehearse(Rehearse),
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
    let (serve, begins) = match Arguments::parse().command {
        Command::Serve(serve) => (serve, None),
        Command::Logs(Logs::Tail(tail)) => return show(&tail),
        Command::Metrics(metrics) => return answered(metrics.text()),
        Command::Trace(question) => return answered(question.trace()),
        Command::Why(question) => return answered(question.why()),
        Command::Status(status) => return answered(status.text()),
        Command::Watch(watch) => return ended(status::watch(&watch, &mut std::io::stdout())),
        Command::Worlds(worlds) => return answered(worlds.run()),
        Command::Snapshot(snapshot) => return answered(snapshot.run()),
        Command::Record(record) => return answered(record.run()),
        Command::Replay(replay) => return replay.run(say).unwrap_or_else(|reason| failed(&reason)),
        Command::At(at) => match at.begins() {
            Ok((serve, begins)) => (serve, Some(begins)),
            Err(reason) => return failed(&reason),
        },
        Command::Health(health) => return answered(health.ask()),
        Command::Lambda(Lambda::Attach(attach)) => {
            return attach.run(say).unwrap_or_else(|reason| failed(&reason));
        }
        Command::Init(init) => {
            return match init.run() {
                Ok(()) => ExitCode::SUCCESS,
                Err(reason) => failed(&reason),
            };
        }
        Command::Rehearse(rehearse) => return rehearse.run(),
        Command::Supervise(supervise) => return supervise.run(),
    };
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        // What is no text is none of those that count.
        Some((name.into_string().ok()?, value.into_string().ok()?))
    });
    let taken = match Taken::of(&variables.collect(), serve.kept()) {
        Ok(taken) => taken,
        Err(reason) => return failed(&reason),
    };
    let log = match Log::begin(taken.log.as_deref()) {
        Ok(log) => log,
        Err(reason) => return failed(&reason),
    };
    let result = serve::run(serve, (begins, taken), &log);
    log.end();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => failed(&reason),
    }
}

fn show(tail: &Tail) -> ExitCode {
    ended(tail::run(tail, &mut std::io::stdout()))
}

fn ended(result: Result<(), ClientError>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => failed(&reason),
    }
}

fn answered<E: std::fmt::Display>(answer: Result<String, E>) -> ExitCode {
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
