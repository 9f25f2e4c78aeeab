//! One run of a schedule: the call of its target, the retries, and the dead letter.
//!
//! Source: user guide of EventBridge Scheduler, "Configuring a dead-letter queue" and its API
//! reference, "RetryPolicy".

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::activity::Count;
use super::api;
use super::input;
use super::schedule::Schedule;
use super::state::Scheduler;
use super::target::Target;
use crate::kernel::{
    Answered, Arn, CallError, Context, Exhausted, InternalCall, Name, NodeId, Principal, Retry,
    What,
};
use crate::services::shared::account::reason;
use crate::wire::Timestamp;

/// Who calls the targets.
// Differs from AWS: schedules call their targets as the service itself, not in their roles.
pub(super) const PRINCIPAL: Principal = Principal::of("scheduler.amazonaws.com");
/// What the keys of timers of invocations begin with.
pub(super) const TIMER: &str = "invocation/";
/// What the token of a call to a dead-letter queue begins with.
const DEAD_LETTER: &str = "dead-letter/";
/// Errors that pass, although a client is said to be at fault.
const THROTTLED: [&str; 4] = [
    "ThrottlingException",
    "TooManyRequestsException",
    "RequestThrottled",
    "LimitExceededException",
];

/// A schedule has rung, and its target has not yet answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Invocation {
    pub(super) id: Arc<str>,
    pub(super) schedule: Arn,
    pub(super) scheduled: Timestamp,
    pub(super) retry: Retry,
    group: String,
    target: Target,
    cause: NodeId,
    lineage: Name,
}

/// Why a call failed, in the words of a dead letter.
struct Failure {
    code: String,
    message: String,
    /// It may succeed later.
    passes: bool,
}

impl Scheduler {
    /// The schedule of a group calls its target.
    pub(super) fn invoke(
        &mut self,
        ctx: &mut Context<'_>,
        group: &str,
        schedule: &Schedule,
        scheduled: Timestamp,
    ) {
        let id = ctx.ids().uuid();
        let target = schedule.settings.target.clone();
        let cause = ctx.record(NodeId::NONE, What::ScheduleRang, &schedule.lineage, id);
        let invocation = Invocation {
            id: Arc::from(id.to_string()),
            schedule: schedule.arn.clone(),
            scheduled,
            retry: Retry::on(target.retries()),
            group: group.to_owned(),
            target,
            cause,
            lineage: schedule.lineage.clone(),
        };
        self.attempt(ctx, invocation);
    }

    fn attempt(&mut self, ctx: &mut Context<'_>, invocation: Invocation) {
        self.count(ctx, &invocation.group, Count::Attempted);
        let Some(api) = &invocation.target.api else {
            let failure = Failure {
                code: "NOT_IMPLEMENTED".to_owned(),
                message: format!("{} is not implemented by this emulator", invocation.target.arn),
                passes: false,
            };
            return self.failed(ctx, invocation, &failure);
        };
        let wire = &invocation.target.wire;
        let filled = wire.input.as_deref().map(|text| input::filled(&invocation, text));
        let event = input::event(&invocation);
        let request = api.request(&invocation.target.arn, wire, filled.as_deref(), &event);
        let call = InternalCall {
            service: api.service.clone(),
            operation: api.operation.clone(),
            input: request,
            principal: PRINCIPAL,
            scope: ctx.scope().clone(),
            cause: invocation.cause,
            hops: 0,
            answer_to: ctx.return_address(&invocation.id),
        };
        ctx.call_with(call);
        self.invocations.insert(Arc::clone(&invocation.id), invocation);
    }

    /// A call has come back.
    pub(super) fn answered(
        &mut self,
        ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        if let Some(group) = token.strip_prefix(DEAD_LETTER) {
            let what = match &answer {
                Ok(_) => Count::SentToDeadLetter,
                Err(error) => {
                    tracing::warn!(reason = %error, "a dead letter of a schedule was refused");
                    Count::NotSentToDeadLetter
                }
            };
            return self.count(ctx, group, what);
        }
        let Some(invocation) = self.invocations.remove(token) else { return };
        if let Some(failure) = failure(answer) {
            self.count(ctx, &invocation.group, Count::TargetFailed);
            self.failed(ctx, invocation, &failure);
        }
    }

    /// A call that failed is due again.
    pub(super) fn retry(&mut self, ctx: &mut Context<'_>, id: &str) {
        if let Some(invocation) = self.waiting.remove(id) {
            self.attempt(ctx, invocation);
        }
    }

