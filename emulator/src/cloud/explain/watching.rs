//! What people who watch a cloud see of it: its graph, what is due, what is in its queues. Changes
//! nothing.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Cloud;
use crate::kernel::{Arn, Flow, Hooks as _, TimerEvent, Topology, place_of};
use crate::services::sqs::{Browsed, Browsing, Sqs};
use crate::wire::Timestamp;

/// Most entries of the lineage that one question about flows looks at.
const ENTRIES_MAX: usize = 20_000;

/// Rises whenever something may have changed that is seen: cheap to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// So many requests, those of services among them.
    pub calls: u64,
    /// So many entries the lineage has had.
    pub entries: u64,
    pub resets: u64,
}

/// Something that will happen by itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Due {
    /// In milliseconds since 1970.
    pub at: i64,
    pub what: String,
    /// The ARN of what it is about, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
}

impl Cloud {
    /// Whether anything changed since somebody looked.
    pub fn revision(&self) -> Revision {
        Revision {
            calls: self.kernel.next_call,
            entries: self.lineage().next(),
            resets: self.settings().resets,
        }
    }

    /// The graph of all places, as it is set up, at `now`.
    pub fn topology(&self, now: Timestamp) -> Topology {
        let mut topology = Topology::default();
        self.services.each(|state| state.map(now, &mut topology));
        let ends = topology.ways.iter().flat_map(|way| [&*way.from, &*way.to]);
        let mut unknown: BTreeSet<&str> = ends.collect();
        for place in &topology.places {
            unknown.remove(&*place.arn);
        }
        let unknown: Vec<String> = unknown.into_iter().map(str::to_owned).collect();
        for end in unknown {
            let is_arn = end.starts_with("arn:") && !end.contains(":sns:");
            topology.place(&end).note = is_arn.then(|| "not here".to_owned());
        }
        topology
    }

    /// The queues, with the ways of their dead letters.
    pub fn queues(&self, now: Timestamp) -> Topology {
        let mut topology = Topology::default();
        self.services.all::<Sqs>().all().for_each(|sqs| sqs.map(now, &mut topology));
        topology
    }

    /// What went where lately, by places of the graph: what the lineage tells from entry `after`
    /// on, of which the latest 20,000 are looked at.
    pub fn flows(&self, after: u64) -> Vec<Flow> {
        let mut flows = self.lineage().flows(after, ENTRIES_MAX);
        for flow in &mut flows {
            flow.to = place_of(&flow.to).into_owned();
            flow.from = flow.from.as_deref().map(|from| place_of(from).into_owned());
        }
        flows
    }

    /// What happens next by itself: timers, and messages that appear again, at most `count`.
    pub fn due(&self, count: usize) -> Vec<Due> {
        let timers = self.kernel.timers.upcoming().take(count);
        let mut due: Vec<Due> = timers.map(|(at, event)| due(at, event)).collect();
        let queues = self.services.all::<Sqs>().all();
        due.extend(queues.flat_map(Sqs::appearing).map(|(arn, at)| Due {
            at: at.millis(),
            what: "a message can be received".to_owned(),
            resource: Some(arn.to_string()),
        }));
        due.sort_by_key(|due| due.at);
        due.truncate(count);
        due
    }

    /// Messages of a queue, with why they came; `None` without such a queue.
    pub fn browse(&self, queue: &Arn, asked: &Browsing<'_>, now: Timestamp) -> Option<Browsed> {
        let mut found = self.services.all::<Sqs>().get(&queue.scope)?.browse(queue, asked, now)?;
        for message in &mut found.messages {
            message.reason = self.lineage().note(message.arrival).map(str::to_owned);
        }
        Some(found)
    }
}

fn due(at: Timestamp, event: &TimerEvent) -> Due {
    let (what, resource) = match event {
        TimerEvent::Service { service, key, scope } => {
            let service: &str = service;
            let is_queue = service == "sqs" && !key.contains(':');
            let what = match service {
                "sqs" => "a receive that waits is answered".to_owned(),
                "cloudwatch" => "alarms are evaluated".to_owned(),
                name => format!("{name}: {key}"),
            };
            (what, is_queue.then(|| scope.arn("sqs", &**key).to_string()))
        }
        TimerEvent::Delivery(delivery) => {
            let to = delivery.to.as_str().to_owned();
            (format!("a delivery is tried again, to {to}"), Some(to))
        }
        TimerEvent::Answer(_) => ("an answer that a fault rule made late".to_owned(), None),
    };
    Due { at: at.millis(), what, resource }
}
