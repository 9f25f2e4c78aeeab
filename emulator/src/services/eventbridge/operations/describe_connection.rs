//! DescribeConnection: one connection, without its secrets.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DescribeConnection"; recordings of 2024-12-09.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::connection::named;
use crate::services::eventbridge::connection::shapes::{
    AuthResponseParameters, DescribeConnectivityParameters, shown_connectivity,
};
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub auth_parameters: Option<AuthResponseParameters>,
    pub authorization_type: Option<String>,
    pub connection_arn: Option<String>,
    pub connection_state: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub description: Option<String>,
    pub invocation_connectivity_parameters: Option<DescribeConnectivityParameters>,
    pub kms_key_identifier: Option<String>,
    pub last_authorized_time: Option<Timestamp>,
    pub last_modified_time: Option<Timestamp>,
    pub name: Option<String>,
    pub secret_arn: Option<String>,
    pub state_reason: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = named(request.name)?;
    let connection = events.connection(ctx, &name, "describe")?;
    Ok(Response {
        auth_parameters: Some(connection.auth.shown()),
        authorization_type: Some(connection.kind.clone()),
        connection_arn: Some(connection.arn.to_string()),
        connection_state: Some(connection.status(ctx)),
        creation_time: Some(connection.created),
        description: connection.description.clone(),
        invocation_connectivity_parameters: connection
            .connectivity
            .as_ref()
            .map(shown_connectivity),
        kms_key_identifier: connection.kms_key_identifier.clone(),
        last_authorized_time: Some(connection.authorized),
        last_modified_time: Some(connection.modified),
        name: Some(name),
        secret_arn: Some(connection.secret_arn.clone()),
        state_reason: connection.reason.clone(),
    })
}
