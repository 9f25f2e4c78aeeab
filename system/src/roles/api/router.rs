//! The routes.

use std::sync::Arc;

use ::visitors::Visitors;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{get, post, put};
use axum::{Extension, Json, Router};
use http::{Method, StatusCode, Uri};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::{
    audit, dead_letters, figures, gateway, live, openapi, orders, shed, shipping, stock,
    subscribers, visitors,
};
use crate::app::App;
use crate::app::health::{self, HealthReport, HealthStatus};

pub(super) const HEALTH: &str = "/health";
pub(super) const LIVE: &str = "/health/live";
/// Largest request body. An event of an order this large still fits into one PutEvents entry.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Names the request that started everything, in requests, answers and log lines.
pub const CORRELATION_HEADER: &str = "x-correlation-id";
/// Lets a caller repeat a request whose answer was lost.
pub const IDEMPOTENCY_HEADER: &str = "idempotency-key";

/// Whether things may be broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rehearsal {
    Yes,
    No,
}

/// That somebody answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Alive {
    status: &'static str,
}

/// The API of a system. Needs no socket: `tower::ServiceExt::oneshot` calls it directly. Which web
/// pages may use it, `visitors` says.
pub fn router(app: Arc<App>, visitors: Visitors, rehearsal: Rehearsal) -> Router {
    let routes = Router::new()
        .route(HEALTH, get(health))
        .route(LIVE, get(live))
        .route(openapi::DOCUMENT, get(openapi::document))
        .route(openapi::PAGE, get(openapi::page))
        .route(openapi::STYLE, get(openapi::style))
        .route(openapi::SCRIPT, get(openapi::script))
        .route("/orders", post(orders::place))
        .route("/orders/{id}", get(orders::view))
        .route("/orders/{id}/confirm", post(orders::confirm))
        .route("/orders/{id}/cancel", post(orders::cancel))
        .route("/orders/{id}/shipping-quote", get(shipping::quote_order))
        .route("/shipping-quotes", post(shipping::quote))
        .route("/orders/{id}/audit", get(audit::of_order))
        .route("/analytics", get(figures::page))
        .route("/analytics/page.css", get(figures::style))
        .route("/analytics/page.js", get(figures::script))
        .route("/analytics/figures", get(figures::view))
        .route("/customers/{id}/orders", get(orders::of_customer))
        .route("/products/{id}/audit", get(audit::of_product))
        .route("/stock/{product}", put(stock::count).get(stock::view).post(stock::receive))
        .route("/subscribers", get(subscribers::list))
        .route(
            "/subscribers/{name}",
            get(subscribers::view).put(subscribers::put).delete(subscribers::remove),
        )
        .route("/dead-letters/{role}", get(dead_letters::list))
        .route("/dead-letters/{role}/redrive", post(dead_letters::redrive))
        .route(live::PAGE, get(live::page))
        .route(live::SCRIPT, get(live::script))
        .route(live::STYLE, get(live::style))
        .route("/live/settings", get(live::settings))
        .route("/live/steps", get(live::steps));
    let routes = match rehearsal {
        Rehearsal::Yes => routes.route("/simulated/gateway", put(gateway::set).get(gateway::view)),
        Rehearsal::No => routes,
    };
    routes
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(Extension(rehearsal))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(&app), shed::shed))
        .layer(from_fn_with_state(Arc::new(visitors), visitors::judge))
        .with_state(app)
}

/// Says whether this process can do its work: what it relies on is asked.
#[utoipa::path(
    get,
    path = "/health",
    operation_id = "health",
    tag = "health",
    responses(
        (status = 200, description = "It can", body = HealthReport),
        (status = 503, description = "Something that it needs is away", body = HealthReport),
    ),
)]
pub(super) async fn health(State(app): State<Arc<App>>) -> impl IntoResponse {
    let report = health::health(&app).await;
    let status = match report.status {
        HealthStatus::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        HealthStatus::Ok | HealthStatus::Throttled => StatusCode::OK,
    };
    (status, Json(report))
}

