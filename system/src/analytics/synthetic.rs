//! A shop's orders a minute, made from a seed, with anomalies whose places are known: what the
//! detector is measured with.
//!
//! It shares nothing with the detector; neither sees the other's numbers.

use std::ops::Range;

use super::window::MinuteNumber;

pub const MINUTES_PER_WEEK: i64 = 7 * 24 * 60;
const MINUTES_PER_DAY: i64 = 24 * 60;

/// Anomalies of the labelled week, by kind.
const ANOMALIES: [(AnomalyKind, usize); 4] = [
    (AnomalyKind::Spike, 15),
    (AnomalyKind::Drop, 15),
    (AnomalyKind::LevelShift, 10),
    (AnomalyKind::Drift, 10),
];
/// Anomalies of each week before, which nobody labels.
const ANOMALIES_BEFORE: usize = 8;
/// Minutes between two anomalies, at least.
const GAP: i64 = 75;
/// Orders a minute, on the average.
const BASE: f64 = 40.0;
/// Growth a week.
const GROWTH: f64 = 1.015;
/// Weather, advertising: moves all minutes of an hour or so by a few per cent.
const MOOD_SIGMA: f64 = 0.03;
const MOOD_MINUTES: f64 = 60.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnomalyKind {
    /// For 3 to 10 minutes twice to three times as much.
    Spike,
    /// For 10 to 30 minutes nothing to two fifths.
    Drop,
    /// For one to three hours 1.4 to 1.7 times as much, or 0.4 to 0.65.
    LevelShift,
    /// Within two to four hours evenly to 1.5 to 1.9 times as much, or 0.3 to 0.6; then back.
    Drift,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anomaly {
    pub kind: AnomalyKind,
    pub span: Range<i64>,
}

/// Weeks of a series, the last one labelled.
#[derive(Clone, Debug)]
pub struct Series {
    /// Orders by minute, from minute 0 on.
    pub values: Vec<f64>,
    /// Where the labelled week begins.
    pub labelled_from: i64,
    /// Of the labelled week, in the order of time; they do not overlap.
    pub anomalies: Vec<Anomaly>,
}

/// How alarms compare with the labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Match {
    /// Anomalies within whose span an alarm was raised; each counts once.
    pub found: Vec<Anomaly>,
    pub missed: Vec<Anomaly>,
    /// Alarms raised outside all spans.
    pub false_alarms: usize,
    /// Minutes from an anomaly's beginning to its alarm, of those found.
    pub delays: Vec<i64>,
}

/// A seeded source of numbers: SplitMix64.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Series {
    /// The labelled week after `weeks_before` others.
    pub fn generate(seed: u64, weeks_before: i64) -> Self {
        let mut random = Random::new(seed);
        let labelled_from = weeks_before * MINUTES_PER_WEEK;
        let mut all = Vec::new();
        for week in 0..weeks_before {
            let kinds = (0..ANOMALIES_BEFORE).map(|it| ANOMALIES[it % ANOMALIES.len()].0).collect();
            all.extend(place(&mut random, week * MINUTES_PER_WEEK, kinds));
        }
        let kinds = ANOMALIES.iter().flat_map(|&(kind, count)| vec![kind; count]).collect();
        let labelled = place(&mut random, labelled_from, kinds);
        let anomalies = labelled.iter().map(|it| it.0.clone()).collect();
        all.extend(labelled);
        let minutes = labelled_from + MINUTES_PER_WEEK;
        let mut factors = vec![1.0; minutes as usize];
        for (anomaly, strength) in &all {
            for minute in anomaly.span.clone() {
                factors[minute as usize] = factor(anomaly, *strength, minute);
            }
        }
        let mut mood = 0.0;
        let keep: f64 = 1.0 - 1.0 / MOOD_MINUTES;
        let values = (0..minutes).zip(factors).map(|(minute, factor)| {
            mood = mood * keep + random.normal() * MOOD_SIGMA * (1.0 - keep * keep).sqrt();
            let weeks = minute as f64 / MINUTES_PER_WEEK as f64;
            let usual = BASE * daily(minute) * weekly(minute) * GROWTH.powf(weeks);
            random.count(usual * f64::exp(mood) * factor)
        });
        Self { values: values.collect(), labelled_from, anomalies }
    }

    /// All minutes with their values.
    pub fn minutes(&self) -> impl Iterator<Item = (MinuteNumber, f64)> + '_ {
        (0..).map(MinuteNumber).zip(self.values.iter().copied())
    }

    /// Compares the minutes at which alarms were raised with the labels; those before the
    /// labelled week are nothing to it. A second alarm within a span is neither found nor false.
    pub fn compare(&self, raised: &[MinuteNumber]) -> Match {
        let raised = || raised.iter().map(|it| it.0).filter(|it| *it >= self.labelled_from);
        let mut result = Match::default();
        for anomaly in &self.anomalies {
            match raised().find(|it| anomaly.span.contains(it)) {
                Some(first) => {
                    result.found.push(anomaly.clone());
                    result.delays.push(first - anomaly.span.start);
                }
                None => result.missed.push(anomaly.clone()),
            }
        }
        let inside = |it: &i64| self.anomalies.iter().any(|anomaly| anomaly.span.contains(it));
        result.false_alarms = raised().filter(|it| !inside(it)).count();
        result
    }
}

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number, all alike.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to 1, without 1.
    pub fn part(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.part()
    }

    /// From `low` on, below `high`.
    pub fn below(&mut self, range: Range<i64>) -> i64 {
        range.start + (self.part() * (range.end - range.start) as f64) as i64
    }

    /// Normally distributed, around 0 with deviation 1: the sum of twelve is near enough.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.part()).sum::<f64>() - 6.0
    }

    /// Poisson distributed, around `mean`.
    pub fn count(&mut self, mean: f64) -> f64 {
        if mean > 50.0 {
            return (mean + self.normal() * mean.sqrt()).round().max(0.0);
        }
        let (limit, mut product, mut count) = ((-mean).exp(), self.part(), 0.0);
        while product > limit {
            product *= self.part();
            count += 1.0;
        }
        count
    }
}

