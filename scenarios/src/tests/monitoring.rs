//! What CloudWatch knows of the order system, and what its dashboard shows.

use super::shop::{Shop, call, wait};
use aws_sdk_cloudwatch::types::{
    Datapoint, Dimension, Metric, MetricDataQuery, MetricStat, StandardUnit, Statistic,
};
use aws_smithy_types::DateTime;
use http::Method;
use orderflow::config::METRIC_NAMESPACE;
use orderflow::ports::Clock;
use orderflow::{Role, Running};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ROLES: [Role; 6] = [
    Role::Api,
    Role::Orders,
    Role::Inventory,
    Role::Payments,
    Role::Fulfilment,
    Role::Notifications,
];
/// Sum and number of whatever matches.
type Figure = (f64, f64);
/// A widget that shows zeros while all is well.
const BEHIND: &str = "Records of the stream that the analytics has still to read";

async fn order(api: &Running, id: &str) {
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }]);
    let body = json!({ "order_id": id, "customer_id": "ann", "currency": "EUR", "items": items });
    assert_eq!(call(api.router(), Method::POST, "/orders", &body).await.0, 201);
    let path = format!("/orders/{id}/confirm");
    let card = json!({ "payment_method": "card" });
    assert_eq!(call(api.router(), Method::POST, &path, &card).await.0, 200);
}

/// By the minute, of the last day.
async fn datapoints(shop: &Shop, name: &str, by: &[(&str, &str)]) -> Vec<Datapoint> {
    let now = shop.clock.now().as_millis();
    let mut asked = shop.aws.cloudwatch().get_metric_statistics();
    for (name, value) in by {
        asked = asked.dimensions(Dimension::builder().name(*name).value(*value).build());
    }
    let answer = asked
        .namespace(METRIC_NAMESPACE)
        .metric_name(name)
        .start_time(DateTime::from_millis(now - 3_600_000))
        .end_time(DateTime::from_millis(now + 60_000))
        .period(60)
        .statistics(Statistic::Sum)
        .statistics(Statistic::SampleCount)
        .send()
        .await
        .expect("an answer");
    let mut points = answer.datapoints.unwrap_or_default();
    points.sort_by_key(|point| point.timestamp().map(|at| at.secs()));
    points
}

fn total(points: &[Datapoint]) -> Figure {
    let sum = |pick: fn(&Datapoint) -> Option<f64>| points.iter().filter_map(pick).sum();
    (sum(|point| point.sum), sum(|point| point.sample_count))
}

#[tokio::test(start_paused = true)]
async fn counters_are_published_with_their_time_and_begin_anew() {
    let shop = Shop::new().await;
    let api = shop.start(&ROLES).await;
    let stocked = call(api.router(), Method::POST, "/stock/lamp", &json!({ "quantity": 99 })).await;
    assert_eq!(stocked.0, 200);
    let by = [("System", shop.names.prefix())];
    let mut begun = Vec::new();
    // With silence in between, in which whatever is not reset would be counted again.
    for id in ["a", "b"] {
        begun.push(shop.clock.now().as_millis() / 1000);
        order(&api, id).await;
        wait(600).await;
    }
    let points = datapoints(&shop, "orders_processed", &by).await;
    assert_eq!(total(&points).0, 2.0, "{points:?}");
    let at: Vec<_> = points.iter().filter_map(|it| Some(it.timestamp()?.secs())).collect();
    assert_eq!(at.len(), 2, "{points:?}");
    for (at, begun) in at.iter().zip(&begun) {
        // A datapoint stands at the beginning of its minute; figures go out once a minute.
        assert!((begun - 60..=begun + 120).contains(at), "{at} is not soon after {begun}");
    }
    for (name, least) in [("events_published", 12.0), ("notifications_sent", 12.0)] {
        let counted = total(&datapoints(&shop, name, &by).await).0;
        wait(600).await;
        let later = total(&datapoints(&shop, name, &by).await).0;
        assert!(counted >= least && later == counted, "{name}: {counted}, then {later}");
    }
    api.stop().await;
}