    fn failed(&mut self, ctx: &mut Context<'_>, mut invocation: Invocation, failure: &Failure) {
        let now = ctx.now();
        let subject = ctx.ids().uuid();
        invocation.retry.since.get_or_insert(now);
        if !failure.passes {
            return self.give_up(ctx, &invocation, failure, None);
        }
        invocation.retry.failed += 1;
        let chance = ctx.fault_fraction();
        match invocation.retry.next(now, chance) {
            Err(exhausted) => self.give_up(ctx, &invocation, failure, Some(exhausted)),
            Ok(at) => {
                let (cause, name) = (invocation.cause, invocation.lineage.clone());
                let message = failure.message.clone();
                invocation.cause = ctx.record_note(cause, What::Retried, &name, subject, message);
                ctx.set_timer(at, &Arc::from(format!("{TIMER}{}", invocation.id)));
                self.waiting.insert(Arc::clone(&invocation.id), invocation);
            }
        }
    }

    fn give_up(
        &mut self,
        ctx: &mut Context<'_>,
        invocation: &Invocation,
        failure: &Failure,
        why: Option<Exhausted>,
    ) {
        let (schedule, to) = (invocation.schedule.as_str(), invocation.target.arn.as_str());
        tracing::warn!(schedule, to, reason = %failure.message, "invocation given up");
        let subject = ctx.ids().uuid();
        let (cause, name) = (invocation.cause, &invocation.lineage);
        let refused = ctx.record_note(cause, What::Refused, name, subject, failure.message.clone());
        self.count(ctx, &invocation.group, Count::Dropped);
        let Some(queue) = &invocation.target.dead_letter else {
            ctx.record(refused, What::Dropped, name, subject);
            return;
        };
        let token = Arc::from(format!("{DEAD_LETTER}{}", invocation.group));
        let call = InternalCall {
            service: "sqs".to_owned(),
            operation: "SendMessage".to_owned(),
            input: dead_letter(invocation, queue, failure, why),
            principal: PRINCIPAL,
            scope: ctx.scope().clone(),
            cause: refused,
            hops: 0,
            answer_to: ctx.return_address(&token),
        };
        ctx.call_with(call);
    }
}

/// What is wrong with an answer, if something is.
fn failure(answer: Result<Answered, CallError>) -> Option<Failure> {
    let error = match answer {
        // PutEvents answers, and its only entry may have failed.
        Ok(Answered::Operation(answer)) => {
            let entry = &answer["Entries"][0];
            let code = entry["ErrorCode"].as_str()?.to_owned();
            let message = entry["ErrorMessage"].as_str().unwrap_or_default().to_owned();
            let passes = code == "InternalFailure" || THROTTLED.contains(&code.as_str());
            return Some(Failure { code, message, passes });
        }
        Ok(_) => return None,
        Err(error) => error,
    };
    Some(match error {
        CallError::Refused { shape, status, message } => {
            let passes = status >= 500 || status == 429 || THROTTLED.contains(&shape.as_str());
            Failure { code: shape, message, passes }
        }
        CallError::Unreachable(message) => {
            Failure { code: "INTERNAL_ERROR".to_owned(), message, passes: true }
        }
        CallError::Undelivered(message) => {
            Failure { code: "INTERNAL_ERROR".to_owned(), message, passes: false }
        }
    })
}

/// The message that goes to a dead-letter queue.
fn dead_letter(
    invocation: &Invocation,
    queue: &Arn,
    failure: &Failure,
    exhausted: Option<Exhausted>,
) -> Value {
    let retries = match exhausted {
        Some(_) => invocation.retry.failed.saturating_sub(1),
        None => invocation.retry.failed,
    };
    let rows = [
        ("SCHEDULE_ARN", Some(invocation.schedule.to_string())),
        ("TARGET_ARN", Some(invocation.target.arn.to_string())),
        ("SCHEDULED_TIME", Some(invocation.scheduled.iso_seconds())),
        ("EXECUTION_ID", Some(invocation.id.to_string())),
        ("ERROR_CODE", Some(failure.code.clone())),
        ("ERROR_MESSAGE", Some(reason(&failure.message))),
        ("RETRY_ATTEMPTS", Some(retries.to_string())),
        ("IS_PAYLOAD_TRUNCATED", Some("false".to_owned())),
        ("EXHAUSTED_RETRY_CONDITION", exhausted.map(|it| it.0.to_owned())),
    ];
    let attributes = rows.into_iter().filter_map(|(name, value)| {
        Some((name.to_owned(), json!({ "DataType": "String", "StringValue": value? })))
    });
    let attributes: serde_json::Map<String, Value> = attributes.collect();
    let body = invocation.target.wire.input.as_deref();
    let body =
        body.map_or_else(|| input::event(invocation), |text| input::filled(invocation, text));
    json!({ "QueueUrl": api::url(queue), "MessageBody": body, "MessageAttributes": attributes })
}
