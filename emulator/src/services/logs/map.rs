//! The log groups in the graph of the whole.

use super::state::Logs;
use crate::kernel::{Topology, WayKind};

impl Logs {
    pub(super) fn told(&self, topology: &mut Topology) {
        for group in self.groups.values() {
            topology
                .place(group.arn.as_str())
                .figures
                .insert("streams", group.streams.len() as u64);
            for filter in group.subscriptions.values() {
                let note = Some(filter.pattern.as_str().to_owned());
                topology.way_with(&group.arn, &filter.destination, (WayKind::Destination, note));
            }
        }
    }
}
