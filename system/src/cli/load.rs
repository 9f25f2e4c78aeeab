//! Load: orders at a steady rate, and at the end what has become of each.
//!
//! The API runs in this process, without a socket; the other roles do so elsewhere, or here too.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use clap::Args;
use http::header::CONTENT_TYPE;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, MissedTickBehavior};
use tower::ServiceExt;

use super::args::Roles;
use super::entry::Session;
use super::print::{say, tell};
use super::signals::Signals;
use super::stream;
use crate::app::{App, Deps, orders};
use crate::domain::OrderId;
use crate::domain::order::Status;
use crate::role::Role;
use crate::system::System;

/// Orders of one run: each is remembered until its end is known.
pub(super) const ORDERS_MAX: u64 = 1_000_000;
/// Requests under way at once. Beyond that, orders wait, and their wait counts.
const UNDER_WAY_MAX: usize = 256;
const PROGRESS_EVERY: Duration = Duration::from_secs(1);
/// Between two looks at the orders that are not done yet.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const LOOKS_AT_ONCE: usize = 32;
/// Pieces in stock for each order.
const PIECES: u64 = 1;
const PRODUCT: &str = "load-lamp";

#[derive(Args, Debug)]
pub(super) struct LoadArgs {
    /// Orders in a second.
    #[arg(long, default_value_t = 20.0, value_parser = rate)]
    pub(super) rate: f64,
    /// For how long, like 90s, 5m or 1h.
    #[arg(long = "for", default_value = "30s", value_name = "DURATION", value_parser = duration)]
    pub(super) duration: Duration,
    /// How long orders have after that to come to their end.
    #[arg(long, default_value = "5m", value_name = "DURATION", value_parser = duration)]
    pub(super) settle: Duration,
    /// Roles of this process besides the API: "all", or some separated by commas. The others run
    /// elsewhere, by `orderflow run`.
    #[arg(long, default_value = "api")]
    pub(super) roles: Roles,
    /// As with `run`, for roles that need the stream.
    #[arg(long, env = "ORDERFLOW_KAFKA", default_value = "embedded", value_name = "BROKERS",
        value_parser = stream::parse)]
    pub(super) kafka: String,
}

/// Orders a second.
fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| *rate > 0.0 && *rate <= 10_000.0);
    rate.ok_or_else(|| format!("{text:?} is no number above 0, at most 10000"))
}

/// Like `90s`, `5m` or `1h`, a day at most.
fn duration(text: &str) -> Result<Duration, String> {
    let parsed = || {
        let unit = text.chars().last()?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => return None,
        };
        let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
        number.checked_mul(seconds).filter(|it| (1..=86_400).contains(it))
    };
    parsed()
        .map(Duration::from_secs)
        .ok_or_else(|| format!("{text:?} is no time like 90s, 5m or 1h, a day at most"))
}

/// What became of the attempt to place and confirm one order.
struct Tried {
    /// Missing if it was not accepted.
    order_id: Option<OrderId>,
    /// From when it was due.
    took: Duration,
    error: Option<String>,
}

/// What has become of orders.
#[derive(Default)]
struct Account {
    delivered: Vec<Duration>,
    cancelled: usize,
    open: Vec<OrderId>,
}

pub(super) async fn load(session: Session, args: LoadArgs) -> Result<(), String> {
    let count = (args.rate * args.duration.as_secs_f64()).round() as u64;
    if !(1..=ORDERS_MAX).contains(&count) {
        return Err(format!("--rate times --for is 1 to {ORDERS_MAX} orders, not {count}"));
    }
    let signals = Signals::hear()?;
    let Session { mut config, aws } = session;
    config.roles = args.roles.0.clone();
    if !config.roles.contains(&Role::Api) {
        config.roles.insert(0, Role::Api);
    }
    let stream = stream::connect(&args.kafka, &config.roles)?;
    let deps = Deps { stream, ..Session::deps() };
    let started = System::start(&config, &aws, deps).await;
    let running = started.map_err(|failure| {
        format!("{failure} (has `orderflow infra apply` been run for this prefix?)")
    })?;
    let router = running.router();
    stock(&router, count * PIECES).await?;
    let tried = tokio::select! {
        tried = offer(&router, args.rate, count) => Ok(tried),
        () = signals.told_to_stop() => Err("told to stop".to_owned()),
    };
    let result = match tried {
        Ok(tried) => account_for(running.app(), &args, tried).await,
        Err(error) => Err(error),
    };
    running.stop().await;
    result
}

