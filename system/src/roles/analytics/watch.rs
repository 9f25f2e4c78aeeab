//! Watches the figures of closed minutes for what is unusual: a detector for each series.

use std::collections::BTreeMap;

use crate::adapters::analytics_table::RowChange;
use crate::analytics::{AlarmChange, Detector, DetectorSettings, Figures, MinuteNumber, Verdict};
use crate::app::figures::Alert;

/// Series that are watched at most; revenue has one for each currency.
pub(super) const SERIES_MAX: usize = 12;
/// Detectors are written down so often, in minutes: they are large, and what they have seen since
/// is on the board.
const WRITTEN_EVERY: i64 = 15;
const ROW: &str = "detector#";

#[derive(Default)]
pub(super) struct Watch {
    /// By series.
    detectors: BTreeMap<String, Detector>,
    /// They shall be written down with the next commit.
    is_due: bool,
}

impl Watch {
    /// The rows of the board in which detectors are.
    pub(super) const ROWS: (&str, &str) = (ROW, "detector#~");

    /// From the rows that were written down; what is not there begins anew.
    pub(super) fn restore(rows: &[(String, String)]) -> Self {
        let mut watch = Self::default();
        for (row, value) in rows {
            let Some(series) = row.strip_prefix(ROW) else { continue };
            match serde_json::from_str(value) {
                Ok(detector) => drop(watch.detectors.insert(series.to_owned(), detector)),
                Err(error) => tracing::warn!(row, %error, "unreadable: the detector begins anew"),
            }
        }
        watch
    }

    /// Takes the next closed minute. One that was seen before changes nothing.
    pub(super) fn observe(&mut self, minute: MinuteNumber, figures: &Figures) -> Vec<Alert> {
        self.is_due |= minute.0 % WRITTEN_EVERY == 0;
        let mut values = figures.series();
        // A currency in which nobody paid now.
        for series in self.detectors.keys() {
            values.entry(series.clone()).or_default();
        }
        let mut alerts = Vec::new();
        for (series, value) in values {
            if self.detectors.len() == SERIES_MAX && !self.detectors.contains_key(&series) {
                tracing::warn!(series, "not watched: there are {SERIES_MAX} others");
                continue;
            }
            let detector = self.detectors.entry(series.clone());
            let detector = detector.or_insert_with(|| Detector::new(DetectorSettings::default()));
            let verdict = detector.observe(minute, value);
            let raised = verdict.filter(|it| it.change == Some(AlarmChange::Raised));
            alerts.extend(raised.map(|verdict| alert(&series, minute, &verdict)));
        }
        alerts
    }

    /// To be written down with the minutes observed since the last call; nothing most of the time.
    pub(super) fn take_rows(&mut self) -> Vec<RowChange> {
        if !std::mem::take(&mut self.is_due) {
            return Vec::new();
        }
        let row = |(series, detector): (&String, &Detector)| {
            let value = serde_json::to_string(detector).expect("plain fields always serialise");
            RowChange { row: format!("{ROW}{series}"), value: Some(value) }
        };
        self.detectors.iter().map(row).collect()
    }
}

/// The row of a series' detector that has seen these minutes.
pub(super) fn learned(
    series: &str,
    minutes: impl Iterator<Item = (MinuteNumber, f64)>,
) -> RowChange {
    let mut detector = Detector::new(DetectorSettings::default());
    for (minute, value) in minutes {
        detector.observe(minute, value);
    }
    let value = serde_json::to_string(&detector).expect("plain fields always serialise");
    RowChange { row: format!("{ROW}{series}"), value: Some(value) }
}

fn alert(series: &str, minute: MinuteNumber, verdict: &Verdict) -> Alert {
    let Verdict { value, expected, deviation, window, .. } = verdict;
    let usual = expected.map_or("nothing".to_owned(), |expected| format!("{expected:.1}"));
    Alert {
        id: format!("anomaly#{series}#{}", minute.0),
        at: minute.end(),
        kind: "anomaly".to_owned(),
        text: format!(
            "{series}: {value} in the minute from {}, where {usual} is usual ({deviation:+.1} \
             robust standard deviations over {window} min)",
            minute.start().to_rfc3339()
        ),
        events: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::analytics::{Board, StockOutBaseline};

    fn figures(minute: MinuteNumber, placed: u64) -> Figures {
        let board = Board::new(1, Duration::ZERO);
        let mut figures = board.figures(minute, &StockOutBaseline::default());
        figures.counts.placed = placed;
        figures
    }

    /// Three weeks as usual, then a rush: it is told once, also by who has read the state back.
    #[test]
    fn what_is_unusual_is_told_once_and_survives_a_restart() {
        let usual = |minute: i64| 20 + u64::try_from(minute % 3).expect("small");
        let mut watch = Watch::restore(&[]);
        let weeks = 3 * 7 * 24 * 60;
        for minute in 0..weeks {
            let alerts =
                watch.observe(MinuteNumber(minute), &figures(MinuteNumber(minute), usual(minute)));
            assert_eq!(alerts, []);
        }
        let rows = watch.take_rows();
        assert_eq!(watch.take_rows(), []);
        let rows: Vec<_> =
            rows.into_iter().map(|it| (it.row, it.value.expect("a value"))).collect();
        let size = rows.iter().map(|it| it.1.len()).max().expect("some");
        assert!(size < 100_000, "a row of {size} bytes");
        let rush = |watch: &mut Watch| {
            let minutes = (weeks..weeks + 10).map(MinuteNumber);
            minutes.flat_map(|it| watch.observe(it, &figures(it, 200))).collect::<Vec<_>>()
        };
        let told = rush(&mut watch);
        assert_eq!(told.len(), 1);
        assert!(told[0].text.starts_with("orders: 200 in the minute"), "{}", told[0].text);
        assert_eq!(rush(&mut Watch::restore(&rows)), told);
    }

    /// Told what is usual, it finds the first rush.
    #[test]
    fn what_was_learned_from_others_is_usual() {
        let weeks = 3 * 7 * 24 * 60;
        let usual = |minute: i64| (MinuteNumber(minute), 20.0 + (minute % 3) as f64);
        let row = learned("orders", (0..weeks).map(usual));
        let mut watch = Watch::restore(&[(row.row, row.value.expect("a value"))]);
        let minutes = (weeks..weeks + 10).map(MinuteNumber);
        let told = minutes.flat_map(|it| watch.observe(it, &figures(it, 200))).count();
        assert_eq!(told, 1);
    }

    /// There is a series for each currency, from the first payment in it on, up to a bound.
    #[test]
    fn revenue_is_watched_by_currency() {
        let mut watch = Watch::default();
        let names = |watch: &Watch| watch.detectors.keys().cloned().collect::<Vec<_>>();
        let counts = ["cancelled", "delivered", "orders", "payment_failures", "payments"];
        watch.observe(MinuteNumber(0), &figures(MinuteNumber(0), 1));
        assert_eq!(names(&watch), counts);
        let mut paid = figures(MinuteNumber(1), 1);
        for number in 0..20_u8 {
            let code = format!("A{}{}", char::from(b'A' + number), 'X');
            let currency = crate::domain::Currency::parse(&code).expect("three letters");
            paid.counts.revenue.0.insert(currency, 100);
        }
        watch.observe(MinuteNumber(1), &paid);
        assert_eq!(names(&watch).len(), SERIES_MAX);
        assert!(names(&watch).contains(&"revenue_AAX".to_owned()), "{:?}", names(&watch));
        watch.observe(MinuteNumber(15), &figures(MinuteNumber(15), 1));
        assert_eq!(watch.take_rows().len(), SERIES_MAX);
    }
}
