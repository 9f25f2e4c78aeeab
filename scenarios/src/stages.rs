//! Sets the order system up in each stage.

use crate::api::{Api, Front};
use crate::cast::{Cast, Simulated, Twins};
use crate::crash::Crash;
use crate::form::{Form, Notifier};
use crate::lambda::{self, Lambda};
use crate::story::Story;
use crate::trouble::Schedule;
use crate::world::OrderWorld;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::SdkConfig;
use harness::record::Watcher;
use harness::stage::local::{self, Executables, Fleet, Local, Process, Ready, START_WITHIN, ready};
use harness::stage::simulated::{self, Simulation};
use harness::stage::{Detail, OBSERVER};
use harness::{Run, Script};
use orderflow::adapters::clock::{SystemClock, TokioClock};
use orderflow::adapters::memory_stream::MemoryStream;
use orderflow::domain::Timestamp;
use orderflow::ports::{Clock, SeededIds};
use orderflow::{Aws, Config, Deps, Names, Role, TimingProfile, infra};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::time::Instant;

/// Of all resource names.
const PREFIX: &str = "shop";
/// The emulator takes the account from the access key; the real AWS never sees it.
const ACCESS_KEY: &str = "000000000000";
const REGION: &str = "us-east-1";

/// What else a simulation may have.
#[derive(Default)]
pub(crate) struct Extras {
    /// Is told of every call to AWS, from the first resource on.
    pub(crate) watcher: Option<Watcher>,
    /// Lets a role die.
    pub(crate) crash: Option<Crash>,
    pub(crate) form: Form,
    /// When something will be made to go wrong.
    pub(crate) schedule: Schedule,
}

/// The system's real code on the real SDK clients, in this process, in virtual time.
pub(crate) fn play_simulated(
    script: &Script,
    seed: u64,
    detail: Detail,
    form: Form,
) -> Result<Run, String> {
    let schedule = Schedule::of(&script.nemesis);
    let extras = Extras { form, schedule, ..Extras::default() };
    let build = async |it: &Simulation| simulated_world(it, extras).await;
    simulated::play_in_detail(script, seed, detail, build)
}

pub(crate) fn play_with(script: &Script, seed: u64, extras: Extras) -> Result<Run, String> {
    let schedule = match extras.crash {
        // It comes at a call, and nobody knows when that is.
        Some(_) => Schedule::always(),
        None => Schedule::of(&script.nemesis),
    };
    let extras = Extras { schedule, ..extras };
    let build = async |it: &Simulation| simulated_world(it, extras).await;
    simulated::play_in_detail(script, seed, Detail::Failures, build)
}

async fn simulated_world(simulation: &Simulation, extras: Extras) -> Result<OrderWorld, String> {
    let Extras { watcher, crash, form, schedule } = extras;
    watcher.into_iter().for_each(|watcher| simulation.recorder.watch(watcher));
    let names = Names::parse(PREFIX).map_err(|error| error.to_string())?;
    let names = names.with_queues(form.queues());
    let config = Config::new(names.clone(), TimingProfile::Standard);
    let notified = form.notifications == Notifier::Lambda;
    let function = notified.then(|| lambda::settings(Path::new("orderflow"))).transpose()?;
    let config = Config { saga: form.saga, function, ..config };
    let retries = simulation.retry_partition();
    let aws = Aws::from(simulation.sdk_config()).with_retry_partition(retries);
    let made = infra::apply(&aws, &config).await;
    made.map_err(|failure| format!("infra apply: {failure}"))?;
    let mut story = Story::new(simulation.timeline.clone(), PREFIX);
    simulation.recorder.watch(Box::new(move |exchange| story.tell(exchange)));
    let epoch = Timestamp::from_millis(simulation.emulator.now().millis());
    let stream = MemoryStream::new();
    let deps = Deps {
        clock: Arc::new(TokioClock::starting_at(epoch)),
        ids: Arc::new(SeededIds::new(simulation.seed)),
        gateway: None,
        stream: Some(Arc::new(stream.clone())),
    };
    let lambda = Lambda::new(config.clone(), aws.clone(), deps.clone(), crash.clone());
    let lambda = notified.then_some(lambda);
    lambda.iter().try_for_each(|lambda| lambda.install(&simulation.emulator))?;
    let front = Front::default();
    let own = |role: Role| {
        let aws = Aws::from(simulation.sdk_config_of(role.as_str()));
        (role, aws.with_retry_partition(simulation.retry_partition()))
    };
    let own = BTreeMap::from(Role::ALL.map(own));
    let (all, running) = (own.clone(), Vec::new());
    let twins = Twins { config: config.clone(), aws: all, deps: deps.clone(), running };
    let (beside, told) = ((crash, lambda), simulation.timeline.clone());
    let cast = Simulated::start(config, own, deps, front.clone(), beside, told).await?;
    let cast = Cast::Simulated(Box::new(cast));
    let door = harness::aws::Aws::here(simulation.emulator.clone());
    let aws = (simulation.observer().into(), door);
    let timeline = simulation.timeline.clone();
    let epoch = (Instant::now(), epoch);
    let world = OrderWorld::new(Api::InProcess(front), cast, aws, names, timeline, epoch);
    let emulator = Some(simulation.emulator.clone());
    Ok(OrderWorld { stream: Some(stream), emulator, twins: Some(twins), schedule, ..world })
}

