//! Causal trees as text, within a number of lines.

use super::hop::{Explanation, Hop, NonMatch, Tree};
use crate::report::clock;
use skyrig::kernel::What;
use std::cmp::Reverse;
use std::fmt::Write;

/// Lines of trees in a report for people.
const LINES_MAX: usize = 60;
/// Rules that an event missed by one field, one a line; the others are only counted.
const NEAR_MISSES_MAX: usize = 2;

/// Writes the trees that tell most: what ended badly, then the newest. `more` is a command that
/// shows all of them.
pub(crate) fn write(explanation: &Explanation, text: &mut String, more: &str) -> std::fmt::Result {
    if explanation.trees.is_empty() {
        return Ok(());
    }
    let (shown, cut) = chosen(&explanation.trees);
    let subjects = explanation.subjects.join(", ");
    match subjects.as_str() {
        "" => writeln!(text, "\n  what ended badly:")?,
        _ => writeln!(text, "\n  what ended badly, and what was about {subjects}:")?,
    }
    for lines in &shown {
        for line in lines {
            writeln!(text, "  {line}")?;
        }
    }
    let left_out = explanation.trees.len() - shown.len() + explanation.trees_left_out;
    match (left_out, cut) {
        (0, 0) => Ok(()),
        (0, _) => writeln!(text, "  … the rest, {cut} lines: {more}"),
        _ => writeln!(text, "  … the rest, {left_out} trees: {more}"),
    }
}

/// The lines of each tree that is shown, oldest first, and how many lines were cut off.
fn chosen(trees: &[Tree]) -> (Vec<Vec<String>>, usize) {
    let mut ranked: Vec<_> = trees.iter().collect();
    // The oldest of what ended badly is the cause; of the rest the newest tells where it stopped.
    ranked.sort_by_key(|tree| match (tree.ended_badly, tree.root.at) {
        (true, at) => (0, None, Ok(at)),
        (false, at) => (1, tree.subject, Err(Reverse(at))),
    });
    let (mut left, mut cut) = (LINES_MAX, 0);
    let mut shown = Vec::new();
    for tree in ranked {
        if left == 0 {
            break;
        }
        let mut lines = lines(&tree.root);
        cut += lines.len().saturating_sub(left);
        lines.truncate(left);
        left -= lines.len();
        shown.push((tree.root.id, lines));
    }
    shown.sort_by_key(|(id, _)| *id);
    (shown.into_iter().map(|(_, lines)| lines).collect(), cut)
}

/// One line a hop.
pub(super) fn lines(root: &Hop) -> Vec<String> {
    let mut lines = Vec::new();
    add(root, "", "", &mut lines);
    lines
}

fn add(hop: &Hop, branch: &str, below: &str, lines: &mut Vec<String>) {
    let handled = handled(hop);
    let rest = handled.as_deref().unwrap_or_default();
    lines.push(format!("{:>10}  {branch}{}{rest}", clock(hop.at), told(hop)));
    if handled.is_some() {
        return;
    }
    let mut children = Vec::new();
    children.extend(hop.led_to.iter().map(Child::Hop));
    children.extend(non_matches(hop).into_iter().map(Child::Line));
    let count = children.len();
    for (index, child) in children.into_iter().enumerate() {
        let (branch, more) = if index + 1 == count { ("└ ", "  ") } else { ("├ ", "│ ") };
        match child {
            Child::Hop(hop) => {
                add(hop, &format!("{below}{branch}"), &format!("{below}{more}"), lines);
            }
            Child::Line(line) => lines.push(format!("{:>10}  {below}{branch}{line}", "")),
        }
    }
}

/// The end of the line for a message that was received and deleted, as most are.
fn handled(hop: &Hop) -> Option<String> {
    let [received, deleted] = hop.led_to.as_slice() else {
        return None;
    };
    let plain = (received.what, deleted.what) == (What::Received, What::Deleted)
        && received.times == 1
        && received.led_to.is_empty()
        && deleted.led_to.is_empty();
    let by = received.told.as_ref().map_or(String::new(), |told| format!(" ({told})"));
    plain.then(|| format!(", received{by}, deleted {}", clock(deleted.at)))
}

enum Child<'a> {
    Hop(&'a Hop),
    Line(String),
}

/// What happened, where, to what, and why.
pub(crate) fn told(hop: &Hop) -> String {
    let subject = hop.subject.get(..8).unwrap_or(&hop.subject);
    let mut text = format!("{} {} [{subject}]", hop.what.words(), hop.resource);
    // Writing to a String can't fail.
    if hop.times > 1 {
        let _ = write!(text, " {} times, last at {}", hop.times, clock(hop.last));
    }
    if let Some(note) = &hop.note {
        let _ = write!(text, ": {note}");
    }
    if let Some(told) = &hop.told {
        let _ = write!(text, " ({told})");
    }
    if hop.led_to.is_empty() && hop.what == What::EventPut {
        text += ": no rule matched";
    }
    text
}

/// All of them where nothing else explains what became of the event; otherwise the near misses.
fn non_matches(hop: &Hop) -> Vec<String> {
    let mut missed: Vec<_> = hop.non_matches.iter().collect();
    missed.sort_by_key(|missed| missed.reasons.len());
    let shown = match hop.led_to.len() {
        0 => missed.len(),
        _ => missed.iter().take_while(|it| it.reasons.len() == 1).count().min(NEAR_MISSES_MAX),
    };
    let line = |missed: &&NonMatch| format!("not {}: {}", missed.rule, missed.reasons.join("; "));
    let mut lines: Vec<_> = missed[..shown].iter().map(line).collect();
    match (shown, missed.len() - shown) {
        (_, 0) => {}
        (0, rest) => lines.push(format!("{rest} rules did not match")),
        (_, rest) => lines.push(format!("{rest} more rules did not match")),
    }
    lines
}
