//! DescribeExportTasks: all.
//!
//! Limits: pages of 50; the last 1,000 tasks are kept.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `InvalidOperationException`.
//! Source: API references of these names; recordings of 2026-02-05.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::error::LogsError;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::ExportTask;
use crate::services::logs::state::Logs;
use crate::wire::Gather as _;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub limit: Option<i32>,
    pub next_token: Option<String>,
    pub status_code: Option<String>,
    pub task_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub export_tasks: Option<Vec<ExportTask>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
    let (id, code) = (request.task_id.as_ref(), request.status_code.as_ref());
    let tasks = logs.exports.values().filter(|task| {
        let status = task.described.status.as_ref().and_then(|status| status.code.as_ref());
        id.is_none_or(|id| task.described.task_id.as_ref() == Some(id))
            && code.is_none_or(|code| status == Some(code))
    });
    // The youngest first.
    let tasks =
        tasks.map(|task| (format!("{:020}", u64::MAX - task.number), task.described.clone()));
    let (tasks, next_token) = page.cut(ctx, tasks.into_map().into_iter());
    Ok(Response { export_tasks: Some(tasks), next_token })
}
