//! What an order costs: the emulator and all roles in one process, on one thread, in virtual time,
//! so nothing waits and all that is measured is work. By turns with bare SDK calls, as machines
//! vary.

use crate::calls::{Calls, Counting};
use crate::measure::{BARE_CALLS, bare_calls, median, verdict};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use axum::Router;
use axum::body::Body;
use clap::Args;
use harness::say;
use http::{Method, Request};
use orderflow::adapters::clock::TokioClock;
use orderflow::adapters::memory_stream::MemoryStream;
use orderflow::domain::{CustomerId, Timestamp};
use orderflow::ports::SeededIds;
use orderflow::{Aws, Config, Deps, Names, Running, System, TimingProfile, infra};
use serde_json::{Value, json};
use skyrig::Emulator;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};
use tower::ServiceExt;

/// Most bare SDK calls whose CPU an order may take.
const BARE_MAX: f64 = 50.0;
/// Virtual time after the last order in which all of them must be delivered.
const SETTLE: Duration = Duration::from_secs(3600);
const LOOK_EVERY: Duration = Duration::from_secs(10);
const PRODUCTS: u32 = 20;
const CUSTOMERS: u32 = 50;

#[derive(Args)]
pub(crate) struct Load {
    /// Orders of each turn.
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    orders: u32,
    /// Orders that are placed in a second of virtual time.
    #[arg(long, default_value_t = 50.0)]
    rate: f64,
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    turns: u32,
    /// Also list the calls of an order to AWS, by operation and by what they are about.
    #[arg(long)]
    calls: bool,
}

/// Prints what an order costs. True if that reaches the bar, and each order was delivered.
pub(crate) fn load(load: &Load) -> Result<bool, String> {
    if !(load.rate > 0.0 && load.rate <= 10_000.0) {
        return Err("--rate is more than 0 and at most 10000".to_owned());
    }
    let (mut orders, mut bare) = (Vec::new(), Vec::new());
    for turn in 0..load.turns {
        let (took, done) = cpu(|| play(load, u64::from(turn) + 1, None));
        done?;
        orders.push(took.as_secs_f64() / f64::from(load.orders));
        let (took, done) = cpu(bare_calls);
        done?;
        bare.push(took.as_secs_f64() / f64::from(BARE_CALLS));
    }
    // Counted apart, as counting costs.
    let counted = Calls::default();
    play(load, 1, Some(counted.clone()))?;
    leave_out_looks(&counted);
    let calls = counted.total() as f64 / f64::from(load.orders);
    let (order, bare) = (median(orders), median(bare));
    let ratio = order / bare;
    say!(
        "an order, accepted to delivered: {:.2} ms of CPU, {ratio:.1} bare SDK calls",
        order * 1e3
    );
    say!("  {:.0} orders a second on one core; {calls:.1} calls to AWS an order", 1.0 / order);
    say!(
        "  bare SDK call: {:.0} µs; medians of {} turns of {} orders, {} a second; all delivered",
        bare * 1e6,
        load.turns,
        load.orders,
        load.rate
    );
    if load.calls {
        counted.show(load.orders);
    }
    Ok(verdict(ratio <= BARE_MAX, &format!("at most {BARE_MAX} bare SDK calls an order")))
}

/// How far the orders are is asked by nobody but us.
fn leave_out_looks(calls: &Calls) {
    calls.leave_out("Query", "load-orders");
}

fn play(load: &Load, seed: u64, calls: Option<Calls>) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let emulator = Emulator::builder().seed(seed).build();
        let mut sdk = emulator.sdk_config().to_builder();
        let client = emulator.sdk_config().http_client();
        if let (Some(calls), Some(client)) = (&calls, client) {
            let counting = Counting { client, calls: calls.clone() };
            sdk.set_http_client(Some(SharedHttpClient::new(counting)));
        }
        let aws = Aws::from(sdk.build());
        let (config, deps) = system(&emulator, seed)?;
        let made = infra::apply(&aws, &config).await;
        made.map_err(|failure| failure.to_string())?;
        let running = System::start(&config, &aws, deps).await;
        let running = running.map_err(|failure| failure.to_string())?;
        if let Some(calls) = &calls {
            calls.forget();
        }
        let done = orders(&running, load).await;
        running.stop().await;
        done
    })
}

