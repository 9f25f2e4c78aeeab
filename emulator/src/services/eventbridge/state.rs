//! All buses of one account and region.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bus::{Bus, BusSettings, Verdict};
use super::error::EventsError;
use super::rule::Rule;
use crate::kernel::{Arn, Context, MessageId};

/// The bus that is always there.
pub(super) const DEFAULT_BUS: &str = "default";

/// EventBridge in one account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EventBridge {
    /// Ask with [`EventBridge::buses`]: the default bus is made at the first look.
    buses: BTreeMap<String, Bus>,
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

    /// The tags of the bus or rule with this ARN.
    pub(super) fn tags(
        &mut self,
        ctx: &mut Context<'_>,
        arn: &str,
    ) -> Result<&mut BTreeMap<String, String>, EventsError> {
        let invalid = || EventsError::validation("Parameter ResourceARN is not valid.");
        let resource = arn.parse::<Arn>().map_err(|_| invalid())?.resource;
        match resource.split_once('/').ok_or_else(invalid)? {
            ("event-bus", name) => Ok(&mut self.bus(ctx, Some(name))?.tags),
            ("rule", path) => {
                let (bus, rule) = path.rsplit_once('/').unwrap_or((DEFAULT_BUS, path));
                Ok(&mut self.rule(ctx, Some(bus), rule)?.tags)
            }
            _ => Err(invalid()),
        }
    }

    /// Why each rule did or did not match an event, for every bus that still remembers it.
    pub fn explain(&self, event: MessageId) -> Vec<Verdict> {
        self.buses.values().filter_map(|bus| bus.explain(event)).flatten().collect()
    }
}

/// The name in a name or ARN of a bus.
pub(super) fn bus_name(name: Option<&str>) -> &str {
    let name = name.unwrap_or(DEFAULT_BUS);
    name.split_once(":event-bus/").map_or(name, |(_, name)| name)
}
