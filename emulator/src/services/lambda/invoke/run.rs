//! One run of a function's code: how it begins, and what is done with its end.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::activity::Measure;
use super::asked::{Asked, Refusal};
use super::ending::{Ending, Status};
use super::event::Event;
use super::log;
use crate::kernel::{
    Answered, Arn, CallError, CallId, Context, FunctionRun, Invocation, MessageId, Name, NodeId,
    OutsideRequest, What,
};
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::operations::invoke;
use crate::services::lambda::state::Lambda;
use crate::services::lambda::url;
use crate::services::lambda::version::Version;
use crate::wire::{Blob, Timestamp};

/// What the tokens of runs begin with.
pub(in crate::services::lambda) const RUN: &str = "run/";

/// A run that has begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) request_id: MessageId,
    pub(super) function: Arc<str>,
    pub(super) qualifier: Option<Arc<str>>,
    /// Of the function, without a version.
    pub(super) arn: Arn,
    pub(super) version: Arc<str>,
    /// Another one whenever code or settings have changed.
    pub(super) revision: Arc<str>,
    pub(super) begun: Timestamp,
    pub(super) timeout_seconds: u32,
    pub(super) memory_megabytes: u32,
    pub(super) log_group: Arc<str>,
    /// The level of system logs in JSON; none where logs are text.
    pub(super) json_logs: Option<String>,
    /// Its entry in the lineage.
    pub(super) node: NodeId,
    pub(super) lineage: Name,
    pub(super) hops: u8,
    pub(super) waits: Waits,
}

/// Who waits for the end of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::lambda) enum Waits {
    /// Whoever asked is gone.
    Nobody,
    Caller {
        call: CallId,
        /// The last of the log is told, too.
        tail: bool,
    },
    /// A client of the function's address.
    Url(url::Caller),
    Event(Box<Event>),
}

/// How a version is run, as far as its end has to know.
fn begun(ctx: &Context<'_>, asked: &Asked, version: &Version, arn: &Arn) -> Run {
    let named = asked.qualifier.as_deref().map(|it| format!(":{it}")).unwrap_or_default();
    let logging = &version.settings.logging;
    let level = logging.system_log_level.clone().unwrap_or_else(|| "INFO".to_owned());
    let is_json = logging.log_format.as_deref() == Some("JSON");
    Run {
        request_id: asked.request_id,
        function: Arc::clone(&asked.function),
        qualifier: asked.qualifier.clone(),
        arn: arn.clone(),
        version: Arc::clone(&version.run.version),
        revision: Arc::clone(&version.run.revision),
        begun: ctx.now(),
        timeout_seconds: version.run.timeout_seconds,
        memory_megabytes: version.run.memory_megabytes,
        log_group: Arc::clone(&version.run.log_group),
        json_logs: is_json.then_some(level),
        node: NodeId::NONE,
        lineage: ctx.name(&format!("{arn}{named}")),
        hops: asked.hops,
        waits: Waits::Nobody,
    }
}

impl Lambda {
    /// Begins a run, if the function may have one more; returns its token.
    ///
    /// # Errors
    /// `ResourceNotFoundException`, `ResourceConflictException` for a version that is not ready
    /// yet, `TooManyRequestsException`.
    pub(in crate::services::lambda) fn begin(
        &mut self,
        ctx: &mut Context<'_>,
        asked: &Asked,
        note: Option<String>,
    ) -> Result<Arc<str>, LambdaError> {
        let missing = || LambdaError::FunctionNotFound(asked.function.to_string());
        let function = self.functions.get(&asked.function).ok_or_else(missing)?;
        let qualifier = asked.qualifier.as_deref();
        let version = function.resolve(qualifier, || ctx.ids().fraction())?;
        let state = version.state(ctx);
        if state != "Active" {
            return Err(LambdaError::Conflict(format!(
                "The operation cannot be performed at this time. The function is currently in \
                 the following state: {state}"
            )));
        }
        let mut run = begun(ctx, asked, version, &function.arn);
        let invocation = Invocation {
            function: function.qualified(qualifier),
            request_id: asked.request_id.to_string(),
            payload: asked.payload.clone(),
            client_context: asked.client_context.clone(),
            trace_header: asked.trace_header.clone(),
            at: ctx.now(),
            version: Arc::clone(&version.run),
        };
        let admission = self.admission(function);
        let of = (&asked.function, qualifier);
        if let Err(refusal) = admission {
            self.observe(ctx, of, &[(Measure::Throttles, 1.0)]);
            return Err(LambdaError::Throttled(refusal));
        }
        run.node = match note {
            Some(note) => {
                ctx.record_note(asked.cause, What::Invoked, &run.lineage, asked.request_id, note)
            }
            None => ctx.record(asked.cause, What::Invoked, &run.lineage, asked.request_id),
        };
        let token: Arc<str> = format!("{RUN}{}", asked.request_id).into();
        self.invocations.began(Arc::clone(&token), run);
        let running = f64::from(self.invocations.running(&asked.function));
        self.observe(ctx, of, &[(Measure::ConcurrentExecutions, running)]);
        ctx.ask_outside(OutsideRequest::Function(Box::new(invocation)), &token);
        Ok(token)
    }

