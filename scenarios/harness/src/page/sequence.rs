//! The sequence diagram: actors as columns, arrows in the order of time, in stretches that fold.

use crate::explain::{Diagram, Row, Tone};
use crate::markup::Markup;
use crate::report::clock;

/// Of a column and a row, in pixels. The style sheet draws the lifelines in the same width.
const COLUMN: usize = 150;
const ROW: usize = 26;
/// How wide a character of a label is at most, in pixels.
const CHARACTER: usize = 7;
const LABEL_MAX: usize = 60;

/// Most rows of one stretch, and of one that is unfolded from the start.
const STRETCH_MAX: usize = 100;
const OPEN_MAX: usize = 12;

pub(super) fn write(html: &mut Markup, diagram: &Diagram) {
    if diagram.rows.is_empty() {
        return;
    }
    html.leaf("h2", &[], "Who sent what to whom");
    html.raw(
        "<p class=\"tools\"><button type=\"button\" data-fold=\"open\">unfold all</button> \
         <button type=\"button\" data-fold=\"close\">fold all</button> \
         <input type=\"search\" placeholder=\"show only rows with …\" aria-label=\"filter\"> \
         <span class=\"quiet\">Hover over an arrow to see more.</span></p>",
    );
    let width = (diagram.actors.len() * COLUMN).to_string();
    html.element("div", &[("class", "sequence")], |html| {
        html.element("div", &[("class", "head")], |html| {
            html.leaf("span", &[("class", "time")], "");
            for actor in &diagram.actors {
                html.leaf("span", &[("class", "actor")], actor);
            }
        });
        for stretch in stretches(&diagram.rows) {
            html.raw("\n");
            self::stretch(html, stretch, diagram.actors.len(), &width);
        }
    });
    if diagram.rows_left_out > 0 {
        let more = format!("{} later rows are left out.", diagram.rows_left_out);
        html.leaf("p", &[("class", "quiet")], &more);
    }
}

/// A stretch begins with a step of the script, and ends at the next or when it gets too long.
fn stretches(rows: &[Row]) -> Vec<&[Row]> {
    let mut all = Vec::new();
    let mut begin = 0;
    for index in 1..rows.len() {
        let step = rows[index].tone == Tone::Step && rows[index - 1].tone != Tone::Step;
        if step || index - begin >= STRETCH_MAX {
            all.push(&rows[begin..index]);
            begin = index;
        }
    }
    all.push(&rows[begin..]);
    all
}

fn stretch(html: &mut Markup, rows: &[Row], columns: usize, width: &str) {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return;
    };
    let bad = rows.iter().any(|row| row.tone == Tone::Bad);
    let open = (bad || rows.len() <= OPEN_MAX).then_some(("open", ""));
    let span = format!("{} to {}: ", clock(first.at), clock(last.at));
    let count = match rows.len() {
        1 => String::new(),
        more => format!(" … {} rows", more - 1),
    };
    html.element("details", &open.into_iter().collect::<Vec<_>>(), |html| {
        let class = if bad { "bad" } else { "" };
        html.leaf("summary", &[("class", class)], &format!("{span}{}{count}", first.label));
        for row in rows {
            html.raw("\n");
            self::row(html, row, columns, width);
        }
    });
}

fn row(html: &mut Markup, row: &Row, columns: usize, width: &str) {
    let class = match row.tone {
        Tone::Normal => "row",
        Tone::Step => "row step",
        Tone::Bad => "row bad",
    };
    html.element("div", &[("class", class), ("title", &row.details)], |html| {
        html.leaf("span", &[("class", "time")], &clock(row.at));
        let height = ROW.to_string();
        let size = [("class", "lane"), ("width", width), ("height", &height)];
        html.element("svg", &size, |html| arrow(html, row, columns));
    });
}

fn arrow(html: &mut Markup, row: &Row, columns: usize) {
    let middle = |column: usize| column * COLUMN + COLUMN / 2;
    let (from, to) = (middle(row.from), middle(row.to.unwrap_or(row.from)));
    let y = ROW - 7;
    let shape = if from == to {
        format!("M{from} {}l4 4l-4 4l-4 -4z", y - 4)
    } else {
        // The head's two strokes point back to where the arrow comes from.
        let back = if to > from { -6 } else { 6 };
        format!("M{from} {y}H{to}m{back} -4L{to} {y}l{back} 4")
    };
    html.leaf("path", &[("d", &shape)], "");
    let label: String = match row.label.chars().count() {
        short if short <= LABEL_MAX => row.label.clone(),
        _ => row.label.chars().take(LABEL_MAX - 1).chain(['…']).collect(),
    };
    let half = label.chars().count() * CHARACTER / 2;
    let center = ((from + to) / 2).max(half).min((columns * COLUMN).saturating_sub(half));
    let x = center.to_string();
    html.leaf("text", &[("x", &x), ("y", "12")], &label);
}
