//! GetLogRecord: all fields of the event that a query's `@ptr` points to.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API reference "GetLogRecord". Unverified: the texts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::given;
use crate::services::logs::error::LogsError;
use crate::services::logs::insights::{Record, read_pointer};
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub log_record_pointer: Option<String>,
    pub unmask: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub log_record: Option<BTreeMap<String, String>>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let pointer = given("logRecordPointer", request.log_record_pointer)?;
    let invalid = || LogsError::parameter("The specified log record pointer is invalid.");
    let (group, stream, position) = read_pointer(&pointer).ok_or_else(invalid)?;
    let group = logs.group(&group)?;
    let held = group.streams.get(stream.as_str()).ok_or(LogsError::StreamNotFound)?;
    let missing = LogsError::NotFound("The specified log record does not exist.");
    let event = held.get(position).ok_or(missing)?;
    let record = Record::of(group, &stream, position, event);
    Ok(Response { log_record: Some(record.all_fields()) })
}
