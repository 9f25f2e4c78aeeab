//! What an OpenTelemetry collector in this process is told of an order, over OTLP.

use super::shop::{Shop, wait};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, Request, StatusCode};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use orderflow::{Collector, Role, Telemetry};
use prost::Message;
use serde_json::json;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// All that came.
#[derive(Clone, Default)]
struct Told {
    spans: Arc<Mutex<Vec<Span>>>,
    /// Names of metrics.
    metrics: Arc<Mutex<BTreeSet<String>>>,
    /// Names of resources.
    services: Arc<Mutex<BTreeSet<String>>>,
}

/// As a collector reads it; what is no protobuf is refused.
async fn traces(State(told): State<Told>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Ok(request) = ExportTraceServiceRequest::decode(body) else {
        return StatusCode::BAD_REQUEST;
    };
    if headers["content-type"] != "application/x-protobuf" {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE;
    }
    for of_resource in request.resource_spans {
        for attribute in of_resource.resource.into_iter().flat_map(|it| it.attributes) {
            if attribute.key == "service.name" {
                let value = format!("{:?}", attribute.value);
                told.services.lock().expect("a lock").insert(value);
            }
        }
        let spans = of_resource.scope_spans.into_iter().flat_map(|it| it.spans);
        told.spans.lock().expect("a lock").extend(spans);
    }
    StatusCode::OK
}

async fn metrics(State(told): State<Told>, body: Bytes) -> StatusCode {
    let Ok(request) = ExportMetricsServiceRequest::decode(body) else {
        return StatusCode::BAD_REQUEST;
    };
    let scopes = request.resource_metrics.into_iter().flat_map(|it| it.scope_metrics);
    let names = scopes.flat_map(|it| it.metrics).map(|it| it.name);
    told.metrics.lock().expect("a lock").extend(names);
    StatusCode::OK
}

/// A collector on a thread of its own: this test's time is virtual, a socket's is not.
fn collector() -> (SocketAddr, Told) {
    let told = Told::default();
    let router = Router::new().route("/v1/traces", post(traces));
    let router = router.route("/v1/metrics", post(metrics)).with_state(told.clone());
    let (tell, bound) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address")).expect("somebody waits");
            axum::serve(listener, router).await
        })
    });
    (bound.recv().expect("an address"), told)
}

const TRACE: &str = "5759e988bd862e3fe1be46a994272793";
const PARENT: &str = "53995c3f42cd8ad8";

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(start_paused = true)]
async fn a_collector_sees_an_order_as_one_tree_of_spans_and_the_figures_of_it() {
    let (address, told) = collector();
    let url = |path: &str| Some(format!("http://{address}/v1/{path}"));
    let collector =
        Collector { traces: url("traces"), metrics: url("metrics"), service: "shop-1".to_owned() };
    let telemetry = Telemetry::begin(&collector).expect("a beginning");
    let mut shop = Shop::new().await;
    shop.config.telemetry = telemetry.clone();
    let running = shop.start(&Role::ALL).await;
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }]);
    let order = json!({ "order_id": "a", "customer_id": "ann", "currency": "EUR", "items": items });
    let (stock, card) = (json!({ "quantity": 9 }), json!({ "payment_method": "card" }));
    let header = format!("Root=1-{}-{};Parent={PARENT};Sampled=1", &TRACE[..8], &TRACE[8..]);
    for (path, body) in [("/stock/lamp", stock), ("/orders", order), ("/orders/a/confirm", card)] {
        let mut request = Request::post(path).header("content-type", "application/json");
        if path != "/stock/lamp" {
            request = request.header("x-amzn-trace-id", &header);
        }
        let request = request.body(Body::from(body.to_string())).expect("a request");
        let Ok(answer) = running.router().oneshot(request).await;
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }
    // Through the bus, queues, payments, timers and the topic.
    wait(600).await;
    running.stop().await;
    let ended = tokio::task::spawn_blocking(move || telemetry.end()).await.expect("no panic");
    ended.expect("the collector took it");
    one_tree(&told.spans.lock().expect("a lock"));
    let metrics = told.metrics.lock().expect("a lock").clone();
    for name in ["orders_processed", "notifications_sent", "event.duration", "event.latency"] {
        assert!(metrics.contains(&format!("orderflow.{name}")), "{name}: {metrics:?}");
    }
    let services = told.services.lock().expect("a lock").clone();
    assert!(services.len() == 1 && services.iter().all(|it| it.contains("shop-1")), "{services:?}");
}

/// What the order's requests led to: each span of the trace hangs on another, or on the caller's.
fn one_tree(spans: &[Span]) {
    let ours: Vec<_> = spans.iter().filter(|it| hexadecimal(&it.trace_id) == TRACE).collect();
    let ids: BTreeSet<_> = ours.iter().map(|it| hexadecimal(&it.span_id)).collect();
    assert_eq!(ids.len(), ours.len(), "an id of its own for each span");
    for span in &ours {
        let parent = hexadecimal(&span.parent_span_id);
        assert!(parent == PARENT || ids.contains(&parent), "{} hangs on {parent:?}", span.name);
    }
    let roles: BTreeSet<_> = ours
        .iter()
        .flat_map(|span| &span.attributes)
        .filter(|it| it.key == "orderflow.role")
        .map(|it| format!("{:?}", it.value))
        .collect();
    for role in [
        "api",
        "orders",
        "inventory",
        "payments",
        "fulfilment",
        "notifications",
        "projector",
        "audit",
    ] {
        let named = |it: &String| it.contains(&format!("{role:?}"));
        assert!(roles.iter().any(named), "{role}: {roles:?}");
    }
    let others = spans.iter().filter(|it| hexadecimal(&it.trace_id) != TRACE);
    let begun = others.filter(|it| it.name == "POST" && it.parent_span_id.is_empty()).count();
    assert_eq!(begun, 1, "the stock's request begins a trace of its own");
}
