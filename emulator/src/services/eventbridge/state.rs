//! All buses of one account and region.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::api_destination::ApiDestination;
use super::archive::Archive;
use super::bus::{Bus, BusSettings};
use super::connection::Connection;
use super::endpoint::Endpoint;
use super::error::EventsError;
use super::put_activity::PutActivity;
use super::replay::Replay;
use super::rule::Rule;
use crate::kernel::{Arn, Context};
use crate::wire::Timestamp;

/// The bus that is always there.
pub(super) const DEFAULT_BUS: &str = "default";

/// EventBridge in one account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EventBridge {
    /// Ask with [`EventBridge::buses`]: the default bus is made at the first look.
    pub(super) buses: BTreeMap<String, Bus>,
    /// Ask with [`EventBridge::replays`]: old ones are forgotten when somebody looks.
    replays: BTreeMap<String, Replay>,
    pub(super) connections: BTreeMap<String, Connection>,
    pub(super) api_destinations: BTreeMap<String, ApiDestination>,
    pub(super) endpoints: BTreeMap<String, Endpoint>,
    #[serde(default)]
    pub(super) puts: PutActivity,
}

impl EventBridge {
    /// Every bus by its name, the default one included.
    pub(super) fn buses(&mut self, ctx: &mut Context<'_>) -> &mut BTreeMap<String, Bus> {
        if !self.buses.contains_key(DEFAULT_BUS) {
            let bus = Bus::new(ctx, DEFAULT_BUS, BusSettings::default());
            self.buses.insert(DEFAULT_BUS.to_owned(), bus);
        }
        &mut self.buses
    }

    /// The bus that a request names, by name or ARN; without a name the default one.
    pub(super) fn bus(
        &mut self,
        ctx: &mut Context<'_>,
        name: Option<&str>,
    ) -> Result<&mut Bus, EventsError> {
        let name = bus_name(name);
        let missing = || EventsError::BusNotFound(name.to_owned());
        self.buses(ctx).get_mut(name).ok_or_else(missing)
    }

    pub(super) fn rule(
        &mut self,
        ctx: &mut Context<'_>,
        bus: Option<&str>,
        rule: &str,
    ) -> Result<&mut Rule, EventsError> {
        let bus = self.bus(ctx, bus)?;
        let missing = EventsError::RuleNotFound { rule: rule.to_owned(), bus: bus.name.clone() };
        bus.rules.get_mut(rule).ok_or(missing)
    }

    /// The bus with this ARN, if it is one of this account and region.
    pub(super) fn bus_of_arn(
        &mut self,
        ctx: &mut Context<'_>,
        arn: &Arn,
    ) -> Result<&mut Bus, EventsError> {
        let name = arn.resource.strip_prefix("event-bus/").unwrap_or(&arn.resource);
        if arn.scope != *ctx.scope() {
            return Err(EventsError::BusNotFound(name.to_owned()));
        }
        self.bus(ctx, Some(name))
    }

    /// Every archive with its bus, by bus and name.
    pub(super) fn archives(&mut self) -> impl Iterator<Item = (&Arn, &mut Archive)> {
        self.buses.values_mut().flat_map(|bus| {
            let arn = &bus.arn;
            bus.archives.values_mut().map(move |archive| (arn, archive))
        })
    }

    /// An archive with its bus's ARN.
    pub(super) fn archive(&mut self, name: &str) -> Result<(&Arn, &mut Archive), EventsError> {
        let missing = || EventsError::ArchiveNotFound(name.to_owned());
        self.archives().find(|(_, archive)| archive.name == name).ok_or_else(missing)
    }

    pub(super) fn delete_archive(&mut self, name: &str) -> Result<(), EventsError> {
        let mut buses = self.buses.values_mut();
        let removed = buses.find_map(|bus| {
            let removed = bus.archives.remove(name)?;
            bus.delete_rule_of_archive(name);
            Some(removed)
        });
        removed.map(drop).ok_or_else(|| EventsError::ArchiveNotFound(name.to_owned()))
    }

    /// Every replay by its name.
    pub(super) fn replays(&mut self, now: Timestamp) -> &mut BTreeMap<String, Replay> {
        self.replays.retain(|_, replay| !replay.is_forgotten(now));
        &mut self.replays
    }

    pub(super) fn replay(
        &mut self,
        ctx: &Context<'_>,
        name: &str,
    ) -> Result<&mut Replay, EventsError> {
        let missing = || EventsError::ReplayNotFound(name.to_owned());
        self.replays(ctx.now()).get_mut(name).ok_or_else(missing)
    }

    /// The tags of the bus or rule with this ARN.
    pub(super) fn tags(
        &mut self,
        ctx: &mut Context<'_>,
        arn: &str,
    ) -> Result<&mut BTreeMap<String, String>, EventsError> {
        let invalid = || EventsError::validation("Parameter ResourceARN is not valid.");
        let arn = arn.parse::<Arn>().map_err(|_| invalid())?;
        let resource = arn.resource.as_str();
        match resource.split_once('/').ok_or_else(invalid)? {
            ("event-bus", name) => Ok(&mut self.bus(ctx, Some(name))?.tags),
            ("rule", path) => {
                let (bus, rule) = path.rsplit_once('/').unwrap_or((DEFAULT_BUS, path));
                Ok(&mut self.rule(ctx, Some(bus), rule)?.tags)
            }
            _ => Err(invalid()),
        }
    }
}

/// The name in a name or ARN of a bus.
pub(super) fn bus_name(name: Option<&str>) -> &str {
    let name = name.unwrap_or(DEFAULT_BUS);
    name.split_once(":event-bus/").map_or(name, |(_, name)| name)
}
