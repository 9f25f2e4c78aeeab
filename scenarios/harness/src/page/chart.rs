//! How full each queue was over the run: small charts of steps, drawn as SVG.

use crate::explain::{DepthPoint, Depths};
use crate::markup::Markup;
use crate::report::clock;
use std::fmt::Write;
use std::time::Duration;

/// Of the drawing, in pixels.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 56.0;

/// What of a point one line shows, with its class and name.
type Line = (fn(&DepthPoint) -> usize, &'static str, &'static str);

const LINES: [Line; 3] = [
    (|point| point.delayed, "delayed", "delayed"),
    (|point| point.in_flight, "flight", "in flight"),
    (|point| point.visible, "visible", "visible"),
];

/// `end` is how long the run took.
pub(super) fn write(html: &mut Markup, depths: &[Depths], end: Duration) {
    if depths.is_empty() {
        return;
    }
    html.element("details", &[("open", "")], |html| {
        html.element("summary", &[], |html| html.leaf("h2", &[], "Queues over time"));
        html.element("p", &[("class", "quiet")], |html| {
            for (_, class, name) in LINES {
                html.leaf("span", &[("class", &format!("key {class}"))], name);
                html.text(" ");
            }
            html.text(&format!("from the first step to {}", clock(end)));
        });
        for queue in depths {
            html.raw("\n");
            chart(html, queue, end);
        }
    });
}

fn chart(html: &mut Markup, queue: &Depths, end: Duration) {
    let most = |count: fn(&DepthPoint) -> usize| queue.points.iter().map(count).max().unwrap_or(0);
    let top = LINES.iter().map(|(count, ..)| most(*count)).max().unwrap_or(0);
    let peaks = LINES.map(|(count, _, name)| format!("{} {name}", most(count)));
    let title = format!("{}: at most {}", queue.queue, peaks.join(", "));
    html.element("figure", &[], |html| {
        html.leaf("figcaption", &[], &title);
        let view = format!("0 -2 {WIDTH} {}", HEIGHT + 4.0);
        let attributes = [
            ("viewBox", view.as_str()),
            ("preserveAspectRatio", "none"),
            ("class", "chart"),
            ("role", "img"),
        ];
        html.element("svg", &attributes, |html| {
            html.leaf("title", &[], &title);
            for (count, class, _) in LINES {
                let path = path(&queue.points, count, top, end);
                html.leaf("path", &[("class", class), ("d", &path)], "");
            }
        });
    });
}

/// A line of steps: each count holds until the next point.
fn path(
    points: &[DepthPoint],
    count: fn(&DepthPoint) -> usize,
    top: usize,
    end: Duration,
) -> String {
    let x = |at: Duration| WIDTH * at.as_secs_f64() / end.as_secs_f64().max(0.001);
    let y = |count: usize| HEIGHT - HEIGHT * count as f64 / top.max(1) as f64;
    let mut path = format!("M0 {:.1}", y(0));
    for point in points {
        // Writing to a String can't fail.
        let _ = write!(path, "H{:.1}V{:.1}", x(point.at.min(end)), y(count(point)));
    }
    let _ = write!(path, "H{WIDTH:.1}");
    path
}
