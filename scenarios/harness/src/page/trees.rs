//! Causal trees as nested lists that fold.

use crate::explain::{Explanation, Hop, NonMatch, Tree, told};
use crate::markup::Markup;
use crate::report::clock;

/// Trees that are unfolded from the start.
const OPEN_MAX: usize = 5;

pub(super) fn write(html: &mut Markup, explanation: &Explanation) {
    if explanation.trees.is_empty() {
        return;
    }
    html.leaf("h2", &[], "What went wrong");
    let about = match explanation.subjects.join(", ").as_str() {
        "" => "Messages that ended badly.".to_owned(),
        subjects => format!("Messages that ended badly, and those about {subjects}."),
    };
    html.leaf("p", &[("class", "quiet")], &about);
    for (index, tree) in explanation.trees.iter().enumerate() {
        html.raw("\n");
        whole(html, tree, tree.ended_badly && index < OPEN_MAX);
    }
    if explanation.trees_left_out > 0 {
        let more = format!("{} more trees are left out.", explanation.trees_left_out);
        html.leaf("p", &[("class", "quiet")], &more);
    }
}

fn whole(html: &mut Markup, tree: &Tree, open: bool) {
    let class = if tree.ended_badly { "tree bad" } else { "tree" };
    let mut attributes = vec![("class", class)];
    attributes.extend(open.then_some(("open", "")));
    html.element("details", &attributes, |html| {
        html.element("summary", &[], |html| line(html, &tree.root));
        below(html, &tree.root);
    });
}

fn below(html: &mut Markup, hop: &Hop) {
    if hop.led_to.is_empty() && hop.non_matches.is_empty() {
        return;
    }
    html.element("ul", &[], |html| {
        for hop in &hop.led_to {
            html.raw("\n");
            html.element("li", &[], |html| {
                line(html, hop);
                below(html, hop);
            });
        }
        if !hop.non_matches.is_empty() {
            html.element("li", &[], |html| non_matches(html, &hop.non_matches));
        }
    });
}

fn line(html: &mut Markup, hop: &Hop) {
    let class = if hop.what.is_bad() { "hop bad" } else { "hop" };
    let title = format!("{} of {}", hop.resource, hop.subject);
    html.element("span", &[("class", class), ("title", &title)], |html| {
        html.leaf("span", &[("class", "time")], &clock(hop.at));
        html.text(" ");
        html.text(&told(hop));
    });
}

fn non_matches(html: &mut Markup, all: &[NonMatch]) {
    html.element("details", &[("class", "quiet")], |html| {
        html.leaf("summary", &[], &format!("{} rules did not match", all.len()));
        html.element("ul", &[], |html| {
            for missed in all {
                let text = format!("{}: {}", missed.rule, missed.reasons.join("; "));
                html.leaf("li", &[], &text);
            }
        });
    });
}
