//! What a pipe logs of its executions, to a log group.
//!
//! Source: user guide, "Logging Amazon EventBridge Pipes performance" and "EventBridge Pipes log
//! schema reference". Unverified: the name of the log stream; which steps belong to which level.
// Differs from AWS: a pipe logs the beginning and the end of executions and of their stages, to
// CloudWatch Logs alone; it does not log transformations and invocations, requests and responses.

use std::sync::Arc;

use serde_json::{Value, json};

use super::execution::Failure;
use super::pipe::{PRINCIPAL, Pipe};
use crate::kernel::{Arn, Context};
use crate::services::shared::polling::Record;

/// From which of a pipe's levels on a step is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Error,
    Info,
}

/// Most bytes of the events in one log record.
///
/// Source: "Truncating execution data": a record has 256 KB.
const PAYLOAD_BYTES_MAX: usize = 200 * 1024;
/// The token of calls whose answers change nothing.
const TOKEN: &str = "@log";

impl Pipe {
    /// The log group, if the pipe logs to one.
    fn log_group(&self) -> Option<String> {
        let log = self.settings.log.as_ref()?;
        let arn = log.cloudwatch_logs_log_destination.as_ref()?.log_group_arn.as_deref()?;
        let arn: Arn = arn.parse().ok()?;
        let name = arn.resource.strip_prefix("log-group:")?;
        Some(name.strip_suffix(":*").unwrap_or(name).to_owned())
    }

    fn level(&self) -> (Option<Level>, &'static str) {
        match self.settings.log.as_ref().and_then(|log| log.level.as_deref()) {
            Some("ERROR") => (Some(Level::Error), "ERROR"),
            Some("INFO") => (Some(Level::Info), "INFO"),
            Some("TRACE") => (Some(Level::Info), "TRACE"),
            _ => (None, "OFF"),
        }
    }
}

/// The stream to which a pipe logs is made, if it logs.
pub(super) fn open(ctx: &mut Context<'_>, pipe: &Pipe) {
    let (Some(group), (Some(_), _)) = (pipe.log_group(), pipe.level()) else { return };
    let request = json!({ "logGroupName": group, "logStreamName": &*pipe.name });
    ctx.call(("logs", "CreateLogStream"), request, PRINCIPAL, &Arc::from(TOKEN));
}

/// Logs a step, if the pipe's level has it.
pub(super) fn write(
    ctx: &mut Context<'_>,
    pipe: &Pipe,
    execution: &str,
    (step, from): (&str, Level),
    (records, failure): (Option<&[Record]>, Option<&Failure>),
) {
    let (level, word) = pipe.level();
    let Some(group) = pipe.log_group().filter(|_| level.is_some_and(|level| from <= level)) else {
        return;
    };
    let mut entry = json!({
        "resourceArn": pipe.arn.as_str(),
        "timestamp": ctx.now().millis(),
        "executionId": execution,
        "messageType": step,
        "logLevel": word,
    });
    let data = pipe.settings.log.as_ref().and_then(|log| log.include_execution_data.as_ref());
    if let Some(records) = records.filter(|_| data.is_some_and(|data| !data.is_empty())) {
        let events: Vec<&str> = records.iter().map(|record| &*record.event).collect();
        let mut payload = format!("[{}]", events.join(","));
        if payload.len() > PAYLOAD_BYTES_MAX {
            payload.truncate(payload.floor_char_boundary(PAYLOAD_BYTES_MAX));
            entry["truncatedFields"] = json!(["payload"]);
        }
        entry["payload"] = payload.into();
    }
    if let Some(Failure { status, message }) = failure {
        entry["error"] = json!({ "httpStatusCode": status, "message": message, "details": "" });
    }
    let event: Value = json!({ "timestamp": ctx.now().millis(), "message": entry.to_string() });
    let request = json!({
        "logGroupName": group, "logStreamName": &*pipe.name, "logEvents": [event],
    });
    ctx.call(("logs", "PutLogEvents"), request, PRINCIPAL, &Arc::from(TOKEN));
}
