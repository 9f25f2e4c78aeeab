//! Global endpoints: two buses of one name in two regions, behind one id.
//!
//! Knows no health checks: events go to the bus of the region that is called.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::error::EventsError;
use super::state::EventBridge;
use crate::kernel::{Arn, Context, Passing};
use crate::wire::Timestamp;

/// Most endpoints of an account in a region; AWS raises it when asked.
const ENDPOINTS_MAX: usize = 100;
/// How long a state lasts that passes by itself.
const PASSING_TIME: Duration = Duration::from_secs(10);

/// A bus of an endpoint.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EndpointEventBus {
    pub event_bus_arn: Option<String>,
}

/// Whether events go to both buses.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReplicationConfig {
    pub state: Option<String>,
}

/// When events go to the second region.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RoutingConfig {
    pub failover_config: Option<FailoverConfig>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FailoverConfig {
    pub primary: Option<Primary>,
    pub secondary: Option<Secondary>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Primary {
    pub health_check: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Secondary {
    pub route: Option<String>,
}

/// One endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Endpoint {
    pub(super) name: String,
    pub(super) arn: Arn,
    /// What PutEvents names: `abcde.xyz`.
    pub(super) id: String,
    pub(super) description: Option<String>,
    pub(super) routing: RoutingConfig,
    pub(super) replication: ReplicationConfig,
    pub(super) buses: Vec<Arn>,
    pub(super) role: Option<String>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    passing: Option<Passing>,
    is_deleted: bool,
}

/// What a request says of an endpoint.
pub(super) struct Change {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) routing: Option<RoutingConfig>,
    pub(super) replication: Option<ReplicationConfig>,
    pub(super) buses: Option<Vec<EndpointEventBus>>,
    pub(super) role: Option<String>,
}

impl Change {
    /// Checks all of it; returns the buses.
    fn check(&self, ctx: &mut Context<'_>) -> Result<Option<Vec<Arn>>, EventsError> {
        let buses = self.buses.as_deref().map(|buses| arns(ctx, buses)).transpose()?;
        if self.role.is_some() {
            ctx.not_honoured("RoleArn")?;
        }
        // Differs from AWS: a global endpoint never fails over, as there are no health checks;
        // events go to the bus of the region that is called, and to the other one by replication.
        if self.routing.is_some() {
            ctx.not_honoured("RoutingConfig")?;
        }
        Ok(buses)
    }
}

/// The buses of an endpoint: of this account, of one name, in two regions, of which one is this.
// Unverified: AWS's words.
fn arns(ctx: &Context<'_>, buses: &[EndpointEventBus]) -> Result<Vec<Arn>, EventsError> {
    let wrong = |reason: &str| {
        EventsError::Validation(format!("Parameter EventBuses is not valid. Reason: {reason}"))
    };
    let arn = |bus: &EndpointEventBus| {
        let arn: Arn = bus.event_bus_arn.as_deref()?.parse().ok()?;
        (&*arn.service == "events" && arn.resource.starts_with("event-bus/")).then_some(arn)
    };
    let arns: Option<Vec<Arn>> = buses.iter().map(arn).collect();
    let arns = arns.ok_or_else(|| wrong("Must contain event bus ARNs."))?;
    let [first, second] = &arns[..] else {
        return Err(wrong("There must be two event buses."));
    };
    let is_ours = |arn: &Arn| arn.account() == ctx.account();
    if first.resource != second.resource || !is_ours(first) || !is_ours(second) {
        return Err(wrong("The event buses must have the same name and account."));
    }
    if first.region() == second.region() {
        return Err(wrong("The event buses must be in different Regions."));
    }
    if first.region() != ctx.region() && second.region() != ctx.region() {
        return Err(wrong("One of the event buses must be in this Region."));
    }
    Ok(arns)
}

impl Endpoint {
    /// AWS's word for the state, for whoever reads now.
    pub(super) fn status(&self, ctx: &Context<'_>) -> String {
        match self.passing.as_ref().filter(|passing| passing.lasts(ctx)) {
            Some(passing) => passing.status.to_string(),
            None => "ACTIVE".to_owned(),
        }
    }

    pub(super) fn url(&self) -> String {
        format!("https://{}.endpoint.events.amazonaws.com", self.id)
    }

