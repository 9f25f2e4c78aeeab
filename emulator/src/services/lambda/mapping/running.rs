//! Invoking functions with batches, and what becomes of those that fail.
//!
//! Source: developer guide, "How Lambda processes records from stream and queue-based event
//! sources", "Retaining discarded batches for a DynamoDB event source".

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::mapping_state::Mapping;
use super::windows::{self, Aggregate};
use crate::kernel::{Answered, Arn, CallError, Context, NodeId};
use crate::services::lambda::invoke::PRINCIPAL;
use crate::services::lambda::state::Lambda;
use crate::services::shared::polling::{Batch, Discarded, News, Record, Verdict};
use crate::wire::Blob;

/// What tokens and timers of mappings' pollers begin with.
pub(in crate::services::lambda) const POLLER: &str = "mapping-";
/// What the tokens of their invocations begin with: `mapped/ID/BATCH`.
pub(in crate::services::lambda) const INVOCATION: &str = "mapped/";
/// What the timers of mappings begin with that wait for their beginning.
pub(super) const BEGINS: &str = "mapping-begins/";
/// The token of what destinations are told.
pub(in crate::services::lambda) const TOLD: &str = "mapped-told";

impl Lambda {
    /// A timer of a mapping rings.
    pub(in crate::services::lambda) fn mapping_rings(&mut self, ctx: &mut Context<'_>, key: &str) {
        let begins = key.strip_prefix(BEGINS);
        let Some(id) = begins.or_else(|| poller_of(key)) else { return };
        let Some(mapping) = self.mappings.all.get_mut(id) else { return };
        let news = match (begins, &mut mapping.poller) {
            (Some(_), _) => mapping.begin(ctx),
            (None, Some(poller)) => poller.rang(ctx),
            (None, None) => return,
        };
        self.deal(ctx, id, news);
    }

    /// A call of a mapping's poller has come back.
    pub(in crate::services::lambda) fn polled(
        &mut self,
        ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        let Some(id) = poller_of(token) else { return };
        let Some(mapping) = self.mappings.all.get_mut(id) else { return };
        let Some(poller) = &mut mapping.poller else { return };
        let news = poller.answered(ctx, token, answer);
        self.deal(ctx, id, news);
    }

    /// A function has dealt with a batch, or not.
    pub(in crate::services::lambda) fn mapped(
        &mut self,
        ctx: &mut Context<'_>,
        token: &str,
        answer: Result<Answered, CallError>,
    ) {
        let rest = token.strip_prefix(INVOCATION).and_then(|rest| rest.split_once('/'));
        let Some((id, batch)) = rest else { return };
        let Some(mapping) = self.mappings.all.get_mut(id) else { return };
        let Some(poller) = &mut mapping.poller else { return };
        let Some(number) = batch.parse().ok() else { return };
        let Some(batch) = poller.batch(number) else { return };
        let reports =
            mapping.wire.function_response_types.as_ref().is_some_and(|it| !it.is_empty());
        let is_stream = poller.settings().stream.is_some();
        let window = batch.window.clone();
        let (verdict, payload) = verdict(answer, batch, reports, is_stream);
        let (aggregate, verdict) = match &window {
            Some(window) => windows::after(window, mapping.aggregate.take(), verdict, &payload),
            None => (None, verdict),
        };
        if aggregate.as_ref().is_some_and(Aggregate::is_too_large) {
            poller.end_window_early(number);
        }
        mapping.aggregate = aggregate;
        if is_stream {
            let told =
                if verdict == Verdict::Done { "OK" } else { "PROBLEM: Function call failed" };
            mapping.last_result = Some(told.to_owned());
        }
        let news = poller.finished(ctx, number, &verdict);
        self.deal(ctx, id, news);
    }

    /// Invokes the function of a mapping with the batches that there are.
    pub(in crate::services::lambda) fn deal(
        &mut self,
        ctx: &mut Context<'_>,
        id: &str,
        news: News,
    ) {
        let Some(mapping) = self.mappings.all.get_mut(id) else { return };
        if let Some(error) = &news.trouble {
            mapping.last_result = Some(format!("PROBLEM: {error}"));
        }
        for discarded in &news.discarded {
            give_up(ctx, mapping, discarded);
        }
        for batch in news.batches {
            invoke(ctx, mapping, &batch);
        }
    }
}

