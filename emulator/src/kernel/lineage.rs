//! Where did my message go, and why? A bounded graph of what happened.
//!
//! Each entry names its cause, so the story of a message is a tree. The graph is a ring with a byte
//! cap: recording costs a push, and looking something up walks the ring, as only people ask.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::mem::size_of;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Context, MessageId, Trace, TraceNode, What};
use crate::wire::{Gather as _, Timestamp};

/// An entry of the lineage; [`NodeId::NONE`] where there is no cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NodeId(u64);

impl NodeId {
    pub const NONE: Self = Self(0);

    /// As [`TraceNode::id`] has it.
    pub(crate) fn number(self) -> u64 {
        self.0
    }
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
    /// What each request recorded, oldest first; only of those that recorded something.
    #[serde(default)]
    requests: VecDeque<Asked>,
    bytes: usize,
    bytes_max: usize,
}

/// What several entries have in common: something went from one resource to another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flow {
    /// Without one, it began here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub to: String,
    pub what: What,
    pub is_bad: bool,
    pub count: u64,
    /// When the latest was, in milliseconds since 1970.
    pub at: i64,
    /// Whom the latest is about.
    #[serde(serialize_with = "as_text")]
    pub last: MessageId,
    /// What was noted last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

fn as_text<S: serde::Serializer>(id: &MessageId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

/// The entries that a request recorded: so many from `first` on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Asked {
    id: MessageId,
    first: u64,
    count: u32,
}

/// How deep a tree is shown: readers of JSON refuse what is nested too deeply.
const DEPTH_MAX: usize = 50;

/// An entry on its way into a tree.
struct Placed {
    shown: TraceNode,
    parent: Option<u64>,
    depth: usize,
}

impl Placed {
    /// Where something stands that this entry, `id`, led to: below what, and how deep.
    fn below(&self, id: u64) -> (u64, usize) {
        match self.parent {
            Some(parent) if self.depth + 1 >= DEPTH_MAX => (parent, self.depth),
            _ => (id, self.depth + 1),
        }
    }
}

impl Lineage {
    pub fn new(bytes_max: usize) -> Self {
        let (nodes, requests) = (VecDeque::new(), VecDeque::new());
        Self { first: 1, nodes, requests, bytes: 0, bytes_max }
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
        self.forget();
        NodeId(self.next() - 1)
    }

    /// The number of the entry that comes next.
    pub(crate) fn next(&self) -> u64 {
        self.first + self.nodes.len() as u64
    }

    /// Says that a request has recorded all entries from `first` on.
    pub(crate) fn asked(&mut self, request: MessageId, first: u64) {
        let count = self.next().saturating_sub(first);
        if count > 0 {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            self.requests.push_back(Asked { id: request, first, count });
            self.bytes += size_of::<Asked>();
            self.forget();
        }
    }

    fn forget(&mut self) {
        while self.bytes > self.bytes_max {
            let Some(old) = self.nodes.pop_front() else {
                break;
            };
            self.bytes -= old.bytes();
            self.first += 1;
            while let Some(oldest) = self.requests.front()
                && oldest.first + u64::from(oldest.count) <= self.first
            {
                self.requests.pop_front();
                self.bytes -= size_of::<Asked>();
            }
        }
    }

    /// Whom an entry is about, if it is still kept.
    pub(crate) fn subject(&self, id: NodeId) -> Option<MessageId> {
        let at = usize::try_from(id.0.checked_sub(self.first)?).ok()?;
        self.nodes.get(at).map(|node| node.subject)
    }

    /// Why an entry is as it is, if it is still kept.
    pub(crate) fn note(&self, id: NodeId) -> Option<&str> {
        let at = usize::try_from(id.0.checked_sub(self.first)?).ok()?;
        self.nodes.get(at)?.note.as_deref()
    }

