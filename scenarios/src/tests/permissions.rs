//! Whether what a role asks of AWS is what its policy allows it.

mod asks;

use super::forms_infra::in_all_forms;
use super::shop::{Shop, call, wait};
use asks::{Ask, arn, asks};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use http::Method;
use orderflow::config::QueueKind;
use orderflow::infra::{self, Principal, Statement};
use orderflow::{Aws, Role, Saga};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

/// Clones are the same.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<BTreeSet<Ask>>>);

/// An HTTP client that writes down what is asked.
struct Heard<Inner> {
    asked: Asked,
    inner: Inner,
}

impl<Inner> fmt::Debug for Heard<Inner> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Heard")
    }
}

impl HttpClient for Heard<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Heard { asked: self.asked.clone(), inner })
    }
}

impl HttpConnector for Heard<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        let asks = asks(request.method(), target, request.uri(), body);
        self.asked.0.lock().expect("nobody panics with it").extend(asks);
        self.inner.call(request)
    }
}

impl Asked {
    fn around(&self, aws: &Aws) -> Aws {
        let asked = self.clone();
        aws.clone().through(|inner| SharedHttpClient::new(Heard { asked, inner }))
    }

    fn all(&self) -> BTreeSet<Ask> {
        self.0.lock().expect("nobody panics with it").clone()
    }
}

/// What of the asked no statement allows, or one forbids.
fn refused(statements: &[Statement], asked: &BTreeSet<Ask>) -> Vec<Ask> {
    let fits = |it: &Statement, (action, resource): &Ask| {
        it.actions.contains(&action.as_str())
            && it.resources.iter().any(|pattern| matches(&plain(pattern), resource))
    };
    let allowed = |ask: &Ask| {
        statements.iter().any(|it| it.allow && fits(it, ask))
            && !statements.iter().any(|it| !it.allow && fits(it, ask))
    };
    asked.iter().filter(|ask| !allowed(ask)).cloned().collect()
}

fn plain(arn: &str) -> String {
    let arn = arn.replace("${AWS::Partition}", "aws").replace("${AWS::Region}", "us-east-1");
    arn.replace("${AWS::AccountId}", "000000000000")
}

/// With a `*` anywhere.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((beginning, rest)) => {
            let Some(left) = text.strip_prefix(beginning) else { return false };
            (0..=left.len()).any(|at| left.get(at..).is_some_and(|left| matches(rest, left)))
        }
    }
}

async fn post(api: &orderflow::Running, path: &str, body: Value) -> u16 {
    call(api.router(), Method::POST, path, &body).await.0.as_u16()
}

async fn put(api: &orderflow::Running, path: &str, body: Value) -> u16 {
    call(api.router(), Method::PUT, path, &body).await.0.as_u16()
}

/// Everything that the system is there for, once: orders that arrive, are called off, declined
/// and given up; quotes, subscribers, figures and health.
async fn a_day(shop: &Shop, api: &orderflow::Running) {
    assert_eq!(post(api, "/stock/lamp", json!({ "quantity": 14 })).await, 200);
    assert_eq!(put(api, "/stock/shade", json!({ "on_hand": 5 })).await, 200);
    let address = json!({ "street": "s", "city": "c", "zip_code": "97201", "country": "US" });
    for (id, quantity) in [("a", 1), ("b", 2), ("c", 1), ("d", 1), ("e", 99)] {
        let items = json!([
            { "product_id": "lamp", "quantity": quantity, "unit_price_minor_units": 500 }
        ]);
        let order = json!({ "order_id": id, "customer_id": id, "currency": "EUR",
            "items": items, "shipping_address": address });
        assert_eq!(post(api, "/orders", order).await, 201, "{id}");
    }
    let broken =
        json!({ "broken": [{ "customer_id": "c" }], "declined": [{ "customer_id": "d" }] });
    let broken = put(api, "/simulated/gateway", broken).await;
    assert_eq!(broken, 200);
    for id in ["a", "b", "c", "d"] {
        let card = json!({ "payment_method": "card" });
        post(api, &format!("/orders/{id}/confirm"), card).await;
    }
    wait(20).await;
    post(api, "/orders/b/cancel", json!({ "reason": "changed my mind" })).await;
    let destination = json!({ "destination": address,
        "items": [{ "product_id": "lamp", "quantity": 1 }] });
    assert_eq!(post(api, "/shipping-quotes", destination).await, 200);
    assert_eq!(put(api, "/subscribers/crm", json!({ "audience": ["staff"] })).await, 201);
    let both = json!({ "audience": ["staff", "customer"] });
    assert_eq!(put(api, "/subscribers/crm", both).await, 200);
    for role in Role::consumers() {
        let name = shop.names.intake(role).unwrap_or_else(|| shop.names.queue(role));
        let queue = shop.queue(&name).await;
        queue.send("nonsense", std::time::Duration::ZERO).await.expect("it is sent");
    }
    wait(1200).await;
    for path in [
        "/health",
        "/orders/a",
        "/orders/a?consistent=true",
        "/orders/a/audit",
        "/products/lamp/audit",
        "/customers/a/orders",
        "/analytics/figures",
        "/stock/lamp",
        "/subscribers",
        "/simulated/gateway",
    ] {
        let (status, answer) = call(api.router(), Method::GET, path, &Value::Null).await;
        assert_eq!(status, 200, "{path}: {answer}");
    }
    let gone = call(api.router(), Method::DELETE, "/subscribers/crm", &Value::Null).await;
    assert_eq!(gone.0, 204);
}