/// The emulator and the system as processes, in real time with short durations. `brokers` are
/// somebody's; else it has embedded ones. `cargo` is the variable `CARGO`: under it, the
/// executables are built first.
pub(crate) fn play_local(
    script: &Script,
    seed: u64,
    detail: Detail,
    brokers: Option<&str>,
    cargo: Option<&OsStr>,
    form: Form,
) -> Result<Run, String> {
    let executables = Executables::find(cargo, &["skyrig", "orderflow"])?;
    let schedule = Schedule::of(&script.nemesis);
    let build = async |local: &mut Local| {
        let world = local_world(local, seed, brokers, form).await?;
        let timing = TimingProfile::Fast.timing();
        Ok(OrderWorld { schedule, timing, ..world })
    };
    local::play(script, seed, detail, executables, build)
}

async fn local_world(
    local: &mut Local,
    seed: u64,
    brokers: Option<&str>,
    form: Form,
) -> Result<OrderWorld, String> {
    // Somebody's brokers may still have what an earlier system wrote.
    let unused = || format!("{PREFIX}-{}", SystemClock.now().as_millis());
    let prefix = brokers.map_or(PREFIX.to_owned(), |_| unused());
    let names =
        Names::parse(&prefix).map_err(|error| error.to_string())?.with_queues(form.queues());
    let endpoint = format!("http://{}", local.emulator(seed).await?);
    let program = local.executables.path("orderflow")?;
    let (at, emulator) = (At::Emulator(endpoint.clone()), endpoint);
    let mut orderflow = Orderflow { program, at, prefix, brokers: String::new(), form };
    orderflow.apply(local).await?;
    orderflow.brokers = match brokers {
        Some(brokers) => brokers.to_owned(),
        None => orderflow.kafka(local).await?,
    };
    let (api, fleet) = orderflow.start_all(local).await?;
    let door = harness::aws::Aws::at(emulator.trim_start_matches("http://"));
    let aws = (local_sdk(&emulator).await.into(), door);
    let timeline = local.timeline.clone();
    let epoch = (Instant::now(), SystemClock.now());
    let world = OrderWorld::new(api, Cast::Local(fleet), aws, names, timeline, epoch);
    Ok(OrderWorld { tells_history: true, ..world })
}

/// Where its processes find AWS.
pub(crate) enum At {
    /// At this endpoint, with credentials that mean nothing.
    Emulator(String),
    /// With the credentials of this process.
    Aws { region: String },
}

/// How the system is started on this machine.
pub(crate) struct Orderflow {
    pub(crate) program: PathBuf,
    pub(crate) at: At,
    pub(crate) prefix: String,
    /// The stream's.
    pub(crate) brokers: String,
    pub(crate) form: Form,
}

impl Orderflow {
    /// Starts the API and all other roles. Answers how to reach the API.
    pub(crate) async fn start_all(&self, local: &mut Local) -> Result<(Api, Fleet), String> {
        let mut fleet = Fleet::default();
        let api = self.api(local, &mut fleet).await?;
        let others = Role::ALL.into_iter().filter(|role| match role {
            Role::Api => false,
            Role::Notifications => self.form.notifications == Notifier::Role,
            _ => true,
        });
        for role in others {
            self.worker(role, local, &mut fleet).await?;
        }
        Ok((Api::http(&format!("http://{api}")), fleet))
    }

