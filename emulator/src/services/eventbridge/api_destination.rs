//! API destinations: servers outside as targets of rules.
//!
//! A delivery to one becomes an HTTP request when it is handed over, with the token that the
//! connection has then; what the server answers decides what becomes of the delivery.

use bytes::Bytes;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::connection::check;
use super::connection::{ConnectionState, Parameters};
use super::error::EventsError;
use super::state::EventBridge;
use super::target_kind::is_api_destination;
use crate::kernel::{Arn, Context, Delivery, DeliveryError};
use crate::wire::Timestamp;

/// Most API destinations of an account in a region; AWS raises it when asked.
const DESTINATIONS_MAX: usize = 3000;
/// Requests a second where no limit is given.
///
/// Source: API reference "CreateApiDestination", user guide "Amazon EventBridge quotas".
const RATE: i32 = 300;
const SECOND: Duration = Duration::from_secs(1);

/// One API destination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ApiDestination {
    pub(super) name: String,
    pub(super) arn: Arn,
    pub(super) description: Option<String>,
    pub(super) connection: Arn,
    pub(super) endpoint: String,
    pub(super) method: String,
    /// Requests a second, as it was given.
    pub(super) rate: Option<i32>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    /// The second in which requests go, from its beginning on, and how many went in it.
    second: Timestamp,
    in_second: i32,
}

/// What a request says of an API destination.
pub(super) struct Change {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) connection: Option<String>,
    pub(super) endpoint: Option<String>,
    pub(super) method: Option<String>,
    pub(super) rate: Option<i32>,
}

impl Change {
    fn check(&self) -> Result<Option<Arn>, EventsError> {
        check::scheme("InvocationEndpoint", self.endpoint.as_deref())?;
        Ok(self.connection.as_deref().and_then(|arn| arn.parse().ok()))
    }
}

impl ApiDestination {
    /// When the next request may go; it is taken.
    fn next_turn(&mut self, now: Timestamp) -> Timestamp {
        let rate = self.rate.unwrap_or(RATE).max(1);
        if now >= self.second + SECOND {
            (self.second, self.in_second) = (now, 0);
        } else if self.in_second >= rate {
            (self.second, self.in_second) = (self.second + SECOND, 0);
        }
        self.in_second += 1;
        self.second.max(now)
    }
}

impl EventBridge {
    pub(super) fn create_api_destination(
        &mut self,
        ctx: &mut Context<'_>,
        change: Change,
    ) -> Result<(&ApiDestination, &'static str), EventsError> {
        let connection = change.check()?;
        let Change { name, description, endpoint, method, rate, .. } = change;
        let name = name.unwrap_or_default();
        let connection = self.known_connection(ctx, connection)?;
        if self.api_destinations.contains_key(&name) {
            return Err(EventsError::ApiDestinationExists(name));
        }
        if self.api_destinations.len() >= DESTINATIONS_MAX {
            return Err(EventsError::LimitExceeded);
        }
        let id = ctx.ids().uuid();
        let destination = ApiDestination {
            arn: ctx.arn(format!("api-destination/{name}/{id}")),
            name: name.clone(),
            description,
            connection,
            endpoint: endpoint.unwrap_or_default(),
            method: method.unwrap_or_default(),
            rate,
            created: ctx.now(),
            modified: ctx.now(),
            second: Timestamp::default(),
            in_second: 0,
        };
        self.api_destinations.insert(name.clone(), destination);
        self.api_destination(ctx, &name)
    }

    pub(super) fn update_api_destination(
        &mut self,
        ctx: &mut Context<'_>,
        change: Change,
    ) -> Result<(&ApiDestination, &'static str), EventsError> {
        let connection = change.check()?;
        let name = change.name.unwrap_or_default();
        let connection = match connection {
            None => None,
            some => Some(self.known_connection(ctx, some)?),
        };
        let Some(destination) = self.api_destinations.get_mut(&name) else {
            return Err(EventsError::ApiDestinationNotFound { name, deed: "update" });
        };
        if let Some(connection) = connection {
            destination.connection = connection;
        }
        destination.description = change.description.or(destination.description.take());
        destination.rate = change.rate.or(destination.rate);
        if let Some(endpoint) = change.endpoint {
            destination.endpoint = endpoint;
        }
        if let Some(method) = change.method {
            destination.method = method;
        }
        destination.modified = ctx.now();
        self.api_destination(ctx, &name)
    }