/// Puts anomalies of these kinds, shuffled, into the week that begins there, with their strengths.
fn place(random: &mut Random, from: i64, mut kinds: Vec<AnomalyKind>) -> Vec<(Anomaly, f64)> {
    for last in (1..kinds.len()).rev() {
        kinds.swap(last, random.below(0..last as i64 + 1) as usize);
    }
    let mut drawn: Vec<(AnomalyKind, i64, f64)> = Vec::new();
    for kind in kinds {
        let up = random.part() < 0.5;
        let (minutes, strength) = match kind {
            AnomalyKind::Spike => (random.below(3..11), random.between(2.0, 3.0)),
            AnomalyKind::Drop => (random.below(10..31), random.between(0.0, 0.4)),
            AnomalyKind::LevelShift if up => (random.below(60..181), random.between(1.4, 1.7)),
            AnomalyKind::LevelShift => (random.below(60..181), random.between(0.4, 0.65)),
            AnomalyKind::Drift if up => (random.below(120..241), random.between(1.5, 1.9)),
            AnomalyKind::Drift => (random.below(120..241), random.between(0.3, 0.6)),
        };
        drawn.push((kind, minutes, strength));
    }
    let taken: i64 = drawn.iter().map(|it| it.1 + GAP).sum();
    let free = MINUTES_PER_WEEK - GAP - taken;
    assert!(free > 0, "the anomalies of a week fit into it");
    let mut pauses: Vec<i64> = drawn.iter().map(|_| random.below(0..free)).collect();
    pauses.sort_unstable();
    let mut before = from + GAP;
    let mut placed = Vec::new();
    for ((kind, minutes, strength), pause) in drawn.into_iter().zip(pauses) {
        let start = before + pause;
        placed.push((Anomaly { kind, span: start..start + minutes }, strength));
        before += minutes + GAP;
    }
    placed
}

fn factor(anomaly: &Anomaly, strength: f64, minute: i64) -> f64 {
    match anomaly.kind {
        AnomalyKind::Drift => {
            let length = (anomaly.span.end - anomaly.span.start) as f64;
            1.0 + (strength - 1.0) * (minute - anomaly.span.start) as f64 / length
        }
        _ => strength,
    }
}

/// Little at night, a peak at noon and a higher one in the evening; 1 on the average.
fn daily(minute: i64) -> f64 {
    let hour = minute.rem_euclid(MINUTES_PER_DAY) as f64 / 60.0;
    let bump = |at: f64, width: f64| (-((hour - at) / width).powi(2) / 2.0).exp();
    0.25 + 1.2 * bump(12.5, 2.5) + 1.7 * bump(19.5, 2.2)
}

/// More at the weekend.
fn weekly(minute: i64) -> f64 {
    match minute.rem_euclid(MINUTES_PER_WEEK) / MINUTES_PER_DAY {
        5 => 1.25,
        6 => 1.15,
        4 => 1.05,
        _ => 0.9,
    }
}