/// As the exercise asks for it, and apart for each system.
#[tokio::test(start_paused = true)]
async fn processing_is_known_by_service_event_type_and_result() {
    let shop = Shop::new().await;
    let api = shop.start(&ROLES).await;
    let stocked = call(api.router(), Method::POST, "/stock/lamp", &json!({ "quantity": 99 })).await;
    assert_eq!(stocked.0, 200);
    let rules = json!({ "broken": [{ "customer_id": "ann" }] });
    let broken = call(api.router(), Method::PUT, "/simulated/gateway", &rules).await;
    assert_eq!(broken.0, 200);
    order(&api, "a").await;
    wait(7).await;
    let repaired = call(api.router(), Method::PUT, "/simulated/gateway", &json!({})).await;
    assert_eq!(repaired.0, 200);
    wait(300).await;
    let requested = [("ServiceName", "payments"), ("EventType", "Payment Requested")];
    let system = [("System", shop.names.prefix())];
    for by in [requested.to_vec(), [&system[..], &requested[..]].concat()] {
        let points = datapoints(&shop, "EventProcessingTime", &by).await;
        let (_, count) = total(&points);
        assert!(count >= 2.0, "{by:?}: {points:?}");
        assert!(points.iter().all(|it| it.unit == Some(StandardUnit::Milliseconds)), "{points:?}");
        let mut of = Vec::new();
        for result in ["Success", "Failure"] {
            let by = [&by[..], &[("Result", result)]].concat();
            of.push(total(&datapoints(&shop, "EventProcessingResult", &by).await).0);
        }
        assert_eq!((of[0], of[0] + of[1]), (1.0, count), "{by:?}: {of:?}");
    }
    api.stop().await;
}

/// A metric by its namespace, its name if that is known, and dimensions with values if those are.
#[derive(Debug)]
struct Shown {
    namespace: String,
    name: String,
    dimensions: Vec<(String, Option<String>)>,
}

impl Shown {
    /// `["NAMESPACE", "METRIC", "DIMENSION", "VALUE", …, {…}]`
    fn of_list(list: &[Value]) -> Self {
        let words: Vec<_> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let pairs = words[2..].chunks(2).map(|pair| (pair[0].clone(), Some(pair[1].clone())));
        let (namespace, name) = (words[0].clone(), words[1].clone());
        Self { namespace, name, dimensions: pairs.collect() }
    }

    /// `…SEARCH('{NAMESPACE,DIMENSION,…} KEY="VALUE" …', …)…`
    fn of_search(expression: &str) -> Self {
        let (schema, rest) =
            expression.split_once('{').expect("a schema").1.split_once('}').expect("its end");
        let mut schema = schema.split(',').map(str::to_owned);
        let namespace = schema.next().expect("a namespace");
        let rest = rest.split('\'').next().expect("the rest of the search");
        let value = |key: &str| {
            let found = rest.split_once(&format!("{key}=\""))?.1.split('"').next()?;
            Some(found.to_owned())
        };
        let name = value("MetricName").expect("a metric's name");
        let dimensions =
            schema.map(|dimension| (dimension.clone(), value(&format!(" {dimension}"))));
        Self { namespace, name, dimensions: dimensions.collect() }
    }

    fn is(&self, metric: &Metric) -> bool {
        let same = |(name, value): &(String, Option<String>)| {
            let found = metric.dimensions().iter().find(|it| it.name() == Some(name));
            found.is_some_and(|it| value.is_none() || it.value() == value.as_deref())
        };
        metric.namespace() == Some(&self.namespace)
            && metric.metric_name() == Some(&self.name)
            && metric.dimensions().len() == self.dimensions.len()
            && self.dimensions.iter().all(same)
    }
}

