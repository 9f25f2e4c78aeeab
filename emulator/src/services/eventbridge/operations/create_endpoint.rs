//! CreateEndpoint: makes a global endpoint of two buses.
//!
//! Limits: 100 endpoints; two buses of one name in two regions.
//! Errors: `ResourceAlreadyExistsException`, `LimitExceededException`, `ValidationException`.
//! Source: API reference "CreateEndpoint"; user guide "Global endpoints".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::endpoint::{
    Change, EndpointEventBus, ReplicationConfig, RoutingConfig,
};
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub description: Option<String>,
    pub routing_config: Option<RoutingConfig>,
    pub replication_config: Option<ReplicationConfig>,
    pub event_buses: Option<Vec<EndpointEventBus>>,
    pub role_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub arn: Option<String>,
    pub event_buses: Option<Vec<EndpointEventBus>>,
    pub name: Option<String>,
    pub replication_config: Option<ReplicationConfig>,
    pub role_arn: Option<String>,
    pub routing_config: Option<RoutingConfig>,
    pub state: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let change = Change {
        name: request.name,
        description: request.description,
        routing: request.routing_config,
        replication: request.replication_config,
        buses: request.event_buses,
        role: request.role_arn,
    };
    let endpoint = events.create_endpoint(ctx, change)?;
    Ok(Response {
        arn: Some(endpoint.arn.to_string()),
        event_buses: Some(endpoint.event_buses()),
        name: Some(endpoint.name.clone()),
        replication_config: Some(endpoint.replication.clone()),
        role_arn: endpoint.role.clone(),
        routing_config: Some(endpoint.routing.clone()),
        state: Some(endpoint.status(ctx)),
    })
}
