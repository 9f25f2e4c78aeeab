//! Who sent what to whom, in order: the timeline, which knows who acts, merged with the lineage,
//! which knows what passes between resources.

use super::hop::since;
use crate::timeline::Entry;
use serde::Serialize;
use skyrig::kernel::{TraceNode, What, short_name};
use std::collections::BTreeMap;
use std::time::Duration;

/// Most rows of one diagram; later ones are left out.
const ROWS_MAX: usize = 4000;

/// A sequence diagram.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Diagram {
    /// The columns, in the order in which they first act.
    pub actors: Vec<String>,
    pub rows: Vec<Row>,
    pub rows_left_out: usize,
}

/// An arrow, or something that happens at one actor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Since the first step.
    pub at: Duration,
    /// A column.
    pub from: usize,
    /// The column an arrow leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<usize>,
    pub label: String,
    pub details: String,
    pub tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    Normal,
    /// A step of the script: a new stretch begins.
    Step,
    Bad,
}

/// An entry of the lineage with its cause.
struct Node<'a> {
    entry: &'a TraceNode,
    parent: Option<usize>,
    at: Duration,
}

/// `zero` is the cloud's time at the first step, in milliseconds since 1970.
pub(crate) fn draw(timeline: &[Entry], trees: &[TraceNode], zero: i64) -> Diagram {
    let nodes = flat(trees, zero);
    let links = link(timeline, &nodes);
    let (told, after) = places(timeline, &nodes, &links);
    let mut drawing = Drawing { diagram: Diagram::default(), nodes: &nodes };
    for index in 0..=nodes.len() {
        for entry in after.get(&index).into_iter().flatten() {
            drawing.note(&timeline[*entry]);
        }
        if index < nodes.len() {
            drawing.node(index, told.get(&index).map(|entry| &timeline[*entry]));
        }
    }
    let mut diagram = drawing.diagram;
    diagram.rows_left_out = diagram.rows.len().saturating_sub(ROWS_MAX);
    diagram.rows.truncate(ROWS_MAX);
    diagram
}

/// All entries of the trees in the order in which they were recorded.
fn flat(trees: &[TraceNode], zero: i64) -> Vec<Node<'_>> {
    fn collect<'a>(
        node: &'a TraceNode,
        parent: Option<u64>,
        all: &mut BTreeMap<u64, (&'a TraceNode, Option<u64>)>,
    ) {
        all.insert(node.id, (node, parent));
        node.led_to.iter().for_each(|child| collect(child, Some(node.id), all));
    }
    let mut all = BTreeMap::new();
    trees.iter().for_each(|tree| collect(tree, None, &mut all));
    let index: BTreeMap<u64, usize> = all.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    all.values()
        .map(|(entry, parent)| Node {
            entry,
            parent: parent.and_then(|id| index.get(&id).copied()),
            at: since(zero, &entry.at),
        })
        .collect()
}

/// Which node each entry of the timeline tells of: the latest of one of its ids by then.
fn link(timeline: &[Entry], nodes: &[Node<'_>]) -> Vec<Option<usize>> {
    let mut open = BTreeMap::<&str, Vec<usize>>::new();
    for (index, node) in nodes.iter().enumerate() {
        let begins = node.parent.is_none();
        if begins || matches!(node.entry.what, What::Received | What::VisibilityChanged) {
            open.entry(&node.entry.subject).or_default().push(index);
        }
    }
    let mut find = |entry: &Entry| {
        entry.about.iter().find_map(|id| {
            let open = open.get_mut(id.as_str())?;
            let by_then = |index: &usize| nodes[*index].at <= entry.at + Duration::from_millis(1);
            let latest = open.iter().filter(|index| by_then(index)).map(|i| nodes[*i].at).max()?;
            let place = open.iter().position(|index| nodes[*index].at == latest)?;
            Some(open.remove(place))
        })
    };
    timeline.iter().map(&mut find).collect()
}

/// The entry told at each node, and the other entries before the node where they belong.
fn places(
    timeline: &[Entry],
    nodes: &[Node<'_>],
    links: &[Option<usize>],
) -> (BTreeMap<usize, usize>, BTreeMap<usize, Vec<usize>>) {
    let mut told = BTreeMap::new();
    let mut before = BTreeMap::<usize, Vec<usize>>::new();
    let mut reached = 0;
    for (entry, link) in links.iter().enumerate() {
        match link {
            Some(node) => {
                told.insert(*node, entry);
                reached = reached.max(*node + 1);
            }
            None => {
                let at = timeline[entry].at;
                let earlier = nodes.partition_point(|node| node.at + MILLISECOND <= at);
                reached = reached.max(earlier);
                before.entry(reached).or_default().push(entry);
            }
        }
    }
    (told, before)
}

const MILLISECOND: Duration = Duration::from_millis(1);

struct Drawing<'a> {
    diagram: Diagram,
    nodes: &'a [Node<'a>],
}

