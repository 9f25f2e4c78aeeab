//! Calling enrichments and targets, and what their answers mean.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::event::Event;
use super::execution::Failure;
use super::input;
use super::pipe::{PRINCIPAL, Pipe};
use super::shapes::HttpParameters;
use super::target::Kind;
use crate::kernel::{Answered, Arn, CallError, Context, Delivery, Principal};
use crate::services::shared::polling::{Record, Verdict};
use crate::wire::{Blob, Timestamp};

/// Most characters of a state machine's input.
///
/// Source: user guide, "Supported batchable targets".
const MACHINE_CHARACTERS_MAX: usize = 262_144;
const ASYNCHRONOUS: &str = "FIRE_AND_FORGET";

/// What came of a call of a target.
#[derive(Debug)]
pub(super) enum Outcome {
    Done,
    Failed(Failure),
    /// These of the events that were sent.
    Places(BTreeSet<usize>),
    /// As a function says it of the events of the source.
    Said(Verdict),
}

/// Calls the enrichment with the events.
///
/// # Errors
/// Why it can't be called.
pub(super) fn enrich(
    ctx: &mut Context<'_>,
    pipe: &Pipe,
    token: &Arc<str>,
    events: &[Event],
) -> Result<(), Failure> {
    let parameters = pipe.settings.enrichment_parameters.clone().unwrap_or_default();
    let texts = texts(ctx, pipe, parameters.input_template.as_deref(), events)?;
    let Some(arn) = &pipe.settings.enrichment else { return Ok(()) };
    let array = format!("[{}]", texts.join(","));
    match Kind::of(arn) {
        Some(Kind::Function) => invoke(ctx, arn, "RequestResponse", &array, token),
        Some(Kind::StateMachine) => start(ctx, arn, "StartSyncExecution", &array, token)?,
        _ => post(ctx, pipe, (arn, parameters.http_parameters.as_ref()), (events, texts), token)?,
    }
    Ok(())
}

/// Calls the target with the events.
///
/// # Errors
/// Why it can't be called.
pub(super) fn send(
    ctx: &mut Context<'_>,
    pipe: &Pipe,
    token: &Arc<str>,
    events: &[Event],
) -> Result<(), Failure> {
    let parameters = pipe.settings.target_parameters();
    let (arn, kind) = (&pipe.settings.target, pipe.settings.target_kind());
    if events.len() > kind.batch_max() {
        let (sent, most) = (events.len(), kind.batch_max());
        return Err(Failure::new(format!("{sent} events, and the target takes {most} at once")));
    }
    let texts = texts(ctx, pipe, parameters.input_template.as_deref(), events)?;
    let array = || format!("[{}]", texts.join(","));
    match kind {
        Kind::Queue => queue(ctx, pipe, (events, &texts), token),
        Kind::Topic => topic(ctx, arn, &texts, token),
        Kind::Bus => bus(ctx, pipe, (events, &texts), token),
        Kind::LogGroup => logs(ctx, pipe, (events, &texts), token),
        Kind::Function => {
            let function = parameters.lambda_function_parameters.unwrap_or_default();
            let is_event = function.invocation_type.as_deref() == Some(ASYNCHRONOUS);
            let kind = if is_event { "Event" } else { "RequestResponse" };
            invoke(ctx, arn, kind, &array(), token);
        }
        Kind::StateMachine => {
            let machine = parameters.step_function_state_machine_parameters.unwrap_or_default();
            let operation = match machine.invocation_type.as_deref() {
                Some(ASYNCHRONOUS) => "StartExecution",
                _ => "StartSyncExecution",
            };
            start(ctx, arn, operation, &array(), token)?;
        }
        Kind::ApiDestination => {
            let http = parameters.http_parameters;
            post(ctx, pipe, (arn, http.as_ref()), (events, texts), token)?;
        }
        Kind::Elsewhere => {
            return Err(Failure::new(format!("{arn} is not implemented by this emulator")));
        }
    }
    Ok(())
}

/// What each event gives.
fn texts(
    ctx: &Context<'_>,
    pipe: &Pipe,
    template: Option<&str>,
    events: &[Event],
) -> Result<Vec<String>, Failure> {
    let text = |event| input::of(ctx, pipe, template, event).map_err(Failure::new);
    events.iter().map(text).collect()
}

fn queue(
    ctx: &mut Context<'_>,
    pipe: &Pipe,
    (events, texts): (&[Event], &[String]),
    token: &Arc<str>,
) {
    let sqs = pipe.settings.target_parameters().sqs_queue_parameters.unwrap_or_default();
    let entries = texts.iter().zip(events).enumerate().map(|(number, (text, event))| {
        let mut entry = json!({ "Id": number.to_string(), "MessageBody": text });
        for (member, value) in [
            ("MessageGroupId", &sqs.message_group_id),
            ("MessageDeduplicationId", &sqs.message_deduplication_id),
        ] {
            if let Some(value) = value {
                entry[member] = event.parameter(value).into();
            }
        }
        entry
    });
    let entries: Vec<Value> = entries.collect();
    let request = json!({ "QueueUrl": url(&pipe.settings.target), "Entries": entries });
    ctx.call(("sqs", "SendMessageBatch"), request, PRINCIPAL, token);
}

