//! `scenario`: plays scripted stories against the order system, in virtual or in real time.

mod api;
#[cfg(test)]
mod asked;
mod at_aws;
mod calls;
mod cast;
mod clocks;
mod crash;
mod customers;
mod disturbed_stream;
mod exploring;
mod figures;
mod form;
mod invariants;
mod lambda;
mod library;
mod load;
mod mail;
mod measure;
mod money;
mod operators;
mod playing;
mod read_side;
mod replaying;
mod sagas;
mod shipping;
mod stages;
mod stories;
mod story;
mod swarm;
#[cfg(test)]
mod tests;
mod trouble;
mod words;
mod workload;
mod world;

use clap::{Parser, Subcommand, value_parser};
use crash::Extent;
use exploring::Draw;
use form::Form;
use harness::explore::{Plan, Shard, merge_and_show};
use harness::stage::Detail;
use harness::{say, tell};
use measure::Figure;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Most of a simulation is the SDK's many small allocations: a fifth less time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Scripted stories against the order system.
#[derive(Parser)]
#[command(name = "scenario", version)]
struct Arguments {
    #[command(flatten)]
    form: Form,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Play scenarios; succeeds only if every expectation of all of them holds.
    Run(playing::Play),
    /// Let each role die at each of its calls to AWS that has an effect: nothing may be lost or
    /// done twice.
    Crash {
        /// Only this role.
        #[arg(long, value_enum)]
        role: Option<orderflow::Role>,
        /// Only one call of each operation, as the tests have it.
        #[arg(long)]
        sample: bool,
    },
    /// Draw orders and faults from many seeds and play each twice in the simulated stage: the
    /// invariants must hold once the faults have ended. Failing cases are shrunk and saved.
    Explore {
        /// Play this scenario with many seeds instead of drawn cases; or `merge`, to put reports
        /// together.
        scenario: Option<String>,
        /// The reports of all parts, for `merge`.
        reports: Vec<PathBuf>,
        /// Play only this part of the seeds, like 2/8, so that eight machines play all.
        #[arg(long, default_value_t = Shard::WHOLE)]
        shard: Shard,
        /// Also write what was found, for `explore merge`.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        #[arg(long, default_value_t = 100, value_parser = value_parser!(u64).range(1..))]
        seeds: u64,
        /// The first seed.
        #[arg(long, default_value_t = 1)]
        from: u64,
        /// Begin no new seed after so many seconds.
        #[arg(long)]
        time: Option<u64>,
        /// Orders of each drawn case; of a swarm's, twice as many at most.
        #[arg(long, default_value_t = 20)]
        orders: u32,
        /// How cases are drawn.
        #[arg(long, value_enum, default_value_t)]
        draw: Draw,
        /// Begin no new seed after one that failed.
        #[arg(long)]
        fail_fast: bool,
        /// Play each seed once instead of twice, and don't compare histories.
        #[arg(long)]
        once: bool,
        /// Shrink and save so many failing cases; the others are only named.
        #[arg(long, default_value_t = 3)]
        shrink: usize,
    },
    /// Play the case that `explore` draws from a seed.
    Replay {
        seed: u64,
        #[arg(long, default_value_t = 20)]
        orders: u32,
        /// How the case is drawn.
        #[arg(long, value_enum, default_value_t)]
        draw: Draw,
    },
    /// Print the script that a seed draws: some orders, confirmations, cancellations and failures.
    Draw {
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[arg(long, default_value_t = 10)]
        orders: u32,
    },
    /// Measure what simulating costs here, and whether that reaches the bars. Meant for a release
    /// build on a machine that does nothing else.
    Measure {
        /// All of them by default.
        #[arg(value_enum)]
        figures: Vec<Figure>,
    },
    /// Count what an order costs with each form of the saga, as docs/sagas.md has it.
    Sagas,
    /// Measure what an order costs, accepted to delivered: the emulator and all roles in this
    /// process. Meant for a release build on a machine that does nothing else.
    Load(load::Load),
    /// Play the scenarios that come with this program, all at once in the simulated stage, the
    /// biggest with a tenth of their arrivals, and compare their pages with those in the folder.
    Stories {
        /// Only these.
        names: Vec<String>,
        #[arg(long, default_value = "docs/stories")]
        folder: PathBuf,
        /// Write the pages instead.
        #[arg(long)]
        write: bool,
    },
    /// The scenarios that come with this program.
    List,
    /// The actions and observations that scripts may use.
    Words,
    /// The JSON Schema of scripts.
    Schema,
}

fn main() -> ExitCode {
    let Arguments { form, command: what } = Arguments::parse();
    match command(what, form) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            tell!("{error}");
            ExitCode::from(2)
        }
    }
}

/// True if everything that was asked for held.
fn command(command: Command, form: Form) -> Result<bool, String> {
    match command {
        Command::Run(play) => playing::play(&play, form),
        Command::Explore { .. } => explore(command, form),
        Command::Replay { seed, orders, draw } => {
            let case = exploring::case(draw, seed, orders, form);
            let run = stages::play_simulated(&case, seed, Detail::Failures, form)?;
            say!("{}", run.text(&exploring::replay(draw, seed, orders, form)));
            Ok(run.passed)
        }
        Command::Draw { seed, orders } => {
            say!("{}", workload::draw(seed, orders).to_yaml()?.trim_end());
            Ok(true)
        }
        Command::Crash { role, sample } => {
            let extent = if sample { Extent::Sample } else { Extent::Whole };
            crash::sweep_and_show(role, extent, form)
        }
        Command::Measure { figures } => measure::measure(&figures),
        Command::Sagas => sagas::compare(),
        Command::Load(load) => load::load(&load),
        Command::Stories { names, folder, write } => stories::tell_all(&names, &folder, write),
        Command::List => {
            for script in library::all()? {
                say!("{}", script.name);
                script.story.lines().for_each(|line| say!("    {line}"));
            }
            Ok(true)
        }
        Command::Words => {
            say!("{}", words::CATALOG.to_string().trim_end());
            Ok(true)
        }
        Command::Schema => {
            say!("{:#}", harness::script::json_schema(&words::CATALOG));
            Ok(true)
        }
    }
}

fn explore(command: Command, form: Form) -> Result<bool, String> {
    let Command::Explore {
        scenario,
        reports,
        shard,
        report,
        seeds,
        from,
        time,
        orders,
        draw,
        fail_fast,
        once,
        shrink,
    } = command
    else {
        return Err("nothing is to be explored".to_owned());
    };
    if scenario.as_deref() == Some("merge") {
        return merge_and_show(&reports);
    }
    if !reports.is_empty() {
        return Err("one scenario, or `merge` with reports".to_owned());
    }
    let limit = time.map(Duration::from_secs);
    let all = Plan::new(from..from.saturating_add(seeds));
    let plan = Plan { limit, fail_fast, once, shrunk_max: shrink, shard, report, ..all };
    exploring::explore(plan, scenario.as_deref(), (draw, orders), form)
}
