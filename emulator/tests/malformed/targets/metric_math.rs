//! Any text as an expression of metric math, a search, a query of Metrics Insights or a widget: a
//! letter picks which, the rest is the text.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use skyrig::Settings;
use skyrig::cloud::{Driver, request};

use super::answer;

/// The statuses of answers: the emulator itself never fails.
const STATUSES: std::ops::Range<u16> = 200..502;

fn call(driver: &mut Driver, operation: &str, body: &Value) {
    let target = format!("GraniteServiceVersion20100801.{operation}");
    let request: Request<Bytes> = request::json(&target, body.to_string());
    let response = driver.send(request).expect("it is answered at once");
    answer::check(&response, STATUSES);
    let is_panic = response.status().as_u16() == 500;
    assert!(!is_panic, "{operation}: {}", response.body().escape_ascii());
}

/// A few metrics with a gap in them.
fn world() -> Driver {
    let mut driver = Driver::new(Settings::default());
    let start = driver.cloud.now().seconds();
    let datum = |name: &str, queue: &str, minute: i64| {
        json!({
            "MetricName": name, "Value": minute * 3 - 4, "Timestamp": start + minute * 60,
            "Dimensions": [{"Name": "Queue", "Value": queue}],
        })
    };
    let data = [("m", "a", 0), ("m", "a", 2), ("m", "b", 1), ("CustomCount1", "a", 3)];
    let data: Vec<Value> = data.map(|(name, queue, minute)| datum(name, queue, minute)).into();
    call(&mut driver, "PutMetricData", &json!({"Namespace": "N", "MetricData": data}));
    driver
}

pub(crate) fn run(input: &[u8]) {
    thread_local!(static WORLD: Driver = world());
    let Some((letter, rest)) = input.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let mut driver = WORLD.with(Driver::clone);
    let start = driver.cloud.now().seconds();
    let expression = match letter {
        b'S' => format!("SEARCH('{text}', 'Sum', 60)"),
        b'I' => format!("SELECT {text}"),
        b'W' => {
            let widget = json!({"MetricWidget": text});
            return call(&mut driver, "GetMetricWidgetImage", &widget);
        }
        _ => text.into_owned(),
    };
    let metric = |id: &str, queue: &str| {
        let dimensions = json!([{"Name": "Queue", "Value": queue}]);
        let metric = json!({"Namespace": "N", "MetricName": "m", "Dimensions": dimensions});
        json!({"Id": id, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "p50"}})
    };
    let queries = json!([
        metric("a", "a"), metric("b", "b"),
        {"Id": "e", "Expression": expression, "Period": 60, "Label": "${LABEL} ${MAX_TIME}"},
    ]);
    let input = json!({
        "MetricDataQueries": queries, "StartTime": start - 60, "EndTime": start + 300,
    });
    call(&mut driver, "GetMetricData", &input);
}