fn topic(ctx: &mut Context<'_>, topic: &Arn, texts: &[String], token: &Arc<str>) {
    let entries = texts.iter().enumerate();
    let entry =
        |(number, text): (usize, &String)| json!({ "Id": number.to_string(), "Message": text });
    let entries: Vec<Value> = entries.map(entry).collect();
    let request = json!({ "TopicArn": topic.as_str(), "PublishBatchRequestEntries": entries });
    ctx.call(("sns", "PublishBatch"), request, PRINCIPAL, token);
}

// Unverified: the source and the type of events where none are given.
fn bus(
    ctx: &mut Context<'_>,
    pipe: &Pipe,
    (events, texts): (&[Event], &[String]),
    token: &Arc<str>,
) {
    let bus =
        pipe.settings.target_parameters().event_bridge_event_bus_parameters.unwrap_or_default();
    let service = if pipe.settings.source.contains(":sqs:") { "sqs" } else { "dynamodb" };
    let source = bus.source.unwrap_or_else(|| format!("Pipe {}", pipe.name));
    let detail_type = bus.detail_type.unwrap_or_else(|| format!("Event from aws:{service}"));
    let entries = texts.iter().zip(events).map(|(text, event)| {
        let mut entry = json!({
            "EventBusName": pipe.settings.target.as_str(),
            "Source": event.parameter(&source),
            "DetailType": event.parameter(&detail_type),
            "Detail": text,
        });
        if let Some(resources) = &bus.resources {
            let resources = resources.iter().map(|it| event.parameter(it)).collect::<Vec<_>>();
            entry["Resources"] = json!(resources);
        }
        let time = bus.time.as_ref().map(|path| event.parameter(path));
        if let Some(at) = time.as_deref().and_then(moment) {
            entry["Time"] = json!(at.millis() as f64 / 1000.0);
        }
        entry
    });
    let entries: Vec<Value> = entries.collect();
    ctx.call(("events", "PutEvents"), json!({ "Entries": entries }), PRINCIPAL, token);
}

fn logs(
    ctx: &mut Context<'_>,
    pipe: &Pipe,
    (events, texts): (&[Event], &[String]),
    token: &Arc<str>,
) {
    let it = pipe.settings.target_parameters().cloud_watch_logs_parameters.unwrap_or_default();
    let name = pipe.settings.target.resource.strip_prefix("log-group:").unwrap_or_default();
    let mut events: Vec<(i64, &String)> = texts
        .iter()
        .zip(events)
        .map(|(text, event)| {
            let at = it.timestamp.as_ref().map(|path| event.parameter(path));
            (at.as_deref().and_then(moment).unwrap_or(ctx.now()).millis(), text)
        })
        .collect();
    events.sort_by_key(|(at, _)| *at);
    let events: Vec<Value> =
        events.iter().map(|(at, text)| json!({ "timestamp": at, "message": text })).collect();
    let request = json!({
        "logGroupName": name.strip_suffix(":*").unwrap_or(name),
        "logStreamName": it.log_stream_name,
        "logEvents": events,
    });
    ctx.call(("logs", "PutLogEvents"), request, PRINCIPAL, token);
}

/// A time in one of the forms in which events have it: milliseconds, seconds, or ISO 8601.
fn moment(text: &str) -> Option<Timestamp> {
    /// What is larger counts milliseconds.
    const SECONDS_MAX: f64 = 100_000_000_000.0;
    match text.parse::<f64>() {
        Ok(number) if number > SECONDS_MAX => Some(Timestamp::from_millis(number as i64)),
        Ok(number) => Some(Timestamp::from_millis((number * 1000.0) as i64)),
        Err(_) => Timestamp::parse_iso(text),
    }
}

fn invoke(ctx: &mut Context<'_>, function: &Arn, kind: &str, payload: &str, token: &Arc<str>) {
    let payload = Blob(payload.as_bytes().to_vec()).to_base64();
    let request = json!({
        "FunctionName": function.as_str(), "InvocationType": kind, "Payload": payload,
    });
    ctx.call(("lambda", "Invoke"), request, PRINCIPAL, token);
}

fn start(
    ctx: &mut Context<'_>,
    machine: &Arn,
    operation: &str,
    input: &str,
    token: &Arc<str>,
) -> Result<(), Failure> {
    if input.chars().count() > MACHINE_CHARACTERS_MAX {
        return Err(Failure::new("the events are too long for a state machine"));
    }
    let request = json!({ "stateMachineArn": machine.as_str(), "input": input });
    ctx.call(("states", operation), request, PRINCIPAL, token);
    Ok(())
}