    /// What went where in the entries from the number `after` on: how often, and what was last.
    /// At most the latest `count` entries are looked at.
    pub(crate) fn flows(&self, after: u64, count: usize) -> Vec<Flow> {
        let mut flows: BTreeMap<(Option<&Name>, &Name, &'static str), Flow> = BTreeMap::new();
        let begin = after.saturating_add(1).max(self.next().saturating_sub(count as u64));
        let skipped = usize::try_from(begin.saturating_sub(self.first)).unwrap_or(usize::MAX);
        for node in self.nodes.iter().skip(skipped) {
            let cause =
                node.cause.0.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
            let cause = cause.and_then(|at| self.nodes.get(at)).map(|cause| &cause.resource);
            let key = (cause, &node.resource, node.what.words());
            let flow = flows.entry(key).or_insert_with(|| Flow {
                from: cause.map(|name| name.0.to_string()),
                to: node.resource.0.to_string(),
                what: node.what,
                is_bad: node.what.is_bad(),
                count: 0,
                at: node.at.millis(),
                last: node.subject,
                note: None,
            });
            flow.count += 1;
            (flow.at, flow.last) = (node.at.millis(), node.subject);
            if node.note.is_some() {
                flow.note = node.note.as_deref().map(str::to_owned);
            }
        }
        flows.into_values().collect()
    }

    /// What was recorded last of a message, if it is among the last entries.
    pub(super) fn latest_of(&self, subject: MessageId) -> NodeId {
        const LOOKED_AT: usize = 1_000;
        let last = self.nodes.iter().rev().take(LOOKED_AT);
        let back = last.enumerate().find(|(_, node)| node.subject == subject);
        back.map_or(NodeId::NONE, |(back, _)| NodeId(self.next() - 1 - back as u64))
    }

    /// The story of a message, event or publication, or of what a request led to; `None` when
    /// nothing that is still kept mentions the id.
    pub fn trace(&self, id: MessageId) -> Option<Trace> {
        let asked = self.requests.iter().rev().find(|asked| asked.id == id);
        let asked = asked.map_or(0..0, |it| it.first..it.first + u64::from(it.count));
        let roots = self.trees_where(|at, node| node.subject == id || asked.contains(&at));
        (!roots.is_empty()).then(|| Trace::of(id.to_string(), roots))
    }

    /// The stories of several messages at once: the latest `count` trees, and how many were left
    /// out.
    pub fn stories(&self, of: &BTreeSet<MessageId>, count: usize) -> (Vec<TraceNode>, usize) {
        let mut trees = self.trees(|_, mentioned| of.contains(&mentioned));
        let left_out = trees.len().saturating_sub(count);
        trees.drain(..left_out);
        (trees, left_out)
    }

    /// Every tree that has an entry for which `wanted` holds, from the root, oldest first. What
    /// lies deeper than fifty levels stands beside what led to it.
    ///
    /// Costs as much as there is: every entry is looked at once.
    pub fn trees(&self, wanted: impl Fn(What, MessageId) -> bool) -> Vec<TraceNode> {
        self.trees_where(|_, node| wanted(node.what, node.subject))
    }

    fn trees_where(&self, wanted: impl Fn(u64, &Node) -> bool) -> Vec<TraceNode> {
        let roots = self.roots();
        let found = roots.iter().zip((self.first..).zip(&self.nodes));
        let wanted = found.filter(|(_, (id, node))| wanted(*id, node));
        let wanted = wanted.map(|(root, _)| *root).into_set();
        let mut placed: BTreeMap<u64, Placed> = BTreeMap::new();
        for ((id, node), root) in (self.first..).zip(&self.nodes).zip(&roots) {
            if wanted.contains(root) {
                let above = placed.get(&node.cause.0).map(|cause| cause.below(node.cause.0));
                let (parent, depth) = above.map_or((None, 0), |(id, depth)| (Some(id), depth));
                placed.insert(id, Placed { shown: self.shown(id, node), parent, depth });
            }
        }
        let mut trees = Vec::new();
        // Whatever an entry led to comes after it.
        while let Some((_, Placed { mut shown, parent, .. })) = placed.pop_last() {
            shown.led_to.reverse();
            match parent.and_then(|parent| placed.get_mut(&parent)) {
                Some(parent) => parent.shown.led_to.push(shown),
                None => trees.push(shown),
            }
        }
        trees.reverse();
        trees
    }

    /// The root of each entry's tree, oldest entry first.
    fn roots(&self) -> Vec<u64> {
        let mut roots: Vec<u64> = Vec::with_capacity(self.nodes.len());
        for (id, node) in (self.first..).zip(&self.nodes) {
            let cause = node.cause.0.checked_sub(self.first);
            let root = cause.and_then(|at| roots.get(usize::try_from(at).ok()?)).copied();
            roots.push(root.unwrap_or(id));
        }
        roots
    }

    /// The entries from the number `after` on, at most the latest `count`, alone: what led to the
    /// first of them is not known there.
    #[cfg(any(test, feature = "edge"))]
    pub(crate) fn since(&self, after: u64, count: usize) -> Self {
        let first = after.saturating_add(1).max(self.next().saturating_sub(count as u64));
        let first = first.clamp(self.first, self.next());
        let skipped = usize::try_from(first - self.first).unwrap_or(usize::MAX);
        let nodes: VecDeque<Node> = self.nodes.iter().skip(skipped).cloned().collect();
        let bytes = nodes.iter().map(Node::bytes).sum();
        Self { first, nodes, requests: VecDeque::new(), bytes, bytes_max: self.bytes_max }
    }

    /// Everything that is kept, oldest first, without nesting.
    pub fn entries(&self) -> impl Iterator<Item = TraceNode> + '_ {
        (self.first..).zip(&self.nodes).map(|(id, node)| self.shown(id, node))
    }

    fn shown(&self, id: u64, node: &Node) -> TraceNode {
        TraceNode {
            id,
            at: node.at.iso_millis(),
            what: node.what,
            resource: node.resource.0.to_string(),
            subject: node.subject.to_string(),
            note: node.note.as_deref().map(str::to_owned),
            missed: Vec::new(),
            inputs: Vec::new(),
            now: None,
            led_to: Vec::new(),
        }
    }
}