    pub(super) fn event_buses(&self) -> Vec<EndpointEventBus> {
        let bus = |arn: &Arn| EndpointEventBus { event_bus_arn: Some(arn.to_string()) };
        self.buses.iter().map(bus).collect()
    }

    /// Where an event for its bus `name` goes besides: the bus of the other region.
    pub(super) fn copy_of(&self, ctx: &Context<'_>, name: &str) -> Option<Arn> {
        let is_replicated = self.replication.state.as_deref() != Some("DISABLED");
        let resource = format!("event-bus/{name}");
        let other = self.buses.iter().find(|bus| bus.region() != ctx.region());
        other.filter(|bus| is_replicated && bus.resource == resource).cloned()
    }

    fn is_gone(&self, ctx: &Context<'_>) -> bool {
        let lasts = self.passing.as_ref().is_some_and(|passing| passing.lasts(ctx));
        self.is_deleted && !lasts
    }
}

impl EventBridge {
    pub(super) fn create_endpoint(
        &mut self,
        ctx: &mut Context<'_>,
        change: Change,
    ) -> Result<&Endpoint, EventsError> {
        let buses = change.check(ctx)?.unwrap_or_default();
        let name = change.name.unwrap_or_default();
        if self.endpoint(ctx, &name).is_ok() {
            return Err(EventsError::EndpointExists(name));
        }
        if self.endpoints.len() >= ENDPOINTS_MAX {
            return Err(EventsError::LimitExceeded);
        }
        let id: String =
            ctx.ids().uuid().to_string().chars().filter(|c| *c != '-').take(13).collect();
        let (id, group) = id.split_at(10);
        let replication = change.replication.unwrap_or_default();
        let endpoint = Endpoint {
            arn: ctx.arn(format!("endpoint/{name}")),
            name: name.clone(),
            id: format!("{id}.{group}"),
            description: change.description,
            routing: change.routing.unwrap_or_default(),
            replication: ReplicationConfig {
                state: replication.state.or_else(|| Some("ENABLED".to_owned())),
            },
            buses,
            role: change.role,
            created: ctx.now(),
            modified: ctx.now(),
            passing: Some(Passing::begin(ctx, "CREATING", PASSING_TIME)),
            is_deleted: false,
        };
        Ok(self.endpoints.entry(name).or_insert(endpoint))
    }

    pub(super) fn update_endpoint(
        &mut self,
        ctx: &mut Context<'_>,
        change: Change,
    ) -> Result<&Endpoint, EventsError> {
        let buses = change.check(ctx)?;
        let endpoint = self.endpoint(ctx, &change.name.unwrap_or_default())?;
        endpoint.description = change.description.or(endpoint.description.take());
        endpoint.role = change.role.or(endpoint.role.take());
        if let Some(routing) = change.routing {
            endpoint.routing = routing;
        }
        if let Some(replication) = change.replication.filter(|it| it.state.is_some()) {
            endpoint.replication = replication;
        }
        if let Some(buses) = buses {
            endpoint.buses = buses;
        }
        endpoint.modified = ctx.now();
        endpoint.passing = Some(Passing::begin(ctx, "UPDATING", PASSING_TIME));
        Ok(endpoint)
    }

    pub(super) fn delete_endpoint(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
    ) -> Result<(), EventsError> {
        let endpoint = self.endpoint(ctx, name)?;
        endpoint.passing = Some(Passing::begin(ctx, "DELETING", PASSING_TIME));
        endpoint.is_deleted = true;
        Ok(())
    }

    pub(super) fn endpoint(
        &mut self,
        ctx: &Context<'_>,
        name: &str,
    ) -> Result<&mut Endpoint, EventsError> {
        self.endpoints.retain(|_, endpoint| !endpoint.is_gone(ctx));
        let missing = || EventsError::EndpointNotFound(name.to_owned());
        self.endpoints.get_mut(name).ok_or_else(missing)
    }

    /// The endpoint that PutEvents names by its id.
    pub(super) fn endpoint_of_id(&mut self, ctx: &Context<'_>, id: &str) -> Option<Endpoint> {
        self.all_endpoints(ctx).find(|endpoint| endpoint.id == id).cloned()
    }

    /// Every endpoint, by name.
    pub(super) fn all_endpoints(&mut self, ctx: &Context<'_>) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.retain(|_, endpoint| !endpoint.is_gone(ctx));
        self.endpoints.values()
    }
}
