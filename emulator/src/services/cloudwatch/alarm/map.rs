//! The alarms in the graph of the whole.

use super::{Alarms, StateValue};
use crate::kernel::{Topology, WayKind};

impl Alarms {
    pub(in crate::services::cloudwatch) fn told(&self, topology: &mut Topology) {
        for alarm in self.all() {
            let place = topology.place(alarm.arn.as_str());
            place.note = Some(alarm.state.value.as_str().to_owned());
            place.is_bad = alarm.state.value == StateValue::Alarm;
            let common = alarm.config.common();
            let lists = [
                ("ALARM", common.alarm_actions),
                ("OK", common.ok_actions),
                ("INSUFFICIENT_DATA", common.insufficient_data_actions),
            ];
            for (state, actions) in lists {
                for to in actions {
                    let note = Some(state.to_owned());
                    topology.way_with(&alarm.arn, to, (WayKind::Destination, note));
                }
            }
        }
    }
}
