//! The topics in the graph of the whole.

use super::state::Sns;
use crate::kernel::{Topology, WayKind};

impl Sns {
    pub(super) fn told(&self, topology: &mut Topology) {
        for topic in self.topics.values() {
            let count = topic.subscriptions.len() as u64;
            topology.place(topic.arn.as_str()).figures.insert("subscriptions", count);
            for subscription in topic.subscriptions.values() {
                let endpoint = &subscription.endpoint;
                let to = endpoint.arn.as_ref().map_or(&*endpoint.text, |arn| arn.as_str());
                let attributes = &subscription.attributes;
                let note = attributes.filter_policy.as_ref().map(|it| it.as_str().to_owned());
                topology.way_with(&topic.arn, to, (WayKind::Subscription, note));
                if let Some(to) = &attributes.dead_letter_target {
                    topology.way(&topic.arn, to, WayKind::DeadLetters);
                }
            }
        }
    }
}
