//! Dashboards as pages: what is drawn, and that nothing that others wrote becomes markup.

use serde_json::{Value, json};

use crate::process::{Skyrig, read};

const MARKUP: &str = "<script>alert(1)</script>";

fn cloudwatch(skyrig: &Skyrig, operation: &str, input: &Value) -> Value {
    let target = format!("GraniteServiceVersion20100801.{operation}");
    let (status, body) = read(skyrig.start_json(&target, input));
    assert_eq!(status, 200, "{operation}: {body}");
    serde_json::from_str(&body).unwrap_or(Value::Null)
}

fn with_dashboard(flags: &[&str]) -> Skyrig {
    let skyrig = Skyrig::start(flags);
    skyrig.post("/_skyrig/clock", json!({"mode": "manual"}));
    let alarm = json!({
        "AlarmName": "high", "Namespace": "N", "MetricName": "m", "Statistic": "Sum",
        "Period": 60, "EvaluationPeriods": 1, "Threshold": 2,
        "ComparisonOperator": "GreaterThanThreshold",
    });
    cloudwatch(&skyrig, "PutMetricAlarm", &alarm);
    let datum = json!({"MetricName": "m", "Value": 3});
    cloudwatch(&skyrig, "PutMetricData", &json!({"Namespace": "N", "MetricData": [datum]}));
    skyrig.post("/_skyrig/clock", json!({"advance_seconds": 60}));
    let arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:high";
    let metric = |properties: Value| json!({"type": "metric", "properties": properties});
    let metrics = json!([["N", "m", {"stat": "Sum"}], [{"expression": "m0 *"}]]);
    let body = json!({"start": "-PT1H", "widgets": [
        {"type": "text", "properties": {"markdown": MARKUP}},
        metric(json!({"title": MARKUP, "region": "us-east-1", "period": 60,
                      "metrics": [["N", "m", {"stat": "Sum"}]]})),
        metric(json!({"region": "us-east-1", "metrics": metrics})),
        metric(json!({"annotations": {"alarms": [arn]}})),
        {"type": "alarm", "properties": {"alarms": [arn, "gone"]}},
        {"type": "log", "properties": {"query": "fields @message", "region": "us-east-1"}},
    ]});
    let put = json!({"DashboardName": "shop", "DashboardBody": body.to_string()});
    cloudwatch(&skyrig, "PutDashboard", &put);
    skyrig
}

#[test]
fn a_dashboard_shows_what_is_held() {
    let skyrig = with_dashboard(&[]);
    let (status, listed) = skyrig.get("/_skyrig/dashboards");
    let entry = json!({"name": "shop", "page": "/_skyrig/dashboards/shop"});
    assert_eq!((status, listed), (200, json!({"dashboards": [entry]})));
    let (status, seen) = skyrig.get("/_skyrig/dashboards/shop/view");
    assert_eq!((status, &seen["minutes"]), (200, &json!(60)), "{seen}");
    let widgets = seen["widgets"].as_array().unwrap();
    assert_eq!(widgets[0]["markdown"], MARKUP);
    assert_eq!(widgets[1]["series"][0]["label"], "m");
    assert_eq!(widgets[1]["series"][0]["points"][0][1], 3.0);
    assert!(widgets[2]["problem"].is_string(), "{}", widgets[2]);
    assert_eq!(widgets[3]["alarm"]["state"], "ALARM");
    assert_eq!(widgets[3]["lines"][0]["value"], 2.0);
    assert_eq!(widgets[3]["series"][0]["points"][0][1], 3.0);
    let states: Vec<&Value> =
        widgets[4]["alarms"].as_array().unwrap().iter().map(|alarm| &alarm["state"]).collect();
    assert_eq!(states, [&json!("ALARM"), &Value::Null]);
    assert!(widgets[5]["problem"].is_string());
}

#[test]
fn the_page_has_nothing_inline_and_nothing_of_others() {
    let skyrig = with_dashboard(&[]);
    let get = |path: &str| skyrig.request(&format!("GET {path} HTTP/1.1"), b"");
    let (status, page) = get("/_skyrig/dashboards/shop");
    assert_eq!(status, 200);
    assert!(!page.contains("alert") && !page.contains("style=") && !page.contains("onload"));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("<script src=\"/_skyrig/pages/dashboard.js\"></script>"));
    let (status, script) = get("/_skyrig/pages/dashboard.js");
    assert_eq!(status, 200);
    for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
        assert!(!script.contains(word), "{word}");
    }
    assert_eq!(get("/_skyrig/pages/dashboard.css").0, 200);
    for (path, expected) in [
        ("/_skyrig/dashboards/none", 404),
        ("/_skyrig/dashboards/none/view", 404),
        ("/_skyrig/dashboards/shop/view?minutes=0", 400),
        ("/_skyrig/dashboards/shop/view?minutes=9999999", 400),
        ("/_skyrig/dashboards/shop/view?account=111111111111", 404),
    ] {
        assert_eq!(get(path).0, expected, "{path}");
    }
}