    fn start(&self, name: &str, arguments: &[&str]) -> Result<Process, String> {
        let settings: &[(&str, &str)] = match &self.at {
            At::Emulator(_) => &[
                ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
                ("AWS_SECRET_ACCESS_KEY", "local"),
                ("AWS_REGION", REGION),
            ],
            At::Aws { .. } => &[],
        };
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).into()));
        Process::start(name, &self.program, self.arguments(arguments), settings)
    }

    fn arguments<'a>(&'a self, own: &[&'a str]) -> Vec<&'a str> {
        let at = match &self.at {
            At::Emulator(endpoint) => vec!["--endpoint", endpoint],
            At::Aws { region } => vec!["--aws", "--region", region],
        };
        let system = [&at[..], &["--prefix", &self.prefix]].concat();
        let kind = ["--timing", "fast", "--saga", self.form.saga.as_str()];
        let fifo: &[&str] = if self.form.fifo { &["--fifo"] } else { &[] };
        [own, &system[..], &kind, fifo].concat()
    }

    /// Makes the AWS resources, with the function if there shall be one.
    async fn apply(&self, local: &mut Local) -> Result<(), String> {
        let archive = match self.form.notifications {
            Notifier::Role => None,
            Notifier::Lambda => Some(lambda::Archive::write(&self.program)?),
        };
        let file = archive.as_ref().map(|archive| archive.path()).transpose()?;
        let function = file.map(|file| ["--function-zip", file]);
        let arguments =
            [&["infra", "apply"][..], function.as_ref().map_or(&[][..], |it| &it[..])].concat();
        let mut apply = self.start("orderflow infra apply", &arguments)?;
        let applied = apply.success(START_WITHIN).await;
        local.keep(apply);
        applied
    }

    /// Starts a broker in memory on a free port and answers with its address.
    pub(crate) async fn kafka(&self, local: &mut Local) -> Result<String, String> {
        let mut process = self.start("orderflow kafka", &["kafka"])?;
        let brokers = process.word_after("brokers at ", START_WITHIN).await;
        local.keep(process);
        brokers
    }

    /// Starts the API on a free port and answers with its address. It keeps the port for its next
    /// lives.
    async fn api(&self, local: &mut Local, fleet: &mut Fleet) -> Result<String, String> {
        let run = ["run", "--roles", "api", "--demo", "--listen"];
        let mut process = self.start("orderflow api", &[&run[..], &["127.0.0.1:0"]].concat())?;
        let address = process.word_after("listening on http://", START_WITHIN).await;
        if let Ok(address) = &address {
            process.again_with(self.arguments(&[&run[..], &[address]].concat()));
        }
        let path = "/health/live".to_owned();
        let answers = Ready::Answers { address: address.clone().unwrap_or_default(), path };
        fleet.add(local, Role::Api.as_str(), process, answers);
        let address = address?;
        ready(&address, "/health/live", START_WITHIN).await?;
        Ok(address)
    }

    async fn worker(&self, role: Role, local: &mut Local, fleet: &mut Fleet) -> Result<(), String> {
        const RUNS: &str = "running as";
        let run = ["run", "--roles", role.as_str(), "--kafka", &self.brokers];
        let mut process = self.start(&format!("orderflow {role}"), &run)?;
        let started = process.writes(RUNS, START_WITHIN).await;
        fleet.add(local, role.as_str(), process, Ready::Writes(RUNS.to_owned()));
        started
    }
}

