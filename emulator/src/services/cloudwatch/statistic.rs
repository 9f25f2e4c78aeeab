//! The statistics of samples, by the names that AWS gives them.
//!
//! Source: user guide "CloudWatch statistics definitions"; the pattern of `AnomalyDetectorMetricStat`
//! in AWS's model.

use super::summary::Summary;

/// One statistic.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Statistic {
    SampleCount,
    Average,
    Sum,
    Minimum,
    Maximum,
    /// In percent.
    Percentile(f64),
    Trimmed(Trimmed, Bounds),
}

/// What is asked of the samples within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trimmed {
    Mean,
    Count,
    Sum,
    /// The mean of all, those outside moved to the bounds.
    Winsorized,
    /// How many percent they are of all.
    Rank,
}

/// Which samples count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Bounds {
    /// Without the lowest and the highest, in percent from below.
    Percent(f64, f64),
    /// Those above the first and not above the second value.
    Values(Option<f64>, Option<f64>),
}

/// Longest number of digits behind the point.
const DIGITS_MAX: usize = 10;

impl Statistic {
    /// Reads a statistic; `None` for what AWS does not know.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "SampleCount" => Self::SampleCount,
            "Average" => Self::Average,
            "Sum" => Self::Sum,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            "IQM" => Self::Trimmed(Trimmed::Mean, Bounds::Percent(25.0, 75.0)),
            _ => return Self::extended(text),
        })
    }

    fn extended(text: &str) -> Option<Self> {
        if let Some(number) = text.strip_prefix('p') {
            return percent(number).map(Self::Percentile);
        }
        let (kind, rest) = text.split_at_checked(2)?;
        let short = |what: Trimmed| Some(Self::Trimmed(what, Bounds::Percent(0.0, percent(rest)?)));
        let long = |what: Trimmed| {
            let inner = rest.strip_prefix('(')?.strip_suffix(')')?;
            let bounds = bounds(inner)?;
            let ranked = what == Trimmed::Rank && matches!(bounds, Bounds::Percent(..));
            (!ranked).then_some(Self::Trimmed(what, bounds))
        };
        match kind {
            "tm" => short(Trimmed::Mean),
            "tc" => short(Trimmed::Count),
            "ts" => short(Trimmed::Sum),
            "wm" => short(Trimmed::Winsorized),
            "TM" => long(Trimmed::Mean),
            "TC" => long(Trimmed::Count),
            "TS" => long(Trimmed::Sum),
            "WM" => long(Trimmed::Winsorized),
            "PR" => long(Trimmed::Rank),
            _ => None,
        }
    }

    /// Whether count, sum and extremes are enough for it.
    pub(super) fn is_simple(&self) -> bool {
        !matches!(self, Self::Percentile(_) | Self::Trimmed(..))
    }

    /// The statistic of some samples; `None` when it needs values that are not known, when one is
    /// negative, or when no sample is left for a mean.
    pub(super) fn of(&self, summary: &Summary) -> Option<f64> {
        let value = match self {
            Self::SampleCount => summary.sample_count(),
            Self::Average => summary.average(),
            Self::Sum => summary.sum(),
            Self::Minimum => summary.minimum(),
            Self::Maximum => summary.maximum(),
            Self::Percentile(percent) => summary.percentile_of(*percent)?,
            Self::Trimmed(what, bounds) => trimmed(*what, *bounds, &summary.distribution()?)?,
        };
        value.is_finite().then_some(value)
    }
}

