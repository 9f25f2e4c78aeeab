//! What is wrong with the properties of a widget, by its type.
//!
//! Source: API reference "Dashboard body structure and syntax", the parts on each type.

use serde_json::{Map, Value};

use super::body::{Findings, Form};

/// The types of widgets.
pub(super) const TYPES: [&str; 7] =
    ["alarm", "chart", "custom", "explorer", "log", "metric", "text"];
/// Most metrics of a widget, and most alarms.
///
/// Source: user guide "CloudWatch service quotas".
const METRICS_MAX: usize = 500;
const ALARMS_MAX: usize = 100;
const VIEWS: &[&str] = &["timeSeries", "singleValue", "gauge", "bar", "pie", "table"];
const LOG_VIEWS: &[&str] = &["table", "timeSeries", "bar", "pie", "stackedArea"];
const PERIOD_MAX: i64 = 365 * 86_400;

pub(super) fn check(findings: &mut Findings, kind: &str, properties: &Map<String, Value>) {
    match kind {
        "metric" => check_metric(findings, properties),
        "text" => {
            findings.required(properties, "markdown");
            findings.members(
                properties,
                &[("markdown", Form::Text), ("background", Form::OneOf(&["solid", "transparent"]))],
            );
        }
        "log" => {
            findings.required(properties, "query");
            findings.required(properties, "region");
            findings.members(
                properties,
                &[
                    ("query", Form::Text),
                    ("region", Form::Text),
                    ("title", Form::Text),
                    ("accountId", Form::Text),
                    ("stacked", Form::Flag),
                    ("view", Form::OneOf(LOG_VIEWS)),
                ],
            );
        }
        "alarm" => check_alarms(findings, properties),
        "custom" => {
            findings.required(properties, "endpoint");
            let forms = [("endpoint", Form::Text), ("title", Form::Text), ("params", Form::Object)];
            findings.members(properties, &forms);
        }
        // Explorers, and charts of PromQL, are as they are.
        _ => {}
    }
}

fn check_alarms(findings: &mut Findings, properties: &Map<String, Value>) {
    findings.required(properties, "alarms");
    findings.members(
        properties,
        &[
            ("alarms", Form::List(1, ALARMS_MAX)),
            ("title", Form::Text),
            ("sortBy", Form::OneOf(&["default", "stateUpdatedTimestamp", "timestamp"])),
            ("states", Form::List(0, 3)),
        ],
    );
    check_items(findings, properties, "alarms", &Form::Text);
    check_items(
        findings,
        properties,
        "states",
        &Form::OneOf(&["ALARM", "INSUFFICIENT_DATA", "OK"]),
    );
}

fn check_items(findings: &mut Findings, members: &Map<String, Value>, name: &str, form: &Form) {
    let items = members.get(name).and_then(Value::as_array).into_iter().flatten();
    findings.at(name, |here| {
        for (index, item) in items.enumerate() {
            here.at(&index.to_string(), |here| form.check(here, item));
        }
    });
}

fn check_metric(findings: &mut Findings, properties: &Map<String, Value>) {
    let (metrics, annotations) = (properties.get("metrics"), properties.get("annotations"));
    if metrics.is_none() && annotations.is_none() {
        findings.required(properties, "metrics");
        findings.tell(
            "The metric widget should have specified a region and a data source or an alarm \
             annotation",
        );
        findings.required(properties, "annotations");
    } else if metrics.is_some() && !properties.contains_key("region") {
        findings.required(properties, "region");
    }
    findings.members(
        properties,
        &[
            ("metrics", Form::List(0, METRICS_MAX)),
            ("region", Form::Text),
            ("accountId", Form::Text),
            ("title", Form::Text),
            ("stat", Form::Text),
            ("timezone", Form::Text),
            ("start", Form::Text),
            ("end", Form::Text),
            ("period", Form::Whole(1, PERIOD_MAX)),
            ("view", Form::OneOf(VIEWS)),
            ("stacked", Form::Flag),
            ("sparkline", Form::Flag),
            ("liveData", Form::Flag),
            ("setPeriodToTimeRange", Form::Flag),
            ("trend", Form::Flag),
            ("legend", Form::Object),
            ("yAxis", Form::Object),
            ("annotations", Form::Object),
        ],
    );
    if let Some(legend) = properties.get("legend").and_then(Value::as_object) {
        let form = Form::OneOf(&["bottom", "hidden", "right"]);
        findings.at("legend", |here| here.member(legend, "position", &form));
    }
    if let Some(axes) = properties.get("yAxis").and_then(Value::as_object) {
        findings.at("yAxis", |here| check_axes(here, axes));
    }
    if let Some(annotations) = annotations.and_then(Value::as_object) {
        findings.at("annotations", |here| check_annotations(here, annotations));
    }
    let metrics = metrics.and_then(Value::as_array).into_iter().flatten();
    findings.at("metrics", |here| {
        for (index, metric) in metrics.enumerate().take(METRICS_MAX) {
            here.at(&index.to_string(), |here| check_series(here, metric));
        }
    });
}

