//! Records on their way to destinations, and dead letters: calls of other services, as the
//! function's role would make them, with some retries.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::activity::Measure;
use super::event::{Condition, Event};
use super::record;
use crate::kernel::{
    Answered, Arn, CallError, Context, InternalCall, MessageId, Name, Pause, Retry, RetryPhase,
    RetrySchedule, Scope, What,
};
use crate::services::lambda::address::LATEST;
use crate::services::lambda::function::Function;
use crate::services::lambda::state::Lambda;
use crate::wire::Blob;

/// What the tokens and timers' keys of what is sent begin with.
pub(in crate::services::lambda) const SENDING: &str = "sending/";

/// AWS says that a failure has to be consistent, not for how long.
// Differs from AWS: a record or dead letter is sent four times at most, after one, two and four
// seconds.
const RETRIES: RetrySchedule = RetrySchedule {
    phases: Cow::Borrowed(&[RetryPhase {
        retries: 3,
        pause: Pause::Doubling { first_seconds: 1, longest_seconds: 4 },
    }]),
    jitter: 0.0,
    attempts_max: 3,
    age_max: None,
};

/// Errors that pass, although a client is said to be at fault.
const THROTTLED: [&str; 4] = [
    "ThrottlingException",
    "TooManyRequestsException",
    "RequestThrottled",
    "LimitExceededException",
];

/// Something that has no answer yet, or waits to be sent again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Sending {
    call: InternalCall,
    function: Arc<str>,
    qualifier: Option<Arc<str>>,
    to: Name,
    is_dead_letter: bool,
    subject: MessageId,
    retry: Retry,
}

/// Where something goes, and what: the call that brings it there.
struct Message<'a> {
    body: String,
    attributes: Option<Value>,
    /// For events on a bus: the function, and how it went.
    of: (&'a Arn, Condition),
}

impl Lambda {
    /// The dead-letter queue or topic of the version that an event was for.
    pub(super) fn dead_letter_of(&self, event: &Event) -> Option<Arn> {
        let function = self.functions.get(&event.asked.function)?;
        let ran = event.last.as_ref().and_then(|it| function.numbered(Some(&it.version)));
        let version = ran.or_else(|| function.look(event.asked.qualifier.as_deref()).ok())?;
        version.settings.dead_letter.as_ref()?.parse().ok()
    }

    /// Whether somebody is told of such an end.
    pub(super) fn has_destination(&self, event: &Event, why: Condition) -> bool {
        let function = self.functions.get(&event.asked.function);
        function.is_some_and(|it| destination(it, event, why).is_some())
    }

    /// Sends the event to its dead-letter queue, if it has one.
    pub(super) fn send_dead_letter(
        &mut self,
        ctx: &mut Context<'_>,
        (event, why): (&Event, Condition),
        to: Option<Arn>,
    ) {
        let Some(to) = to else { return };
        let body = String::from_utf8_lossy(&event.asked.payload).into_owned();
        let attributes = Some(record::attributes(event, why));
        let of = self.qualified(ctx, event);
        self.send(ctx, event, &to, Message { body, attributes, of: (&of, why) });
    }

    /// Tells the destination of an event's end, if there is one for such an end.
    pub(super) fn tell_of(&mut self, ctx: &mut Context<'_>, event: &Event, why: Condition) {
        let function = self.functions.get(&event.asked.function);
        let Some(to) = function.and_then(|it| destination(it, event, why)) else { return };
        let of = self.qualified(ctx, event);
        let body = record::record(event, &of, why, ctx.now());
        match to.parse::<Arn>() {
            Ok(to) => {
                self.send(ctx, event, &to, Message { body, attributes: None, of: (&of, why) });
            }
            Err(error) => tracing::warn!(to, %error, "a destination is no ARN"),
        }
    }

    /// The function's ARN as records have it: with what was named, or `$LATEST`.
    fn qualified(&self, ctx: &Context<'_>, event: &Event) -> Arn {
        let qualifier = event.asked.qualifier.as_deref().unwrap_or(LATEST);
        ctx.arn(format!("function:{}:{qualifier}", event.asked.function))
    }

    fn send(&mut self, ctx: &mut Context<'_>, event: &Event, to: &Arn, message: Message<'_>) {
        let is_dead_letter = message.attributes.is_some();
        let (operation, input) = request(to, message);
        let token: Arc<str> = format!("{SENDING}{}", ctx.ids().uuid()).into();
        let scope = Scope { region: to.scope.region.clone(), ..ctx.scope().clone() };
        let call = InternalCall {
            service: to.service.to_string(),
            operation: operation.to_owned(),
            input,
            principal: super::PRINCIPAL,
            scope,
            cause: event.asked.cause,
            hops: event.asked.hops + 1,
            answer_to: ctx.return_address(&token),
        };
        let sending = Sending {
            call: call.clone(),
            function: Arc::clone(&event.asked.function),
            qualifier: event.asked.qualifier.clone(),
            to: ctx.name(to.as_str()),
            is_dead_letter,
            subject: event.asked.request_id,
            retry: Retry::on(RETRIES),
        };
        self.invocations.sendings.insert(token, sending);
        ctx.call_with(call);
    }