/// Tells what came of it, once each accepted order has come to its end or the time is over.
async fn account_for(app: &App, args: &LoadArgs, tried: Vec<Tried>) -> Result<(), String> {
    let accepted: Vec<_> = tried.iter().filter_map(|it| it.order_id.clone()).collect();
    let refused = tried.len() - accepted.len();
    let (offered, accepted_count) = (tried.len(), accepted.len());
    say!("offered   {offered} orders, {} a second for {:?}", args.rate, args.duration);
    say!("accepted  {accepted_count}, refused or failed {refused}");
    say!("answers   {}", percentiles(tried.iter().map(|it| it.took).collect()));
    let mut reasons: Vec<_> = tried.iter().filter_map(|it| it.error.as_deref()).collect();
    reasons.sort_unstable();
    for reason in reasons.chunk_by(|a, b| a == b).take(10) {
        say!("error     {} times: {}", reason.len(), reason[0]);
    }
    let account = settle(app, accepted, args.settle).await?;
    let delivered = account.delivered.len();
    say!("delivered {delivered}, after {}", percentiles(account.delivered));
    say!("cancelled {}", account.cancelled);
    match account.open.as_slice() {
        [] => {
            say!("all {accepted_count} accepted orders are accounted for");
            Ok(())
        }
        open => Err(format!(
            "{} of {accepted_count} accepted orders have not come to an end within {:?}, first {}",
            open.len(),
            args.settle,
            open[0]
        )),
    }
}

async fn stock(router: &Router, pieces: u64) -> Result<(), String> {
    let body = json!({ "quantity": pieces });
    let path = format!("/stock/{PRODUCT}");
    let (status, answer) = call(router, Method::POST, &path, &body).await;
    match status.is_success() {
        true => Ok(()),
        false => Err(format!("stock for the load: {}", detail(status, &answer))),
    }
}

/// Places and confirms so many orders, each when it is due: a system that is slow gets no fewer.
async fn offer(router: &Router, rate: f64, count: u64) -> Vec<Tried> {
    let places = Arc::new(Semaphore::new(UNDER_WAY_MAX));
    let (done, mut news) = mpsc::unbounded_channel();
    let begin = Instant::now();
    let offering = async {
        for number in 0..count {
            let due = begin + Duration::from_secs_f64(number as f64 / rate);
            tokio::time::sleep_until(due).await;
            let place = Arc::clone(&places).acquire_owned().await.expect("never closed");
            let (router, done) = (router.clone(), done.clone());
            tokio::spawn(async move {
                let tried = order(&router, number, due).await;
                let _told = done.send(tried);
                drop(place);
            });
        }
        drop(done);
    };
    let counting = async {
        let mut all: Vec<Tried> = Vec::new();
        let mut tick = tokio::time::interval(PROGRESS_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                tried = news.recv() => match tried {
                    Some(tried) => all.push(tried),
                    None => return all,
                },
                _ = tick.tick() => progress(&all, count, begin.elapsed()),
            }
        }
    };
    // The sender's own copy goes with `offering`, so the channel ends with the last order.
    let ((), all) = tokio::join!(offering, counting);
    all
}

fn progress(all: &[Tried], count: u64, since: Duration) {
    let failed = all.iter().filter(|it| it.order_id.is_none()).count();
    let rate = all.len() as f64 / since.as_secs_f64().max(0.001);
    let latest: Vec<_> = all.iter().rev().take(1000).map(|it| it.took).collect();
    let latest = percentiles(latest);
    tell!(
        "{:>4} s  {} of {count}, {rate:.0}/s, {failed} failed, {latest}",
        since.as_secs(),
        all.len()
    );
}