    /// An API destination with AWS's word for its state.
    pub(super) fn api_destination(
        &mut self,
        ctx: &Context<'_>,
        name: &str,
    ) -> Result<(&ApiDestination, &'static str), EventsError> {
        let Some(connection) = self.api_destinations.get(name).map(|it| it.connection.clone())
        else {
            let name = name.to_owned();
            return Err(EventsError::ApiDestinationNotFound { name, deed: "describe" });
        };
        let connection = self.connection_of_arn(ctx, &connection);
        let is_active = connection.is_some_and(|it| it.state == ConnectionState::Authorized);
        let state = if is_active { "ACTIVE" } else { "INACTIVE" };
        Ok((&self.api_destinations[name], state))
    }

    /// An API destination of this account and region must be there before it is a target.
    // Unverified: AWS's words.
    pub(super) fn check_target_exists(
        &mut self,
        ctx: &Context<'_>,
        arn: &Arn,
    ) -> Result<(), EventsError> {
        if !is_api_destination(arn) || arn.scope != *ctx.scope() {
            return Ok(());
        }
        let name = arn.resource.split('/').nth(1).unwrap_or_default();
        match self.api_destinations.get(name).filter(|it| it.arn == *arn) {
            Some(_) => Ok(()),
            None => {
                let name = name.to_owned();
                Err(EventsError::ApiDestinationNotFound { name, deed: "describe" })
            }
        }
    }

    fn known_connection(
        &mut self,
        ctx: &Context<'_>,
        arn: Option<Arn>,
    ) -> Result<Arn, EventsError> {
        let arn =
            arn.ok_or_else(|| EventsError::validation("Parameter ConnectionArn is missing."))?;
        match self.connection_of_arn(ctx, &arn) {
            Some(_) => Ok(arn),
            None => {
                Err(EventsError::ConnectionNotFound { name: arn.to_string(), deed: "describe" })
            }
        }
    }

    /// Hands a delivery for the API destination `arn` over to the world outside.
    ///
    /// # Errors
    /// [`DeliveryError`] with the reason.
    pub(super) fn invoke(
        &mut self,
        ctx: &mut Context<'_>,
        arn: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        let missing = |what: &Arn| DeliveryError::NoResource(what.to_string());
        let name = arn.resource.split('/').nth(1).unwrap_or_default();
        let destination = self.api_destinations.get_mut(name).filter(|it| it.arn == *arn);
        let destination = destination.ok_or_else(|| missing(arn))?;
        if !delivery.admitted {
            let turn = destination.next_turn(ctx.now());
            if turn > ctx.now() {
                ctx.deliver_at(turn, Delivery { admitted: true, ..delivery.clone() });
                return Ok(());
            }
        }
        let destination = destination.clone();
        let connection = self.connection_of_arn(ctx, &destination.connection);
        let connection = connection.ok_or_else(|| missing(&destination.connection))?;
        let parameters = delivery.parameters.as_deref().unwrap_or_default();
        let parameters: Parameters = serde_json::from_str(parameters).unwrap_or_default();
        let server = (destination.endpoint.as_str(), destination.method.as_str());
        let (target, body) = connection.request(ctx, server, &parameters, &delivery.body)?;
        ctx.deliver_outside(target, Bytes::from(body));
        Ok(())
    }

    /// A server has answered a delivery to an API destination, or the sender of one to a
    /// connection, with `status`: a token that it refused is fetched anew.
    pub(super) fn server_answered(&mut self, ctx: &mut Context<'_>, arn: &Arn, status: u16) {
        if !matches!(status, 401 | 407) {
            return;
        }
        let name = arn.resource.split('/').nth(1).unwrap_or_default();
        let connection = match self.api_destinations.get(name) {
            Some(destination) if is_api_destination(arn) => destination.connection.clone(),
            _ => arn.clone(),
        };
        if let Some(connection) = self.connection_of_arn(ctx, &connection) {
            connection.token_was_refused(ctx);
        }
    }
}
