//! The story of an id or a text: the lineage's trees, with what the lineage does not keep.
//!
//! What did not match, what a target gets and what is still under way is found out from the rules,
//! policies and messages as they are now, so that it costs nothing while messages pass.

use std::collections::{BTreeMap, BTreeSet};

use super::Cloud;
use crate::kernel::{
    MessageId, Mismatch, Missed, PendingOutside, Search, Trace, TraceNode, What, short_name,
};
use crate::services::eventbridge::EventBridge;
use crate::services::lambda::Lambda;
use crate::services::sns::Sns;
use crate::services::sqs::Sqs;
use crate::wire::Timestamp;

/// Most trees that mention a text.
const TREES_MAX: usize = 20;
/// Most events and messages of one story whose mismatches are found out.
const MISSES_MAX: usize = 200;
/// Longest text that is looked for, in bytes.
const TEXT_BYTES_MAX: usize = 256;

impl Cloud {
    /// The story of a message, an event or a publication by its id, or of what the request with
    /// that id led to; `None` when nothing that is still kept mentions it.
    pub fn trace(&self, id: MessageId) -> Option<Trace> {
        let mut trace = self.lineage().trace(id)?;
        self.fill_in(&mut trace.roots);
        Some(trace)
    }

    /// The stories of all messages and events that mention a text, such as an order's number in
    /// the body: of those that are in queues or in the outbox, or that topics and
    /// buses (256 KiB each) still remember. The latest twenty trees.
    pub fn trace_text(&self, text: &str) -> Option<Trace> {
        let ids = self.mentioning(text);
        let (mut roots, left_out) = self.lineage().stories(&ids, TREES_MAX);
        self.fill_in(&mut roots);
        (!roots.is_empty()).then(|| Trace { id: text.to_owned(), roots, left_out })
    }

    /// The messages and events that mention a text. Looks through 16 MiB of texts at most.
    pub fn mentioning(&self, text: &str) -> BTreeSet<MessageId> {
        let mut search = Search::of(text);
        if text.is_empty() || text.len() > TEXT_BYTES_MAX {
            return search.found;
        }
        self.services.all::<EventBridge>().all().for_each(|events| events.search(&mut search));
        self.services.all::<Sns>().all().for_each(|sns| sns.search(&mut search));
        let mut letters = self.letters().iter().rev();
        let _enough = letters.all(|letter| {
            let id = letter.message_id.as_ref().and_then(|id| id.parse().ok());
            let texts = [letter.body.as_str(), letter.subject.as_deref().unwrap_or_default()];
            id.is_none_or(|id| search.look(id, &texts))
        });
        self.services.all::<Sqs>().all().for_each(|sqs| sqs.search(&mut search));
        search.found
    }

    /// Adds what the lineage does not keep to trees of it: what did not match and why, what
    /// targets get, and what is still under way.
    pub fn fill_in(&self, trees: &mut [TraceNode]) {
        let mut known = Known { cloud: self, pending: self.pending(), misses: 0, held: None };
        let mut arrivals: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        trees.iter().for_each(|node| note_arrivals(node, &mut arrivals));
        let held = arrivals.into_iter().map(|(queue, ids)| {
            let found = self
                .services
                .all::<Sqs>()
                .all()
                .find_map(|sqs| sqs.whereabouts(&queue, &ids, self.now()));
            (queue, found)
        });
        known.held = Some(held.collect());
        trees.iter_mut().for_each(|node| known.fill_in(node));
    }

    /// Which rules did not match an event, or where a message did not match the filter policy that
    /// stopped it; empty for other entries.
    pub fn missed(&self, node: &TraceNode) -> Vec<Missed> {
        let Ok(id) = node.subject.parse::<MessageId>() else { return Vec::new() };
        match node.what {
            What::EventPut => {
                let mut buses = self.services.all::<EventBridge>().all();
                let verdicts = buses.find_map(|events| events.explain_on(&node.resource, id));
                let missed = verdicts.into_iter().flatten().filter(|it| !it.reasons.is_empty());
                missed.map(|it| Missed { by: it.rule, reasons: it.reasons }).collect()
            }
            What::FilteredOut => {
                let mut all = self.services.all::<Sns>().all();
                let reasons = all.find_map(|sns| sns.mismatches(&node.resource, id));
                let gone = || vec![Mismatch::because("the topic is gone")];
                let reasons = reasons.unwrap_or_else(gone);
                vec![Missed { by: node.resource.clone(), reasons }]
            }
            _ => Vec::new(),
        }
    }