async fn local_sdk(endpoint: &str) -> SdkConfig {
    let credentials = Credentials::new(OBSERVER, "local", None, None, "the local stage");
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(orderflow::adapters::https::client())
        .endpoint_url(endpoint)
        .region(Region::from_static(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .load()
        .await
}

#[cfg(test)]
mod tests {
    use super::{Detail, play_simulated};
    use crate::form::Form;
    use crate::library;
    use crate::words::CATALOG;
    use harness::Run;
    use std::path::Path;

    fn run(name: &str, seed: u64) -> Run {
        run_led(name, seed, Form::default())
    }

    fn run_led(name: &str, seed: u64, form: Form) -> Run {
        let script = library::find(name).expect("a scenario");
        let run = play_simulated(&script, seed, Detail::Failures, form).expect("a world");
        assert!(run.passed, "{}", run.text("-"));
        run
    }

    fn history(run: Run) -> String {
        run.hashes.expect("a simulation has them").history
    }

    #[test]
    fn the_scenarios_pass_and_the_seed_decides_everything() {
        for script in library::sample().expect("good scripts") {
            let first = run(&script.name, 1);
            let second = run(&script.name, 1);
            assert_eq!(first.timeline, second.timeline, "{}", script.name);
            assert_eq!(first.hashes, second.hashes, "{}", script.name);
            let other = history(run(&script.name, 2));
            assert_ne!(history(first), other, "{}", script.name);
        }
    }

    /// The same stories, and the same must hold.
    #[test]
    fn the_scenarios_pass_led_by_a_state_machine() {
        for script in library::sample().expect("good scripts") {
            run_led(&script.name, 1, Form::LED);
        }
    }

    /// Each is the least case of a bug that exploring once found.
    #[test]
    fn what_exploring_found_stays_mended() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions");
        let files = folder.read_dir().expect("the folder").map(|entry| entry.expect("it").path());
        let mut files: Vec<_> = files.collect();
        files.sort();
        assert!(!files.is_empty());
        for file in files {
            run(&file.to_string_lossy(), 1);
        }
    }

    /// One role is killed with a payment in hand, one paused for longer than the visibility time,
    /// one restarted, and the API is away when it is asked.
    const DISTURBED: &str = r#"
name: disturbed
story: x
given:
  - { do: receive_stock, with: { product: lamp, quantity: 10 } }
nemesis:
  - { fault: delay, with: { seconds: 0.3 }, on: { service: dynamodb }, until: 20s }
  - { fault: kill, on: { role: payments }, from: 6s, until: 12s, must_fire: true }
  - { fault: pause, on: { role: orders }, from: 6s, until: 40s, must_fire: true }
  - { fault: restart, on: { role: inventory }, from: 2s, must_fire: true }
  - { fault: kill, on: { role: api }, from: 3s, until: 30s, must_fire: true }
  - { fault: kill, on: { role: projector }, from: 8s, must_fire: true }
when:
  - each: [o-1, o-2, o-3]
    do: place_order
    with:
      id: "${each}"
      customer: ann
      items: [{ product: lamp, quantity: 1, unit_price: "5.00" }]
    every: 1s
  - each: [o-1, o-2, o-3]
    do: confirm_order
    with: { order: "${each}", payment_method: card, if_allowed: true }
then:
  - each: [o-1, o-2, o-3]
    eventually: { see: order_history, of: { order: "${each}" }, contains: OrderShipped, within: 9m }
invariants: all
"#;

    /// Each line makes a product run low: no reservation writes more.
    #[test]
    fn an_order_of_most_lines_is_reserved_in_one_transaction() {
        let lines = || 1..=orderflow::domain::order::LINES_MAX;
        let stock =
            |n| format!("  - {{ do: receive_stock, with: {{ product: p{n}, quantity: 11 }} }}");
        let line =
            |n| format!("          - {{ product: p{n}, quantity: 1, unit_price: \"1.00\" }}");
        let text = format!(
            "name: many-lines\nstory: x\ngiven:\n{}\nwhen:\n  - do: place_order\n    with:\n      \
             customer: ann\n      items:\n{}\n    as: order\nthen:\n  - eventually: {{ see: \
             audit_trail, of: {{ order: \"${{order.id}}\" }}, contains: {{ complete: true }}, \
             within: 1m }}\n  - eventually: {{ see: order_history, of: {{ order: \
             \"${{order.id}}\" }}, contains: StockAllocated, within: 1m }}\ninvariants: all\n",
            lines().map(stock).collect::<Vec<_>>().join("\n"),
            lines().map(line).collect::<Vec<_>>().join("\n"),
        );
        let script = harness::script::parse("test.yaml", &text, &CATALOG);
        let script = script.expect("a good script");
        let run = play_simulated(&script, 1, Detail::Failures, Form::default());
        let run = run.expect("a world");
        assert!(run.passed, "{}", run.text("-"));
    }

    #[test]
    fn disturbed_roles_come_back_and_the_seed_decides_everything() {
        let script = harness::script::parse("test.yaml", DISTURBED, &CATALOG);
        let script = script.expect("a good script");
        for form in [Form::default(), Form::LED, Form::LAMBDA] {
            let play = || {
                let run = play_simulated(&script, 1, Detail::Failures, form).expect("a world");
                assert!(run.passed, "{}", run.text("-"));
                run.hashes
            };
            assert_eq!(play(), play());
        }
    }
}
