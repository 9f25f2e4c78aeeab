//! The buses and rules in the graph of the whole.

use super::rule::RuleState;
use super::state::EventBridge;
use crate::kernel::{Topology, WayKind};

impl EventBridge {
    pub(super) fn told(&self, topology: &mut Topology) {
        for bus in self.buses.values() {
            let rules = bus.rules.values().filter(|rule| rule.managed_by.is_none());
            let count = rules.clone().count() as u64;
            topology.place(bus.arn.as_str()).figures.insert("rules", count);
            for rule in rules {
                let place = topology.place(rule.arn.as_str());
                place.figures.insert("targets", rule.targets.len() as u64);
                if rule.state == RuleState::Disabled {
                    (place.note, place.is_bad) = (Some("disabled".to_owned()), true);
                }
                let note = rule.pattern_text().or_else(|| rule.schedule_text());
                topology.way_with(&bus.arn, &rule.arn, (WayKind::Rule, note));
                for target in rule.targets.values() {
                    topology.way(&rule.arn, &target.arn, WayKind::Target);
                    if let Some(to) = &target.dead_letter {
                        topology.way(&rule.arn, to, WayKind::DeadLetters);
                    }
                }
            }
        }
    }
}
