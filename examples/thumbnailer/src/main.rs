//! `thumbnailer`: a small system on SNS, SQS and DynamoDB, explored in the harness.
//!
//! [`gallery`], [`worker`] and [`render`] are the system; [`simulation`] plugs it into the
//! harness, and this file is the command line. `docs/new-system.md` goes through it.

mod gallery;
mod render;
mod simulation;
#[cfg(test)]
mod tests;
mod worker;

use clap::{Parser, Subcommand};
use harness::explore::{Commands, Plan, explore_and_show};
use harness::{World, say, script, tell};
use simulation::{Thumbnailer, case, play};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use worker::Version;

/// Pictures, thumbnails and albums that count: a system to explore.
#[derive(Parser)]
#[command(name = "thumbnailer")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Naive counts a picture again when it comes again; mended does not.
    #[arg(long, global = true, value_enum, default_value_t = Version::Mended)]
    version: Version,
}

#[derive(Subcommand)]
enum Command {
    /// Draw uploads and faults from many seeds and play each twice.
    Explore {
        #[arg(long, default_value_t = 100)]
        seeds: u64,
        /// The first seed.
        #[arg(long, default_value_t = 1)]
        from: u64,
        /// Begin no new seed after so many seconds.
        #[arg(long)]
        time: Option<u64>,
    },
    /// Play a script.
    Run {
        file: String,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

fn main() -> ExitCode {
    match command(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            tell!("{error}");
            ExitCode::from(2)
        }
    }
}

/// True if everything that was asked for held.
fn command(Arguments { command, version }: &Arguments) -> Result<bool, String> {
    let again = |file: &str, seed| {
        format!("cargo thumbnailer run {file} --seed {seed} --version {version}")
    };
    match command {
        Command::Explore { seeds, from, time } => {
            let all = Plan::new(*from..from.saturating_add(*seeds));
            let plan = Plan { limit: time.map(Duration::from_secs), ..all };
            let replay = |seed| {
                format!("cargo thumbnailer explore --from {seed} --seeds 1 --version {version}")
            };
            let commands = Commands { replay: &replay, run: &again };
            explore_and_show(&plan, case, |case, seed| play(case, seed, *version), &commands)
        }
        Command::Run { file, seed } => {
            let script = script::read(Path::new(file), &Thumbnailer::CATALOG);
            let run = play(&script.map_err(|errors| errors.to_string())?, *seed, *version)?;
            say!("{}", run.text(&again(file, *seed)));
            Ok(run.passed)
        }
    }
}
