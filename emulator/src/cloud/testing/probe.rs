//! A service of the tests: it calls other services and the world outside when told to, and tells
//! what it was answered.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::super::entry::Entry;
use crate::kernel::{
    Answered, Arn, CallError, Context, Delivery, DeliveryTarget, FunctionVersion, Hooks,
    HttpTarget, Invocation, OperationTable, OutsideRequest, Pause, Principal, RetryPhase,
    RetrySchedule, Throttling,
};
use crate::wire::{Protocol, Service, WireError, default_naming};

static SERVICE: Service = Service {
    name: "probe",
    signing_name: "probe",
    target_prefix: Some("Probe"),
    namespace: "test",
    protocols: &[Protocol::AwsJson10],
    query_version: None,
    xml_namespace: "",
    naming: default_naming,
    every_operation: true,
    path_member: None,
    without_result: &[],
    query_compatible: false,
    error_detail: false,
    crc32: false,
};

const PRINCIPAL: Principal = Principal::of("probe.amazonaws.com");

/// What the service was answered: its token and the answer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Probe {
    answers: Vec<(Arc<str>, Result<Answered, CallError>)>,
}

impl Hooks for Probe {
    fn on_answer(
        &mut self,
        _ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        self.answers.push((Arc::clone(token), answer));
    }
}

#[derive(Deserialize, Serialize)]
struct CallRequest {
    service: String,
    operation: String,
    input: Value,
    token: Arc<str>,
}

#[derive(Deserialize, Serialize)]
struct HttpRequest {
    url: String,
    token: Arc<str>,
}

/// Where to panic: while it is read or written, or while the operation runs.
#[derive(Deserialize, Serialize)]
struct Panic {
    #[serde(deserialize_with = "read_place", serialize_with = "write_place")]
    place: String,
}

fn read_place<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let place = String::deserialize(deserializer)?;
    assert!(place != "reading", "as it was told to");
    Ok(place)
}

fn write_place<S: Serializer>(place: &str, serializer: S) -> Result<S::Ok, S::Error> {
    assert!(place != "writing", "as it was told to");
    place.serialize(serializer)
}

fn panic(_: &mut Context<'_>, probe: &mut Probe, request: Panic) -> Result<Panic, WireError> {
    // Half of a change.
    probe.answers.push(("half".into(), Ok(Answered::Taken)));
    assert!(request.place != "running", "as it was told to");
    probe.answers.pop();
    Ok(request)
}

#[derive(Deserialize, Serialize)]
struct Empty {}

pub(in crate::cloud) fn entry() -> Entry {
    let throttling = Throttling { shape: "Throttled", query_code: "Throttled", status: 400 };
    let table = OperationTable::<Probe>::new("probe", throttling)
        .on("Answers", answers)
        .about_nothing()
        .on("Call", call)
        .about_nothing()
        .on("Deliver", deliver)
        .about_nothing()
        .on("Get", get)
        .about_nothing()
        .on("Invoke", invoke)
        .about_nothing()
        .on("Panic", panic)
        .about_nothing();
    Entry::new(&SERVICE, table)
}

fn call(ctx: &mut Context<'_>, _: &mut Probe, request: CallRequest) -> Result<Value, WireError> {
    let CallRequest { service, operation, input, token } = request;
    ctx.call((&service, &operation), input, PRINCIPAL, &token);
    Ok(Value::Null)
}

fn get(ctx: &mut Context<'_>, _: &mut Probe, request: HttpRequest) -> Result<Value, WireError> {
    let target = target(request.url);
    ctx.ask_outside(OutsideRequest::Http { target, body: Bytes::new() }, &request.token);
    Ok(Value::Null)
}

/// Delivers to an HTTP server: two retries, a second and ten later.
fn deliver(ctx: &mut Context<'_>, _: &mut Probe, request: HttpRequest) -> Result<Value, WireError> {
    let to = DeliveryTarget::Http(target(request.url));
    let second = RetryPhase { retries: 1, pause: Pause::Seconds(1) };
    let ten = RetryPhase { retries: 1, pause: Pause::Seconds(10) };
    let schedule = RetrySchedule {
        phases: vec![second, ten].into(),
        attempts_max: u32::MAX,
        ..RetrySchedule::NEVER
    };
    let delivery = Delivery::new((ctx.arn("sender"), PRINCIPAL), to, "hello", ctx.cause());
    let answer_to = Some(request.token);
    ctx.deliver(Delivery { answer_to, ..delivery.tried_again(schedule) });
    Ok(Value::Null)
}

fn invoke(ctx: &mut Context<'_>, _: &mut Probe, request: HttpRequest) -> Result<Value, WireError> {
    let function = ctx.arn(request.url);
    let invocation = Invocation {
        function: function.clone(),
        request_id: String::new(),
        payload: Bytes::from_static(b"{}"),
        client_context: None,
        trace_header: None,
        at: ctx.now(),
        version: Arc::new(version(function)),
    };
    ctx.ask_outside(OutsideRequest::Function(Box::new(invocation)), &request.token);
    Ok(Value::Null)
}

fn version(function: Arn) -> FunctionVersion {
    FunctionVersion {
        function,
        name: "probe".into(),
        version: "$LATEST".into(),
        revision: "1".into(),
        runtime: None,
        handler: None,
        timeout_seconds: 3,
        memory_megabytes: 128,
        ephemeral_storage_megabytes: 512,
        environment: BTreeMap::new(),
        log_group: "/aws/lambda/probe".into(),
        code: None,
        layers: Vec::new(),
    }
}

fn target(url: String) -> HttpTarget {
    HttpTarget { url, method: "POST".to_owned(), headers: Vec::new(), timeout_seconds: 15 }
}

fn answers(_: &mut Context<'_>, probe: &mut Probe, _: Empty) -> Result<Value, WireError> {
    Ok(serde_json::to_value(&probe.answers).expect("answers have a form in JSON"))
}
