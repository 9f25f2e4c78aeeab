//! The functions in the graph of the whole.

use super::state::Lambda;
use crate::kernel::{Topology, WayKind};

impl Lambda {
    pub(super) fn told(&self, topology: &mut Topology) {
        for function in self.functions.values() {
            topology.place(function.arn.as_str());
            for settings in function.event_invoke.values() {
                let ends = [
                    (&settings.on_success, "events that succeeded"),
                    (&settings.on_failure, "events that failed"),
                ];
                for (to, note) in ends {
                    let way = (WayKind::Destination, Some(note.to_owned()));
                    to.iter().for_each(|to| topology.way_with(&function.arn, to, way.clone()));
                }
            }
            let mut given_up: Vec<&String> =
                function.all_versions().filter_map(|it| it.settings.dead_letter.as_ref()).collect();
            given_up.dedup();
            given_up.iter().for_each(|to| topology.way(&function.arn, to, WayKind::DeadLetters));
        }
        for mapping in self.mappings.all.values() {
            let ends = (&mapping.wire.event_source_arn, &mapping.wire.function_arn);
            if let (Some(from), Some(to)) = ends {
                let note = (!mapping.is_enabled).then(|| "disabled".to_owned());
                topology.way_with(from, to, (WayKind::Polled, note));
            }
        }
    }
}
