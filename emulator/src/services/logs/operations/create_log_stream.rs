//! CreateLogStream: makes an empty stream in a group.
//!
//! Limits: names of 1 to 512 letters, without `:` and `*`; 100,000 streams of a group, which is
//! this emulator's.
//! Errors: `ResourceNotFoundException`, `ResourceAlreadyExistsException`,
//! `InvalidParameterException`, `LimitExceededException`.
//! Source: API reference "CreateLogStream".

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
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let stream = request.log_stream_name.as_ref();
    constraint::names(request.log_group_name.as_ref(), Some(stream))?;
    let group = given("logGroupName", request.log_group_name)?;
    let stream = given("logStreamName", request.log_stream_name)?;
    logs.add_stream(ctx, &group, &stream)?;
    Ok(Response {})
}
