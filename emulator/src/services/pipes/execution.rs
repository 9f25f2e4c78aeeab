//! One batch on its way through a pipe: enrichment, target, and what came of it.
//!
//! Source: user guide, "Amazon EventBridge Pipes batching and concurrency" (partial failures),
//! "Amazon EventBridge Pipes event enrichment".

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::activity::Count;
use super::event::Event;
use super::logging::{self, Level};
use super::pipe::{PRINCIPAL, Pipe};
use super::state::Pipes;
use super::target_call::{self, Outcome};
use crate::kernel::{Answered, Arn, CallError, Context, NodeId};
use crate::services::shared::polling::{Batch, Discarded, News, Verdict};

/// What the tokens of executions' calls begin with; no pipe's name does.
pub(super) const TOKEN: &str = "@run/";

/// A batch on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Execution {
    pub(super) id: Arc<str>,
    pipe: Arc<str>,
    batch: u64,
    stage: Stage,
    /// The events are those of the enrichment.
    is_enriched: bool,
    /// What led to it: what became of its first message last.
    cause: NodeId,
}

/// What is being called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    Enrichment,
    Target,
}

/// Why an execution failed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failure {
    pub(super) status: u16,
    pub(super) message: String,
}

impl Failure {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { status: 400, message: message.into() }
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused { status, shape, message } => {
                Self { status, message: format!("{shape}: {message}") }
            }
            CallError::Unreachable(message) | CallError::Undelivered(message) => {
                Self { status: 500, message }
            }
        }
    }
}

impl Pipes {
    /// Deals with what a pipe's poller has found, and with what that leads to.
    pub(super) fn deal(&mut self, ctx: &mut Context<'_>, name: &str, news: News) {
        let mut todo = VecDeque::new();
        self.note(ctx, name, news, &mut todo);
        while let Some(batch) = todo.pop_front() {
            let Some(pipe) = self.pipes.get_mut(name) else { return };
            let execution = begin(ctx, pipe, &batch);
            let id = Arc::clone(&execution.id);
            let events = batch
                .records
                .iter()
                .map(|record| Event { text: Arc::clone(&record.event), is_of_source: true });
            let sent = go(ctx, pipe, &execution, &events.collect::<Vec<_>>());
            self.executions.insert(Arc::clone(&id), execution);
            if let Err(failure) = sent {
                let news = self.end(ctx, &id, Outcome::Failed(failure));
                self.note(ctx, name, news, &mut todo);
            }
        }
    }

    fn note(&mut self, ctx: &mut Context<'_>, name: &str, news: News, todo: &mut VecDeque<Batch>) {
        let Some(pipe) = self.pipes.get_mut(name) else { return };
        pipe.hear(ctx, &news);
        for discarded in &news.discarded {
            give_up(ctx, pipe, discarded);
        }
        todo.extend(news.batches);
    }

    /// A call of an execution has come back.
    pub(super) fn answered(
        &mut self,
        ctx: &mut Context<'_>,
        id: &str,
        answer: Result<Answered, CallError>,
    ) {
        let Some(execution) = self.executions.get_mut(id) else { return };
        let Some(pipe) = self.pipes.get_mut(&execution.pipe) else {
            self.executions.remove(id);
            return;
        };
        let name = Arc::clone(&execution.pipe);
        let outcome = match execution.stage {
            Stage::Target => {
                let poller = pipe.poller.as_ref();
                let batch = poller.and_then(|poller| poller.batch(execution.batch));
                let records = batch.map_or(&[][..], |batch| &batch.records);
                target_call::outcome(pipe.settings.target_kind(), answer, records)
            }
            Stage::Enrichment => match enriched(pipe, answer) {
                Err(failure) => Outcome::Failed(failure),
                Ok(events) => {
                    log(ctx, pipe, id, Step::Succeeded(Stage::Enrichment), None);
                    execution.is_enriched = true;
                    execution.stage = Stage::Target;
                    match events.is_empty() {
                        true => Outcome::Done,
                        false => match go(ctx, pipe, execution, &events) {
                            Ok(()) => return,
                            Err(failure) => Outcome::Failed(failure),
                        },
                    }
                }
            },
        };
        let news = self.end(ctx, id, outcome);
        self.deal(ctx, &name, news);
    }

    /// An execution is over: the poller hears of it.
    fn end(&mut self, ctx: &mut Context<'_>, id: &str, outcome: Outcome) -> News {
        let Some(execution) = self.executions.remove(id) else { return News::default() };
        let Some(pipe) = self.pipes.get_mut(&execution.pipe) else { return News::default() };
        let name = Arc::clone(&pipe.name);
        let verdict = match outcome {
            Outcome::Done => Verdict::Done,
            Outcome::Failed(failure) => {
                pipe.activity.count(ctx, &name, Count::Failed, 1);
                log(ctx, pipe, id, Step::Failed(execution.stage), Some(&failure));
                log(ctx, pipe, id, Step::ExecutionFailed, Some(&failure));
                Verdict::Failed
            }
            // Which of the source's events the enriched ones were made of, nobody knows.
            Outcome::Places(failed) if execution.is_enriched && !failed.is_empty() => {
                Verdict::Failed
            }
            Outcome::Places(failed) => Verdict::of_places(failed),
            Outcome::Said(verdict) => verdict,
        };
        match &verdict {
            Verdict::Done => {
                log(ctx, pipe, id, Step::Succeeded(Stage::Target), None);
                log(ctx, pipe, id, Step::ExecutionSucceeded, None);
            }
            Verdict::Partly(_) => {
                pipe.activity.count(ctx, &name, Count::PartlyFailed, 1);
                log(ctx, pipe, id, Step::ExecutionPartlyFailed, None);
            }
            Verdict::Failed | Verdict::Throttled => {}
        }
        let poller = pipe.poller.as_mut();
        poller.map(|poller| poller.finished(ctx, execution.batch, &verdict)).unwrap_or_default()
    }
}