/// Sends the only event to an API destination; its server's answer comes back.
fn post(
    ctx: &mut Context<'_>,
    pipe: &Pipe,
    (destination, http): (&Arn, Option<&HttpParameters>),
    (events, texts): (&[Event], Vec<String>),
    token: &Arc<str>,
) -> Result<(), Failure> {
    let ([event], Some(body)) = (events, texts.into_iter().next()) else {
        return Err(Failure::new("an API destination takes one event at once"));
    };
    let http = http.cloned().unwrap_or_default();
    let map = |all: Option<std::collections::BTreeMap<String, String>>| {
        let filled = all
            .into_iter()
            .flatten()
            .map(|(name, value)| (name, Value::from(event.parameter(&value))));
        Value::Object(filled.collect())
    };
    let path = http.path_parameter_values.iter().flatten().map(|it| event.parameter(it));
    let parameters = json!({
        "path": path.collect::<Vec<_>>(),
        "headers": map(http.header_parameters),
        "query": map(http.query_string_parameters),
    });
    ctx.deliver(Delivery {
        parameters: Some(parameters.to_string().into()),
        answer_to: Some(Arc::clone(token)),
        ..Delivery::new((pipe.arn.clone(), PRINCIPAL), destination.clone(), body, ctx.cause())
    });
    Ok(())
}

/// Sends a text to a queue or a topic.
pub(super) fn message(
    ctx: &mut Context<'_>,
    to: &Arn,
    text: &str,
    principal: Principal,
    token: &Arc<str>,
) {
    match &*to.service {
        "sqs" => {
            let request = json!({ "QueueUrl": url(to), "MessageBody": text });
            ctx.call(("sqs", "SendMessage"), request, principal, token);
        }
        _ => {
            let request = json!({ "TopicArn": to.as_str(), "Message": text });
            ctx.call(("sns", "Publish"), request, principal, token);
        }
    }
}

/// What the answer of a target says of the events that were sent.
pub(super) fn outcome(
    kind: Kind,
    answer: Result<Answered, CallError>,
    records: &[Record],
) -> Outcome {
    match kind {
        Kind::Queue | Kind::Topic | Kind::Bus => match answer {
            Ok(Answered::Operation(value)) => Outcome::Places(failed_entries(&value)),
            Ok(_) => Outcome::Done,
            Err(error) => Outcome::Failed(error.into()),
        },
        Kind::Function | Kind::StateMachine => match payload(kind, answer) {
            Ok(text) => said(&text, records),
            Err(failure) => Outcome::Failed(failure),
        },
        _ => match answer {
            Ok(_) => Outcome::Done,
            Err(error) => Outcome::Failed(error.into()),
        },
    }
}

/// The places of the entries that have failed.
fn failed_entries(answer: &Value) -> BTreeSet<usize> {
    let list = |name: &str| answer[name].as_array().into_iter().flatten();
    let by_id = list("Failed").filter_map(|entry| entry["Id"].as_str()?.parse().ok());
    let entries = list("Entries").enumerate();
    let by_place = entries.filter(|(_, it)| it["ErrorCode"].is_string()).map(|(place, _)| place);
    by_id.chain(by_place).collect()
}

/// A function's answer counts only where it says which items have failed.
fn said(text: &str, records: &[Record]) -> Outcome {
    let answer = serde_json::from_str::<Value>(text).unwrap_or_default();
    match answer.get("batchItemFailures") {
        None => Outcome::Done,
        Some(_) => match Verdict::of_answer(text, records, |record| &record.id) {
            Verdict::Failed => Outcome::Failed(Failure::new("batchItemFailures names no event")),
            verdict => Outcome::Said(verdict),
        },
    }
}

/// What a function, a state machine or a server has answered.
///
/// # Errors
/// It has failed.
pub(super) fn payload(kind: Kind, answer: Result<Answered, CallError>) -> Result<String, Failure> {
    match answer? {
        Answered::Http(answer) => Ok(String::from_utf8_lossy(&answer.body).into_owned()),
        Answered::Operation(value) if kind == Kind::Function => {
            let bytes = STANDARD.decode(value["Payload"].as_str().unwrap_or_default());
            let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
            match value["FunctionError"].as_str() {
                None => Ok(text),
                Some(error) => Err(Failure { status: 200, message: format!("{error}: {text}") }),
            }
        }
        Answered::Operation(value) => match value["status"].as_str() {
            None | Some("SUCCEEDED") => Ok(value["output"].as_str().unwrap_or_default().to_owned()),
            Some(status) => {
                let error = value["error"].as_str().unwrap_or_default();
                let cause = value["cause"].as_str().unwrap_or_default();
                Err(Failure { status: 200, message: format!("{status} {error}: {cause}") })
            }
        },
        Answered::Function(_) | Answered::Taken => Ok(String::new()),
    }
}

/// A queue's URL.
fn url(queue: &Arn) -> String {
    format!("https://sqs.{}.amazonaws.com/{}/{}", queue.region(), queue.account(), queue.resource)
}
