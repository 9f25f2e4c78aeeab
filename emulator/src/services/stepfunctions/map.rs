//! The state machines in the graph of the whole. What they call, the lineage knows.

use super::state::StepFunctions;
use crate::kernel::Topology;

impl StepFunctions {
    pub(super) fn told(&self, topology: &mut Topology) {
        for machine in self.machines.values() {
            topology.place(machine.arn.as_str()).figures.insert("running", machine.running);
        }
    }
}