    /// What is to be tried later or has no answer yet, by the entry that led to it.
    fn pending(&self) -> BTreeMap<u64, Vec<String>> {
        let mut pending: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        for (at, delivery) in self.kernel.timers.deliveries() {
            let (to, at) = (short_name(delivery.to.as_str()), at.iso_millis());
            let next = format!("the next try for {to} is at {at}");
            pending.entry(delivery.cause.number()).or_default().push(next);
        }
        for waits in self.kernel.outside.values() {
            if let PendingOutside::Delivery(delivery) = waits {
                let told = format!("{} has not answered yet", short_name(delivery.to.as_str()));
                pending.entry(delivery.cause.number()).or_default().push(told);
            }
        }
        for (node, told) in self.services.all::<Lambda>().all().flat_map(Lambda::pending) {
            pending.entry(node.number()).or_default().push(told);
        }
        pending
    }
}

/// Arrivals in queues with no end.
fn note_arrivals(node: &TraceNode, arrivals: &mut BTreeMap<String, BTreeSet<u64>>) {
    if matches!(node.what, What::Enqueued | What::DeadLettered) && !has_ended(node) {
        arrivals.entry(node.resource.clone()).or_default().insert(node.id);
    }
    node.led_to.iter().for_each(|node| note_arrivals(node, arrivals));
}

/// Whether a message that arrived in a queue has left it.
pub(super) fn has_ended(arrival: &TraceNode) -> bool {
    arrival.led_to.iter().any(|node| {
        matches!(
            node.what,
            What::Deleted | What::Expired | What::Purged | What::DeadLettered | What::Redriven
        )
    })
}

/// The messages of a queue that are still there, with their state; `None` without the queue.
type Held = BTreeMap<String, Option<BTreeMap<u64, String>>>;

/// What the question found out so far.
struct Known<'a> {
    cloud: &'a Cloud,
    pending: BTreeMap<u64, Vec<String>>,
    misses: usize,
    held: Option<Held>,
}

impl Known<'_> {
    fn fill_in(&mut self, node: &mut TraceNode) {
        if matches!(node.what, What::EventPut | What::FilteredOut) && self.misses < MISSES_MAX {
            self.misses += 1;
            node.missed = self.cloud.missed(node);
        }
        if node.what == What::RuleMatched {
            node.inputs = self.inputs(node, self.cloud.now());
        }
        node.now = match self.pending.get(&node.id) {
            Some(pending) => Some(pending.join("; ")),
            None => self.held(node),
        };
        node.led_to.iter_mut().for_each(|node| self.fill_in(node));
    }

    fn inputs(&self, node: &TraceNode, now: Timestamp) -> Vec<crate::kernel::TargetInput> {
        let Ok(id) = node.subject.parse::<MessageId>() else { return Vec::new() };
        let mut all = self.cloud.services.all::<EventBridge>().all();
        let found =
            all.find_map(|it| Some(it.inputs(&node.resource, id, now)).filter(|it| !it.is_empty()));
        found.unwrap_or_default()
    }

    /// What becomes of a message that is in a queue.
    fn held(&self, node: &TraceNode) -> Option<String> {
        if !matches!(node.what, What::Enqueued | What::DeadLettered) || has_ended(node) {
            return None;
        }
        match self.held.as_ref()?.get(&node.resource)? {
            None => Some("the queue is gone, and the message with it".to_owned()),
            Some(held) => Some(match held.get(&node.id) {
                Some(state) => state.clone(),
                None => "it is no longer in the queue".to_owned(),
            }),
        }
    }
}
