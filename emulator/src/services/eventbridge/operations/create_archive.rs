//! CreateArchive: makes an archive of a bus's events.
//!
//! Limits: names of 1 to 48 letters, digits, `.`, `-` and `_`, unique in the region.
//! Errors: `ResourceAlreadyExistsException`, `ResourceNotFoundException`,
//! `InvalidEventPatternException`, `ValidationException`.
//! Source: API reference "CreateArchive"; recordings of 2025-03-12.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::archive::{Archive, ArchiveSettings};
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub archive_name: Option<String>,
    pub event_source_arn: Option<String>,
    pub description: Option<String>,
    pub event_pattern: Option<String>,
    pub retention_days: Option<i32>,
    pub kms_key_identifier: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub archive_arn: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub state: Option<String>,
    pub state_reason: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("archiveName", request.archive_name)?;
    let source = constraint::required("eventSourceArn", request.event_source_arn)?;
    let source = constraint::arn("eventSourceArn", &source)?;
    let settings = ArchiveSettings::default().change(
        ctx,
        request.description,
        request.event_pattern.as_deref(),
        request.retention_days,
        request.kms_key_identifier,
    )?;
    if events.archive(&name).is_ok() {
        return Err(EventsError::ArchiveExists(name));
    }
    let archive = Archive::new(ctx, &name, settings);
    let response = Response {
        archive_arn: Some(archive.arn.to_string()),
        creation_time: Some(archive.created),
        state: Some(Archive::STATE.to_owned()),
        state_reason: None,
    };
    let bus = events.bus_of_arn(ctx, &source)?;
    bus.put_rule_of_archive(ctx, &name, archive.settings.pattern.as_ref());
    bus.archives.insert(name, archive);
    Ok(response)
}
