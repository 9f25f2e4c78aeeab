//! The pipes in the graph of the whole.

use super::state::Pipes;
use crate::kernel::{Topology, WayKind};

impl Pipes {
    pub(super) fn told(&self, topology: &mut Topology) {
        for pipe in self.pipes.values().filter(|pipe| !pipe.is_deleted) {
            let (arn, settings) = (&pipe.arn, &pipe.settings);
            topology.place(arn.as_str()).note =
                (!pipe.is_running()).then(|| "does not run".to_owned());
            topology.way(&settings.source, arn, WayKind::Polled);
            if let Some(enrichment) = &settings.enrichment {
                let note = Some("enrichment".to_owned());
                topology.way_with(arn, enrichment, (WayKind::Target, note));
            }
            topology.way(arn, &settings.target, WayKind::Target);
        }
    }
}
