//! UpdateConnection: changes a connection; what the request leaves out stays as it was.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "UpdateConnection".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::connection::Change;
use crate::services::eventbridge::connection::shapes::{
    AuthRequestParameters, ConnectivityResourceParameters,
};
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub description: Option<String>,
    pub authorization_type: Option<String>,
    pub auth_parameters: Option<AuthRequestParameters>,
    pub invocation_connectivity_parameters: Option<ConnectivityResourceParameters>,
    pub kms_key_identifier: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub connection_arn: Option<String>,
    pub connection_state: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub last_authorized_time: Option<Timestamp>,
    pub last_modified_time: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let change = Change {
        name: request.name,
        description: request.description,
        kind: request.authorization_type,
        auth: request.auth_parameters,
        kms_key_identifier: request.kms_key_identifier,
        connectivity: request.invocation_connectivity_parameters,
    };
    let connection = events.update_connection(ctx, change)?;
    Ok(Response {
        connection_arn: Some(connection.arn.to_string()),
        connection_state: Some(connection.status(ctx)),
        creation_time: Some(connection.created),
        last_authorized_time: Some(connection.authorized),
        last_modified_time: Some(connection.modified),
    })
}
