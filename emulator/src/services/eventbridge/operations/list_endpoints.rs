//! ListEndpoints: endpoints by prefix, in pages.
//!
//! Limits: 1 to 100 a page.
//! Errors: `ValidationException`.
//! Source: API reference "ListEndpoints".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::endpoint::{EndpointEventBus, ReplicationConfig, RoutingConfig};
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::page::page;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name_prefix: Option<String>,
    pub home_region: Option<String>,
    pub next_token: Option<String>,
    pub max_results: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub endpoints: Option<Vec<EndpointSummary>>,
    pub next_token: Option<String>,
}

/// An endpoint in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EndpointSummary {
    pub arn: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub description: Option<String>,
    pub endpoint_id: Option<String>,
    pub endpoint_url: Option<String>,
    pub event_buses: Option<Vec<EndpointEventBus>>,
    pub last_modified_time: Option<Timestamp>,
    pub name: Option<String>,
    pub replication_config: Option<ReplicationConfig>,
    pub role_arn: Option<String>,
    pub routing_config: Option<RoutingConfig>,
    pub state: Option<String>,
    pub state_reason: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let prefix = request.name_prefix.unwrap_or_default();
    let is_here = request.home_region.as_deref().is_none_or(|region| region == ctx.region());
    let all = events.all_endpoints(ctx).filter(|it| is_here && it.name.starts_with(&prefix));
    let all = all.map(|endpoint| {
        let shown = EndpointSummary {
            arn: Some(endpoint.arn.to_string()),
            creation_time: Some(endpoint.created),
            description: endpoint.description.clone(),
            endpoint_id: Some(endpoint.id.clone()),
            endpoint_url: Some(endpoint.url()),
            event_buses: Some(endpoint.event_buses()),
            last_modified_time: Some(endpoint.modified),
            name: Some(endpoint.name.clone()),
            replication_config: Some(endpoint.replication.clone()),
            role_arn: endpoint.role.clone(),
            routing_config: Some(endpoint.routing.clone()),
            state: Some(endpoint.status(ctx)),
            state_reason: None,
        };
        (endpoint.name.as_str(), shown)
    });
    let (endpoints, next_token) =
        page(ctx, all, request.max_results, request.next_token.as_deref())?;
    Ok(Response { endpoints: Some(endpoints), next_token })
}