    /// Says who waits for a run.
    pub(in crate::services::lambda) fn wait_for(&mut self, token: &str, waits: Waits) {
        if let Some(run) = self.invocations.runs.get_mut(token) {
            run.waits = waits;
        }
    }

    /// The client that waited is gone; the code runs on.
    pub(in crate::services::lambda) fn hang_up(&mut self, token: &str) {
        self.wait_for(token, Waits::Nobody);
    }

    /// A run has ended, or nobody could run it.
    pub(in crate::services::lambda) fn ended(
        &mut self,
        ctx: &mut Context<'_>,
        token: &str,
        answer: Result<Answered, CallError>,
    ) {
        let Some(run) = self.invocations.ended(token) else { return };
        match answer {
            Ok(Answered::Function(done)) => self.has_run(ctx, run, done),
            Ok(_) => self.has_not_run(ctx, run, "the answer is not a function's".to_owned()),
            Err(error) => self.has_not_run(ctx, run, error.to_string()),
        }
    }

    fn has_run(&mut self, ctx: &mut Context<'_>, mut run: Run, done: FunctionRun) {
        let (end, duration) = (done.end.clone(), done.duration);
        let ending = Ending::of(end, run.request_id, run.timeout_seconds);
        let failed = f64::from(u8::from(ending.is_error()));
        let values = [
            (Measure::Invocations, 1.0),
            (Measure::Errors, failed),
            (Measure::Throttles, 0.0),
            (Measure::Duration, duration.as_secs_f64() * 1000.0),
        ];
        let function = Arc::clone(&run.function);
        let qualifier = run.qualifier.clone();
        self.observe(ctx, (&function, qualifier.as_deref()), &values);
        let (at, id) = (&run.lineage, run.request_id);
        run.node = match ending.status {
            Status::Success => ctx.record(run.node, What::Returned, at, id),
            _ => ctx.record_note(run.node, What::RunFailed, at, id, shortened(ending.message())),
        };
        let lines = log::lines(&run, &done, &ending, ctx.now());
        log::write(ctx, &run, &done, &lines);
        match std::mem::replace(&mut run.waits, Waits::Nobody) {
            Waits::Nobody => {}
            Waits::Event(event) => self.event_has_run(ctx, *event, &run, ending),
            Waits::Url(caller) => {
                let payload = Some(&*ending.payload).filter(|_| !ending.is_error());
                ctx.complete(caller.call, caller.answer(payload));
            }
            Waits::Caller { call, tail } => {
                let function_error = ending.function_error();
                let response = invoke::Response {
                    status_code: Some(200),
                    executed_version: Some(run.version.to_string()),
                    function_error,
                    log_result: tail.then(|| log::tail(&lines)),
                    payload: Some(Blob(Vec::from(ending.payload))),
                    durable_execution_arn: None,
                };
                ctx.complete(call, response);
            }
        }
    }

    /// Nobody was there who runs it, or the answer got lost.
    fn has_not_run(&mut self, ctx: &mut Context<'_>, run: Run, reason: String) {
        tracing::warn!(function = &*run.function, %reason, "a function was not run");
        let (at, id) = (&run.lineage, run.request_id);
        let note = reason.clone();
        let node = ctx.record_note(run.node, What::Refused, at, id, note);
        match run.waits {
            Waits::Nobody => {}
            Waits::Caller { call, .. } | Waits::Url(url::Caller { call, .. }) => {
                ctx.fail(call, LambdaError::NotRun(reason).into());
            }
            Waits::Event(mut event) => {
                event.asked.cause = node;
                self.postpone(ctx, *event, reason);
            }
        }
    }
}

/// As much of an error as the lineage keeps.
fn shortened(mut text: String) -> String {
    const BYTES_MAX: usize = 300;
    if text.len() > BYTES_MAX {
        text.truncate(text.floor_char_boundary(BYTES_MAX));
        text.push('…');
    }
    text
}

/// What a throttled caller is told.
pub(super) fn limit_of(refusal: Refusal) -> &'static str {
    refusal.as_str()
}

/// Bytes that are text in a record: JSON as it is, anything else as a JSON string.
pub(super) fn as_json(bytes: &Bytes) -> String {
    match serde_json::from_slice::<&serde_json::value::RawValue>(bytes) {
        Ok(raw) => raw.get().to_owned(),
        Err(_) => serde_json::Value::from(String::from_utf8_lossy(bytes)).to_string(),
    }
}