fn check_axes(findings: &mut Findings, axes: &Map<String, Value>) {
    findings.members(axes, &[("left", Form::Object), ("right", Form::Object)]);
    for side in ["left", "right"] {
        if let Some(axis) = axes.get(side).and_then(Value::as_object) {
            let forms = [
                ("label", Form::Text),
                ("min", Form::Number),
                ("max", Form::Number),
                ("showUnits", Form::Flag),
            ];
            findings.at(side, |here| here.members(axis, &forms));
        }
    }
}

fn check_annotations(findings: &mut Findings, annotations: &Map<String, Value>) {
    findings.members(
        annotations,
        &[
            ("alarms", Form::List(1, 1)),
            ("horizontal", Form::List(0, METRICS_MAX)),
            ("vertical", Form::List(0, METRICS_MAX)),
        ],
    );
    check_items(findings, annotations, "alarms", &Form::Text);
    for (name, value) in [("horizontal", Form::Number), ("vertical", Form::Text)] {
        let lines = annotations.get(name).and_then(Value::as_array).into_iter().flatten();
        findings.at(name, |here| {
            for (index, line) in lines.enumerate() {
                here.at(&index.to_string(), |here| check_line(here, line, &value));
            }
        });
    }
}

/// One line, or two with what is between.
fn check_line(findings: &mut Findings, line: &Value, value: &Form) {
    match line {
        Value::Array(pair) => {
            for (index, line) in pair.iter().enumerate().take(2) {
                findings.at(&index.to_string(), |here| check_one_line(here, line, value));
            }
        }
        line => check_one_line(findings, line, value),
    }
}

fn check_one_line(findings: &mut Findings, line: &Value, value: &Form) {
    let Value::Object(line) = line else { return findings.tell("Should be object") };
    findings.required(line, "value");
    findings.member(line, "value", value);
    findings.members(
        line,
        &[
            ("label", Form::Text),
            ("color", Form::Colour),
            ("visible", Form::Flag),
            ("yAxis", Form::OneOf(&["left", "right"])),
            ("fill", Form::OneOf(&["above", "after", "before", "below", "between", "none"])),
        ],
    );
}

/// `["NAMESPACE", "METRIC", "DIMENSION", "VALUE", …, {…}]` or `[{"expression": …}]`.
fn check_series(findings: &mut Findings, metric: &Value) {
    let Value::Array(parts) = metric else { return findings.tell("Should be array") };
    let (texts, rendering) = match parts.split_last() {
        Some((Value::Object(rendering), texts)) => (texts, Some(rendering)),
        Some(_) => (&parts[..], None),
        None => return findings.tell("Should NOT have less than 1 items"),
    };
    if texts.iter().any(|it| !it.is_string()) {
        return findings.tell("Invalid metric field type, only \"String\" type is allowed");
    }
    let is_expression = rendering.is_some_and(|it| it.contains_key("expression"));
    let is_short = texts.iter().any(|it| it == "...");
    if !is_expression && !is_short && texts.len() < 2 {
        findings.tell("Should NOT have less than 2 items");
    }
    let Some(rendering) = rendering else { return };
    let place = texts.len().to_string();
    findings.at(&place, |here| {
        here.members(
            rendering,
            &[
                ("expression", Form::Text),
                ("color", Form::Colour),
                ("label", Form::Text),
                ("stat", Form::Text),
                ("id", Form::Text),
                ("region", Form::Text),
                ("accountId", Form::Text),
                ("period", Form::Whole(1, PERIOD_MAX)),
                ("visible", Form::Flag),
                ("yAxis", Form::OneOf(&["left", "right"])),
            ],
        );
    });
}
