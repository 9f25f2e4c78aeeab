//! The tables in the graph of the whole.

use super::state::DynamoDb;
use crate::kernel::Topology;

impl DynamoDb {
    pub(super) fn told(&self, topology: &mut Topology) {
        for table in self.tables.values() {
            let place = topology.place(table.arn.as_str());
            place.figures.insert("items", table.view.count as u64);
            place.note = table.stream.as_ref().map(|_| "with a stream".to_owned());
        }
    }
}