/// The id of the mapping whose poller has this token or timer.
fn poller_of(token: &str) -> Option<&str> {
    token.strip_prefix(POLLER)?.split('/').next()
}

fn invoke(ctx: &mut Context<'_>, mapping: &Mapping, batch: &Batch) {
    let events: Vec<&str> = batch.records.iter().map(|record| &*record.event).collect();
    let window = batch.window.as_ref();
    let more = window.map(|window| windows::members(mapping, window)).unwrap_or_default();
    let payload = format!("{{\"Records\":[{}]{more}}}", events.join(","));
    let request = json!({
        "FunctionName": mapping.wire.function_arn,
        "InvocationType": "RequestResponse",
        "Payload": Blob(payload.into_bytes()).to_base64(),
    });
    let token = Arc::from(format!("{INVOCATION}{}/{}", mapping.id, batch.id));
    // A batch is told of as what its first message led to.
    let cause = batch.records.first().map_or(NodeId::NONE, |record| record.cause(ctx));
    ctx.follow(cause);
    ctx.call(("lambda", "Invoke"), request, PRINCIPAL, &token);
    ctx.follow(NodeId::NONE);
}

/// What came of a batch, and what the function has returned.
fn verdict(
    answer: Result<Answered, CallError>,
    batch: &Batch,
    reports: bool,
    is_stream: bool,
) -> (Verdict, String) {
    let failed = |verdict| (verdict, String::new());
    let value = match answer {
        Ok(Answered::Operation(value)) => value,
        Ok(_) => return failed(Verdict::Done),
        Err(CallError::Refused { status: 429, .. }) => return failed(Verdict::Throttled),
        Err(_) => return failed(Verdict::Failed),
    };
    if value["FunctionError"].is_string() {
        return failed(Verdict::Failed);
    }
    if !reports && batch.window.is_none() {
        return failed(Verdict::Done);
    }
    let bytes = STANDARD.decode(value["Payload"].as_str().unwrap_or_default());
    let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
    if !reports {
        return (Verdict::Done, text);
    }
    let name: fn(&Record) -> &str = match is_stream {
        true => |record| &record.handle,
        false => |record| &record.id,
    };
    (Verdict::of_answer(&text, &batch.records, name), text)
}

/// Records of a stream that were tried often enough go to the destination of failures.
fn give_up(ctx: &mut Context<'_>, mapping: &Mapping, discarded: &Discarded) {
    tracing::warn!(
        mapping = &*mapping.id,
        records = discarded.records.len(),
        condition = discarded.condition,
        "records were given up"
    );
    let config = mapping.wire.destination_config.as_ref();
    let to = config.and_then(|it| it.on_failure.as_ref()).and_then(|it| it.destination.as_deref());
    let Some(to) = to.and_then(|text| text.parse::<Arn>().ok()) else { return };
    let request_id = ctx.ids().uuid().to_string();
    let source = mapping.wire.event_source_arn.as_deref().unwrap_or_default();
    let envelope = json!({
        "requestContext": {
            "requestId": request_id,
            "functionArn": mapping.wire.function_arn,
            "condition": discarded.condition,
            "approximateInvokeCount": discarded.attempts,
        },
        "responseContext": {
            "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": ctx.now().iso_millis(),
        "DDBStreamBatchInfo": discarded.batch_info(source),
    });
    let (called, request) = message(&to, &envelope);
    ctx.call(called, request, PRINCIPAL, &Arc::from(TOLD));
}

/// The call that sends a text to a queue or a topic.
fn message(to: &Arn, envelope: &Value) -> ((&'static str, &'static str), Value) {
    let text = envelope.to_string();
    match &*to.service {
        "sqs" => {
            let (region, account, name) = (to.region(), to.account(), &to.resource);
            let url = format!("https://sqs.{region}.amazonaws.com/{account}/{name}");
            (("sqs", "SendMessage"), json!({ "QueueUrl": url, "MessageBody": text }))
        }
        _ => (("sns", "Publish"), json!({ "TopicArn": to.as_str(), "Message": text })),
    }
}
