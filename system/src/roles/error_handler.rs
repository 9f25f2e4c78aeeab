//! What becomes of a message that failed: it is tried again after a pause, or it becomes a dead
//! letter that says why. Either way there is a report.

use std::time::Duration;

use serde::Serialize;

use super::incoming::Incoming;
use crate::adapters::dead_letter;
use crate::adapters::failure_notes::{FailureNote, FailureNotes};
use crate::adapters::sqs::{Queue, Received};
use crate::app::App;
use crate::app::feed::{Step, StepKind};
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};
use crate::metrics::Counter;

pub(crate) struct ErrorHandler {
    pub(crate) notes: FailureNotes,
    pub(crate) dead_letters: Queue,
}

/// What is to be done with the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposition {
    /// It is hidden for so long.
    Again(Duration),
    /// It is in the dead-letter queue: the original can go.
    Dead,
}

/// One failure, for people and for programs that read logs.
#[derive(Debug, Serialize)]
struct ErrorReport<'a> {
    timestamp: Timestamp,
    error_code: &'a str,
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dependency: Option<&'a str>,
    /// How often this message failed by its own fault.
    attempts: u32,
    attempts_max: u32,
    /// `retry` or `dead letter`.
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<f64>,
    context: Context<'a>,
}

#[derive(Debug, Serialize)]
struct Context<'a> {
    role: &'a str,
    message_id: &'a str,
    receive_count: u32,
    event_type: &'a str,
    order_id: Option<&'a str>,
    correlation_id: Option<&'a str>,
    causation_id: Option<&'a str>,
}

impl ErrorHandler {
    /// Decides, and carries out what must come before the original may go.
    pub(super) async fn handle(
        &self,
        app: &App,
        role: &'static str,
        message: &Received,
        incoming: Option<&Incoming>,
        failure: &Failure,
    ) -> Disposition {
        app.metrics.add(Counter::ProcessingErrors, 1);
        let mut note = FailureNote {
            message_id: message.message_id.clone(),
            role: role.to_owned(),
            code: failure.code().to_owned(),
            reason: failure.to_string(),
            receive_count: message.receive_count,
            attempts: 0,
            failed_at: app.clock.now(),
        };
        if let Some(more) = attempts(app, failure) {
            match self.notes.note(&note, more).await {
                Ok(attempts) => note.attempts = attempts,
                Err(failure) => tracing::warn!(%failure, "the attempt could not be counted"),
            }
        }
        let given_up = matches!(failure, Failure::GiveUp(_));
        let mut disposition = Disposition::Again(self.pause(app, &note));
        if given_up || note.attempts >= app.timing.attempts_max {
            match self.bury(message, &note).await {
                Ok(()) => disposition = Disposition::Dead,
                Err(failure) => tracing::warn!(%failure, "no dead letter could be sent"),
            }
        }
        app.feed.tell(|| Step {
            at: note.failed_at,
            service: role,
            kind: match disposition {
                Disposition::Again(_) => StepKind::Retry,
                Disposition::Dead => StepKind::DeadLetter,
            },
            what: incoming.map_or("unreadable", Incoming::name).to_owned(),
            order_id: incoming.and_then(Incoming::order_id).cloned(),
            to: None,
            text: Some(note.reason.clone()),
        });
        report(app, &note, incoming, failure.dependency(), disposition);
        disposition
    }

    fn pause(&self, app: &App, note: &FailureNote) -> Duration {
        let failures = note.attempts.max(note.receive_count);
        app.timing.backoff.pause(failures, app.random())
    }

    /// Sent before the original is deleted: a crash in between leaves two, never none.
    async fn bury(&self, message: &Received, note: &FailureNote) -> Result<(), Failure> {
        let attributes = message.attributes.iter().cloned().chain(dead_letter::attributes(note));
        self.dead_letters.send_with(&message.body, attributes, message).await
    }
}

/// How many attempts it costs the message, if it is noted at all. Trouble at AWS speaks against no
/// message, and may keep it from being noted. A dependency that fails everybody does not either,
/// its breaker is open; it is noted, for SQS may make a dead letter of the message in the end.
fn attempts(app: &App, failure: &Failure) -> Option<u32> {
    match failure {
        Failure::Unavailable(..) | Failure::Throttled(..) => None,
        Failure::Faulty(dependency, _) => Some(u32::from(!app.breakers.is_open(*dependency))),
        Failure::Retry(_) | Failure::GiveUp(_) => Some(1),
    }
}

fn report(
    app: &App,
    note: &FailureNote,
    incoming: Option<&Incoming>,
    dependency: Option<Dependency>,
    disposition: Disposition,
) {
    let cause = incoming.and_then(Incoming::cause);
    let (outcome, pause) = match disposition {
        Disposition::Again(pause) => ("retry", Some(pause)),
        Disposition::Dead => ("dead letter", None),
    };
    let report = ErrorReport {
        timestamp: note.failed_at,
        error_code: &note.code,
        error: &note.reason,
        dependency: dependency.map(Dependency::as_str),
        attempts: note.attempts,
        attempts_max: app.timing.attempts_max,
        outcome,
        retry_after_seconds: pause.map(|pause| pause.as_secs_f64()),
        context: Context {
            role: &note.role,
            message_id: &note.message_id,
            receive_count: note.receive_count,
            event_type: incoming.map_or("unreadable", Incoming::name),
            order_id: incoming.and_then(Incoming::order_id).map(|id| id.as_str()),
            correlation_id: cause.as_ref().map(|cause| cause.correlation_id.as_str()),
            causation_id: cause.as_ref().map(|cause| cause.causation_id.as_str()),
        },
    };
    let report = serde_json::to_string(&report).expect("plain fields always serialise");
    tracing::warn!(%report, "message failed");
}
