//! DescribeArchive: one archive.
//!
//! Errors: `ResourceNotFoundException`.
//! Source: API reference "DescribeArchive".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::archive::Archive;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub archive_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub archive_arn: Option<String>,
    pub archive_name: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub description: Option<String>,
    pub event_count: Option<i64>,
    pub event_pattern: Option<String>,
    pub event_source_arn: Option<String>,
    pub kms_key_identifier: Option<String>,
    pub retention_days: Option<i32>,
    pub size_bytes: Option<i64>,
    pub state: Option<String>,
    pub state_reason: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("archiveName", request.archive_name)?;
    let (source, archive) = events.archive(&name)?;
    let (event_count, size_bytes) = archive.size(ctx.now());
    let settings = &archive.settings;
    Ok(Response {
        archive_arn: Some(archive.arn.to_string()),
        archive_name: Some(name),
        creation_time: Some(archive.created),
        description: settings.description.clone(),
        event_count: Some(event_count),
        event_pattern: settings.pattern.as_ref().map(|pattern| pattern.as_str().to_owned()),
        event_source_arn: Some(source.to_string()),
        kms_key_identifier: settings.kms_key_identifier.clone(),
        retention_days: Some(settings.retention_days),
        size_bytes: Some(size_bytes),
        state: Some(Archive::STATE.to_owned()),
        state_reason: None,
    })
}
