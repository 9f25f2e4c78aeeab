//! The views of latest values: a bar for each series, or a pie of all.

use super::axis;
use super::canvas::{BLACK, Canvas, GREY, LETTER_HEIGHT, WHITE, width_of};
use super::chart::colour_of;
use crate::services::cloudwatch::math::Evaluated;

/// A corner, and width and height from there.
pub(super) type Area = ((i32, i32), (i32, i32));

/// The thickest bar.
const BAR_MAX: i32 = 40;

/// The latest value of each series that has one, with the series' place.
pub(super) fn values(series: &[Evaluated]) -> Vec<(usize, f64)> {
    let latest = |series: &Evaluated| {
        let last = series.points.iter().max_by_key(|(at, _)| *at);
        last.map(|(_, value)| *value)
    };
    let all = series.iter().enumerate();
    all.filter_map(|(place, series)| Some((place, latest(series)?))).collect()
}

/// Bars one below the other, from zero on, each with its value behind it.
pub(super) fn bars(canvas: &mut Canvas, area: Area, values: &[(usize, f64)]) {
    let ((left, top), (width, height)) = area;
    let (low, high, _) = axis::of_values(values.iter().map(|(_, value)| *value));
    let room = width - width_of("-888.888M") - 4;
    let x = |value: f64| {
        let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
        left + (share * f64::from(room.max(1))) as i32
    };
    let row = (height / (values.len().max(1) as i32)).clamp(1, BAR_MAX);
    for ((place, value), y) in values.iter().zip((top..top + height).step_by(row as usize)) {
        let (from, to) = (x(value.min(0.0)), x(value.max(0.0)));
        let thick = (row * 3 / 4).max(1);
        canvas.rectangle((from, y), ((to - from).max(1), thick), colour_of(*place));
        if thick >= LETTER_HEIGHT {
            let text_y = y + (thick - LETTER_HEIGHT) / 2;
            canvas.text((to + 4, text_y), &axis::value_text(*value), BLACK);
        }
    }
    canvas.line((x(0.0), top), (x(0.0), top + height), GREY);
}

/// Shares of the sum, from the top on, clockwise. What is not above zero has none.
pub(super) fn pie(canvas: &mut Canvas, area: Area, values: &[(usize, f64)]) {
    let ((left, top), (width, height)) = area;
    let radius = width.min(height) / 2;
    let centre = (left + width / 2, top + height / 2);
    let above: Vec<(usize, f64)> =
        values.iter().copied().filter(|(_, value)| value.is_finite() && *value > 0.0).collect();
    let sum: f64 = above.iter().map(|(_, value)| value).sum();
    if !sum.is_finite() || sum <= 0.0 {
        return;
    }
    let mut ends = Vec::with_capacity(above.len());
    let mut end = 0.0;
    for (place, value) in &above {
        end += value / sum;
        ends.push((*place, end));
    }
    for y in -radius..=radius {
        for x in -radius..=radius {
            if x * x + y * y > radius * radius {
                continue;
            }
            let turn = f64::from(x).atan2(f64::from(-y)) / std::f64::consts::TAU;
            let turn = if turn < 0.0 { turn + 1.0 } else { turn };
            let slice = ends.partition_point(|(_, end)| *end <= turn).min(ends.len() - 1);
            canvas.set(centre.0 + x, centre.1 + y, colour_of(ends[slice].0));
        }
    }
    // A line between slices, as neighbours may have colours that are alike.
    if ends.len() > 1 {
        for (_, end) in &ends {
            let angle = end * std::f64::consts::TAU;
            let (sin, cos) = (angle.sin(), angle.cos());
            let far = |part: f64| (part * f64::from(radius)) as i32;
            canvas.line(centre, (centre.0 + far(sin), centre.1 - far(cos)), WHITE);
        }
    }
}
