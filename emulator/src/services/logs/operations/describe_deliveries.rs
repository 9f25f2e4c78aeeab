//! DescribeDeliveries: all.
//!
//! Limits: pages of 50.
//! Errors: `ResourceNotFoundException`, `ValidationException`, `ConflictException`.
//! Source: API references of these names; recordings of 2026-02-04.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::error::LogsError;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::Delivery;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub delivery_source_names: Option<Vec<String>>,
    pub limit: Option<i32>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub deliveries: Option<Vec<Delivery>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
    let wanted = request.delivery_source_names.unwrap_or_default();
    let all = logs.deliveries.deliveries.iter().filter(|(_, delivery)| {
        wanted.is_empty()
            || delivery.delivery_source_name.as_ref().is_some_and(|it| wanted.contains(it))
    });
    let all = all.map(|(id, delivery)| (id.clone(), delivery.clone()));
    let (deliveries, next_token) = page.cut(ctx, all);
    Ok(Response { deliveries: Some(deliveries), next_token })
}
