//! DeleteLogStream: deletes a stream with its events.
//!
//! Errors: `ResourceNotFoundException`; `ValidationException` where its group is protected.
//! Source: API reference "DeleteLogStream".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub log_group_name: Option<String>,
    pub log_stream_name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let stream = request.log_stream_name.as_ref();
    constraint::names(request.log_group_name.as_ref(), Some(stream))?;
    let group = given("logGroupName", request.log_group_name)?;
    let stream = given("logStreamName", request.log_stream_name)?;
    let group = logs.group_mut(&group)?;
    if group.deletion_protection {
        // Unverified: the text.
        return Err(LogsError::Validation(
            "The log stream cannot be deleted because deletion protection of its log group is \
             enabled."
                .to_owned(),
        ));
    }
    let removed = group.streams.remove(stream.as_str()).ok_or(LogsError::StreamNotFound)?;
    logs.bytes -= removed.bytes;
    Ok(Response {})
}
