//! Events: invocations that nobody waits for. They are tried until they succeed, fail for good or
//! are too old, and each comes to one of these ends.
//!
//! Source: developer guide "How Lambda handles errors and retries with asynchronous invocation".

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::activity::Measure;
use super::asked::{Asked, Refusal};
use super::ending::Ending;
use super::run::{Run, Waits, limit_of};
use super::state::EVENT_BYTES_MAX;
use crate::kernel::{Context, What};
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;
use crate::wire::Timestamp;

/// What the keys of timers of events begin with.
pub(in crate::services::lambda) const EVENT: &str = "event/";
/// The waits before the second and third try of an event that failed.
const PAUSES: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(120)];
/// The longest wait of an event that could not be run; they double from a second.
const POSTPONED_MAX_SECONDS: u32 = 300;

/// An event that has not ended yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::lambda) struct Event {
    pub(super) asked: Asked,
    pub(super) received: Timestamp,
    /// Runs so far.
    pub(super) tries: u32,
    /// How often it could not be run, since the last run.
    postponed: u32,
    /// When it is tried next.
    next: Timestamp,
    /// What the last run came to.
    pub(super) last: Option<LastRun>,
}

/// What an event's last run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct LastRun {
    pub(super) version: Arc<str>,
    pub(super) ending: Ending,
}

/// Why an event has ended, in AWS's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Success,
    RetriesExhausted,
    EventAgeExceeded,
    // Unverified: the word.
    ZeroReservedConcurrency,
}

impl Condition {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::RetriesExhausted => "RetriesExhausted",
            Self::EventAgeExceeded => "EventAgeExceeded",
            Self::ZeroReservedConcurrency => "ZeroReservedConcurrency",
        }
    }
}

impl Lambda {
    /// Takes an event in, and tries it at once.
    ///
    /// # Errors
    /// `TooManyRequestsException` when too many wait already.
    pub(in crate::services::lambda) fn accept(
        &mut self,
        ctx: &mut Context<'_>,
        asked: Asked,
    ) -> Result<(), LambdaError> {
        let bytes = self.invocations.event_bytes + asked.payload.len();
        if bytes > EVENT_BYTES_MAX {
            return Err(LambdaError::Throttled(Refusal::Caller));
        }
        self.invocations.event_bytes = bytes;
        let of = (&asked.function, asked.qualifier.as_deref());
        self.observe(ctx, of, &[(Measure::AsyncEventsReceived, 1.0)]);
        let now = ctx.now();
        let event = Event { asked, received: now, tries: 0, postponed: 0, next: now, last: None };
        self.attempt(ctx, event);
        Ok(())
    }

    /// An event's time has come.
    pub(in crate::services::lambda) fn event_is_due(&mut self, ctx: &mut Context<'_>, key: &str) {
        if let Some(event) = self.invocations.events.remove(key) {
            self.attempt(ctx, event);
        }
    }

    fn attempt(&mut self, ctx: &mut Context<'_>, mut event: Event) {
        let Some(function) = self.functions.get(&event.asked.function) else {
            return self.lost(ctx, &event, "the function was deleted");
        };
        let settings = function.event_invoke_of(event.asked.qualifier.as_deref());
        let never = function.reserved_concurrency == Some(0);
        let age = ctx.now().since(event.received);
        if age >= Duration::from_secs(settings.age_seconds().into()) {
            return self.fail(ctx, event, Condition::EventAgeExceeded);
        }
        if never {
            return self.fail(ctx, event, Condition::ZeroReservedConcurrency);
        }
        let note = (event.tries > 0).then(|| format!("try {}", event.tries + 1));
        match self.begin(ctx, &event.asked, note) {
            Ok(token) => {
                let (function, qualifier) = (&event.asked.function, &event.asked.qualifier);
                let millis = age.as_secs_f64() * 1000.0;
                let of = (function, qualifier.as_deref());
                self.observe(ctx, of, &[(Measure::AsyncEventAge, millis)]);
                event.tries += 1;
                event.postponed = 0;
                self.wait_for(&token, Waits::Event(Box::new(event)));
            }
            Err(LambdaError::Throttled(refusal)) => {
                let (at, id) = (self.name_of(ctx, &event.asked), event.asked.request_id);
                let limit = limit_of(refusal);
                event.asked.cause =
                    ctx.record_note(event.asked.cause, What::Throttled, &at, id, limit);
                self.postpone(ctx, event, limit.to_owned());
            }
            Err(LambdaError::Conflict(reason)) => self.postpone(ctx, event, reason),
            Err(error) => self.lost(ctx, &event, &error.to_string()),
        }
    }

