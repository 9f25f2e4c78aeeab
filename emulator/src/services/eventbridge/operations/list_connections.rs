//! ListConnections: connections by prefix and state, in pages.
//!
//! Limits: 1 to 100 a page.
//! Errors: `ValidationException`.
//! Source: API reference "ListConnections".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::connection::Connection;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::page::page;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name_prefix: Option<String>,
    pub connection_state: Option<String>,
    pub next_token: Option<String>,
    pub limit: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub connections: Option<Vec<ConnectionSummary>>,
    pub next_token: Option<String>,
}

/// A connection in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConnectionSummary {
    pub authorization_type: Option<String>,
    pub connection_arn: Option<String>,
    pub connection_state: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub last_authorized_time: Option<Timestamp>,
    pub last_modified_time: Option<Timestamp>,
    pub name: Option<String>,
    pub state_reason: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let prefix = request.name_prefix.unwrap_or_default();
    let wanted = request.connection_state;
    let mut all = Vec::new();
    for connection in events.all_connections(ctx) {
        let shown = summary(ctx, connection);
        let is_wanted = wanted.is_none() || wanted == shown.connection_state;
        if is_wanted && connection.name.starts_with(&prefix) {
            all.push(shown);
        }
    }
    let all = all.iter().map(|it| (it.name.as_deref().unwrap_or_default(), it.clone()));
    let (connections, next_token) = page(ctx, all, request.limit, request.next_token.as_deref())?;
    Ok(Response { connections: Some(connections), next_token })
}

fn summary(ctx: &Context<'_>, connection: &Connection) -> ConnectionSummary {
    ConnectionSummary {
        authorization_type: Some(connection.kind.clone()),
        connection_arn: Some(connection.arn.to_string()),
        connection_state: Some(connection.status(ctx)),
        creation_time: Some(connection.created),
        last_authorized_time: Some(connection.authorized),
        last_modified_time: Some(connection.modified),
        name: Some(connection.name.clone()),
        state_reason: connection.reason.clone(),
    }
}
