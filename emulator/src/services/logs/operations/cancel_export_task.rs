//! CancelExportTask: refused, as none runs.
//!
//! Limits: pages of 50; the last 1,000 tasks are kept.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `InvalidOperationException`.
//! Source: API references of these names; recordings of 2026-02-05.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, TASK_ID, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub task_id: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    TASK_ID.required(&mut check, "taskId", request.task_id.as_ref());
    check.done()?;
    let id = given("taskId", request.task_id)?;
    let missing = LogsError::NotFound("The specified export task does not exist.");
    logs.exports.get(&id).ok_or(missing)?;
    // Unverified: the text.
    Err(LogsError::InvalidOperation("The specified export task has already finished."))
}
