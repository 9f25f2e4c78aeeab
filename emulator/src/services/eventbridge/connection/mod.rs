//! A connection: how requests to a server outside are authorized.
//!
//! Knows no API destination. A connection with OAuth fetches its token itself: it is `AUTHORIZING`
//! until the server has answered.

pub(super) mod check;
mod form;
mod request;
mod settings;
pub(super) mod shapes;
mod task;
mod token;

use serde::{Deserialize, Serialize};

use self::shapes::{AuthRequestParameters, ConnectivityResourceParameters};
use self::token::Token;
use super::error::EventsError;
use super::state::EventBridge;
use crate::kernel::{Arn, Context, Passing};
use crate::wire::Timestamp;

pub(super) use request::Parameters;
pub(super) use settings::{Change, named};

/// What the resource of a connection's ARN begins with.
pub(super) const RESOURCE: &str = "connection/";

const BASIC: &str = "BASIC";
const OAUTH: &str = "OAUTH_CLIENT_CREDENTIALS";
const API_KEY: &str = "API_KEY";

/// Most connections of an account in a region; AWS raises it when asked.
///
/// Source: user guide "Amazon EventBridge quotas".
const CONNECTIONS_MAX: usize = 3000;

/// Whether a connection may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ConnectionState {
    Authorized,
    /// The server is asked for a token.
    Authorizing,
    Deauthorized,
}

impl ConnectionState {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Authorized => "AUTHORIZED",
            Self::Authorizing => "AUTHORIZING",
            Self::Deauthorized => "DEAUTHORIZED",
        }
    }
}

/// One connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Connection {
    pub(super) name: String,
    pub(super) arn: Arn,
    /// Where AWS keeps the secrets. There is no Secrets Manager here.
    // Differs from AWS: the secret of a connection can't be read, as Secrets Manager is not here.
    pub(super) secret_arn: String,
    pub(super) description: Option<String>,
    pub(super) kms_key_identifier: Option<String>,
    pub(super) connectivity: Option<ConnectivityResourceParameters>,
    /// AWS's word: `BASIC` and the like.
    pub(super) kind: String,
    pub(super) auth: AuthRequestParameters,
    pub(super) state: ConnectionState,
    /// Why it is not authorized.
    pub(super) reason: Option<String>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) authorized: Timestamp,
    token: Option<Token>,
    /// The number of the question for a token whose answer counts.
    question: u64,
    passing: Option<Passing>,
    is_deleted: bool,
}

impl Connection {
    fn new(ctx: &mut Context<'_>, name: &str, kind: String, auth: AuthRequestParameters) -> Self {
        let (id, secret) = (ctx.ids().uuid(), ctx.ids().uuid());
        let suffix: String = ctx.ids().uuid().to_string().chars().take(6).collect();
        let resource = format!("secret:events!connection/{name}/{secret}-{suffix}");
        let secret_arn = ctx.scope().arn("secretsmanager", resource).to_string();
        let now = ctx.now();
        Self {
            name: name.to_owned(),
            arn: ctx.arn(format!("connection/{name}/{id}")),
            secret_arn,
            description: None,
            kms_key_identifier: None,
            connectivity: None,
            kind,
            auth,
            state: ConnectionState::Authorized,
            reason: None,
            created: now,
            modified: now,
            authorized: now,
            token: None,
            question: 0,
            passing: None,
            is_deleted: false,
        }
    }

    /// AWS's word for the state, for whoever reads now.
    pub(super) fn status(&self, ctx: &Context<'_>) -> String {
        match self.passing.as_ref().filter(|passing| passing.lasts(ctx)) {
            Some(passing) => passing.status.to_string(),
            None => self.state.as_str().to_owned(),
        }
    }

    fn is_gone(&self, ctx: &Context<'_>) -> bool {
        let lasts = self.passing.as_ref().is_some_and(|passing| passing.lasts(ctx));
        self.is_deleted && !lasts
    }
}

impl EventBridge {
    /// The connection `name`; `deed` is what AWS says it failed to do: `describe`.
    pub(super) fn connection(
        &mut self,
        ctx: &Context<'_>,
        name: &str,
        deed: &'static str,
    ) -> Result<&mut Connection, EventsError> {
        self.connections.retain(|_, connection| !connection.is_gone(ctx));
        let missing = || EventsError::ConnectionNotFound { name: name.to_owned(), deed };
        self.connections.get_mut(name).ok_or_else(missing)
    }

    /// Every connection, by name.
    pub(super) fn all_connections(
        &mut self,
        ctx: &Context<'_>,
    ) -> impl Iterator<Item = &Connection> {
        self.connections.retain(|_, connection| !connection.is_gone(ctx));
        self.connections.values()
    }

    /// The connection with this ARN.
    pub(super) fn connection_of_arn(
        &mut self,
        ctx: &Context<'_>,
        arn: &Arn,
    ) -> Option<&mut Connection> {
        let name = arn.resource.split('/').nth(1)?;
        let found = self.connection(ctx, name, "describe").ok()?;
        Some(found).filter(|connection| connection.arn == *arn)
    }
}
