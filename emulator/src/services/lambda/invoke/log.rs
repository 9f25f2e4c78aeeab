//! What a run leaves in its log group: AWS's lines around those that the code wrote.
//!
//! Source: developer guide "Log and monitor functions", "Configuring advanced logging controls" and
//! "Lambda Telemetry API Event schema reference".
// Differs from AWS: logs have no INIT_START, XRAY or extension lines, and those in JSON no spans.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::ending::{Ending, Status, timed_out};
use super::run::Run;
use crate::kernel::{Context, Delivery, FunctionRun};
use crate::wire::{Timestamp, hex};

/// How much of the log a caller is told.
///
/// Source: API reference "Invoke", `LogResult`.
const TAIL_BYTES: usize = 4096;
/// Longest event, in bytes; the rest of a line follows as another one.
///
/// Source: user guide "CloudWatch Logs quotas".
const EVENT_BYTES: usize = 256 * 1024;
/// Most bytes of one batch of events.
const BATCH_BYTES: usize = 1_000_000;

/// One event of a log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Line {
    /// In milliseconds since 1970.
    timestamp: i64,
    message: String,
}

/// Everything that a run leaves in its log, in order.
pub(super) fn lines(run: &Run, done: &FunctionRun, ending: &Ending, now: Timestamp) -> Vec<Line> {
    // A process has real time, which may have gone on while virtual time stands still.
    let at = |after: Duration| (run.begun + after).min(now).max(run.begun);
    let end = at(done.duration);
    let mut lines = Lines(Vec::new());
    let id = run.request_id;
    if run.json_logs.is_none() {
        let version = &run.version;
        lines.push(run.begun, format!("START RequestId: {id} Version: {version}\n"));
    } else {
        let record = json!({"requestId": id.to_string(), "version": &*run.version});
        lines.system(run, (run.begun, "platform.start"), "INFO", record);
    }
    for line in &done.output {
        lines.push(at(line.after), format!("{}\n", line.text.trim_end_matches('\n')));
    }
    if run.json_logs.is_none() {
        if ending.status == Status::Timeout {
            let told = timed_out(run.timeout_seconds);
            lines.push(end, format!("{} {id} {told}\n\n", end.iso_millis()));
        } else if matches!(ending.status, Status::Failure(_)) {
            let message = ending.message();
            let told = message.split_once(": ").map_or(message.as_str(), |(_, told)| told);
            lines.push(end, format!("{told}\n"));
        }
        lines.push(end, format!("END RequestId: {id}\n"));
        lines.push(end, report(run, done, ending));
    } else {
        json_end(&mut lines, run, done, ending, end);
    }
    lines.0
}

fn json_end(lines: &mut Lines, run: &Run, done: &FunctionRun, ending: &Ending, end: Timestamp) {
    let (id, status) = (run.request_id.to_string(), ending.status.as_str());
    let succeeded = ending.status == Status::Success;
    let metrics = json!({
        "durationMs": millis(done.duration), "producedBytes": ending.payload.len(),
    });
    let mut record = json!({"requestId": id, "status": status, "metrics": metrics});
    let error = match &ending.status {
        Status::Failure(kind) | Status::Error(Some(kind)) => Some(kind.as_str()),
        _ => None,
    };
    let add = |record: &mut Value| {
        if let Some(error) = error {
            record["errorType"] = error.into();
        }
    };
    add(&mut record);
    let level = |well: &'static str| if succeeded { well } else { "WARN" };
    lines.system(run, (end, "platform.runtimeDone"), level("DEBUG"), record);
    let mut metrics = json!({
        "durationMs": millis(done.duration),
        "billedDurationMs": billed(done),
        "memorySizeMB": run.memory_megabytes,
        "maxMemoryUsedMB": done.memory_used_megabytes,
    });
    if let Some(init) = done.init_duration {
        metrics["initDurationMs"] = json!(millis(init));
    }
    let mut record = json!({"requestId": id, "metrics": metrics, "status": status});
    add(&mut record);
    lines.system(run, (end, "platform.report"), level("INFO"), record);
}