fn system(emulator: &Emulator, seed: u64) -> Result<(Config, Deps), String> {
    let names = Names::parse("load").map_err(|error| error.to_string())?;
    let epoch = Timestamp::from_millis(emulator.now().millis());
    let deps = Deps {
        clock: Arc::new(TokioClock::starting_at(epoch)),
        ids: Arc::new(SeededIds::new(seed)),
        gateway: None,
        stream: Some(Arc::new(MemoryStream::new())),
    };
    Ok((Config::new(names, TimingProfile::Standard), deps))
}

/// Places and confirms all orders, and waits until each is delivered.
async fn orders(running: &Running, load: &Load) -> Result<(), String> {
    let router = running.router();
    for product in 0..PRODUCTS {
        let path = format!("/stock/lamp-{product}");
        call(&router, Method::POST, &path, &json!({ "quantity": load.orders })).await?;
    }
    let begin = Instant::now();
    let mut placing = tokio::task::JoinSet::new();
    for number in 0..load.orders {
        sleep_until(begin + Duration::from_secs_f64(f64::from(number) / load.rate)).await;
        let router = router.clone();
        placing.spawn(async move { place(&router, number).await });
    }
    while let Some(placed) = placing.join_next().await {
        placed.map_err(|error| error.to_string())??;
    }
    let last = Instant::now();
    loop {
        let delivered = delivered(&router).await?;
        if delivered == load.orders as usize {
            return Ok(());
        }
        if last.elapsed() >= SETTLE {
            return Err(format!("{delivered} of {} orders are delivered", load.orders));
        }
        sleep(LOOK_EVERY).await;
    }
}

async fn place(router: &Router, number: u32) -> Result<(), String> {
    let product = format!("lamp-{}", number % PRODUCTS);
    let items = json!([{ "product_id": product, "quantity": 1, "unit_price_minor_units": 1990 }]);
    let customer = customer(number);
    let body = json!({ "customer_id": customer, "currency": "EUR", "items": items });
    let placed = call(router, Method::POST, "/orders", &body).await?;
    let path = format!("/orders/{}/confirm", placed["order_id"].as_str().unwrap_or_default());
    call(router, Method::POST, &path, &json!({ "payment_method": "card" })).await?;
    Ok(())
}

fn customer(number: u32) -> CustomerId {
    CustomerId::parse(&format!("customer-{}", number % CUSTOMERS)).expect("a plain word")
}

/// By the read side, of all customers.
async fn delivered(router: &Router) -> Result<usize, String> {
    let mut delivered = 0;
    for number in 0..CUSTOMERS {
        let list = format!("/customers/{}/orders?limit=100", customer(number));
        let mut path = list.clone();
        loop {
            let page = call(router, Method::GET, &path, &Value::Null).await?;
            let orders = page["orders"].as_array().into_iter().flatten();
            delivered += orders.filter(|order| order["status"] == "delivered").count();
            let Some(token) = page["next_token"].as_str() else { break };
            path = format!("{list}&next_token={token}");
        }
    }
    Ok(delivered)
}

async fn call(router: &Router, method: Method, path: &str, body: &Value) -> Result<Value, String> {
    let request = Request::builder().method(&method).uri(path);
    let request = request.header("content-type", "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = request.body(body).map_err(|error| error.to_string())?;
    let Ok(answer) = router.clone().oneshot(request).await;
    let status = answer.status();
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    let bytes = bytes.map_err(|error| error.to_string())?;
    let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    match status.is_success() {
        true => Ok(value),
        false => Err(format!("{method} {path}: {status} {value}")),
    }
}

/// CPU of this thread, which does all the work; where the system does not tell, wall time.
#[expect(clippy::disallowed_methods, reason = "it is real time that is measured")]
fn cpu<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begin = (on_cpu(), std::time::Instant::now());
    let done = work();
    let took = match (begin.0, on_cpu()) {
        (Some(begin), Some(end)) => end.saturating_sub(begin),
        _ => begin.1.elapsed(),
    };
    (took, done)
}

/// Source: proc(5), schedstat: nanoseconds on a processor come first.
fn on_cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls an order, which tells more of a change than a time would; lower it when it falls.
    const CALLS_MAX: f64 = 230.0;

    #[test]
    fn an_order_needs_few_calls_and_each_is_delivered() {
        let load = Load { orders: 60, rate: 50.0, turns: 1, calls: false };
        let calls = Calls::default();
        play(&load, 1, Some(calls.clone())).expect("all are delivered");
        leave_out_looks(&calls);
        let each = calls.total() as f64 / 60.0;
        assert!(each > 10.0 && each <= CALLS_MAX, "{each} calls an order");
    }
}
