//! ListApiDestinations: API destinations by prefix and connection, in pages.
//!
//! Limits: 1 to 100 a page.
//! Errors: `ValidationException`.
//! Source: API reference "ListApiDestinations".

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
    pub connection_arn: Option<String>,
    pub next_token: Option<String>,
    pub limit: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub api_destinations: Option<Vec<ApiDestinationSummary>>,
    pub next_token: Option<String>,
}

/// An API destination in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ApiDestinationSummary {
    pub api_destination_arn: Option<String>,
    pub api_destination_state: Option<String>,
    pub connection_arn: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub http_method: Option<String>,
    pub invocation_endpoint: Option<String>,
    pub invocation_rate_limit_per_second: Option<i32>,
    pub last_modified_time: Option<Timestamp>,
    pub name: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let prefix = request.name_prefix.unwrap_or_default();
    let wanted = request.connection_arn;
    let names: Vec<String> = events.api_destinations.keys().cloned().collect();
    let mut all = Vec::new();
    for name in names.iter().filter(|name| name.starts_with(&prefix)) {
        let (destination, state) = events.api_destination(ctx, name)?;
        if wanted.as_ref().is_some_and(|arn| *arn != destination.connection.to_string()) {
            continue;
        }
        all.push(ApiDestinationSummary {
            api_destination_arn: Some(destination.arn.to_string()),
            api_destination_state: Some(state.to_owned()),
            connection_arn: Some(destination.connection.to_string()),
            creation_time: Some(destination.created),
            http_method: Some(destination.method.clone()),
            invocation_endpoint: Some(destination.endpoint.clone()),
            invocation_rate_limit_per_second: destination.rate,
            last_modified_time: Some(destination.modified),
            name: Some(destination.name.clone()),
        });
    }
    let all = all.iter().map(|it| (it.name.as_deref().unwrap_or_default(), it.clone()));
    let (api_destinations, next_token) =
        page(ctx, all, request.limit, request.next_token.as_deref())?;
    Ok(Response { api_destinations: Some(api_destinations), next_token })
}