#[tokio::test(start_paused = true)]
async fn no_role_makes_a_call_that_its_policy_lacks() {
    no_call_lacks(Shop::new().await).await;
}

#[tokio::test(start_paused = true)]
async fn no_role_with_a_fifo_queue_makes_a_call_that_its_policy_lacks() {
    no_call_lacks(Shop::with_queues(QueueKind::Fifo).await).await;
}

#[tokio::test(start_paused = true)]
async fn no_role_led_by_a_machine_makes_a_call_that_its_policy_lacks() {
    for queues in [QueueKind::Standard, QueueKind::Fifo] {
        let mut shop = Shop::with_queues(queues).await;
        shop.config.saga = Saga::StepFunctions;
        shop.apply().await;
        no_call_lacks(shop).await;
    }
}

async fn no_call_lacks(shop: Shop) {
    let mut running = Vec::new();
    for role in Role::ALL {
        let asked = Asked::default();
        running.push((role, shop.start_through(role, &asked.around(&shop.aws)).await, asked));
    }
    a_day(&shop, &running[0].1).await;
    let mut wrong = Vec::new();
    for (role, system, asked) in running {
        system.stop().await;
        let statements = infra::permissions(&shop.config, Principal::Role(role));
        let refused = refused(&statements, &asked.all()).into_iter();
        wrong.extend(refused.map(|(action, arn)| format!("{role} may not {action} {arn}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(start_paused = true)]
async fn who_applies_and_destroys_needs_what_the_operators_policy_has() {
    let mut shop = Shop::new().await;
    // A system with everything asks for everything.
    in_all_forms(&mut shop.config);
    shop.apply().await;
    let asked = Asked::default();
    let aws = asked.around(&shop.aws);
    let statements = infra::permissions(&shop.config, Principal::Operator);
    infra::diff(&aws, &shop.config).await.expect("compared");
    infra::destroy(&aws, &shop.names).await.expect("destroyed");
    wait(61).await;
    infra::apply(&aws, &shop.config).await.expect("applied");
    let refused = refused(&statements, &asked.all());
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn what_is_not_allowed_is_refused() {
    let names = orderflow::Names::parse("shop").expect("a prefix");
    let config = orderflow::Config::new(names, orderflow::TimingProfile::Standard);
    let statements = infra::permissions(&config, Principal::Role(Role::Api));
    let ask = |action: &str, queue: &str| BTreeSet::from([(action.to_owned(), arn("sqs", queue))]);
    for (action, queue, refusals) in [
        ("sqs:DeleteQueue", "shop-crm", 0),
        ("sqs:DeleteQueue", "shop-orders", 1),
        ("sqs:DeleteQueue", "other-crm", 1),
        ("sqs:PurgeQueue", "shop-crm", 1),
        ("sqs:ReceiveMessage", "shop-quote-replies-0123", 0),
        ("sqs:ReceiveMessage", "shop-orders", 1),
    ] {
        let asked = ask(action, queue);
        assert_eq!(refused(&statements, &asked).len(), refusals, "{action} {queue}");
    }
}