fn begin(ctx: &mut Context<'_>, pipe: &mut Pipe, batch: &Batch) -> Execution {
    let name = Arc::clone(&pipe.name);
    pipe.activity.count(ctx, &name, Count::Events, batch.records.len() as u64);
    pipe.activity.count(ctx, &name, Count::Invocations, 1);
    let id: Arc<str> = ctx.ids().uuid().to_string().into();
    let stage = match pipe.settings.enrichment {
        Some(_) => Stage::Enrichment,
        None => Stage::Target,
    };
    logging::write(
        ctx,
        pipe,
        &id,
        ("EXECUTION_STARTED", Level::Info),
        (Some(&batch.records), None),
    );
    let cause = batch.records.first().map_or(NodeId::NONE, |record| record.cause(ctx));
    Execution { id, pipe: name, batch: batch.id, stage, is_enriched: false, cause }
}

/// Calls what the execution has come to.
fn go(
    ctx: &mut Context<'_>,
    pipe: &Pipe,
    execution: &Execution,
    events: &[Event],
) -> Result<(), Failure> {
    log(ctx, pipe, &execution.id, Step::Entered(execution.stage), None);
    let token = Arc::from(format!("{TOKEN}{}", execution.id));
    ctx.follow(execution.cause);
    let sent = match execution.stage {
        Stage::Enrichment => target_call::enrich(ctx, pipe, &token, events),
        Stage::Target => target_call::send(ctx, pipe, &token, events),
    };
    ctx.follow(NodeId::NONE);
    sent
}

/// The events that an enrichment has answered. An empty answer is none, and no target is called.
fn enriched(pipe: &Pipe, answer: Result<Answered, CallError>) -> Result<Vec<Event>, Failure> {
    let Some(kind) = pipe.settings.enrichment_kind() else {
        return Err(Failure::new("the enrichment was taken away"));
    };
    let text = target_call::payload(kind, answer)?;
    let event = |value: &Value| Event { text: value.to_string().into(), is_of_source: false };
    match serde_json::from_str::<Value>(&text) {
        _ if text.trim().is_empty() => Ok(Vec::new()),
        Ok(Value::Array(values)) => Ok(values.iter().map(event).collect()),
        Ok(Value::Null) => Ok(Vec::new()),
        Ok(Value::Object(members)) if members.is_empty() => Ok(Vec::new()),
        Ok(Value::String(said)) if said.is_empty() => Ok(Vec::new()),
        Ok(value) => Ok(vec![event(&value)]),
        Err(_) => Err(Failure::new("the enrichment's answer is not JSON")),
    }
}

/// Records of a stream that were tried often enough go to the dead-letter queue or topic.
// Unverified: the names of the envelope's members but those of the batch.
fn give_up(ctx: &mut Context<'_>, pipe: &Pipe, discarded: &Discarded) {
    let parameters = pipe.settings.source_parameters.dynamo_db_stream_parameters.as_ref();
    let config = parameters.and_then(|it| it.dead_letter_config.as_ref());
    tracing::warn!(
        pipe = pipe.arn.as_str(),
        records = discarded.records.len(),
        condition = discarded.condition,
        "records were given up"
    );
    let Some(to) = config.and_then(|it| it.arn.as_deref()) else { return };
    let Ok(to) = to.parse::<Arn>() else { return };
    let envelope = json!({
        "context": {
            "partnerResourceArn": pipe.arn.as_str(),
            "condition": discarded.condition,
        },
        "version": "1.0",
        "timestamp": ctx.now().iso_millis(),
        "DDBStreamBatchInfo": discarded.batch_info(&pipe.settings.source),
    });
    let token = Arc::from("@dead-letter");
    target_call::message(ctx, &to, &envelope.to_string(), PRINCIPAL, &token);
}

/// A step of an execution.
#[derive(Clone, Copy, Debug)]
enum Step {
    Entered(Stage),
    Succeeded(Stage),
    Failed(Stage),
    ExecutionSucceeded,
    ExecutionFailed,
    ExecutionPartlyFailed,
}

fn log(ctx: &mut Context<'_>, pipe: &Pipe, id: &str, step: Step, failure: Option<&Failure>) {
    use Stage::{Enrichment, Target};
    let step = match step {
        Step::Entered(Enrichment) => ("ENRICHMENT_STAGE_ENTERED", Level::Info),
        Step::Entered(Target) => ("TARGET_STAGE_ENTERED", Level::Info),
        Step::Succeeded(Enrichment) => ("ENRICHMENT_STAGE_SUCCEEDED", Level::Info),
        Step::Succeeded(Target) => ("TARGET_STAGE_SUCCEEDED", Level::Info),
        Step::Failed(Enrichment) => ("ENRICHMENT_STAGE_FAILED", Level::Error),
        Step::Failed(Target) => ("TARGET_STAGE_FAILED", Level::Error),
        Step::ExecutionSucceeded => ("EXECUTION_SUCCEEDED", Level::Info),
        Step::ExecutionFailed => ("EXECUTION_FAILED", Level::Error),
        Step::ExecutionPartlyFailed => ("EXECUTION_PARTIALLY_FAILED", Level::Error),
    };
    logging::write(ctx, pipe, id, step, (None, failure));
}