impl Drawing<'_> {
    fn actor(&mut self, name: &str) -> usize {
        let actors = &mut self.diagram.actors;
        actors.iter().position(|known| known == name).unwrap_or_else(|| {
            actors.push(name.to_owned());
            actors.len() - 1
        })
    }

    fn note(&mut self, entry: &Entry) {
        let from = self.actor(&entry.actor);
        let tone = if entry.actor == "script" { Tone::Step } else { Tone::Normal };
        let (label, details) = (first_line(&entry.what), entry.what.clone());
        self.diagram.rows.push(Row { at: entry.at, from, to: None, label, details, tone });
    }

    fn node(&mut self, index: usize, told: Option<&Entry>) {
        let node = &self.nodes[index];
        let what = node.entry.what;
        if told.is_none() && is_silent(what) {
            return;
        }
        let here = self.place(index);
        let tone = if what.is_bad() { Tone::Bad } else { Tone::Normal };
        let from_cloud = what == What::Received;
        let (from, to, label) = match (told, node.parent) {
            (Some(entry), _) => {
                let actor = self.actor(&entry.actor);
                let ends = if from_cloud { (here, actor) } else { (actor, here) };
                (ends.0, Some(ends.1), first_line(&entry.what))
            }
            (None, Some(parent)) => {
                let from = self.place(parent);
                (from, Some(here).filter(|to| *to != from), self.label(index))
            }
            (None, None) => (here, None, self.label(index)),
        };
        let details = details(node.entry, told);
        self.diagram.rows.push(Row { at: node.at, from, to, label, details, tone });
    }

    /// The column of a node. Rules and subscriptions are no places: what passes them is still
    /// where it was.
    fn place(&mut self, index: usize) -> usize {
        let node = &self.nodes[index];
        match (node.entry.what, node.parent) {
            (What::RuleMatched | What::FilteredOut, Some(parent)) => self.place(parent),
            _ => self.actor(&short_name(&node.entry.resource)),
        }
    }

    fn label(&self, index: usize) -> String {
        let node = &self.nodes[index];
        let what = node.entry.what.words();
        let parent = node.parent.map(|parent| self.nodes[parent].entry);
        match (node.entry.what, parent) {
            (What::Enqueued, Some(TraceNode { what: What::RuleMatched, resource, .. })) => {
                short_name(resource)
            }
            (What::FilteredOut | What::RuleMatched, _) => {
                format!("{what} {}", short_name(&node.entry.resource))
            }
            _ => what.rsplit_once(' ').map_or(what, |(verb, _)| verb).to_owned(),
        }
    }
}

/// What is only drawn where the timeline tells of it.
fn is_silent(what: What) -> bool {
    matches!(what, What::RuleMatched | What::Deleted | What::VisibilityChanged)
}

fn details(node: &TraceNode, told: Option<&Entry>) -> String {
    let mut lines: Vec<String> = told.map(|entry| entry.what.clone()).into_iter().collect();
    lines.push(format!("{} {}", node.what.words(), short_name(&node.resource)));
    lines.push(node.subject.clone());
    lines.extend(node.note.clone());
    lines.join("\n")
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
