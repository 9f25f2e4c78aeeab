//! The stage `aws`: the system's processes on this machine, at AWS itself and at its user's cost.
//! It says first what it would make and what that may cost, and removes in the end what it made.

mod plan;

use crate::cast::Cast;
use crate::form::{Form, Notifier};
use crate::stages::{At, Orderflow};
use crate::world::OrderWorld;
use aws_config::{BehaviorVersion, Region};
use clap::Args;
use harness::stage::Detail;
use harness::stage::local::{self, Executables, Local};
use harness::{Run, Script};
use harness::{say, tell};
use orderflow::adapters::clock::SystemClock;
use orderflow::adapters::https;
use orderflow::ports::Clock;
use orderflow::{Aws, Config, Names, Saga, TimingProfile, infra};
use std::ffi::OsStr;
use tokio::time::Instant;

const REGION: &str = "us-east-1";
/// It would lead the system away from AWS.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";

/// Whose AWS, and whether it shall be used.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// With `--stage aws`: use AWS itself, with your credentials and at your cost.
    #[arg(long)]
    aws: bool,
    /// With `--stage aws`: do it. Else it is only said what would be made.
    #[arg(long)]
    yes: bool,
    /// Of AWS; us-east-1 by default.
    #[arg(long)]
    region: Option<String>,
    /// The beginning of all names at AWS; by default one that nobody had before.
    #[arg(long)]
    prefix: Option<String>,
}

impl Account {
    /// That it was asked for, in so many words.
    pub(crate) fn wanted(&self) -> Result<(), String> {
        if !self.aws {
            return Err(
                "--stage aws uses AWS itself, with your credentials and at your cost: say \
                        --aws, too"
                    .to_owned(),
            );
        }
        if std::env::var_os(ENDPOINT).is_some_and(|url| !url.is_empty()) {
            return Err(format!("--aws and {ENDPOINT} exclude each other"));
        }
        Ok(())
    }

    fn region(&self) -> &str {
        self.region.as_deref().unwrap_or(REGION)
    }

    fn names(&self, form: Form) -> Result<Names, String> {
        let unused = || format!("scenario-{}", SystemClock.now().as_millis());
        let prefix = self.prefix.clone().unwrap_or_else(unused);
        let names = Names::parse(&prefix).map_err(|error| error.to_string())?;
        Ok(names.with_queues(form.queues()))
    }
}

/// What is made for a script: with a tag that says for which.
fn config(script: &Script, names: Names, form: Form) -> Config {
    let mut config = Config::new(names, TimingProfile::Fast);
    config.saga = form.saga;
    config.tags.insert("Scenario".to_owned(), script.name.clone());
    config
}

/// Plays the script, or only says what that would make. `cargo` is the variable `CARGO`.
pub(crate) fn play(
    script: &Script,
    seed: u64,
    account: &Account,
    cargo: Option<&OsStr>,
    form: Form,
) -> Result<Option<Run>, String> {
    let refused = [plan::refusals(script), form_refused(form)].concat();
    if !refused.is_empty() {
        return Err(format!(
            "{} cannot be played at AWS:\n  {}",
            script.name,
            refused.join("\n  ")
        ));
    }
    let config = config(script, account.names(form)?, form);
    for line in plan::lines(script, &config, account.region(), form)? {
        say!("{line}");
    }
    if !account.yes {
        say!("Nothing was made. With --yes it is.");
        return Ok(None);
    }
    let executables = Executables::find(cargo, &["orderflow"])?;
    let aws = in_real_time(async { sdk(account.region()).await })?;
    let build = async |local: &mut Local| world(local, &aws, &config, account.region(), form).await;
    let played = local::play(script, seed, Detail::Failures, executables, build);
    // Whatever came of it; its processes have ended.
    let removed = in_real_time(clean_up(&aws, &config.names))?;
    match &removed {
        Ok(count) => say!("{count} resources were removed"),
        Err(error) => tell!(
            "not everything was removed: {error}; {}",
            plan::removal(&config, account.region())
        ),
    }
    let run = played?;
    removed.map(|_| Some(Run { stage: "aws".to_owned(), ..run }))
}

fn form_refused(form: Form) -> Vec<String> {
    let mut refused = Vec::new();
    if form.notifications == Notifier::Lambda {
        refused.push("--notifications lambda: the function is not built for Lambda".to_owned());
    }
    if form.saga != Saga::default() {
        refused.push("--saga: what a state machine costs was not counted".to_owned());
    }
    refused
}

async fn sdk(region: &str) -> Aws {
    let loader = aws_config::defaults(BehaviorVersion::latest()).http_client(https::client());
    loader.region(Region::new(region.to_owned())).load().await.into()
}

async fn world(
    local: &mut Local,
    aws: &Aws,
    config: &Config,
    region: &str,
    form: Form,
) -> Result<OrderWorld, String> {
    set_up(aws, config).await?;
    let program = local.executables.path("orderflow")?;
    let (at, prefix) = (At::Aws { region: region.to_owned() }, config.names.prefix().to_owned());
    let mut orderflow = Orderflow { program, at, prefix, brokers: String::new(), form };
    orderflow.brokers = orderflow.kafka(local).await?;
    let (api, fleet) = orderflow.start_all(local).await?;
    let (names, timeline) = (config.names.clone(), local.timeline.clone());
    let epoch = (Instant::now(), SystemClock.now());
    let aws = (aws.clone(), harness::aws::Aws::absent());
    let world = OrderWorld::new(api, Cast::Local(fleet), aws, names, timeline, epoch);
    Ok(OrderWorld { tells_history: true, ..world })
}

async fn set_up(aws: &Aws, config: &Config) -> Result<(), String> {
    let made = infra::apply(aws, config).await;
    made.map(drop).map_err(|failure| format!("infra apply: {failure}"))
}

/// Answers how many resources were removed.
async fn clean_up(aws: &Aws, names: &Names) -> Result<usize, String> {
    let removed = infra::destroy(aws, names).await.map_err(|failure| failure.to_string())?;
    Ok(removed.len())
}

fn in_real_time<T>(what: impl Future<Output = T>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| format!("no runtime: {error}"))?.block_on(what))
}

#[cfg(test)]
mod tests;