    /// The event could not be run and waits: twice as long each time, for five minutes at most.
    pub(super) fn postpone(&mut self, ctx: &mut Context<'_>, mut event: Event, reason: String) {
        let factor = 1_u32.checked_shl(event.postponed).unwrap_or(u32::MAX);
        let seconds = factor.min(POSTPONED_MAX_SECONDS);
        event.postponed += 1;
        let (function, request_id) = (&*event.asked.function, event.asked.request_id);
        tracing::debug!(function, %request_id, seconds, %reason, "an event waits");
        self.wait(ctx, event, Duration::from_secs(seconds.into()));
    }

    /// Until the next try, or until the event is too old.
    fn wait(&mut self, ctx: &mut Context<'_>, mut event: Event, pause: Duration) {
        let function = self.functions.get(&event.asked.function);
        let qualifier = event.asked.qualifier.as_deref();
        let settings = function.map(|it| it.event_invoke_of(qualifier)).unwrap_or_default();
        let too_old = event.received + Duration::from_secs(settings.age_seconds().into());
        event.next = (ctx.now() + pause).min(too_old).max(ctx.now());
        let key: Arc<str> = format!("{EVENT}{}", event.asked.request_id).into();
        ctx.set_timer(event.next, &key);
        self.invocations.events.insert(key, event);
    }

    /// An event's code has run.
    pub(super) fn event_has_run(
        &mut self,
        ctx: &mut Context<'_>,
        mut event: Event,
        run: &Run,
        ending: Ending,
    ) {
        event.asked.cause = run.node;
        let failed = ending.is_error();
        event.last = Some(LastRun { version: Arc::clone(&run.version), ending });
        let function = self.functions.get(&event.asked.function);
        let settings = function
            .map(|it| it.event_invoke_of(event.asked.qualifier.as_deref()))
            .unwrap_or_default();
        let retries = u32::from(settings.retries());
        if !failed {
            self.forget(&event.asked.payload);
            return self.tell_of(ctx, &event, Condition::Success);
        }
        if event.tries > retries {
            return self.fail(ctx, event, Condition::RetriesExhausted);
        }
        let tried = usize::try_from(event.tries).unwrap_or(usize::MAX);
        let pause = PAUSES[tried.saturating_sub(1).min(PAUSES.len() - 1)];
        self.wait(ctx, event, pause);
    }

    /// The event has failed for good.
    fn fail(&mut self, ctx: &mut Context<'_>, mut event: Event, why: Condition) {
        self.forget(&event.asked.payload);
        let of = (&event.asked.function, event.asked.qualifier.as_deref());
        self.observe(ctx, of, &[(Measure::AsyncEventsDropped, 1.0)]);
        let (at, id) = (self.name_of(ctx, &event.asked), event.asked.request_id);
        let told = why.as_str();
        event.asked.cause = ctx.record_note(event.asked.cause, What::Refused, &at, id, told);
        let letter = self.dead_letter_of(&event);
        let is_told = letter.is_some() || self.has_destination(&event, why);
        self.send_dead_letter(ctx, (&event, why), letter);
        self.tell_of(ctx, &event, why);
        if !is_told {
            ctx.record_note(event.asked.cause, What::Dropped, &at, id, told);
        }
    }

    /// There is nobody to be told of the event's end.
    fn lost(&mut self, ctx: &mut Context<'_>, event: &Event, reason: &str) {
        self.forget(&event.asked.payload);
        tracing::warn!(function = &*event.asked.function, reason, "an event is lost");
        let (at, id) = (self.name_of(ctx, &event.asked), event.asked.request_id);
        ctx.record_note(event.asked.cause, What::Dropped, &at, id, reason);
    }

    fn forget(&mut self, payload: &Bytes) {
        let held = &mut self.invocations.event_bytes;
        *held = held.saturating_sub(payload.len());
    }

    pub(super) fn name_of(&self, ctx: &Context<'_>, asked: &Asked) -> crate::kernel::Name {
        let named = asked.qualifier.as_deref().map(|it| format!(":{it}")).unwrap_or_default();
        ctx.name(ctx.arn(format!("function:{}{named}", asked.function)).as_str())
    }
}

impl Event {
    /// When it is tried next.
    pub(super) fn next(&self) -> Timestamp {
        self.next
    }
}
