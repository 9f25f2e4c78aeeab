//! Histories in CloudWatch Logs, as `loggingConfiguration` says.
//!
//! Source: developer guide, "Using CloudWatch Logs to log execution history"; a line as recorded,
//! 2024-07-03.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use skyrig_asl::execution::HistoryEvent;

use super::PRINCIPAL;
use super::error::StepFunctionsError;
use super::run::Run;
use super::shapes::LoggingConfiguration;
use super::state::StepFunctions;
use crate::kernel::{Arn, Context};
use crate::wire::Timestamp;

/// The token of calls whose answers nobody waits for.
const TOKEN: &str = "log";
/// The stream that AWS makes to see whether it may.
pub(super) const FIRST_STREAM: &str =
    "log_stream_created_by_aws_to_validate_log_delivery_subscriptions";
/// Members of details that are input or output, and those about them.
const DATA: [&str; 7] = [
    "input",
    "inputDetails",
    "output",
    "outputDetails",
    "parameters",
    "assignedVariables",
    "assignedVariablesDetails",
];

/// The log group that a configuration names; none if nothing is to be logged.
///
/// # Errors
/// `InvalidLoggingConfiguration`.
pub(super) fn group(given: &LoggingConfiguration) -> Result<Option<Arn>, StepFunctionsError> {
    let invalid = |why| StepFunctionsError::InvalidLoggingConfiguration(why);
    let destinations = given.destinations.as_deref().unwrap_or_default();
    let is_off = given.level.as_deref().is_none_or(|level| level == "OFF");
    if destinations.is_empty() && is_off {
        return Ok(None);
    }
    let [destination] = destinations else {
        return Err(invalid("Must specify exactly one Log Destination."));
    };
    let group = destination.cloud_watch_logs_log_group.as_ref();
    let arn = group.and_then(|group| group.log_group_arn.as_deref()).unwrap_or_default();
    // Unverified: the text.
    let arn: Arn = arn.parse().map_err(|_| invalid("Log Destination is no ARN."))?;
    if &*arn.service != "logs" || !arn.resource.starts_with("log-group:") {
        return Err(invalid("Log Destination is not the ARN of a log group."));
    }
    Ok(Some(arn))
}

/// The group's name.
pub(super) fn name(group: &Arn) -> &str {
    let name = group.resource.strip_prefix("log-group:").unwrap_or(&group.resource);
    name.strip_suffix(":*").unwrap_or(name)
}

/// As it is kept: what was not given is filled in.
pub(super) fn filled(given: Option<LoggingConfiguration>) -> LoggingConfiguration {
    let given = given.unwrap_or_default();
    LoggingConfiguration {
        include_execution_data: Some(given.include_execution_data.unwrap_or(false)),
        level: Some(given.level.unwrap_or_else(|| "OFF".to_owned())),
        ..given
    }
}

/// Whether an event is logged at that level.
fn is_logged(level: &str, event: &HistoryEvent) -> bool {
    let kind = event.kind.name();
    let is_end = matches!(kind, "ExecutionAborted" | "ExecutionFailed" | "ExecutionTimedOut");
    let failed = ["Failed", "TimedOut", "Aborted"].iter().any(|end| kind.ends_with(end));
    match level {
        "ALL" => true,
        "ERROR" => failed || kind == "FailStateEntered",
        "FATAL" => is_end,
        _ => false,
    }
}

fn line(run: &Run, event: &HistoryEvent, data: bool) -> String {
    let details: Map<String, Value> = event
        .details
        .iter()
        .filter(|(name, _)| data || !DATA.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    json!({
        "id": event.id.to_string(),
        "type": event.kind.name(),
        "details": details,
        "redrive_count": run.execution.redrive_count().to_string(),
        "previous_event_id": event.previous_event_id.to_string(),
        "event_timestamp": event.timestamp.to_string(),
        "execution_arn": run.arn.as_str(),
    })
    .to_string()
}

impl StepFunctions {
    /// Writes what an execution has to log.
    pub(super) fn log(&mut self, ctx: &mut Context<'_>, run: &mut Run) {
        let events = std::mem::take(&mut run.unlogged);
        if events.is_empty() {
            return;
        }
        let logging = &run.revision.settings.logging;
        let Ok(Some(group)) = group(logging) else { return };
        let level = logging.level.as_deref().unwrap_or("OFF");
        let data = logging.include_execution_data == Some(true);
        let logged = events.iter().filter(|event| is_logged(level, event));
        let lines: Vec<Value> = logged
            .map(|event| json!({"timestamp": event.timestamp, "message": line(run, event, data)}))
            .collect();
        if lines.is_empty() {
            return;
        }
        let (group, token) = (name(&group).to_owned(), Arc::from(TOKEN));
        let Some(stream) = self.log_stream(ctx, &run.machine, &group) else { return };
        let put = json!({"logGroupName": group, "logStreamName": &*stream, "logEvents": lines});
        ctx.call(("logs", "PutLogEvents"), put, PRINCIPAL, &token);
    }

    /// The machine's stream of this minute.
    fn log_stream(
        &mut self,
        ctx: &mut Context<'_>,
        machine: &str,
        group: &str,
    ) -> Option<Arc<str>> {
        let minute = minute(ctx.now());
        let begin = format!("states/{machine}/{minute}/");
        let machine = self.machines.get_mut(machine)?;
        if let Some(stream) = machine.log_stream.as_ref().filter(|it| it.starts_with(&begin)) {
            return Some(Arc::clone(stream));
        }
        let end = format!("{:08x}", ctx.ids().next_u64() >> 32);
        let stream: Arc<str> = format!("{begin}{end}").into();
        machine.log_stream = Some(Arc::clone(&stream));
        let create = json!({"logGroupName": group, "logStreamName": &*stream});
        ctx.call(("logs", "CreateLogStream"), create, PRINCIPAL, &Arc::from(TOKEN));
        Some(stream)
    }
}

/// `2024-07-03-16-26`
fn minute(at: Timestamp) -> String {
    let text = at.iso_seconds();
    text.chars()
        .take("2024-07-03T16:26".len())
        .map(|it| if it.is_ascii_digit() { it } else { '-' })
        .collect()
}