/// Title of each widget, with the metrics that it shows.
async fn dashboard(shop: &Shop) -> Vec<(String, Vec<Shown>)> {
    let asked = shop.aws.cloudwatch().get_dashboard().dashboard_name("shop-monitoring");
    let body = asked.send().await.expect("the dashboard").dashboard_body.expect("a body");
    let body: Value = serde_json::from_str(&body).expect("JSON");
    let widgets = body["widgets"].as_array().expect("widgets").iter();
    let shown = |metric: &Value| {
        let list = metric.as_array().expect("a metric is a list");
        match list[0]["expression"].as_str() {
            Some(expression) => Shown::of_search(expression),
            None => Shown::of_list(list),
        }
    };
    widgets
        .map(|widget| {
            let (properties, title) = (&widget["properties"], &widget["properties"]["title"]);
            let metrics = properties["metrics"].as_array().expect("metrics").iter();
            (title.as_str().expect("a title").to_owned(), metrics.map(shown).collect())
        })
        .collect()
}

/// The queries behind a widget: its metrics by name, and its expressions.
fn queries(properties: &Value) -> Vec<MetricDataQuery> {
    let metrics = properties["metrics"].as_array().expect("metrics").iter();
    let query = |(number, metric): (usize, &Value)| {
        let list = metric.as_array().expect("a metric is a list");
        let query = MetricDataQuery::builder().id(format!("m{number}"));
        if let Some(expression) = list[0]["expression"].as_str() {
            return query.expression(expression).period(60).build();
        }
        let shown = Shown::of_list(list);
        let dimensions = shown
            .dimensions
            .into_iter()
            .map(|(name, value)| Dimension::builder().name(name).set_value(value).build());
        let metric = Metric::builder()
            .namespace(shown.namespace)
            .metric_name(shown.name)
            .set_dimensions(Some(dimensions.collect()));
        let stat = properties["stat"].as_str().expect("a statistic");
        let stat = MetricStat::builder().metric(metric.build()).period(60).stat(stat).build();
        query.metric_stat(stat).build()
    };
    metrics.enumerate().map(query).collect()
}

/// The values that a widget shows of the last hour, of all its metrics.
async fn figures(shop: &Shop, properties: &Value) -> Vec<f64> {
    let now = shop.clock.now().as_millis();
    let asked = shop.aws.cloudwatch().get_metric_data();
    let asked = asked.set_metric_data_queries(Some(queries(properties)));
    let asked = asked.start_time(DateTime::from_millis(now - 3_600_000));
    let answer = asked.end_time(DateTime::from_millis(now + 60_000)).send().await;
    let results = answer.expect("an answer").metric_data_results.unwrap_or_default();
    results.into_iter().flat_map(|result| result.values.unwrap_or_default()).collect()
}

/// A dashboard that was copied to another place shows something there, not empty frames.
#[tokio::test(start_paused = true)]
async fn every_widget_of_the_dashboard_shows_a_figure() {
    let shop = Shop::new().await;
    let running = shop.start(&Role::ALL).await;
    let stock = json!({ "quantity": 99 });
    assert_eq!(call(running.router(), Method::POST, "/stock/lamp", &stock).await.0, 200);
    order(&running, "a").await;
    wait(1800).await;
    let asked = shop.aws.cloudwatch().get_dashboard().dashboard_name("shop-monitoring");
    let body = asked.send().await.expect("the dashboard").dashboard_body.expect("a body");
    let body: Value = serde_json::from_str(&body).expect("JSON");
    let widgets = body["widgets"].as_array().expect("widgets");
    assert_eq!(widgets.len(), 11, "{body}");
    for widget in widgets {
        let title = widget["properties"]["title"].as_str().expect("a title");
        let figures = figures(&shop, &widget["properties"]).await;
        assert!(!figures.is_empty(), "{title} shows nothing");
        // Nothing died, and virtual time stands still while something is processed.
        let expects_zero =
            ["Dead letters", "Event processing time", "Milliseconds from event to end", BEHIND]
                .contains(&title);
        let is_above = figures.iter().any(|figure| *figure > 0.0);
        assert!(is_above || expects_zero, "{title} shows nothing but zeros: {figures:?}");
    }
    running.stop().await;
}

