//! Behaviour of CloudWatch in virtual time, over each of its protocols.

mod alarm_requests;
mod alarms;
mod composite_alarms;
mod dashboards;
mod data;
mod held;
mod listing;
mod math_alarms;
mod put;
mod statistics;
mod widget;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use crate::cloud::testing::World;
use crate::wire::{Protocol, cbor};

const TARGET: &str = "GraniteServiceVersion20100801";
/// Where virtual time begins, in seconds; the start of an hour.
const START: i64 = 1_767_225_600;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const PROTOCOLS: [Protocol; 3] = [Protocol::AwsJson10, Protocol::RpcV2Cbor, Protocol::AwsQuery];

fn request(protocol: Protocol, operation: &str, input: &Value) -> Request<Bytes> {
    let request = |path: &str| Request::post(path).header("host", "localhost:4566");
    match protocol {
        Protocol::RpcV2Cbor => request(&format!("/service/{TARGET}/operation/{operation}"))
            .header("smithy-protocol", "rpc-v2-cbor")
            .header("x-amzn-query-mode", "true")
            .header("content-type", "application/cbor")
            .body(cbor::to_vec(input).unwrap().into()),
        Protocol::AwsQuery => request("/")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(operation, input).into()),
        _ => request("/")
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("{TARGET}.{operation}"))
            .header("x-amzn-query-mode", "true")
            .body(input.to_string().into()),
    }
    .unwrap()
}

fn form(operation: &str, input: &Value) -> String {
    let mut form = format!("Action={operation}&Version=2010-08-01");
    push_form(&mut form, "", input);
    form
}

fn push_form(form: &mut String, path: &str, value: &Value) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            let dot = if path.is_empty() { "" } else { "." };
            push_form(form, &format!("{path}{dot}{name}"), value);
        }),
        Value::Array(items) => (1..).zip(items).for_each(|(number, item)| {
            push_form(form, &format!("{path}.member.{number}"), item);
        }),
        scalar => {
            let text = scalar.as_str().map_or(scalar.to_string(), str::to_owned);
            let escaped: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
            form.push_str(&format!("&{path}={escaped}"));
        }
    }
}

fn send(world: &mut World, protocol: Protocol, operation: &str, input: &Value) -> Response<Bytes> {
    let response = world.send(request(protocol, operation, input));
    response.expect("it answers at once")
}

fn ok(world: &mut World, operation: &str, input: Value) -> Value {
    world.ok(&format!("{TARGET}.{operation}"), input)
}

/// Puts one entry of the metric `m` in `N`.
fn put(world: &mut World, mut datum: Value) {
    datum["MetricName"] = "m".into();
    ok(world, "PutMetricData", json!({"Namespace": "N", "MetricData": [datum]}));
}

/// The statistics of `m` from `start` to `end` (seconds after the beginning).
fn statistics(world: &mut World, start: i64, end: i64, period: i64, more: Value) -> Vec<Value> {
    let mut input = json!({
        "Namespace": "N", "MetricName": "m", "Period": period,
        "StartTime": START + start, "EndTime": START + end,
    });
    let members = more.as_object().unwrap().clone();
    input.as_object_mut().unwrap().extend(members);
    let answer = ok(world, "GetMetricStatistics", input);
    assert_eq!(answer["Label"], "m");
    answer["Datapoints"].as_array().unwrap().clone()
}

fn sums(world: &mut World, start: i64, end: i64, period: i64) -> Vec<(i64, f64)> {
    let points = statistics(world, start, end, period, json!({"Statistics": ["Sum"]}));
    let pair = |point: &Value| {
        let at = point["Timestamp"].as_f64().unwrap() as i64 - START;
        (at, point["Sum"].as_f64().unwrap())
    };
    points.iter().map(pair).collect()
}

/// The error `(query code, message)` that each protocol gives for `input`.
fn check_error(operation: &str, input: Value, code: &str, message: &str) {
    let shape = match code {
        "MissingParameter" => "MissingRequiredParameterException".to_owned(),
        "ValidationError" => "ValidationException".to_owned(),
        code => format!("{code}Exception"),
    };
    for protocol in PROTOCOLS {
        let mut world = World::new();
        let response = send(&mut world, protocol, operation, &input);
        let case = format!("{protocol:?} {input}");
        assert_eq!(response.status(), 400, "{case}");
        let body = response.body();
        let document: Value = match protocol {
            Protocol::AwsQuery => {
                let xml = std::str::from_utf8(body).unwrap();
                let message = message.replace('"', "&quot;");
                let expected = format!(
                    "<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
                );
                assert!(xml.contains(&expected), "{case}: {xml}");
                continue;
            }
            Protocol::RpcV2Cbor => cbor::from_slice(body).unwrap(),
            _ => serde_json::from_slice(body).unwrap(),
        };
        let query_error = response.headers()["x-amzn-query-error"].to_str().unwrap();
        assert_eq!(query_error, format!("{code};Sender"), "{case}");
        let namespace = match code {
            "ValidationError" => "com.amazon.coral.validate",
            _ => "com.amazonaws.cloudwatch.v2010_08_01",
        };
        let kind = format!("{namespace}#{shape}");
        assert_eq!(document, json!({"__type": kind, "message": message}), "{case}");
    }
}

fn invalid_datum(datum: Value, code: &str, message: &str) {
    let input = json!({"Namespace": "N", "MetricData": [datum]});
    check_error("PutMetricData", input, code, message);
}