impl Context<'_> {
    /// What comes next is because of `cause`.
    pub fn follow(&mut self, cause: NodeId) {
        self.cause = cause;
    }

    /// What was recorded last of a message that came just now.
    pub fn latest_of(&self, message: MessageId) -> NodeId {
        self.kernel.lineage.latest_of(message)
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

    fn chain(length: usize) -> Lineage {
        let mut lineage = Lineage::new(usize::MAX);
        let (at, name) = (Timestamp::default(), Name::of("q"));
        let mut cause = NodeId::NONE;
        for _ in 0..length {
            cause = lineage.record(at, cause, What::Redriven, name.clone(), MessageId(7), None);
        }
        lineage
    }

    /// A message that was redriven 2,000 times overflowed the stack.
    #[test]
    fn depth_has_a_bound_and_nothing_is_left_out() {
        fn walk(node: &TraceNode, depth: usize, ids: &mut Vec<u64>) -> usize {
            ids.push(node.id);
            let below = node.led_to.iter().map(|node| walk(node, depth + 1, ids));
            below.max().unwrap_or(depth)
        }
        for (length, deepest) in [(1, 1), (49, 49), (50, 50), (51, 50), (100_000, 50)] {
            let trace = chain(length).trace(MessageId(7)).unwrap();
            let mut ids = Vec::new();
            assert_eq!(walk(&trace.roots[0], 1, &mut ids), deepest, "{length}");
            assert_eq!(ids, (1..=length as u64).collect::<Vec<_>>());
            assert_eq!(trace.roots.len(), 1);
        }
    }

    #[test]
    fn trees_hold_what_led_to_what_in_order() {
        let mut lineage = Lineage::new(usize::MAX);
        let (at, name) = (Timestamp::default(), Name::of("q"));
        let mut record = |cause, subject| {
            lineage.record(at, cause, What::Enqueued, name.clone(), MessageId(subject), None)
        };
        let first = record(NodeId::NONE, 1);
        let other = record(NodeId::NONE, 2);
        let (a, b) = (record(first, 3), record(first, 4));
        record(a, 5);
        record(other, 6);
        record(b, 7);
        let ids = |nodes: &[TraceNode]| nodes.iter().map(|node| node.id).collect::<Vec<_>>();
        let trace = lineage.trace(MessageId(5)).unwrap();
        assert_eq!(ids(&trace.roots), [1]);
        assert_eq!(ids(&trace.roots[0].led_to), [3, 4]);
        assert_eq!(ids(&trace.roots[0].led_to[0].led_to), [5]);
        assert_eq!(ids(&lineage.trees(|_, _| true)), [1, 2]);
        assert!(lineage.trace(MessageId(9)).is_none());
    }

    #[test]
    fn flows_add_up_what_went_where() {
        let mut lineage = Lineage::new(usize::MAX);
        let names = ["rule", "queue"].map(Name::of);
        for second in 1..=3 {
            let (at, subject) = (Timestamp::from_millis(second * 1000), MessageId(second as u128));
            let [rule, queue] = names.clone();
            let matched = lineage.record(at, NodeId::NONE, What::RuleMatched, rule, subject, None);
            let note = (second == 2).then(|| "no room".into());
            let what = if second == 2 { What::Refused } else { What::Enqueued };
            lineage.record(at, matched, what, queue, subject, note);
        }
        let shown = |flows: Vec<Flow>| -> Vec<(Option<String>, What, u64, Option<String>)> {
            flows.into_iter().map(|it| (it.from, it.what, it.count, it.note)).collect()
        };
        let rule = || Some("rule".to_owned());
        let whole = [
            (None, What::RuleMatched, 3, None),
            (rule(), What::Refused, 1, Some("no room".to_owned())),
            (rule(), What::Enqueued, 2, None),
        ];
        assert_eq!(shown(lineage.flows(0, 100)), whole);
        assert_eq!(shown(lineage.flows(5, 100)), [(rule(), What::Enqueued, 1, None)]);
        assert_eq!(shown(lineage.flows(0, 1)), [(rule(), What::Enqueued, 1, None)]);
        assert_eq!(shown(lineage.flows(6, 100)), []);
        assert_eq!(lineage.flows(0, 100)[2].at, 3000);
        let ids = |part: Lineage| part.entries().map(|entry| entry.id).collect::<Vec<_>>();
        assert_eq!(ids(lineage.since(0, 100)), [1, 2, 3, 4, 5, 6]);
        assert_eq!(ids(lineage.since(4, 100)), [5, 6]);
        assert_eq!(ids(lineage.since(0, 1)), [6]);
        assert_eq!(ids(lineage.since(6, 100)), [0; 0]);
        assert_eq!(ids(lineage.since(u64::MAX, 100)), [0; 0]);
        // What a part holds are whole trees, as far as it reaches.
        assert_eq!(lineage.since(3, 100).trees(|_, _| true).len(), 2);
    }
}
