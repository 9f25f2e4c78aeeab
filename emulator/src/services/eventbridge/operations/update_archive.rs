//! UpdateArchive: changes an archive's settings; what is kept already stays.
//!
//! Errors: `ResourceNotFoundException`, `InvalidEventPatternException`, `ValidationException`.
//! Source: API reference "UpdateArchive".
//! Unverified: that what the request leaves out stays as it was.

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
    let (bus, archive) = events.archive(&name)?;
    archive.settings = archive.settings.clone().change(
        ctx,
        request.description,
        request.event_pattern.as_deref(),
        request.retention_days,
        request.kms_key_identifier,
    )?;
    let response = Response {
        archive_arn: Some(archive.arn.to_string()),
        creation_time: Some(archive.created),
        state: Some(Archive::STATE.to_owned()),
        state_reason: None,
    };
    if archive.is_fed {
        let (bus, pattern) = (bus.clone(), archive.settings.pattern.clone());
        events.bus_of_arn(ctx, &bus)?.put_rule_of_archive(ctx, &name, pattern.as_ref());
    }
    Ok(response)
}
