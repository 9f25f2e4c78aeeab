//! Where did my message go, and why? A bounded graph of what happened.
//!
//! Each entry names its cause, so the story of a message is a tree. The graph is a ring with a byte
//! cap: recording costs a push, and looking something up walks the ring, as only people ask.

use std::collections::{BTreeMap, VecDeque};
use std::mem::size_of;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::MessageId;
use crate::wire::{Gather as _, Timestamp};

/// An entry of the lineage; [`NodeId::NONE`] where there is no cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NodeId(u64);

impl NodeId {
    pub const NONE: Self = Self(0);
}

/// A resource's name, shared by the resource and all that is told of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(Arc<str>);

impl Name {
    pub fn of(name: &str) -> Self {
        Self(name.into())
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A client called an operation that moves messages.
    Called,
    /// A message entered a queue.
    Enqueued,
    /// A message was recognised as a duplicate and not stored again.
    Deduplicated,
    /// A receive returned the message.
    Received,
    /// A consumer changed how long the message stays hidden.
    VisibilityChanged,
    Deleted,
    /// The retention period ended.
    Expired,
    Purged,
    /// A message moved to its dead-letter queue, or a delivery was given up into one.
    DeadLettered,
    /// A move task took a message out of its dead-letter queue, to send it elsewhere.
    Redriven,
    /// A message was published to a topic.
    Published,
    /// A subscription's filter policy did not match.
    FilteredOut,
    /// An event entered a bus.
    EventPut,
    RuleMatched,
    /// An alarm's state changed; the note says from what to what, and why.
    AlarmChanged,
    /// A target refused a delivery; the note says why.
    Refused,
    /// A refused delivery went through because policies only warn; the note says why.
    Warned,
    /// A fault rule made something go wrong; the note names it.
    Faulted,
    /// A delivery failed and is tried again later; the note says why.
    Retried,
    /// A delivery failed for good and had no dead-letter queue.
    Dropped,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Node {
    cause: NodeId,
    at: Timestamp,
    subject: MessageId,
    resource: Name,
    what: What,
    note: Option<Box<str>>,
}

impl Node {
    /// What it may take. A name counts with each entry, although entries share it: the resource
    /// that shares it too may be gone.
    fn bytes(&self) -> usize {
        let note = self.note.as_ref().map_or(0, |note| note.len());
        size_of::<Self>() + self.resource.0.len() + note
    }
}

/// The graph. Entries are numbered from 1; the ring holds those from `first` on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lineage {
    first: u64,
    nodes: VecDeque<Node>,
    bytes: usize,
    bytes_max: usize,
}

/// One entry with what it led to, for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraceNode {
    pub id: u64,
    pub at: String,
    pub what: What,
    pub resource: String,
    pub subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub led_to: Vec<TraceNode>,
}

/// The story of one id: every tree in which it occurs, from the root.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    pub id: String,
    pub roots: Vec<TraceNode>,
}

impl Lineage {
    pub fn new(bytes_max: usize) -> Self {
        Self { first: 1, nodes: VecDeque::new(), bytes: 0, bytes_max }
    }

    pub(super) fn record(
        &mut self,
        at: Timestamp,
        cause: NodeId,
        what: What,
        resource: Name,
        subject: MessageId,
        note: Option<Box<str>>,
    ) -> NodeId {
        let node = Node { cause, at, subject, resource, what, note };
        self.bytes += node.bytes();
        self.nodes.push_back(node);
        while self.bytes > self.bytes_max {
            let Some(old) = self.nodes.pop_front() else {
                break;
            };
            self.bytes -= old.bytes();
            self.first += 1;
        }
        NodeId(self.first + self.nodes.len() as u64 - 1)
    }

    /// The story of `subject`, or `None` when nothing that is still kept mentions it.
    pub fn trace(&self, subject: MessageId) -> Option<Trace> {
        let mentioned: Vec<u64> = (self.first..)
            .zip(&self.nodes)
            .filter(|(_, node)| node.subject == subject)
            .map(|(id, _)| id)
            .collect();
        let mut roots: Vec<u64> = mentioned.iter().map(|id| self.root_of(*id)).collect();
        roots.sort_unstable();
        roots.dedup();
        let children = self.children();
        let roots: Vec<_> = roots.into_iter().filter_map(|id| self.tree(id, &children)).collect();
        (!roots.is_empty()).then(|| Trace { id: subject.to_string(), roots })
    }

    /// Every tree that has an entry for which `wanted` holds, from the root, oldest first.
    pub fn trees(&self, wanted: impl Fn(What, MessageId) -> bool) -> Vec<TraceNode> {
        let found = (self.first..).zip(&self.nodes).filter(|(_, it)| wanted(it.what, it.subject));
        let roots = found.map(|(id, _)| self.root_of(id)).into_set();
        let children = self.children();
        roots.into_iter().filter_map(|id| self.tree(id, &children)).collect()
    }

    /// Everything that is kept, oldest first, without nesting.
    pub fn entries(&self) -> impl Iterator<Item = TraceNode> + '_ {
        (self.first..).zip(&self.nodes).map(|(id, node)| self.shown(id, node))
    }

    fn node(&self, id: u64) -> Option<&Node> {
        self.nodes.get(usize::try_from(id.checked_sub(self.first)?).ok()?)
    }

    fn root_of(&self, mut id: u64) -> u64 {
        while let Some(cause) = self.node(id).map(|node| node.cause.0) {
            if self.node(cause).is_none() {
                break;
            }
            id = cause;
        }
        id
    }

    fn children(&self) -> BTreeMap<u64, Vec<u64>> {
        let mut children = BTreeMap::<u64, Vec<u64>>::new();
        for (id, node) in (self.first..).zip(&self.nodes) {
            children.entry(node.cause.0).or_default().push(id);
        }
        children
    }

    fn tree(&self, id: u64, children: &BTreeMap<u64, Vec<u64>>) -> Option<TraceNode> {
        let mut shown = self.shown(id, self.node(id)?);
        let below = children.get(&id).map(Vec::as_slice).unwrap_or_default();
        shown.led_to = below.iter().filter_map(|id| self.tree(*id, children)).collect();
        Some(shown)
    }

    fn shown(&self, id: u64, node: &Node) -> TraceNode {
        TraceNode {
            id,
            at: node.at.iso_millis(),
            what: node.what,
            resource: node.resource.0.to_string(),
            subject: node.subject.to_string(),
            note: node.note.as_deref().map(str::to_owned),
            led_to: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_towards_the_cap() {
        const BYTES_MAX: usize = 10_000;
        let mut lineage = Lineage::new(BYTES_MAX);
        for number in 0..1000_u32 {
            let name = Name::of(&format!("{number}-{}", "x".repeat(500)));
            let (now, subject) = (Timestamp::default(), MessageId(number.into()));
            lineage.record(now, NodeId::NONE, What::Enqueued, name, subject, None);
        }
        let held: usize = lineage.entries().map(|entry| entry.resource.len()).sum();
        assert!(held < BYTES_MAX, "{held} bytes of names");
        assert!(lineage.entries().count() > 10);
        assert!(lineage.trace(MessageId(999)).is_some());
    }
}
