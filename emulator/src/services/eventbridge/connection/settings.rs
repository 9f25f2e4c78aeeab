//! Making, changing, deauthorizing and deleting a connection.

use std::time::Duration;

use super::check;
use super::shapes::{AuthRequestParameters, ConnectivityResourceParameters};
use super::{API_KEY, BASIC, CONNECTIONS_MAX, Connection, ConnectionState};
use crate::kernel::{Context, Passing};
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;

/// How long a state lasts that passes by itself.
const PASSING_TIME: Duration = Duration::from_secs(3);

/// What a request says of a connection.
#[derive(Default)]
pub(in crate::services::eventbridge) struct Change {
    pub(in crate::services::eventbridge) name: Option<String>,
    pub(in crate::services::eventbridge) description: Option<String>,
    pub(in crate::services::eventbridge) kind: Option<String>,
    pub(in crate::services::eventbridge) auth: Option<AuthRequestParameters>,
    pub(in crate::services::eventbridge) kms_key_identifier: Option<String>,
    pub(in crate::services::eventbridge) connectivity: Option<ConnectivityResourceParameters>,
}

impl Change {
    fn check(&self, ctx: &mut Context<'_>) -> Result<(), EventsError> {
        let oauth = self.auth.as_ref().and_then(|auth| auth.oauth_parameters.as_ref());
        let endpoint = oauth.and_then(|oauth| oauth.authorization_endpoint.as_deref());
        check::scheme("AuthorizationEndpoint", endpoint)?;
        if self.kms_key_identifier.as_ref().is_some_and(|key| !key.is_empty()) {
            ctx.not_honoured("KmsKeyIdentifier")?;
        }
        if self.connectivity.is_some() {
            ctx.not_honoured("InvocationConnectivityParameters")?;
        }
        if self.auth.as_ref().is_some_and(|auth| auth.connectivity_parameters.is_some()) {
            ctx.not_honoured("AuthParameters.ConnectivityParameters")?;
        }
        Ok(())
    }
}

/// The parameters of the type, and none of another.
// Unverified: AWS's words where those of the type are missing.
fn of_kind(kind: &str, auth: AuthRequestParameters) -> Result<AuthRequestParameters, EventsError> {
    let AuthRequestParameters {
        api_key_auth_parameters: key,
        basic_auth_parameters: basic,
        oauth_parameters: oauth,
        ..
    } = &auth;
    let client = oauth.as_ref().and_then(|oauth| oauth.client_parameters.as_ref());
    let (is_whole, member) = match kind {
        BASIC => {
            let whole = |it: &super::shapes::BasicRequestParameters| {
                it.username.is_some() && it.password.is_some()
            };
            (basic.as_ref().is_some_and(whole), "BasicAuthParameters")
        }
        API_KEY => {
            let whole = |it: &super::shapes::ApiKeyRequestParameters| {
                it.api_key_name.is_some() && it.api_key_value.is_some()
            };
            (key.as_ref().is_some_and(whole), "ApiKeyAuthParameters")
        }
        _ => {
            let whole = |it: &super::shapes::OAuthRequestParameters| {
                it.authorization_endpoint.is_some()
                    && it.http_method.is_some()
                    && client.is_some_and(|it| it.client_id.is_some() && it.client_secret.is_some())
            };
            (oauth.as_ref().is_some_and(whole), "OAuthParameters")
        }
    };
    if !is_whole {
        let text = format!("Parameter(s) {member} must be specified for AuthorizationType {kind}.");
        return Err(EventsError::Validation(text));
    }
    Ok(AuthRequestParameters {
        api_key_auth_parameters: auth.api_key_auth_parameters.filter(|_| kind == API_KEY),
        basic_auth_parameters: auth.basic_auth_parameters.filter(|_| kind == BASIC),
        oauth_parameters: auth.oauth_parameters.filter(|_| kind != API_KEY && kind != BASIC),
        ..auth
    })
}

impl EventBridge {
    pub(in crate::services::eventbridge) fn create_connection(
        &mut self,
        ctx: &mut Context<'_>,
        change: Change,
    ) -> Result<&Connection, EventsError> {
        change.check(ctx)?;
        let Change { name, description, kind, auth, kms_key_identifier, connectivity } = change;
        let name = name.unwrap_or_default();
        let kind = kind.unwrap_or_default();
        let auth = of_kind(&kind, auth.unwrap_or_default())?;
        if self.connection(ctx, &name, "describe").is_ok() {
            return Err(EventsError::ConnectionExists(name));
        }
        if self.connections.len() >= CONNECTIONS_MAX {
            return Err(EventsError::LimitExceeded);
        }
        let mut connection = Connection {
            description,
            kms_key_identifier,
            connectivity,
            ..Connection::new(ctx, &name, kind, auth)
        };
        connection.authorize(ctx);
        Ok(self.connections.entry(name).or_insert(connection))
    }

    pub(in crate::services::eventbridge) fn update_connection(
        &mut self,
        ctx: &mut Context<'_>,
        change: Change,
    ) -> Result<&Connection, EventsError> {
        change.check(ctx)?;
        let name = change.name.unwrap_or_default();
        let now = ctx.now();
        let connection = self.connection(ctx, &name, "update")?;
        let kind = change.kind.unwrap_or_else(|| connection.kind.clone());
        let changes_auth = change.auth.is_some() || kind != connection.kind;
        if changes_auth {
            let old = connection.auth.clone();
            connection.auth = of_kind(&kind, change.auth.unwrap_or_default().over(old))?;
            connection.kind = kind;
        }
        connection.description = change.description.or(connection.description.take());
        let key = connection.kms_key_identifier.take();
        connection.kms_key_identifier = change.kms_key_identifier.or(key);
        connection.connectivity = change.connectivity.or(connection.connectivity.take());
        connection.modified = now;
        if changes_auth {
            connection.authorize(ctx);
        }
        Ok(connection)
    }

    pub(in crate::services::eventbridge) fn deauthorize_connection(
        &mut self,
        ctx: &mut Context<'_>,
        name: Option<String>,
    ) -> Result<&Connection, EventsError> {
        let name = named(name)?;
        let connection = self.connection(ctx, &name, "deauthorize")?;
        connection.passing = Some(Passing::begin(ctx, "DEAUTHORIZING", PASSING_TIME));
        connection.state = ConnectionState::Deauthorized;
        connection.reason = None;
        connection.forget_token();
        // "It removes all authorization parameters."
        connection.auth = AuthRequestParameters::default();
        connection.modified = ctx.now();
        Ok(connection)
    }

    pub(in crate::services::eventbridge) fn delete_connection(
        &mut self,
        ctx: &mut Context<'_>,
        name: Option<String>,
    ) -> Result<&Connection, EventsError> {
        let name = named(name)?;
        let connection = self.connection(ctx, &name, "delete")?;
        connection.passing = Some(Passing::begin(ctx, "DELETING", PASSING_TIME));
        connection.is_deleted = true;
        connection.forget_token();
        connection.modified = ctx.now();
        Ok(connection)
    }
}

/// The name that a request must have.
pub(in crate::services::eventbridge) fn named(name: Option<String>) -> Result<String, EventsError> {
    constraint::required("name", name)
}
