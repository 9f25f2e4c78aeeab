//! ListEventBuses: buses by prefix, in pages.
//!
//! Limits: 1 to 100 a page.
//! Errors: `ValidationException`.
//! Source: API reference "ListEventBuses"; recordings of 2024-06-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::page::page;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name_prefix: Option<String>,
    pub next_token: Option<String>,
    pub limit: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub event_buses: Option<Vec<EventBus>>,
    pub next_token: Option<String>,
}

/// A bus in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EventBus {
    pub name: Option<String>,
    pub arn: Option<String>,
    pub description: Option<String>,
    pub policy: Option<String>,
    pub managed_by: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub last_modified_time: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let prefix = request.name_prefix.unwrap_or_default();
    let buses = events.buses(ctx).values().filter(|bus| bus.name.starts_with(&prefix));
    let buses = buses.map(|bus| (bus.name.as_str(), bus));
    let (shown, next_token) = page(ctx, buses, request.limit, request.next_token.as_deref())?;
    let shown = shown.into_iter().map(|bus| EventBus {
        name: Some(bus.name.clone()),
        arn: Some(bus.arn.to_string()),
        description: bus.settings.description.clone(),
        policy: bus.policy.as_ref().map(|policy| policy.as_str().to_owned()),
        managed_by: None,
        creation_time: Some(bus.created),
        last_modified_time: Some(bus.modified),
    });
    Ok(Response { event_buses: Some(shown.collect()), next_token })
}
