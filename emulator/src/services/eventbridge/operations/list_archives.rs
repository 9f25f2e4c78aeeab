//! ListArchives: archives by bus, state or prefix, in pages.
//!
//! Limits: 1 to 100 a page; one filter.
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "ListArchives"; recordings of 2024-05-17.
//! Unverified: the words for several filters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::archive::Archive;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::page::page;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::{Gather as _, Timestamp};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name_prefix: Option<String>,
    pub event_source_arn: Option<String>,
    pub state: Option<String>,
    pub next_token: Option<String>,
    pub limit: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub archives: Option<Vec<ArchiveSummary>>,
    pub next_token: Option<String>,
}

/// An archive in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ArchiveSummary {
    pub archive_name: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub event_count: Option<i64>,
    pub event_source_arn: Option<String>,
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
    let filters = [&request.name_prefix, &request.event_source_arn, &request.state];
    constraint::one_filter("ListArchives", &filters)?;
    let source = request.event_source_arn.as_deref();
    let source = source.map(|text| constraint::arn("eventSourceArn", text)).transpose()?;
    if let Some(source) = &source {
        events.bus_of_arn(ctx, source)?;
    }
    let prefix = request.name_prefix.unwrap_or_default();
    let now = ctx.now();
    let all: BTreeMap<String, ArchiveSummary> = events
        .archives()
        .filter(|(bus, archive)| {
            archive.name.starts_with(&prefix)
                && source.as_ref().is_none_or(|source| source == *bus)
                && request.state.as_deref().is_none_or(|state| state == Archive::STATE)
        })
        .map(|(bus, archive)| (archive.name.clone(), summary(archive, bus.to_string(), now)))
        .into_map();
    let all = all.iter().map(|(name, summary)| (name.as_str(), summary.clone()));
    let (archives, next_token) = page(ctx, all, request.limit, request.next_token.as_deref())?;
    Ok(Response { archives: Some(archives), next_token })
}

fn summary(archive: &mut Archive, source: String, now: Timestamp) -> ArchiveSummary {
    let (event_count, size_bytes) = archive.size(now);
    ArchiveSummary {
        archive_name: Some(archive.name.clone()),
        creation_time: Some(archive.created),
        event_count: Some(event_count),
        event_source_arn: Some(source),
        retention_days: Some(archive.settings.retention_days),
        size_bytes: Some(size_bytes),
        state: Some(Archive::STATE.to_owned()),
        state_reason: None,
    }
}
