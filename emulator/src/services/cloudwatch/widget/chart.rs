//! The chart of a widget, from title to legend.

use super::axis;
use super::canvas::{
    BLACK, Canvas, FIRST_LINE, GREY, LETTER_HEIGHT, LETTER_WIDTH, LIGHT, LINES, PALETTE, width_of,
};
use super::definition::{View, Widget};
use super::latest;
use super::png;
use crate::services::cloudwatch::math::Evaluated;

/// Room around the chart.
const MARGIN: i32 = 8;
/// The height of a line of text.
const ROW: i32 = LETTER_HEIGHT + 6;
/// Most entries of a legend.
const LEGEND_MAX: usize = 12;

/// Where values and times lie in the picture.
struct Plot {
    left: i32,
    top: i32,
    width: i32,
    height: i32,
    times: (i64, i64),
    values: (f64, f64),
}

impl Plot {
    fn x(&self, at: i64) -> i32 {
        let (start, end) = self.times;
        let share = (at - start) as f64 / (end - start).max(1) as f64;
        self.left + (share.clamp(0.0, 1.0) * f64::from(self.width)) as i32
    }

    fn y(&self, value: f64) -> i32 {
        let (low, high) = self.values;
        let share = (value - low) / (high - low);
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        self.top + self.height - (share * f64::from(self.height)) as i32
    }
}

/// The picture as PNG; `times` are the ends of the time axis in seconds since 1970.
pub(in crate::services::cloudwatch) fn drawn(
    widget: &Widget,
    series: &[Evaluated],
    times: (i64, i64),
) -> Vec<u8> {
    let mut canvas = Canvas::new(widget.width, widget.height);
    let stacked: Vec<Vec<(i64, f64)>> = lines(widget, series);
    let values = stacked.iter().flatten().map(|(_, value)| *value);
    let lines_at = widget.horizontal.iter().map(|(value, _)| *value);
    let (low, high, step) = axis::of_values(values.chain(lines_at));
    let low = widget.axis_minimum.unwrap_or(low);
    let high = widget.axis_maximum.unwrap_or(high).max(low + f64::MIN_POSITIVE);
    let legend = legend_rows(&canvas, series);
    let title = if widget.title.is_empty() { 0 } else { ROW };
    let plot = Plot {
        left: MARGIN + 7 * LETTER_WIDTH,
        top: MARGIN + title,
        width: (widget.width - 2 * MARGIN - 7 * LETTER_WIDTH).max(1),
        height: (widget.height - 2 * MARGIN - title - ROW * (1 + legend.len() as i32)).max(1),
        times,
        values: (low, high),
    };
    canvas.text((MARGIN, MARGIN), &widget.title, BLACK);
    // Without an axis there is room for it, too.
    let area = ((MARGIN, plot.top), (widget.width - 2 * MARGIN, plot.height));
    match widget.view {
        View::TimeSeries => {
            axes(&mut canvas, &plot, step);
            time_series(&mut canvas, &plot, widget, &stacked);
        }
        View::Bar => latest::bars(&mut canvas, area, &latest::values(series)),
        View::Pie => latest::pie(&mut canvas, area, &latest::values(series)),
    }
    let mut y = widget.height - MARGIN - ROW * legend.len() as i32 + 6;
    for row in legend {
        for (x, place) in row {
            canvas.rectangle((x, y), (LETTER_HEIGHT, LETTER_HEIGHT), colour_of(place));
            canvas.text((x + LETTER_HEIGHT + 4, y), &series[place].label, BLACK);
        }
        y += ROW;
    }
    png::encoded(widget.width as u32, widget.height as u32, &PALETTE, canvas.pixels())
}

fn time_series(canvas: &mut Canvas, plot: &Plot, widget: &Widget, lines: &[Vec<(i64, f64)>]) {
    for (value, label) in &widget.horizontal {
        let y = plot.y(*value);
        canvas.line((plot.left, y), (plot.left + plot.width, y), FIRST_LINE + 3);
        canvas.text((plot.left + 4, y - LETTER_HEIGHT - 2), label, FIRST_LINE + 3);
    }
    for (points, colour) in lines.iter().zip(colours()) {
        line(canvas, plot, points, colour);
    }
}

pub(super) fn colour_of(place: usize) -> u8 {
    FIRST_LINE + (place % LINES) as u8
}

fn colours() -> impl Iterator<Item = u8> {
    (0..).map(colour_of)
}

/// The points of each series, on top of one another if the widget says so.
fn lines(widget: &Widget, series: &[Evaluated]) -> Vec<Vec<(i64, f64)>> {
    let mut below = std::collections::BTreeMap::<i64, f64>::new();
    let of_one = |series: &Evaluated| {
        let point = |(at, value): &(i64, f64)| {
            if !widget.stacked {
                return (*at, *value);
            }
            let sum = below.entry(*at).or_default();
            *sum += value;
            (*at, *sum)
        };
        series.points.iter().map(point).collect()
    };
    series.iter().map(of_one).collect()
}

fn axes(canvas: &mut Canvas, plot: &Plot, step: f64) {
    let (low, high) = plot.values;
    let bottom = plot.top + plot.height;
    let marks = ((high - low) / step).round().clamp(1.0, 20.0) as i32;
    for mark in 0..=marks {
        let value = low + f64::from(mark) * (high - low) / f64::from(marks);
        let (y, text) = (plot.y(value), axis::value_text(value));
        canvas.line((plot.left, y), (plot.left + plot.width, y), LIGHT);
        let x = plot.left - width_of(&text) - 4;
        canvas.text((x, y - LETTER_HEIGHT / 2), &text, GREY);
    }
    for (at, text) in axis::of_times(plot.times.0, plot.times.1) {
        let x = plot.x(at);
        canvas.line((x, bottom), (x, bottom + 3), GREY);
        canvas.text((x - width_of(&text) / 2, bottom + 6), &text, GREY);
    }
    canvas.line((plot.left, bottom), (plot.left + plot.width, bottom), GREY);
}

/// A point alone is a square.
fn line(canvas: &mut Canvas, plot: &Plot, points: &[(i64, f64)], colour: u8) {
    let place = |(at, value): &(i64, f64)| (plot.x(*at), plot.y(*value));
    for pair in points.windows(2) {
        let (from, to) = (place(&pair[0]), place(&pair[1]));
        canvas.line(from, to, colour);
        canvas.line((from.0, from.1 + 1), (to.0, to.1 + 1), colour);
    }
    if let [only] = points {
        let (x, y) = place(only);
        canvas.rectangle((x - 2, y - 2), (4, 4), colour);
    }
}

/// The series in rows, each with where it begins.
fn legend_rows(canvas: &Canvas, series: &[Evaluated]) -> Vec<Vec<(i32, usize)>> {
    let mut rows: Vec<Vec<(i32, usize)>> = Vec::new();
    let mut x = canvas.width;
    for (place, series) in series.iter().enumerate().take(LEGEND_MAX) {
        let width = LETTER_HEIGHT + 4 + width_of(&series.label) + 2 * LETTER_WIDTH;
        match rows.last_mut().filter(|_| x + width < canvas.width - MARGIN) {
            Some(row) => row.push((x, place)),
            None => {
                x = MARGIN;
                rows.push(vec![(x, place)]);
            }
        }
        x += width;
    }
    // A small picture has little room for a legend.
    rows.truncate((canvas.height / ROW / 4).max(0) as usize);
    rows
}
