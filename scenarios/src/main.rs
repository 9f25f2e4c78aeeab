//! `scenario`: plays scripted stories against the order system, in virtual or in real time.

mod api;
#[cfg(test)]
mod asked;
mod calls;
mod cast;
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
mod read_side;
mod replaying;
mod sagas;
mod shipping;
mod stages;
mod story;
mod swarm;
#[cfg(test)]
mod tests;
mod trouble;
mod words;
mod workload;
mod world;

use clap::{Parser, Subcommand, ValueEnum, value_parser};
use crash::Extent;
use exploring::Draw;
use form::Form;
use harness::explore::{Plan, Shard, merge_and_show};
use harness::stage::Detail;
use harness::{Run, Script, junit, page};
use harness::{say, tell};
use measure::Figure;
use orderflow::adapters::endpoint::Endpoint;
use std::path::{Path, PathBuf};
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
    Run {
        /// Names from `scenario list`, or script files.
        #[arg(required = true)]
        scenarios: Vec<String>,
        /// Simulated: one process, virtual time. Local: real processes, real time.
        #[arg(long, value_enum, default_value_t = Stage::Simulated)]
        stage: Stage,
        /// The brokers of the local stage's stream, HOST:PORT,…; embedded ones by default, which
        /// its processes share.
        #[arg(long, value_name = "BROKERS")]
        kafka: Option<String>,
        /// Decides everything in the simulated stage.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// One JSON document a scenario instead of text.
        #[arg(long)]
        json: bool,
        /// Also write the verdicts as JUnit XML, for CI systems.
        #[arg(long, value_name = "FILE")]
        junit: Option<PathBuf>,
        /// Also write one HTML page: a sequence diagram, the queues over time, what went wrong.
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
    },
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
    /// The scenarios that come with this program.
    List,
    /// The actions and observations that scripts may use.
    Words,
    /// The JSON Schema of scripts.
    Schema,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Stage {
    Simulated,
    Local,
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
        Command::Run { scenarios, stage, kafka, seed, json, junit, html } => {
            let place = ChosenStage::new(stage, kafka)?;
            let detail = if html.is_some() { Detail::Page } else { Detail::Failures };
            let mut shown = Vec::new();
            // All are read before the first is played: a typo in the last shows at once.
            let found = scenarios.iter().map(|word| Ok((word, library::find(word)?)));
            let found: Vec<_> = found.collect::<Result<_, String>>()?;
            for (word, script) in found {
                let run = place.play(&script, seed, detail, form)?;
                let again = place.replay(word, seed) + &form.flags();
                show(&run, &again, json)?;
                shown.push((again, run));
            }
            let runs: Vec<_> = shown.iter().map(|(replay, run)| (run, replay.as_str())).collect();
            write(junit.as_deref(), || junit::document(&runs))?;
            write(html.as_deref(), || page::document(&runs))?;
            Ok(runs.iter().all(|(run, _)| run.passed))
        }
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

enum ChosenStage {
    Simulated,
    Local { brokers: Option<String> },
}

impl ChosenStage {
    fn new(stage: Stage, brokers: Option<String>) -> Result<Self, String> {
        let endpoint = brokers.as_deref().map(str::parse::<Endpoint>).transpose();
        match (stage, endpoint.map_err(|error| error.to_string())?) {
            (Stage::Local, None | Some(Endpoint::Brokers { .. })) => Ok(Self::Local { brokers }),
            (Stage::Local, Some(_)) => {
                Err("--kafka HOST:PORT: the system's processes need brokers \
                                            that all of them reach; without it they share one"
                    .to_owned())
            }
            (Stage::Simulated, None) => Ok(Self::Simulated),
            (Stage::Simulated, Some(_)) => {
                Err("--kafka needs --stage local: a simulation has its stream in memory".to_owned())
            }
        }
    }

    fn play(&self, script: &Script, seed: u64, detail: Detail, form: Form) -> Result<Run, String> {
        match self {
            Self::Simulated => stages::play_simulated(script, seed, detail, form),
            Self::Local { brokers } => {
                // Set by cargo for what it runs, and by nobody else.
                let cargo = std::env::var_os("CARGO");
                let brokers = brokers.as_deref();
                stages::play_local(script, seed, detail, brokers, cargo.as_deref(), form)
            }
        }
    }

    /// The one command that does the same again.
    fn replay(&self, word: &str, seed: u64) -> String {
        match self {
            Self::Simulated => format!("scenario run {word} --seed {seed}"),
            Self::Local { brokers: None } => format!("scenario run {word} --stage local"),
            Self::Local { brokers: Some(brokers) } => {
                format!("scenario run {word} --stage local --kafka {brokers}")
            }
        }
    }
}

fn show(run: &Run, again: &str, json: bool) -> Result<(), String> {
    if json {
        let text = serde_json::to_string(run).map_err(|error| error.to_string())?;
        say!("{text}");
    } else {
        say!("{}", run.text(again));
    }
    Ok(())
}

/// Writes a file that was asked for.
fn write(path: Option<&Path>, text: impl FnOnce() -> String) -> Result<(), String> {
    let Some(path) = path else { return Ok(()) };
    std::fs::write(path, text()).map_err(|error| format!("{}: {error}", path.display()))
}