    /// What was sent has an answer.
    pub(in crate::services::lambda) fn sent(
        &mut self,
        ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        let Some(mut sending) = self.invocations.sendings.remove(token) else { return };
        let Some((reason, passes)) = failure(answer) else { return };
        sending.retry.failed += 1;
        let cause = sending.call.cause;
        match sending.retry.next(ctx.now(), 0.0) {
            Ok(at) if passes => {
                let (to, id) = (&sending.to, sending.subject);
                sending.call.cause = ctx.record_note(cause, What::Retried, to, id, reason);
                ctx.set_timer(at, token);
                self.invocations.sendings.insert(Arc::clone(token), sending);
            }
            _ => self.not_sent(ctx, &sending, &reason),
        }
    }

    /// Something is due to be sent again.
    pub(in crate::services::lambda) fn send_again(&mut self, ctx: &mut Context<'_>, token: &str) {
        if let Some(sending) = self.invocations.sendings.get(token) {
            ctx.call_with(sending.call.clone());
        }
    }

    fn not_sent(&mut self, ctx: &mut Context<'_>, sending: &Sending, reason: &str) {
        let function = &*sending.function;
        tracing::warn!(function, reason, "the end of an event could not be told");
        let measure = match sending.is_dead_letter {
            true => Measure::DeadLetterErrors,
            false => Measure::DestinationDeliveryFailures,
        };
        let of = (&sending.function, sending.qualifier.as_deref());
        self.observe(ctx, of, &[(measure, 1.0)]);
        let (to, id) = (&sending.to, sending.subject);
        let refused = ctx.record_note(sending.call.cause, What::Refused, to, id, reason);
        ctx.record(refused, What::Dropped, to, id);
    }
}

/// Who is told of such an end.
fn destination(function: &Function, event: &Event, why: Condition) -> Option<String> {
    let settings = function.event_invoke_of(event.asked.qualifier.as_deref());
    match why {
        Condition::Success => settings.on_success,
        _ => settings.on_failure,
    }
}

/// The operation of the service of `to`, and its members.
fn request(to: &Arn, message: Message<'_>) -> (&'static str, Value) {
    let Message { body, attributes, of: (function, why) } = message;
    let (operation, mut input) = match &*to.service {
        "sqs" => ("SendMessage", json!({"QueueUrl": url(to), "MessageBody": body})),
        "sns" => ("Publish", json!({"TopicArn": to.as_str(), "Message": body})),
        "events" => {
            let outcome = if why == Condition::Success { "Success" } else { "Failure" };
            let entry = json!({
                "EventBusName": to.as_str(),
                "Source": "lambda",
                "DetailType": format!("Lambda Function Invocation Result - {outcome}"),
                "Detail": body,
                "Resources": [to.as_str(), function.as_str()],
            });
            ("PutEvents", json!({"Entries": [entry]}))
        }
        "lambda" => {
            let payload = Blob(body.into_bytes()).to_base64();
            let function = to.as_str();
            let event = json!({
                "FunctionName": function, "InvocationType": "Event", "Payload": payload,
            });
            ("Invoke", event)
        }
        // Its refusal names what is not here.
        _ => ("PutObject", json!({})),
    };
    if let Some(attributes) = attributes {
        input["MessageAttributes"] = attributes;
    }
    (operation, input)
}

/// A queue's URL.
fn url(queue: &Arn) -> String {
    format!("https://sqs.{}.amazonaws.com/{}/{}", queue.region(), queue.account(), queue.resource)
}

/// What is wrong with an answer, and whether it may pass.
fn failure(answer: Result<Answered, CallError>) -> Option<(String, bool)> {
    match answer {
        // PutEvents answers, and its only entry may have failed.
        Ok(Answered::Operation(answer)) => {
            let entry = &answer["Entries"][0];
            let code = entry["ErrorCode"].as_str()?;
            let message = entry["ErrorMessage"].as_str().unwrap_or_default();
            Some((format!("{code}: {message}"), code == "InternalFailure"))
        }
        Ok(_) => None,
        Err(error) => {
            let passes = match &error {
                CallError::Refused { shape, status, .. } => {
                    *status >= 500 || *status == 429 || THROTTLED.contains(&shape.as_str())
                }
                CallError::Unreachable(_) => true,
                CallError::Undelivered(_) => false,
            };
            Some((error.to_string(), passes))
        }
    }
}
