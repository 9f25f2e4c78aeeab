//! Explanations as text, for people who see this for the first time.

use std::fmt::{self, Write as _};

use super::why::{Sender, Why};
use crate::kernel::{FeedKind, Trace, TraceNode, What, short_name};

/// Rules that did not match, one a line; the others are only counted.
const MISSES_SHOWN: usize = 10;
/// Longest text of a pattern or a target's input that is shown, in characters.
const CHARACTERS_MAX: usize = 300;

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.left_out > 0 {
            writeln!(f, "… {} older ones", self.left_out)?;
        }
        for root in &self.roots {
            hop(f, root, "", "")?;
        }
        Ok(())
    }
}

fn hop(f: &mut fmt::Formatter<'_>, node: &TraceNode, branch: &str, below: &str) -> fmt::Result {
    let subject = node.subject.get(..8).unwrap_or(&node.subject);
    let (what, name) = (node.what.words(), short_name(&node.resource));
    write!(f, "{}  {branch}{what} {name} [{subject}]", node.at)?;
    if let Some(note) = &node.note {
        write!(f, ": {note}")?;
    }
    if node.what == What::EventPut && node.led_to.is_empty() {
        f.write_str(": no rule matched")?;
    }
    if node.what == What::FilteredOut {
        node.missed.iter().try_for_each(|missed| write!(f, ": {}", reasons(&missed.reasons)))?;
    }
    f.write_char('\n')?;
    let mut lines = Vec::new();
    if node.what != What::FilteredOut {
        let shown = node.missed.iter().take(MISSES_SHOWN);
        lines.extend(
            shown.map(|it| format!("not {}: {}", short_name(&it.by), reasons(&it.reasons))),
        );
        let rest = node.missed.len().saturating_sub(MISSES_SHOWN);
        lines.extend((rest > 0).then(|| format!("{rest} more rules did not match")));
    }
    lines.extend(node.inputs.iter().map(|input| {
        let made = match (&input.body, &input.error) {
            (_, Some(error)) => format!("can't get it: {error}"),
            (body, None) => format!("gets {}", shortened(body.as_deref().unwrap_or_default())),
        };
        format!("{} {made}", short_name(&input.target))
    }));
    lines.extend(node.now.as_ref().map(|now| format!("now: {now}")));
    let count = node.led_to.len() + lines.len();
    let stands = |index: usize| match index + 1 == count {
        true => (format!("{below}└ "), format!("{below}  ")),
        false => (format!("{below}├ "), format!("{below}│ ")),
    };
    for (index, node) in node.led_to.iter().enumerate() {
        let (branch, below) = stands(index);
        hop(f, node, &branch, &below)?;
    }
    for (index, line) in lines.iter().enumerate() {
        let (branch, _) = stands(node.led_to.len() + index);
        writeln!(f, "{:24}  {branch}{line}", "")?;
    }
    Ok(())
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} ({}) at {}", short_name(&self.resource), self.resource, self.at)?;
        writeln!(f, "  {}", self.answer)?;
        self.state.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        f.write_str("what sends to it:\n")?;
        if self.senders.is_empty() {
            f.write_str(
                "  nothing but clients: no rule, no subscription, no queue's dead letters\n",
            )?;
        }
        self.senders.iter().try_for_each(|sender| write!(f, "{sender}"))?;
        f.write_str("what came lately:\n")?;
        if self.arrived.is_empty() {
            f.write_str("  nothing\n")?;
        }
        for arrival in &self.arrived {
            writeln!(f, "  {} {}: {}", arrival.at, arrival.id, arrival.fate)?;
        }
        Ok(())
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let feed = &self.feed;
        let (by, from, to) = (short_name(&feed.by), short_name(&feed.from), short_name(&feed.to));
        let wants = feed.wants.as_deref().map(shortened);
        let wants = wants.map_or_else(String::new, |wants| format!(", if {wants}"));
        match feed.kind {
            FeedKind::Rule => writeln!(f, "  {by}, from {from} to {to}{wants}")?,
            FeedKind::Subscription => writeln!(f, "  {by}, to {to}{wants}")?,
            FeedKind::Schedule => {
                writeln!(f, "  {by}, to {to}: {}", feed.wants.as_deref().unwrap_or(""))?
            }
            FeedKind::Destination => {
                writeln!(f, "  {by}, to {to}: {}", feed.wants.as_deref().unwrap_or(""))?
            }
            FeedKind::DeadLetters if feed.by == feed.from => {
                writeln!(f, "  dead letters of {from}: {}", feed.wants.as_deref().unwrap_or(""))?;
            }
            FeedKind::DeadLetters => writeln!(f, "  dead letters of {by}")?,
        }
        feed.obstacles.iter().try_for_each(|obstacle| writeln!(f, "    NOW: {obstacle}"))?;
        match (feed.kind, self.published) {
            (FeedKind::DeadLetters | FeedKind::Destination | FeedKind::Schedule, _) => {}
            (_, 0) => writeln!(f, "    nothing came to {from} lately")?,
            (_, published) => {
                writeln!(f, "    {} of the latest {published} on {from} came", self.passed)?;
            }
        }
        for lost in &self.lost {
            writeln!(f, "    {} {}: {}", lost.at, lost.id, reasons(&lost.reasons))?;
        }
        Ok(())
    }
}

fn reasons(reasons: &[crate::kernel::Mismatch]) -> String {
    reasons.iter().map(|it| it.reason.as_str()).collect::<Vec<_>>().join("; ")
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(CHARACTERS_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
