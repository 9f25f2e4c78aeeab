//! What simulating costs: a call to AWS, an idle day, a seed. Everything is wall time of this
//! machine; the cost of a call stands beside that of an SDK call that is answered at once.

use crate::form::Form;
use crate::library;
use crate::{exploring, stages};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use clap::ValueEnum;
use harness::explore::{Plan, explore};
use harness::stage::Detail;
use harness::{Run, Script, say};
use std::time::{Duration, Instant};

/// What is measured.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Figure {
    /// Wall time of a call to AWS in a simulation, on one thread.
    Call,
    /// Wall time of a day in which nobody orders anything.
    Day,
    /// Seeds that are explored in a minute on all processors.
    Seeds,
}

/// Most microseconds of a call.
const CALL_MAX: f64 = 150.0;
/// Most seconds of an idle day.
const DAY_MAX: f64 = 60.0;
/// Fewest seeds a minute.
const SEEDS_MIN: f64 = 200.0;

/// Seeds whose calls are measured, each beside so many bare ones.
const SEEDS: u64 = 15;
pub(crate) const BARE_CALLS: u32 = 2000;
const ORDERS: u32 = 20;
const EXPLORED_FOR: Duration = Duration::from_secs(60);

/// Measures and prints. True if every bar was reached.
pub(crate) fn measure(figures: &[Figure]) -> Result<bool, String> {
    let figures = if figures.is_empty() { Figure::value_variants() } else { figures };
    let mut reached = true;
    for figure in figures {
        reached &= match figure {
            Figure::Call => call()?,
            Figure::Day => day()?,
            Figure::Seeds => seeds(true) & seeds(false),
        };
    }
    Ok(reached)
}

fn call() -> Result<bool, String> {
    let (mut simulated, mut bare) = (Vec::new(), Vec::new());
    for seed in 1..=SEEDS {
        let case = exploring::plain(seed, ORDERS, Form::default());
        let (took, run) = timed(|| play(&case, seed));
        let run = run?;
        simulated.push(took.as_secs_f64() * 1e6 / (run.calls + run.looks) as f64);
        let (took, done) = timed(bare_calls);
        done?;
        bare.push(took.as_secs_f64() * 1e6 / f64::from(BARE_CALLS));
    }
    let (simulated, bare) = (median(simulated), median(bare));
    let ratio = simulated / bare;
    say!("a call in a simulation: {simulated:.0} µs, {ratio:.2} times a bare SDK call");
    say!("  bare SDK call: {bare:.0} µs; medians of {SEEDS} seeds of {ORDERS} orders");
    Ok(verdict(simulated <= CALL_MAX, &format!("at most {CALL_MAX} µs")))
}

fn day() -> Result<bool, String> {
    let script = library::parse("idle day", IDLE_DAY)?;
    let (took, run) = timed(|| play(&script, 1));
    let (run, took) = (run?, took.as_secs_f64());
    if !run.passed {
        return Err(run.text("scenario measure day"));
    }
    let calls = run.calls;
    say!("an idle day of the order system: {took:.1} s, {calls} calls to AWS");
    Ok(verdict(took <= DAY_MAX, &format!("at most {DAY_MAX} s")))
}

const IDLE_DAY: &str = "\
name: idle day
story: Nobody orders anything.
when:
  - at: 24h
then:
  - never: { see: metric, of: { name: OrdersPlaced }, at_least: 1, within: 1s }
";

/// The bar is that of seeds played once; played twice, none may fail either.
fn seeds(once: bool) -> bool {
    let plan = Plan { limit: Some(EXPLORED_FOR), once, ..Plan::new(1..u64::MAX) };
    let draw = |seed| exploring::plain(seed, ORDERS, Form::default());
    let (took, explored) = timed(|| explore(&plan, draw, play));
    let (seeds, failed) = (explored.seeds, explored.failures.len());
    let rate = seeds as f64 * 60.0 / took.as_secs_f64();
    let times = if once { "once" } else { "twice" };
    say!("seeds of {ORDERS} orders with faults, each played {times}: {rate:.0} a minute");
    say!("  {seeds} seeds, {failed} failed, {} calls to AWS", explored.coverage.calls);
    match once {
        true => verdict(failed == 0 && rate >= SEEDS_MIN, &format!("at least {SEEDS_MIN}")),
        false => failed == 0,
    }
}

pub(crate) fn verdict(reached: bool, bar: &str) -> bool {
    say!("  {} the bar: {bar}", if reached { "reaches" } else { "MISSES" });
    reached
}

fn play(case: &Script, seed: u64) -> Result<Run, String> {
    stages::play_simulated(case, seed, Detail::Failures, Form::default())
}

#[expect(clippy::disallowed_methods, reason = "it is real time that is measured")]
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begin = Instant::now();
    let done = work();
    (begin.elapsed(), done)
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A client of SQS that asks for the same again and again, and is answered at once.
pub(crate) fn bare_calls() -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let sdk = skyrig::Emulator::new().sdk_config().to_builder();
        let sdk = sdk.http_client(SharedHttpClient::new(AtOnce)).build();
        let client = aws_sdk_sqs::Client::new(&sdk);
        for _ in 0..BARE_CALLS {
            let sent = client.send_message().queue_url("http://localhost/1/q").message_body("x");
            sent.send().await.map_err(|error| format!("{error:?}"))?;
        }
        Ok(())
    })
}

/// Answers as SQS does to the message `x`.
#[derive(Clone, Debug)]
struct AtOnce;

const SENT: &str =
    r#"{"MD5OfMessageBody":"9dd4e461268c8034f5c8564e155c67a6","MessageId":"one of many"}"#;

impl HttpClient for AtOnce {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Self)
    }
}

impl HttpConnector for AtOnce {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let ok = aws_smithy_runtime_api::http::StatusCode::try_from(200).expect("a status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(ok, SdkBody::from(SENT))))
    }
}
