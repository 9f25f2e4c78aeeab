//! `skyrig rehearse`: scripts played with the processes of a system in any language, on an emulator
//! whose time is moved.

mod explore;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use harness::rehearse::{self, Rehearsal, System, system};
use harness::script::{self, Script};
use harness::stage::Detail;
use harness::{Run, junit, page, say, tell};

use explore::Explore;

/// The exit code when nothing could be played.
const COULD_NOT: u8 = 2;
/// What stands before the seed in the first line of a case's file.
const SEED: &str = "# seed: ";

/// Play scripts with a system's own processes.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Rehearse {
    #[command(subcommand)]
    command: Option<Command>,
    /// The system file: how the system is started.
    #[arg(required = true)]
    system: Option<PathBuf>,
    /// The scripts.
    #[arg(required = true)]
    scripts: Vec<PathBuf>,
    /// Decides what is drawn; by default that of the script's first line, `# seed: N`, or 1.
    #[arg(long)]
    seed: Option<u64>,
    /// One JSON document a script instead of text.
    #[arg(long)]
    json: bool,
    /// Also write the verdicts as JUnit XML, for CI systems.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Also write one HTML page: a sequence diagram, and what went wrong.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play a script with faults and deaths of processes that are drawn from many seeds.
    Explore(Explore),
    /// The words that scripts may use.
    Words {
        /// With the processes of this system file.
        system: Option<PathBuf>,
    },
    /// The JSON Schema of system files, or of scripts.
    Schema {
        /// Of scripts, with the processes of this system file.
        #[arg(long, value_name = "SYSTEM")]
        scripts: Option<PathBuf>,
    },
}

impl Rehearse {
    pub(crate) fn run(self) -> ExitCode {
        let played = match self.command {
            None => self.play(),
            Some(Command::Explore(explore)) => explore.run(),
            Some(Command::Words { system }) => words(system.as_deref()),
            Some(Command::Schema { scripts }) => schema(scripts.as_deref()),
        };
        match played {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                tell!("{error}");
                ExitCode::from(COULD_NOT)
            }
        }
    }

    /// True if every expectation of all scripts holds.
    fn play(self) -> Result<bool, String> {
        let Self { system, scripts, seed, json, junit, html, .. } = self;
        let file = system.unwrap_or_default();
        let rehearsal = rehearsal(&file)?;
        // All are read before the first is played: a typo in the last shows at once.
        let found = scripts.iter().map(|script| Ok((script, read(&rehearsal.system, script)?)));
        let found: Vec<_> = found.collect::<Result<_, String>>()?;
        let detail = if html.is_some() { Detail::Page } else { Detail::Failures };
        let mut shown = Vec::new();
        for (path, (script, own_seed)) in found {
            let seed = seed.unwrap_or(own_seed);
            let run = rehearse::play(&rehearsal, &script, seed, detail)?;
            let again = command(&file, path, seed);
            show(&run, &again, json)?;
            shown.push((again, run));
        }
        let runs: Vec<_> = shown.iter().map(|(replay, run)| (run, replay.as_str())).collect();
        write(junit.as_deref(), || junit::document(&runs))?;
        write(html.as_deref(), || page::document(&runs))?;
        Ok(runs.iter().all(|(run, _)| run.passed))
    }
}

/// The system of this file, with this very program as the emulator.
fn rehearsal(file: &Path) -> Result<Rehearsal, String> {
    let system = system::read(file).map_err(|error| error.to_string())?;
    let skyrig = std::env::current_exe().map_err(|error| format!("which am I? {error}"))?;
    Ok(Rehearsal { system, skyrig })
}

/// A script and its seed.
fn read(system: &System, path: &Path) -> Result<(Script, u64), String> {
    let text = std::fs::read_to_string(path).map_err(at(path))?;
    let catalog = rehearse::catalog(Some(system));
    let script = script::parse(&path.display().to_string(), &text, &catalog);
    let seed = text.lines().next().and_then(|line| line.strip_prefix(SEED)?.trim().parse().ok());
    Ok((script.map_err(|errors| errors.to_string())?, seed.unwrap_or(1)))
}

/// The command that plays a script again.
fn command(system: &Path, script: &Path, seed: u64) -> String {
    format!("skyrig rehearse {} {} --seed {seed}", system.display(), script.display())
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

fn words(file: Option<&Path>) -> Result<bool, String> {
    let system = file.map(system::read).transpose().map_err(|errors| errors.to_string())?;
    say!("{}", rehearse::catalog(system.as_ref()).to_string().trim_end());
    Ok(true)
}

fn schema(scripts: Option<&Path>) -> Result<bool, String> {
    let schema = match scripts {
        None => system::json_schema(),
        Some(file) => {
            let system = system::read(file).map_err(|errors| errors.to_string())?;
            script::json_schema(&rehearse::catalog(Some(&system)))
        }
    };
    say!("{schema:#}");
    Ok(true)
}

/// Writes a file that was asked for.
fn write(path: Option<&Path>, text: impl FnOnce() -> String) -> Result<(), String> {
    let Some(path) = path else { return Ok(()) };
    std::fs::write(path, text()).map_err(at(path))
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> String + '_ {
    move |error: std::io::Error| format!("{}: {error}", path.display())
}
