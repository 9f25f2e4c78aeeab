//! The schedules in the graph of the whole.

use super::state::Scheduler;
use crate::kernel::{Topology, WayKind};

impl Scheduler {
    pub(super) fn told(&self, topology: &mut Topology) {
        for schedule in self.schedules.values() {
            let settings = &schedule.settings;
            let place = topology.place(schedule.arn.as_str());
            place.note = match schedule.next_ring() {
                _ if !settings.is_enabled => Some("disabled".to_owned()),
                None => Some("its time does not come any more".to_owned()),
                Some(at) => Some(format!("next {}", at.iso_seconds())),
            };
            let note = Some(settings.expression.as_str().to_owned());
            let target = &settings.target;
            topology.way_with(&schedule.arn, &target.arn, (WayKind::Target, note));
            if let Some(to) = &target.dead_letter {
                topology.way(&schedule.arn, to, WayKind::DeadLetters);
            }
        }
    }
}
