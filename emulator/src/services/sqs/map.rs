//! The queues in the graph of the whole, and the lists of the console.

use super::queue::Queue;
use super::state::Sqs;
use crate::kernel::{Arn, Topology, WayKind};
use crate::wire::Timestamp;

impl Sqs {
    pub(super) fn told(&self, now: Timestamp, topology: &mut Topology) {
        for queue in self.queues.values() {
            let place = topology.place(queue.arn.as_str());
            let names = ["visible", "in_flight", "delayed"];
            for (name, count) in names.into_iter().zip(queue.counts_at(now)) {
                place.figures.insert(name, count as u64);
            }
            if let Some(at) = queue.oldest() {
                place.figures.insert("oldest", at.millis().unsigned_abs());
            }
            if let Some(to) = dead_letter_queue(queue) {
                topology.way(&queue.arn, to, WayKind::DeadLetters);
            }
        }
    }

    /// The queues in which a message will appear, and when the first of them does.
    pub fn appearing(&self) -> impl Iterator<Item = (&Arn, Timestamp)> {
        self.queues.values().filter_map(|queue| Some((&queue.arn, queue.next_change()?)))
    }
}

fn dead_letter_queue(queue: &Queue) -> Option<&Arn> {
    queue.attributes.redrive_policy.as_ref().map(|redrive| &redrive.dead_letter_target)
}