struct Lines(Vec<Line>);

impl Lines {
    fn push(&mut self, at: Timestamp, mut message: String) {
        while message.len() > EVENT_BYTES {
            let rest = message.split_off(message.floor_char_boundary(EVENT_BYTES));
            self.0.push(Line { timestamp: at.millis(), message });
            message = rest;
        }
        self.0.push(Line { timestamp: at.millis(), message });
    }

    /// A line of the system's own, if its level is wanted.
    fn system(&mut self, run: &Run, (at, kind): (Timestamp, &str), level: &str, record: Value) {
        let rank = |level: &str| ["DEBUG", "INFO", "WARN"].iter().position(|it| *it == level);
        if rank(level) >= run.json_logs.as_deref().and_then(rank) {
            let line = json!({"time": at.iso_millis(), "type": kind, "record": record});
            self.push(at, format!("{line}\n"));
        }
    }
}

fn millis(duration: Duration) -> f64 {
    // To a thousandth, as AWS writes it.
    (duration.as_secs_f64() * 1_000_000.0).round() / 1000.0
}

/// Whole milliseconds that would be paid for: since August 2025 those of an init, too.
fn billed(done: &FunctionRun) -> u128 {
    let whole = done.duration + done.init_duration.unwrap_or_default();
    whole.as_micros().div_ceil(1000)
}

fn report(run: &Run, done: &FunctionRun, ending: &Ending) -> String {
    let mut text = format!(
        "REPORT RequestId: {}\tDuration: {:.2} ms\tBilled Duration: {} ms\tMemory Size: {} MB\t\
         Max Memory Used: {} MB\t",
        run.request_id,
        millis(done.duration),
        billed(done),
        run.memory_megabytes,
        done.memory_used_megabytes,
    );
    if let Some(init) = done.init_duration {
        let _ = write!(text, "Init Duration: {:.2} ms\t", millis(init));
    }
    match &ending.status {
        Status::Timeout => text.push_str("Status: timeout"),
        Status::Failure(kind) => {
            let _ = write!(text, "Status: error\tError Type: {kind}");
        }
        Status::Success | Status::Error(_) => {}
    }
    text.push('\n');
    text
}

/// The last of a log in base64.
pub(super) fn tail(lines: &[Line]) -> String {
    let text: String = lines.iter().map(|line| line.message.as_str()).collect();
    let from = text.ceil_char_boundary(text.len().saturating_sub(TAIL_BYTES));
    STANDARD.encode(&text[from..])
}

/// Hands the lines to the log group, in the stream of the environment.
pub(super) fn write(ctx: &mut Context<'_>, run: &Run, done: &FunctionRun, lines: &[Line]) {
    let stream = match done.log_stream.as_str() {
        "" => stream_of(run),
        named => named.to_owned(),
    };
    let group = &run.log_group;
    let to = run.arn.scope.arn("logs", format!("log-group:{group}:log-stream:{stream}"));
    let mut rest = lines;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = rest.iter().take_while(|line| {
            bytes += line.message.len();
            bytes <= BATCH_BYTES
        });
        let (batch, more) = rest.split_at(fits.count().max(1));
        let body = serde_json::to_string(batch).expect("numbers and text have a form in JSON");
        let from = (run.arn.clone(), super::PRINCIPAL);
        let delivery = Delivery::new(from, to.clone(), body, run.node);
        let parameters = Some(Arc::from("logEvents"));
        ctx.deliver(Delivery { parameters, hops: run.hops, ..delivery });
        rest = more;
    }
}

/// The stream of a run whose environment does not name one: one a revision and day.
fn stream_of(run: &Run) -> String {
    let digest = Sha256::digest(format!("{}/{}/{}", run.arn, run.version, run.revision));
    let day = run.begun.iso_seconds();
    let day = day.get(..10).unwrap_or_default().replace('-', "/");
    format!("{day}/[{}]{}", run.version, hex(&digest[..16]))
}