async fn order(router: &Router, number: u64, due: Instant) -> Tried {
    let items =
        json!([{ "product_id": PRODUCT, "quantity": PIECES, "unit_price_minor_units": 1990 }]);
    let customer = format!("load-{}", number % 1000);
    let body = json!({ "customer_id": customer, "currency": "EUR", "items": items });
    let (status, answer) = call(router, Method::POST, "/orders", &body).await;
    let id = answer["order_id"].as_str().and_then(|id| OrderId::parse(id).ok());
    let (Some(id), true) = (id, status.is_success()) else {
        let error = Some(detail(status, &answer));
        return Tried { order_id: None, took: due.elapsed(), error };
    };
    let body = json!({ "payment_method": "card" });
    let (status, answer) =
        call(router, Method::POST, &format!("/orders/{id}/confirm"), &body).await;
    // It was accepted when it was placed: unconfirmed, it is called off in time.
    let error = (!status.is_success()).then(|| detail(status, &answer));
    Tried { order_id: Some(id), took: due.elapsed(), error }
}

async fn call(router: &Router, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(path);
    let request = request.header(CONTENT_TYPE, "application/json");
    let request = request.body(Body::from(body.to_string())).expect("a plain request");
    let Ok(answer) = router.clone().oneshot(request).await;
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap_or_default();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

fn detail(status: StatusCode, answer: &Value) -> String {
    format!("{} {}", status.as_u16(), answer["detail"].as_str().unwrap_or("no reason given"))
}

/// Looks at the orders until each has come to its end, or for so long.
async fn settle(app: &App, mut open: Vec<OrderId>, within: Duration) -> Result<Account, String> {
    let (begin, mut account) = (Instant::now(), Account::default());
    loop {
        let mut still = Vec::new();
        for some in open.chunks(LOOKS_AT_ONCE) {
            let looks = some.iter().map(|id| orders::view(app, id));
            for (id, row) in some.iter().zip(futures_util::future::join_all(looks).await) {
                let row = row.map_err(|failure| failure.to_string())?;
                match row.as_ref().map(|row| row.progress.status) {
                    Some(Status::Delivered) => account
                        .delivered
                        .extend(row.map(|row| row.progress.updated_at.since(row.placed_at))),
                    Some(Status::Cancelled) => account.cancelled += 1,
                    _ => still.push(id.clone()),
                }
            }
        }
        open = still;
        if open.is_empty() || begin.elapsed() >= within {
            account.open = open;
            return Ok(account);
        }
        tell!("{:>4} s  {} orders under way", begin.elapsed().as_secs(), open.len());
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Of durations in any order.
fn percentiles(mut all: Vec<Duration>) -> String {
    if all.is_empty() {
        return "nothing".to_owned();
    }
    all.sort_unstable();
    let at = |percent: usize| all[(all.len() - 1) * percent / 100];
    format!("p50 {:.1?}, p95 {:.1?}, p99 {:.1?}, max {:.1?}", at(50), at(95), at(99), at(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_has_a_rate_and_a_time() {
        for (text, seconds) in [("90s", 90), ("5m", 300), ("1h", 3600), ("24h", 86_400)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for bad in ["", "s", "0s", "25h", "1d", "5", "-1s", "1.5m", "99999999999999999999h", "1é"]
        {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert_eq!(rate("0.5"), Ok(0.5));
        for bad in ["0", "-1", "nan", "inf", "10001", "x"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn percentiles_are_of_the_sorted_durations() {
        let all = (0..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(percentiles(all), "p50 50.0ms, p95 95.0ms, p99 99.0ms, max 100.0ms");
        assert_eq!(
            percentiles(vec![Duration::from_secs(2)]),
            "p50 2.0s, p95 2.0s, p99 2.0s, max 2.0s"
        );
        assert_eq!(percentiles(Vec::new()), "nothing");
    }
}
