//! `scenario run`: plays scripts in one of the stages, and shows what came of them.

use crate::at_aws::{self, Account};
use crate::form::Form;
use crate::{library, stages};
use clap::{Args, ValueEnum};
use harness::say;
use harness::stage::Detail;
use harness::{Run, Script, junit, page};
use orderflow::adapters::endpoint::Endpoint;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(crate) struct Play {
    /// Names from `scenario list`, or script files.
    #[arg(required = true)]
    scenarios: Vec<String>,
    /// Simulated: one process, virtual time. Local: real processes, real time. Aws: the same
    /// processes at AWS itself.
    #[arg(long, value_enum, default_value_t = Stage::Simulated)]
    stage: Stage,
    /// The brokers of the local stage's stream, HOST:PORT,…; embedded ones by default, which its
    /// processes share.
    #[arg(long, value_name = "BROKERS")]
    kafka: Option<String>,
    #[command(flatten)]
    account: Account,
    /// Decides everything in the simulated stage.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Have only this share of what arrives at a rate arrive, from 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, value_parser = share)]
    share: f64,
    /// One JSON document a scenario instead of text.
    #[arg(long)]
    json: bool,
    /// Also write the verdicts as JUnit XML, for CI systems.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Also write one HTML page: a sequence diagram, the queues over time, what went wrong.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Stage {
    Simulated,
    Local,
    Aws,
}

/// True if all expectations of all scenarios hold, or where nothing was to be played yet.
pub(crate) fn play(asked: &Play, form: Form) -> Result<bool, String> {
    let place = ChosenStage::new(asked)?;
    let detail = if asked.html.is_some() { Detail::Page } else { Detail::Failures };
    let mut shown = Vec::new();
    // All are read before the first is played: a typo in the last shows at once.
    let found = asked.scenarios.iter().map(|word| Ok((word, library::find(word)?)));
    let found: Vec<_> = found.collect::<Result<_, String>>()?;
    for (word, mut script) in found {
        library::thin_out(&mut script, asked.share);
        let own = library::form(&script.name, form);
        let Some(run) = place.play(&script, asked.seed, detail, own)? else { continue };
        let again = place.replay(word, asked.seed) + &thinned(asked.share) + &form.flags();
        show(&run, &again, asked.json)?;
        shown.push((again, run));
    }
    let runs: Vec<_> = shown.iter().map(|(replay, run)| (run, replay.as_str())).collect();
    write(asked.junit.as_deref(), || junit::document(&runs))?;
    write(asked.html.as_deref(), || page::document(&runs))?;
    Ok(runs.iter().all(|(run, _)| run.passed))
}

enum ChosenStage {
    Simulated,
    Local { brokers: Option<String> },
    Aws(Account),
}

impl ChosenStage {
    fn new(asked: &Play) -> Result<Self, String> {
        let brokers = asked.kafka.clone();
        let endpoint = brokers.as_deref().map(str::parse::<Endpoint>).transpose();
        let endpoint = endpoint.map_err(|error| error.to_string())?;
        if !matches!(asked.stage, Stage::Aws) && asked.account != Account::default() {
            return Err("--aws, --yes, --region and --prefix need --stage aws".to_owned());
        }
        match (asked.stage, endpoint) {
            (Stage::Aws, None) => asked.account.wanted().map(|()| Self::Aws(asked.account.clone())),
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
            (Stage::Aws, Some(_)) => {
                Err("--kafka needs --stage local: at AWS the processes share one of their own"
                    .to_owned())
            }
        }
    }

    /// `None` where it only said what it would do.
    fn play(
        &self,
        script: &Script,
        seed: u64,
        detail: Detail,
        form: Form,
    ) -> Result<Option<Run>, String> {
        // Set by cargo for what it runs, and by nobody else.
        let cargo = std::env::var_os("CARGO");
        let cargo = cargo.as_deref();
        match self {
            Self::Simulated => stages::play_simulated(script, seed, detail, form).map(Some),
            Self::Local { brokers } => {
                let brokers = brokers.as_deref();
                stages::play_local(script, seed, detail, brokers, cargo, form).map(Some)
            }
            Self::Aws(account) => at_aws::play(script, seed, account, cargo, form),
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
            Self::Aws(_) => format!("scenario run {word} --stage aws --aws --yes"),
        }
    }
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| "a number above 0 and at most 1".to_owned())
}

fn thinned(share: f64) -> String {
    if share < 1.0 { format!(" --share {share}") } else { String::new() }
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
