//! DescribeDeliveryDestinations: all.
//!
//! Limits: names of 60 letters; pages of 50.
//! Errors: `ResourceNotFoundException`, `ValidationException`, `ConflictException`.
//! Source: API references of these names; recordings of 2026-02-04.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::error::LogsError;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::DeliveryDestination;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub limit: Option<i32>,
    pub names: Option<Vec<String>>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub delivery_destinations: Option<Vec<DeliveryDestination>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
    let wanted = request.names.unwrap_or_default();
    let all = logs.deliveries.destinations.iter();
    let all = all.filter(|(name, _)| wanted.is_empty() || wanted.contains(name));
    let all = all.map(|(name, destination)| (name.clone(), destination.clone()));
    let (destinations, next_token) = page.cut(ctx, all);
    Ok(Response { delivery_destinations: Some(destinations), next_token })
}