async fn state(shop: &Shop, alarm: &str) -> String {
    let asked = shop.aws.cloudwatch().describe_alarms().alarm_names(alarm).send().await;
    let alarms = asked.expect("an answer").metric_alarms.unwrap_or_default();
    alarms[0].state_value().expect("a state").as_str().to_owned()
}

/// Nobody reads what the bridge writes: the bridge says so, as long as it lasts.
#[tokio::test(start_paused = true)]
async fn a_stream_that_nobody_reads_raises_an_alarm_until_somebody_does() {
    const ALARM: &str = "shop-stream-lag";
    let shop = Shop::new().await;
    let all_but = |left: Role| Role::ALL.into_iter().filter(move |role| *role != left);
    let running = shop.start(&all_but(Role::Analytics).collect::<Vec<_>>()).await;
    let stock = json!({ "quantity": 99 });
    assert_eq!(call(running.router(), Method::POST, "/stock/lamp", &stock).await.0, 200);
    for number in 0..3 {
        order(&running, &format!("few-{number}")).await;
    }
    wait(900).await;
    let by = [("System", shop.names.prefix())];
    let behind = total(&datapoints(&shop, "stream_lag_records", &by).await);
    assert!(behind.0 > 0.0 && behind.1 > 10.0, "each minute that it lasts: {behind:?}");
    assert_eq!(state(&shop, ALARM).await, "OK", "a few are no trouble");
    for number in 0..60 {
        order(&running, &format!("many-{number}")).await;
    }
    wait(600).await;
    assert_eq!(state(&shop, ALARM).await, "ALARM");
    let reader = shop.start(&[Role::Analytics]).await;
    wait(600).await;
    assert_eq!(state(&shop, ALARM).await, "OK");
    reader.stop().await;
    running.stop().await;
}

async fn known(shop: &Shop) -> Vec<Metric> {
    let mut pages = shop.aws.cloudwatch().list_metrics().into_paginator().send();
    let mut all = Vec::new();
    while let Some(page) = pages.next().await {
        all.extend(page.expect("a page").metrics.unwrap_or_default());
    }
    all
}

#[tokio::test(start_paused = true)]
async fn the_dashboard_shows_processing_times_and_invocations_and_metrics_that_there_are() {
    let shop = Shop::new().await;
    let running = shop.start(&Role::ALL).await;
    let stock = json!({ "quantity": 99 });
    assert_eq!(call(running.router(), Method::POST, "/stock/lamp", &stock).await.0, 200);
    order(&running, "a").await;
    wait(1800).await;
    let (widgets, known) = (dashboard(&shop).await, known(&shop).await);
    let of = |title: &str| {
        let found = widgets.iter().find(|(known, _)| known == title);
        &found.unwrap_or_else(|| panic!("no widget {title:?}")).1
    };
    let times = of("Event processing time");
    let services: BTreeSet<_> = times
        .iter()
        .filter_map(|it| it.dimensions.iter().find(|(name, _)| name == "ServiceName")?.1.clone())
        .collect();
    assert_eq!(services, Role::consumers().map(|role| role.as_str().to_owned()).collect());
    assert!(times.iter().all(|it| it.name == "EventProcessingTime"), "{times:?}");
    let invocations: Vec<_> =
        of("EventBridge invocations").iter().map(|it| (&*it.namespace, &*it.name)).collect();
    let expected = ["SuccessfulInvocationAttempts", "FailedInvocations"];
    assert_eq!(invocations, expected.map(|name| ("AWS/Events", name)));
    // What nobody has done here yet, and what the emulator does not count.
    let absent = |it: &Shown| {
        let has = |value: &str| it.dimensions.iter().any(|(_, it)| it.as_deref() == Some(value));
        it.namespace == "AWS/Events"
            || it.name == "processing_errors"
            || has("carrier")
            || has("Failure")
    };
    for (title, metrics) in &widgets {
        for shown in metrics.iter().filter(|it| !absent(it)) {
            let found = known.iter().any(|metric| shown.is(metric));
            assert!(found, "{title}: CloudWatch has nothing like {shown:?}");
        }
    }
    running.stop().await;
}
