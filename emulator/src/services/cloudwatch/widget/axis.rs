//! Round numbers and times for axes.

use crate::wire::Timestamp;

/// The ends of an axis on which all values lie, and the step between its marks.
pub(super) fn of_values(values: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let (mut low, mut high) = (0.0_f64, f64::NEG_INFINITY);
    for value in values {
        (low, high) = (low.min(value), high.max(value));
    }
    if high <= low {
        high = low + 1.0;
    }
    let step = round_step((high - low) / 4.0);
    ((low / step).floor() * step, (high / step).ceil() * step, step)
}

/// The next of 1, 2, 5 and their multiples by powers of ten.
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].into_iter().map(|part| part * power);
    steps.into_iter().find(|round| *round >= step * 0.999).unwrap_or(10.0 * power)
}

/// `1.5K`, `20M`, `0.25`.
pub(super) fn value_text(value: f64) -> String {
    let units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "K")];
    let unit = units.into_iter().find(|(size, _)| value.abs() >= *size);
    let (size, unit) = unit.unwrap_or((1.0, ""));
    let number = value / size;
    let rounded = (number * 1000.0).round() / 1000.0;
    match rounded == 0.0 && number != 0.0 || number.abs() >= 1e6 {
        true => format!("{value:.1e}"),
        false => format!("{}{unit}", rounded + 0.0),
    }
}

/// Times at round distances, at most six, and how each is written.
pub(super) fn of_times(start: i64, end: i64) -> Vec<(i64, String)> {
    const STEPS: [i64; 16] = [
        60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
        2_592_000, 7_776_000,
    ];
    let wanted = (end - start) / 6;
    let step =
        STEPS.into_iter().find(|step| *step >= wanted).unwrap_or((wanted / 86_400 + 1) * 86_400);
    let first = start + (-start).rem_euclid(step);
    let text = |at: i64| {
        let iso = Timestamp::from_millis(at.saturating_mul(1000)).iso_seconds();
        let part = if step >= 86_400 { iso.get(5..10) } else { iso.get(11..16) };
        part.unwrap_or_default().to_owned()
    };
    (first..end).step_by(step.max(1) as usize).take(12).map(|at| (at, text(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_ends() {
        for (values, ends) in [
            (vec![], (0.0, 1.0, 0.5)),
            (vec![3.0, 97.0], (0.0, 100.0, 50.0)),
            (vec![-7.0, 12.0], (-10.0, 15.0, 5.0)),
            (vec![0.03], (0.0, 0.03, 0.01)),
        ] {
            let found = of_values(values.iter().copied());
            let close = |left: f64, right: f64| (left - right).abs() < 1e-9;
            let is = close(found.0, ends.0) && close(found.1, ends.1) && close(found.2, ends.2);
            assert!(is, "{values:?}: {found:?}, not {ends:?}");
        }
        for (value, text) in [
            (0.0, "0"),
            (1500.0, "1.5K"),
            (2e7, "20M"),
            (0.25, "0.25"),
            (-3e9, "-3G"),
            (1e-7, "1.0e-7"),
        ] {
            assert_eq!(value_text(value), text);
        }
        let times: Vec<String> =
            of_times(1_767_225_600, 1_767_225_600 + 3 * 3600).into_iter().map(|it| it.1).collect();
        assert_eq!(times, ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30"]);
    }
}
