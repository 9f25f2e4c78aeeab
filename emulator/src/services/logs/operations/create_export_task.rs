//! CreateExportTask: begins one.
//!
//! Limits: pages of 50; the last 1,000 tasks are kept.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `InvalidOperationException`.
//! Source: API references of these names; recordings of 2026-02-05.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, NOT_EMPTY, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::export::{ExportTask as Held, TASKS_MAX};
use crate::services::logs::shapes::{ExportTask, ExportTaskExecutionInfo, ExportTaskStatus};
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub destination: Option<String>,
    pub destination_prefix: Option<String>,
    pub from: Option<i64>,
    pub log_group_name: Option<String>,
    pub log_stream_name_prefix: Option<String>,
    pub task_name: Option<String>,
    pub to: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub task_id: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    constraint::names(request.log_group_name.as_ref(), None)?;
    let mut check = Constraints::default();
    NOT_EMPTY.required(&mut check, "destination", request.destination.as_ref());
    check.required("from", request.from.as_ref());
    check.required("to", request.to.as_ref());
    check.done()?;
    let group = given("logGroupName", request.log_group_name)?;
    logs.group(&group)?;
    ctx.not_honoured("destination")?;
    if request.log_stream_name_prefix.is_some() {
        ctx.not_honoured("logStreamNamePrefix")?;
    }
    let id = ctx.ids().uuid().to_string();
    let now = Some(ctx.now().millis());
    let status = ExportTaskStatus {
        code: Some("FAILED".to_owned()),
        message: Some("This emulator has no S3 to export to.".to_owned()),
    };
    let described = ExportTask {
        destination: request.destination,
        destination_prefix: request.destination_prefix.or_else(|| Some("exportedlogs".to_owned())),
        execution_info: Some(ExportTaskExecutionInfo { completion_time: now, creation_time: now }),
        from: request.from,
        log_group_name: Some(group),
        status: Some(status),
        task_id: Some(id.clone()),
        task_name: request.task_name,
        to: request.to,
    };
    let number = logs.exports.values().map(|task| task.number + 1).max().unwrap_or(0);
    logs.exports.retain(|_, task| task.number + TASKS_MAX as u64 > number);
    logs.exports.insert(id.clone(), Held { described, number });
    Ok(Response { task_id: Some(id) })
}
