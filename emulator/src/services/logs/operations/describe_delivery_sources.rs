//! DescribeDeliverySources: all.
//!
//! Limits: names of 60 letters; pages of 50.
//! Errors: `ResourceNotFoundException`, `ValidationException`, `ConflictException`.
//! Source: API references of these names; recordings of 2026-02-04.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::error::LogsError;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::DeliverySource;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub limit: Option<i32>,
    pub next_token: Option<String>,
    pub resource_arns: Option<Vec<String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub delivery_sources: Option<Vec<DeliverySource>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
    let wanted = request.resource_arns.unwrap_or_default();
    let sources = logs.deliveries.sources.iter().filter(|(_, source)| {
        let arns = source.resource_arns.as_deref().unwrap_or_default();
        wanted.is_empty() || arns.iter().any(|arn| wanted.contains(arn))
    });
    let sources = sources.map(|(name, source)| (name.clone(), source.clone()));
    let (sources, next_token) = page.cut(ctx, sources);
    Ok(Response { delivery_sources: Some(sources), next_token })
}
