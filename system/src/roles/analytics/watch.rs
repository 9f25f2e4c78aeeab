//! Watches the figures of closed minutes for what is unusual: a detector for each series.

use crate::adapters::analytics_table::RowChange;
use crate::analytics::{
    AlarmChange, Counts, Detector, DetectorSettings, Figures, MinuteNumber, Verdict,
};
use crate::app::figures::Alert;

/// Detectors are written down so often, in minutes: they are large, and what they have seen since
/// is on the board.
const WRITTEN_EVERY: i64 = 15;
const ROW: &str = "detector#";

type Pick = fn(&Counts) -> u64;

/// What is watched, and under which name.
const SERIES: [(&str, Pick); 4] = [
    ("orders", |counts| counts.placed),
    ("payments", |counts| counts.payments),
    ("payment failures", |counts| counts.payment_failures),
    ("cancellations", |counts| counts.cancelled),
];

pub(super) struct Watch([Detector; 4]);

impl Watch {
    /// The rows of the board in which detectors are.
    pub(super) const ROWS: (&str, &str) = (ROW, "detector#~");

    /// From the rows that were written down; what is not there begins anew.
    pub(super) fn restore(rows: &[(String, String)]) -> Self {
        Self(SERIES.map(|(name, _)| {
            let row = rows.iter().find(|(row, _)| row.strip_prefix(ROW) == Some(name));
            let found = row.and_then(|(row, value)| match serde_json::from_str(value) {
                Ok(detector) => Some(detector),
                Err(error) => {
                    tracing::warn!(row, %error, "unreadable: the detector begins anew");
                    None
                }
            });
            found.unwrap_or_else(|| Detector::new(DetectorSettings::default()))
        }))
    }

    /// Takes the next closed minute. One that was seen before changes nothing.
    pub(super) fn observe(&mut self, minute: MinuteNumber, figures: &Figures) -> Vec<Alert> {
        let mut alerts = Vec::new();
        for ((name, pick), detector) in SERIES.iter().zip(&mut self.0) {
            let verdict = detector.observe(minute, pick(&figures.counts) as f64);
            let raised = verdict.filter(|it| it.change == Some(AlarmChange::Raised));
            alerts.extend(raised.map(|verdict| alert(name, minute, &verdict)));
        }
        alerts
    }

    /// To be written down after these minutes; nothing most of the time.
    pub(super) fn rows(&self, minutes: &[MinuteNumber]) -> Vec<RowChange> {
        if !minutes.iter().any(|minute| minute.0 % WRITTEN_EVERY == 0) {
            return Vec::new();
        }
        let row = |((name, _), detector): (&(&str, Pick), &Detector)| {
            let value = serde_json::to_string(detector).expect("plain fields always serialise");
            RowChange { row: format!("{ROW}{name}"), value: Some(value) }
        };
        SERIES.iter().zip(&self.0).map(row).collect()
    }
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
        let rows = watch.rows(&[MinuteNumber(weeks - 1), MinuteNumber(weeks)]);
        assert_eq!(watch.rows(&[MinuteNumber(weeks + 1)]), []);
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
}
