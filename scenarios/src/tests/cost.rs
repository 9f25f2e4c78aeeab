//! How many billed units an order costs, counted: `system/cost/calls.json` is written from it.

use super::repository;
use super::shop::{Shop, call, wait};
use aws_sdk_cloudwatch::types::{Dimension, Statistic};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use http::Method;
use orderflow::config::QueueKind;
use orderflow::ports::Clock;
use orderflow::{Aws, Role, Running};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

const ORDERS: u32 = 60;
/// How long is looked at, in seconds: all orders are delivered within it.
const WINDOW: u64 = 3600;
/// By so much the counted may be off before somebody has to look: it is a cost, not a contract.
const TOLERANCE: f64 = 0.1;

type Units = BTreeMap<String, f64>;
/// Clones are the same.
#[derive(Clone, Default)]
struct Counter(Arc<Mutex<Units>>);

struct Counted<Inner> {
    counter: Counter,
    inner: Inner,
}

impl<Inner> fmt::Debug for Counted<Inner> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Counted")
    }
}

impl HttpClient for Counted<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Counted { counter: self.counter.clone(), inner })
    }
}

impl HttpConnector for Counted<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default().to_vec();
        self.counter.count(&target, request.uri(), &body);
        self.inner.call(request)
    }
}

impl Counter {
    fn around(&self, aws: &Aws) -> Aws {
        let counter = self.clone();
        aws.clone().through(|inner| SharedHttpClient::new(Counted { counter, inner }))
    }

    fn count(&self, target: &str, uri: &str, body: &[u8]) {
        let json = || serde_json::from_slice::<Value>(body).unwrap_or_default();
        let (unit, units) = match target.split_once('.') {
            Some(("AmazonSQS", _)) => {
                let fifo = json()["QueueUrl"].as_str().is_some_and(|url| url.ends_with(".fifo"));
                (if fifo { "sqs_fifo_requests" } else { "sqs_requests" }, 1)
            }
            Some(("AWSEvents", "PutEvents")) => {
                ("events", json()["Entries"].as_array().map_or(0, Vec::len))
            }
            // CloudWatch knows its units.
            Some(_) => return,
            None if uri.contains("/operation/PutMetricData") => ("metric_calls", 1),
            None if body.starts_with(b"Action=Publish") => ("publishes", 1),
            None => return,
        };
        let mut all = self.0.lock().expect("nobody panics with it");
        *all.entry(unit.to_owned()).or_default() += units as f64;
    }

    fn now(&self) -> Units {
        self.0.lock().expect("nobody panics with it").clone()
    }
}

/// What DynamoDB has counted for all tables since the beginning.
async fn capacity(shop: &Shop, metric: &str) -> f64 {
    let now = shop.clock.now().as_millis();
    let tables = shop.aws.dynamodb().list_tables().send().await.expect("tables");
    let mut sum = 0.0;
    for table in tables.table_names() {
        let asked = shop.aws.cloudwatch().get_metric_statistics();
        let answer = asked
            .namespace("AWS/DynamoDB")
            .metric_name(metric)
            .dimensions(Dimension::builder().name("TableName").value(table).build())
            .start_time(DateTime::from_millis(now - 86_000_000))
            .end_time(DateTime::from_millis(now + 60_000))
            .period(86_400)
            .statistics(Statistic::Sum)
            .send()
            .await
            .expect("an answer");
        sum += answer.datapoints().iter().filter_map(|point| point.sum).sum::<f64>();
    }
    sum
}

async fn units(shop: &Shop, counter: &Counter) -> Units {
    let mut all = counter.now();
    all.insert("read_units".into(), capacity(shop, "ConsumedReadCapacityUnits").await);
    all.insert("write_units".into(), capacity(shop, "ConsumedWriteCapacityUnits").await);
    all
}

fn less(later: &Units, earlier: &Units, by: f64) -> Units {
    let each = |(unit, count): (&String, &f64)| {
        let before = earlier.get(unit).copied().unwrap_or_default();
        (unit.clone(), (count - before * by).max(0.0))
    };
    later.iter().map(each).collect()
}

/// Orders of a lamp, one a second, each delivered soon after. A quarter of them have two
/// lines.
async fn orders(api: &Running) {
    let post = async |path: String, body: Value| {
        let (status, answer) = call(api.router(), Method::POST, &path, &body).await;
        assert!(status.is_success(), "{path}: {answer}");
    };
    for product in ["lamp", "shade"] {
        post(format!("/stock/{product}"), json!({ "quantity": 1000 })).await;
    }
    for number in 0..ORDERS {
        let price = "unit_price_minor_units";
        let line = |product: &str| json!({ "product_id": product, "quantity": 1, price: 500 });
        let items =
            if number % 4 == 0 { vec![line("lamp"), line("shade")] } else { vec![line("lamp")] };
        let id = format!("o-{number}");
        let order = json!({ "order_id": id, "customer_id": format!("c-{number}"),
            "currency": "EUR", "items": items });
        post("/orders".into(), order).await;
        post(format!("/orders/{id}/confirm"), json!({ "payment_method": "card" })).await;
        wait(1).await;
    }
}

async fn counted(queues: QueueKind) -> Value {
    let shop = Shop::with_queues(queues).await;
    let counter = Counter::default();
    let mut running = Vec::new();
    for role in Role::ALL {
        running.push(shop.start_through(role, &counter.around(&shop.aws)).await);
    }
    wait(60).await;
    let begun = units(&shop, &counter).await;
    wait(WINDOW).await;
    let idle = less(&units(&shop, &counter).await, &begun, 1.0);
    let before = units(&shop, &counter).await;
    orders(&running[0]).await;
    wait(WINDOW - u64::from(ORDERS)).await;
    let after = units(&shop, &counter).await;
    // Minutes with orders less as many without.
    let spent = less(&less(&after, &before, 1.0), &idle, 1.0);
    let rounded = |units: Units, by: f64| -> Units {
        units.into_iter().map(|(unit, it)| (unit, (it / by * 10.0).round() / 10.0)).collect()
    };
    for one in running {
        one.stop().await;
    }
    json!({
        "an_order": rounded(spent, f64::from(ORDERS)),
        "an_idle_hour": rounded(idle, WINDOW as f64 / 3600.0),
    })
}

#[tokio::test(start_paused = true)]
async fn an_order_costs_what_is_written_down() {
    let path = "system/cost/calls.json";
    let (standard, fifo) = (counted(QueueKind::Standard).await, counted(QueueKind::Fifo).await);
    let found = json!({ "standard": standard, "fifo": fifo });
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return repository::is_fresh(path, &format!("{found:#}\n"), "cost");
    }
    let written: Value = serde_json::from_str(&repository::read(path)).expect("JSON");
    for kind in ["standard", "fifo"] {
        for part in ["an_order", "an_idle_hour"] {
            for (unit, is) in found[kind][part].as_object().expect("units") {
                let is = is.as_f64().expect("a number");
                let was = written[kind][part][unit].as_f64().unwrap_or_default();
                let off = (is - was).abs() > TOLERANCE * was.max(1.0);
                let command = "UPDATE_DOCS=1 cargo test --workspace --bin scenario cost";
                assert!(
                    !off,
                    "{kind} {part} {unit}: {was} was written down, it is {is}: {command}"
                );
            }
        }
    }
}