/// A number from 0 to 100.
fn percent(text: &str) -> Option<f64> {
    let (whole, digits) = text.split_once('.').unwrap_or((text, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let good = !whole.is_empty() && are_digits(whole) && are_digits(digits);
    let number: f64 = text.parse().ok().filter(|_| good && digits.len() <= DIGITS_MAX)?;
    (number <= 100.0).then_some(number)
}

/// `10%:90%`, `:90%`, `10%:`, `150:1000`, `:0.5`, `1e3:`.
fn bounds(text: &str) -> Option<Bounds> {
    let (low, high) = text.split_once(':')?;
    if low.is_empty() && high.is_empty() {
        return None;
    }
    if low.ends_with('%') || high.ends_with('%') {
        let side = |text: &str, open: f64| match text {
            "" => Some(open),
            text => percent(text.strip_suffix('%')?),
        };
        let (low, high) = (side(low, 0.0)?, side(high, 100.0)?);
        return (low <= high).then_some(Bounds::Percent(low, high));
    }
    let side = |text: &str| match text {
        "" => Some(None),
        text if text.starts_with(|letter: char| letter.is_ascii_digit()) => {
            text.parse().ok().filter(|number: &f64| number.is_finite()).map(Some)
        }
        _ => None,
    };
    Some(Bounds::Values(side(low)?, side(high)?))
}

/// How many of so many samples are that percentage: a sample counts whole, and what rounding adds to
/// a whole number is none.
pub(super) fn samples_of(percent: f64, count: f64) -> f64 {
    (percent * count / 100.0 - 1e-9 * count.max(1.0)).ceil().max(0.0)
}

/// Of samples in the order of their values, each with how often it occurred.
///
/// Unverified: as with percentiles, a sample is left out whole or not at all.
fn trimmed(what: Trimmed, bounds: Bounds, samples: &[(f64, f64)]) -> Option<f64> {
    let total: f64 = samples.iter().map(|(_, count)| count).sum();
    let kept = match bounds {
        Bounds::Percent(low, high) => by_percent(samples, total, low, high),
        Bounds::Values(low, high) => {
            let inside = |(value, _): &&(f64, f64)| {
                low.is_none_or(|low| *value > low) && high.is_none_or(|high| *value <= high)
            };
            samples.iter().filter(inside).copied().collect()
        }
    };
    let count: f64 = kept.iter().map(|(_, count)| count).sum();
    let sum: f64 = kept.iter().map(|(value, count)| value * count).sum();
    match what {
        Trimmed::Count => Some(count),
        Trimmed::Sum => Some(sum),
        Trimmed::Rank => Some(100.0 * count / total),
        Trimmed::Mean => (count > 0.0).then_some(sum / count),
        Trimmed::Winsorized => winsorized(bounds, samples, &kept, total),
    }
}

/// The samples without the lowest and the highest of them.
fn by_percent(samples: &[(f64, f64)], total: f64, low: f64, high: f64) -> Vec<(f64, f64)> {
    // From below are left out as many as are above the same percentage from above.
    let first = total - samples_of(100.0 - low, total);
    let last = samples_of(high, total);
    let mut before = 0.0;
    let kept = samples.iter().filter_map(|(value, count)| {
        let (from, to) = (before, before + count);
        before = to;
        let kept = to.min(last) - f64::max(from, first);
        (kept > 0.0).then_some((*value, kept))
    });
    kept.collect()
}

fn winsorized(
    bounds: Bounds,
    samples: &[(f64, f64)],
    kept: &[(f64, f64)],
    total: f64,
) -> Option<f64> {
    let (low, high) = match bounds {
        Bounds::Values(low, high) => (low, high),
        Bounds::Percent(..) => (Some(kept.first()?.0), Some(kept.last()?.0)),
    };
    let moved = |value: f64| {
        let value = low.map_or(value, |low| value.max(low));
        high.map_or(value, |high| value.min(high))
    };
    let sum: f64 = samples.iter().map(|(value, count)| moved(*value) * count).sum();
    (total > 0.0).then_some(sum / total)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn summary(values: &[f64]) -> Summary {
        let mut all = Summary::value(values[0]);
        values[1..].iter().for_each(|value| all.merge(&Summary::value(*value)));
        all
    }

    #[test]
    fn statistics_are_read() {
        let good = [
            "SampleCount",
            "Average",
            "Sum",
            "Minimum",
            "Maximum",
            "IQM",
            "p0",
            "p99.9",
            "p100",
            "tm90",
            "tc99.99",
            "ts5",
            "wm98",
            "TM(10%:90%)",
            "TM(:95%)",
            "TS(80%:)",
            "TC(80:500)",
            "PR(:300)",
            "PR(100:2000)",
            "WM(1e2:2e3)",
            "TC(0.005:0.030)",
            "tm100",
            "p5.",
        ];
        for text in good {
            assert!(Statistic::parse(text).is_some(), "{text}");
        }
        let bad = [
            "",
            "sum",
            "p",
            "p101",
            "p-1",
            "p1e1",
            "p1.12345678901",
            "tm",
            "tm(5)",
            "TM5",
            "TM()",
            "TM(:)",
            "TM(10%:90)",
            "TM(90%:10%)",
            "TM(5%:101%)",
            "PR(5%:10%)",
            "PR",
            "tm90x",
            "XX(1:2)",
            "TM(a:b)",
            "TM(1:inf)",
            "Ωm5",
            "iqm",
        ];
        for text in bad {
            assert_eq!(Statistic::parse(text), None, "{text}");
        }
    }

    #[test]
    fn statistics_of_ten_samples() {
        let all = summary(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0]);
        for (text, expected) in [
            ("Average", 14.5),
            ("p50", 5.0),
            ("p90", 9.0),
            ("p91", 100.0),
            ("tm90", 5.0),
            ("TM(10%:90%)", 5.5),
            ("tc90", 9.0),
            ("ts90", 45.0),
            ("IQM", 5.5),
            ("wm90", 5.4),
            ("WM(10%:90%)", 5.5),
            ("TM(2:9)", 6.0),
            ("TC(2:9)", 7.0),
            ("TS(:2)", 3.0),
            ("PR(:5)", 50.0),
            ("PR(9:)", 10.0),
            ("TC(200:)", 0.0),
            ("WM(3:8)", 5.5),
            ("TM(0%:100%)", 14.5),
        ] {
            let found = Statistic::parse(text).unwrap().of(&all);
            let close = |found: f64| (found - expected).abs() < 1e-9;
            assert!(found.is_some_and(close), "{text}: {found:?}, not {expected}");
        }
        assert_eq!(Statistic::parse("TM(200:)").unwrap().of(&all), None);
        assert_eq!(Statistic::parse("tm90").unwrap().of(&Summary::value(-1.0)), None);
        let set = Summary::set(3.0, 9.0, 1.0, 5.0);
        assert_eq!(Statistic::parse("tm90").unwrap().of(&set), None);
    }

    proptest! {
        /// Against the definition on a sorted list of samples.
        #[test]
        fn percentiles_and_means_are_those_of_sorted_samples(
            mut values in proptest::collection::vec(0..50_u32, 1..120),
            low in 0..100_u32,
            more in 0..100_u32,
        ) {
            let high = (low + more).min(100);
            let floats: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
            let all = summary(&floats);
            values.sort_unstable();
            let count = values.len() as u32;
            // In whole numbers, without rounding.
            let place = (high * count).div_ceil(100).max(1) as usize;
            let percentile = Statistic::parse(&format!("p{high}")).unwrap().of(&all);
            prop_assert_eq!(percentile, Some(f64::from(values[place - 1])));
            let first = (low * count / 100) as usize;
            let last = (high * count).div_ceil(100) as usize;
            let kept: &[u32] = values.get(first..last).unwrap_or_default();
            let sum = f64::from(kept.iter().sum::<u32>());
            let of = |kind: &str| {
                Statistic::parse(&format!("{kind}({low}%:{high}%)")).unwrap().of(&all)
            };
            prop_assert_eq!(of("TC"), Some(kept.len() as f64));
            prop_assert_eq!(of("TS"), Some(sum));
            prop_assert_eq!(of("TM").is_some(), !kept.is_empty());
            if let Some(mean) = of("TM") {
                prop_assert!((mean - sum / kept.len() as f64).abs() < 1e-9);
            }
            if let (Some(first), Some(last)) = (kept.first(), kept.last()) {
                let moved = values.iter().map(|value| *value.clamp(first, last));
                let mean = f64::from(moved.sum::<u32>()) / f64::from(count);
                prop_assert!((of("WM").unwrap() - mean).abs() < 1e-9);
            }
            let inside = values.iter().filter(|value| **value > low && **value <= high).count();
            let rank = Statistic::parse(&format!("PR({low}:{high})")).unwrap().of(&all).unwrap();
            prop_assert!((rank - 100.0 * inside as f64 / f64::from(count)).abs() < 1e-9);
        }
    }
}