/// Says that this process is there; to start it anew would mend nothing else.
#[utoipa::path(
    get,
    path = "/health/live",
    operation_id = "live",
    tag = "health",
    responses((status = 200, description = "It is", body = Alive)),
)]
pub(super) async fn live() -> Json<Alive> {
    Json(Alive { status: "ok" })
}

async fn no_route(uri: Uri) -> ApiError {
    let message = format!("there is nothing at {}", uri.path());
    ApiError::new(StatusCode::NOT_FOUND, "NoSuchRoute", message)
}

async fn no_method(method: Method, uri: Uri) -> ApiError {
    let message = format!("{} does not take {method}", uri.path());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use http::Request;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;
    use crate::adapters::clock::SystemClock;
    use crate::app::Deps;
    use crate::config::{Config, Names, TimingProfile};
    use crate::failure::Dependency;
    use crate::ports::SeededIds;

    /// Must answer before it calls AWS: nobody listens there.
    fn app() -> App {
        let names = Names::parse("test").expect("a prefix");
        let config = Config::new(names, TimingProfile::Fast);
        let sdk = aws_types::SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .build();
        let deps = Deps {
            clock: Arc::new(SystemClock),
            ids: Arc::new(SeededIds::new(1)),
            gateway: None,
            stream: None,
        };
        App::new(&config, &sdk.into(), deps)
    }

    fn of(app: Arc<App>) -> Router {
        router(app, Visitors::default(), Rehearsal::Yes)
    }

    fn unconnected() -> Router {
        of(Arc::new(app()))
    }

    async fn check(method: &str, path: &str, body: &str, status: u16, code: &str) {
        check_typed(method, path, "application/json", body, status, code).await;
    }

    async fn check_typed(
        method: &str,
        path: &str,
        content_type: &str,
        body: &str,
        status: u16,
        code: &str,
    ) {
        let request = Request::builder().method(method).uri(path);
        let request =
            request.header("content-type", content_type).body(Body::from(body.to_owned()));
        let answer = unconnected()
            .oneshot(request.expect("a request"))
            .await
            .expect("a router always answers");
        let found = answer.status().as_u16();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        let json: Value = serde_json::from_slice(&bytes).expect("JSON");
        let short: String = body.chars().take(60).collect();
        assert_eq!((found, json["code"].as_str()), (status, Some(code)), "{path} {short} {json}");
        assert!(json["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    }

    async fn answer(router: Router, path: &str) -> (u16, Option<String>) {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        let answer = router.oneshot(request).await.expect("a router always answers");
        let later = answer.headers().get("retry-after").and_then(|it| it.to_str().ok());
        (answer.status().as_u16(), later.map(str::to_owned))
    }

    #[tokio::test]
    async fn what_cannot_be_done_now_is_refused_at_once() {
        let app = Arc::new(app());
        let slots = app.requests.available_permits();
        let all = app.requests.acquire_many(slots as u32).await.expect("never closed");
        assert_eq!(answer(of(Arc::clone(&app)), "/orders/o").await, (429, Some("1".into())));
        // Whoever watches over it must have an answer all the same.
        assert_eq!(answer(of(Arc::clone(&app)), "/health/live").await, (200, None));
        assert_eq!(answer(of(Arc::clone(&app)), "/health").await, (503, None));
        drop(all);
        for _ in 0..5 {
            app.breakers.failed(Dependency::DynamoDb, None, app.clock.now(), u64::MAX);
        }
        let (status, later) = answer(of(Arc::clone(&app)), "/orders/o").await;
        assert_eq!((status, later.is_some()), (503, true));
    }

    /// A request with these headers, and the status and headers of its answer.
    async fn visit(line: &str, headers: &[(&str, &str)], body: &str) -> (u16, http::HeaderMap) {
        let origins = vec!["http://localhost:3000".parse().expect("an origin")];
        let visitors = Visitors { origins, ..Visitors::default() };
        let router = router(Arc::new(app()), visitors, Rehearsal::Yes);
        let (method, path) = line.split_once(' ').expect("a method and a path");
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let answer = router.oneshot(request).await.expect("a router always answers");
        (answer.status().as_u16(), answer.headers().clone())
    }

    #[tokio::test]
    async fn web_pages_from_elsewhere_may_not_use_it() {
        let json = ("content-type", "application/json");
        let here = ("host", "localhost:8080");
        let cross = ("sec-fetch-site", "cross-site");
        let own = ("origin", "http://localhost:8080");
        let other = ("origin", "http://localhost:3001");
        let evil = ("host", "evil.example:8080");
        for (line, headers, status) in [
            ("POST /orders", &[here, json][..], 400),
            ("POST /orders", &[here, own, json], 400),
            ("POST /orders", &[("host", "orderflow:8080"), json], 400),
            ("POST /orders", &[here], 415),
            ("POST /orders", &[here, other, json], 403),
            ("POST /orders", &[here, ("origin", "null"), json], 403),
            ("POST /orders", &[here, cross, json], 403),
            ("POST /orders", &[evil, json], 403),
            ("GET /health/live", &[evil], 403),
            ("GET /health/live", &[here, other], 403),
            ("GET /health/live", &[here, cross], 200),
            ("OPTIONS /orders", &[here, other, ("access-control-request-method", "POST")], 403),
            ("POST /orders", &[here, ("content-type", "application/json; charset=utf-8")], 400),
            ("POST /orders", &[here, ("content-type", "text/plain")], 415),
            ("POST /orders", &[here, ("content-type", "text/plain;application/json")], 415),
            ("POST /orders", &[here, ("content-type", "application/x-www-form-urlencoded")], 415),
            ("PUT /stock/p", &[here, json, ("content-type", "multipart/form-data")], 415),
        ] {
            let (found, answer) = visit(line, headers, "{").await;
            assert_eq!(found, status, "{line} {headers:?}");
            assert!(!answer.contains_key("access-control-allow-origin"), "{line} {headers:?}");
        }
    }

    #[tokio::test]
    async fn an_allowed_page_may_use_it() {
        let here = ("host", "localhost:8080");
        let page = ("origin", "http://localhost:3000");
        let site = ("sec-fetch-site", "same-site");
        let asks = ("access-control-request-method", "PUT");
        for (line, header, status) in [
            ("OPTIONS /stock/p", asks, 204),
            ("GET /health/live", site, 200),
            ("POST /orders", ("content-type", "application/json"), 400),
            ("POST /orders", ("content-type", "text/plain"), 415),
        ] {
            let (found, answer) = visit(line, &[here, page, header], "{").await;
            assert_eq!(found, status, "{line}");
            assert_eq!(answer["access-control-allow-origin"], "http://localhost:3000", "{line}");
        }
    }

    #[tokio::test]
    async fn pages_have_nothing_inside_that_their_policy_forbids() {
        for (path, kind) in [
            ("GET /analytics", "text/html; charset=utf-8"),
            ("GET /analytics/page.js", "text/javascript; charset=utf-8"),
            ("GET /analytics/page.css", "text/css; charset=utf-8"),
            ("GET /", "text/html; charset=utf-8"),
            ("GET /live/page.js", "text/javascript; charset=utf-8"),
            ("GET /live/page.css", "text/css; charset=utf-8"),
            ("GET /docs", "text/html; charset=utf-8"),
            ("GET /docs/page.js", "text/javascript; charset=utf-8"),
            ("GET /docs/page.css", "text/css; charset=utf-8"),
            ("GET /openapi.json", "application/json"),
            ("GET /nothing", "application/problem+json"),
        ] {
            let (_, answer) = visit(path, &[], "").await;
            assert_eq!(answer["content-type"], kind, "{path}");
            let policy = "default-src 'self'; frame-ancestors 'none'";
            assert_eq!(answer["content-security-policy"], policy, "{path}");
            assert_eq!(answer["x-content-type-options"], "nosniff", "{path}");
        }
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_request_is_said_before_aws_is_asked() {
        let no_items = r#"{"customer_id":"c","currency":"EUR","items":[]}"#;
        let line = |quantity| {
            format!(
                r#"{{"customer_id":"c","currency":"EUR","items":[{{"product_id":"p",
                "quantity":{quantity},"unit_price_minor_units":5}}]}}"#
            )
        };
        let huge = "x".repeat(BODY_BYTES_MAX + 1);
        check("GET", "/nothing", "", 404, "NoSuchRoute").await;
        check("DELETE", "/orders/o-1", "", 405, "MethodNotAllowed").await;
        check("POST", "/orders", "{", 400, "InvalidBody").await;
        check("POST", "/orders", r#"{"customer":"c"}"#, 400, "InvalidBody").await;
        check("POST", "/orders", &huge, 413, "BodyTooLarge").await;
        check("POST", "/orders", &line(-1), 400, "InvalidBody").await;
        check("GET", "/orders/a%20b", "", 400, "InvalidIdentifier").await;
        check("GET", "/orders/%ff", "", 400, "InvalidPath").await;
        check("GET", "/orders/o?consistent=maybe", "", 400, "InvalidQuery").await;
        check("GET", "/orders/o/audit?from=now", "", 400, "InvalidQuery").await;
        check("GET", "/customers/c/orders?limit=0", "", 400, "InvalidQuery").await;
        check("GET", "/customers/c/orders?next_token=1.o", "", 400, "InvalidQuery").await;
        check("GET", "/analytics/figures?minutes=0", "", 400, "InvalidQuery").await;
        check("GET", "/analytics/figures?minutes=1441", "", 400, "InvalidQuery").await;
        check("GET", "/products/p/audit?limit=0", "", 400, "InvalidQuery").await;
        check("GET", "/orders/o/audit?next_token=x", "", 400, "InvalidQuery").await;
        check("PUT", "/stock/p", r#"{"onhand":5}"#, 400, "InvalidBody").await;
        check("PUT", "/simulated/gateway", r#"{"borken":[]}"#, 400, "InvalidBody").await;
        let no_pieces = r#"{"destination":{"street":"s","city":"c","zip_code":"z","country":"US"},
            "items":[]}"#;
        check("POST", "/orders", no_items, 400, "InvalidOrder").await;
        check("POST", "/shipping-quotes", no_pieces, 400, "InvalidShipment").await;
        check("POST", "/shipping-quotes", r#"{"items":[]}"#, 400, "InvalidBody").await;
        check("GET", "/subscribers/Crm", "", 400, "InvalidSubscriber").await;
        check("DELETE", "/subscribers/orders", "", 400, "InvalidSubscriber").await;
        check("PUT", "/subscribers/crm", r#"{"audience":[]}"#, 400, "InvalidSubscriber").await;
        check("PUT", "/subscribers/crm", r#"{"audiences":[]}"#, 400, "InvalidBody").await;
        check("GET", "/orders/a%20b/shipping-quote", "", 400, "InvalidIdentifier").await;
        check("POST", "/orders", &line(0), 400, "InvalidOrder").await;
        let for_nothing = line(1).replace(":5}", ":0}");
        check("POST", "/orders", &for_nothing, 400, "InvalidOrder").await;
        let order = |more: &str| {
            let start = line(1);
            let end = start.strip_suffix('}').expect("an object");
            format!("{end},{more}}}")
        };
        let to = |street: &str, city: &str, country: &str| {
            order(&format!(
                r#""shipping_address":{{"street":"{street}","city":"{city}","zip_code":"z",
                "country":"{country}"}}"#
            ))
        };
        let long = "x".repeat(201);
        for (street, city, country) in [
            ("", "c", "US"),
            ("s", " ", "US"),
            ("s", "c", ""),
            (&long, "c", "US"),
            ("s", &long, "US"),
            ("s", "c", &long),
            ("s\\u0007", "c", "US"),
        ] {
            check("POST", "/orders", &to(street, city, country), 400, "InvalidOrder").await;
        }
        let far = format!(
            r#"{{"destination":{{"street":"{long}","city":"c","zip_code":"z","country":"US"}},
            "items":[{{"product_id":"p","quantity":1}}]}}"#
        );
        check("POST", "/shipping-quotes", &far, 400, "InvalidShipment").await;
        check("POST", "/orders", &line(1).replace("EUR", "EUX"), 400, "InvalidOrder").await;
        check("POST", "/orders", &line(1).replace("EUR", "eur"), 400, "InvalidBody").await;
        let unknown = r#"{"declined":[{"currency":"ZZZ"}]}"#;
        check("PUT", "/simulated/gateway", unknown, 400, "InvalidMoney").await;
        for price in ["-1", "1.5", "5.0", "9007199254740993", "1e400", "18446744073709551616"] {
            let code = if price == "1e400" { "InvalidBody" } else { "InvalidOrder" };
            let priced = line(1).replace(":5}", &format!(":{price}}}"));
            check("POST", "/orders", &priced, 400, code).await;
        }
        for method in ["", "  ", &"4".repeat(101), "card\\n"] {
            let body = format!(r#"{{"payment_method":"{method}"}}"#);
            check("POST", "/orders/o/confirm", &body, 400, "InvalidOrder").await;
        }
        for id in [".", "..", "-", "_x", "-rf"] {
            check(
                "POST",
                "/orders",
                &line(1).replace("\"p\"", &format!("\"{id}\"")),
                400,
                "InvalidBody",
            )
            .await;
        }
        check("GET", "/customers/-x/orders", "", 400, "InvalidIdentifier").await;
        check("POST", "/orders/o/cancel", "why not", 400, "InvalidBody").await;
        check("POST", "/orders/o/cancel", r#"{"because":"x"}"#, 400, "InvalidBody").await;
        check("POST", "/orders/o/confirm", "", 400, "InvalidBody").await;
    }

    #[tokio::test]
    async fn nothing_can_be_broken_unless_it_is_a_rehearsal() {
        let paths = [("/simulated/gateway", 404), ("/live/settings", 200), ("/", 200)];
        for (path, status) in paths {
            let router = router(Arc::new(app()), Visitors::default(), Rehearsal::No);
            assert_eq!(answer(router, path).await.0, status, "{path}");
        }
    }

    #[tokio::test]
    async fn only_json_is_taken() {
        let unsupported = (415, "UnsupportedMediaType");
        for (content_type, (status, code)) in [
            ("application/json", (400, "InvalidBody")),
            ("Application/JSON; charset=utf-8", (400, "InvalidBody")),
            ("application/merge-patch+json", (400, "InvalidBody")),
            ("text/plain", unsupported),
            ("text/plain; application/json", unsupported),
            ("application/x-www-form-urlencoded", unsupported),
            ("multipart/form-data", unsupported),
            ("application/jsonp", unsupported),
            ("", unsupported),
        ] {
            for path in ["/orders", "/orders/o/confirm", "/orders/o/cancel", "/stock/p"] {
                check_typed("POST", path, content_type, "{]", status, code).await;
            }
            check_typed("PUT", "/stock/p", content_type, "{]", status, code).await;
            check_typed("PUT", "/subscribers/crm", content_type, "{]", status, code).await;
            check_typed("PUT", "/simulated/gateway", content_type, "{]", status, code).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_given_up() {
        let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
        let request = Request::post("/orders").header("content-type", "application/json");
        let request = request.body(Body::from_stream(never)).expect("a request");
        let answer = unconnected().oneshot(request).await.expect("a router always answers");
        assert_eq!(answer.status().as_u16(), 408);
    }
}
