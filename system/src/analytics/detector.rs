//! Says which minutes of a series (counts or sums) are unusual: far from what was seen at the same
//! time of earlier weeks, measured by how far minutes usually are.
//!
//! It is a fold over minutes with a small state. It does not know what the series counts, and sees
//! nothing of the future. `docs/analytics.md` explains the method and its limits.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::sketch::Sketch;
use super::window::MinuteNumber;

/// How the detector looks at a series. All times are in minutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectorSettings {
    /// After so long it begins again: a week, or a day.
    pub season: u32,
    /// The season is cut into slots of so long, each with a baseline of its own.
    pub slot: u32,
    /// So many seasons are remembered.
    pub seasons_kept: usize,
    /// No alarm before a slot has been seen in so many seasons.
    pub seasons_needed: usize,
    /// The windows over which deviations are averaged, with the number of robust standard
    /// deviations from which an average is unusual.
    pub scales: Vec<(u32, f64)>,
    /// An alarm is over when all windows have been calm for so long.
    pub calm: u32,
}

/// What was found about one minute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub value: f64,
    /// What was to be expected; none while that is being learned.
    pub expected: Option<f64>,
    /// Robust standard deviations, of the window in which there were most of them for its
    /// threshold; negative when there was too little.
    pub deviation: f64,
    /// The length of that window in minutes.
    pub window: u32,
    pub change: Option<AlarmChange>,
}

/// An alarm begins once and ends once, however many unusual minutes it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlarmChange {
    Raised,
    Ended,
}

/// The state of one series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detector {
    settings: DetectorSettings,
    /// By slot of the season: what was usual in it in the last seasons, the newest last.
    slots: Vec<VecDeque<f32>>,
    /// The minutes of the present slot.
    filling: Vec<f64>,
    last: Option<MinuteNumber>,
    /// Deviations of the last minutes, as many as the longest window has.
    recent: VecDeque<f32>,
    /// For each window: how far its averages were from the baseline, in thousandths.
    spreads: Vec<Sketch>,
    /// A robust standard deviation for each window; none while too few averages have been seen.
    sigmas: Vec<Option<f64>>,
    /// How far the last days were from the baseline, on the average: growth.
    level: f64,
    /// Since when there is an alarm, and how long all has been calm.
    alarm: Option<(MinuteNumber, u32)>,
}

/// Deviations are cut at so many robust standard deviations before they are averaged: one wild
/// minute is not to decide for an hour.
const DEVIATION_MAX: f64 = 12.0;
/// In how many minutes half of the level is forgotten.
const LEVEL_HALF_LIFE: f64 = 12.0 * 60.0;
/// An alarm so long is the new usual: the level follows from then on.
const ALARM_LEARNED_AFTER: i64 = 6 * 60;
/// Spread is kept in thousandths.
const SPREAD_UNIT: f64 = 1000.0;
/// In how many minutes what was seen of the spread counts half: a week.
const SPREAD_HALF_LIFE: i64 = 7 * 24 * 60;
/// The smallest spread of a window of one minute: a series that hardly ever changes.
const SPREAD_MIN: f64 = 0.3;
/// So many averages must have been seen before their spread means something.
const SPREADS_NEEDED: u64 = 1_000;
/// Makes a median absolute deviation comparable with a standard deviation.
const MAD_TO_SIGMA: f64 = 1.4826;
/// Part of a threshold below which a window is calm again.
const CALM: f64 = 0.5;

impl Default for DetectorSettings {
    fn default() -> Self {
        Self {
            season: 7 * 24 * 60,
            slot: 15,
            seasons_kept: 5,
            seasons_needed: 2,
            scales: vec![(1, 5.0), (4, 4.5), (12, 4.5), (40, 4.25)],
            calm: 5,
        }
    }
}

impl Detector {
    pub fn new(settings: DetectorSettings) -> Self {
        let slots = vec![VecDeque::new(); settings.season.div_ceil(settings.slot) as usize];
        let spreads = vec![Sketch::default(); settings.scales.len()];
        let sigmas = vec![None; settings.scales.len()];
        Self {
            settings,
            slots,
            filling: Vec::new(),
            last: None,
            recent: VecDeque::new(),
            spreads,
            sigmas,
            level: 0.0,
            alarm: None,
        }
    }

    /// Takes the next closed minute. Minutes may be missing; one that is not after the last one is
    /// ignored, and has no verdict.
    pub fn observe(&mut self, minute: MinuteNumber, value: f64) -> Option<Verdict> {
        if self.last.is_some_and(|last| minute <= last) || !value.is_finite() {
            return None;
        }
        self.begin(minute);
        let stable = stabilised(value);
        let baseline = self.baseline(minute);
        self.filling.push(stable);
        let Some(baseline) = baseline else {
            return Some(Verdict {
                value,
                expected: None,
                deviation: 0.0,
                window: 1,
                change: None,
            });
        };
        let expected = baseline + self.level;
        let most = self.deviation_max();
        let deviation = (stable - expected).clamp(-most, most);
        self.recent.push_back(rounded(deviation));
        let most = self.settings.scales.iter().map(|it| it.0).max().unwrap_or(1);
        while self.recent.len() > most as usize {
            self.recent.pop_front();
        }
        let averages = self.averages();
        let (part, sigmas, window) = self.worst(&averages);
        let change = self.judge(minute, part);
        self.learn(minute, deviation, &averages);
        let expected = Some(original(expected));
        Some(Verdict { value, expected, deviation: sigmas, window, change })
    }

    /// Since when there is an alarm.
    pub fn alarm_since(&self) -> Option<MinuteNumber> {
        self.alarm.map(|it| it.0)
    }

    /// Closes the slot before this minute's, if it was another.
    fn begin(&mut self, minute: MinuteNumber) {
        if let Some(last) = self.last {
            if self.slot_of(last) != self.slot_of(minute) || minute.0 - last.0 >= self.slot_length()
            {
                let kept = &mut self.slots[self.settings.slot_index(last)];
                if self.filling.len() * 2 >= self.settings.slot as usize {
                    kept.push_back(rounded(midmean(&mut self.filling)));
                }
                while kept.len() > self.settings.seasons_kept {
                    kept.pop_front();
                }
                self.filling.clear();
                self.sigmas = self.measure();
            }
            if minute.0 - last.0 > self.slot_length() {
                self.recent.clear();
            }
        }
        self.last = Some(minute);
    }

    fn slot_length(&self) -> i64 {
        i64::from(self.settings.slot)
    }

    fn slot_of(&self, minute: MinuteNumber) -> i64 {
        minute.0.div_euclid(self.slot_length())
    }

    /// What was usual at this time of the season, between the middles of slots.
    fn baseline(&self, minute: MinuteNumber) -> Option<f64> {
        let slots = self.slots.len();
        let index = self.settings.slot_index(minute);
        let within = minute.0.rem_euclid(self.slot_length()) as f64 + 0.5;
        let position = within / f64::from(self.settings.slot) - 0.5;
        let neighbour =
            if position < 0.0 { (index + slots - 1) % slots } else { (index + 1) % slots };
        let (own, other) = (self.smooth(index)?, self.smooth(neighbour)?);
        Some(own + (other - own) * position.abs())
    }

    /// A slot's usual value, with a half of its neighbours'.
    fn smooth(&self, index: usize) -> Option<f64> {
        let slots = self.slots.len();
        let usual = |index: usize| {
            let kept = &self.slots[index];
            (kept.len() >= self.settings.seasons_needed).then(|| recent_median(kept))
        };
        let own = usual(index)?;
        let before = usual((index + slots - 1) % slots).unwrap_or(own);
        let after = usual((index + 1) % slots).unwrap_or(own);
        Some((before + 2.0 * own + after) / 4.0)
    }

    /// Goes by the first window, whose averages vary less than its minutes do.
    fn deviation_max(&self) -> f64 {
        let first = self.settings.scales.first().zip(self.sigmas.first().copied().flatten());
        first.map_or(f64::MAX, |((length, _), sigma)| {
            DEVIATION_MAX * sigma * f64::from(*length).sqrt()
        })
    }

    /// The average deviation of each window; none of windows that are not full.
    fn averages(&self) -> Vec<Option<f64>> {
        let average = |&(length, _): &(u32, f64)| {
            let length = length as usize;
            let full = self.recent.len() >= length;
            let sum =
                || self.recent.iter().rev().take(length).map(|it| f64::from(*it)).sum::<f64>();
            full.then(|| sum() / length as f64)
        };
        self.settings.scales.iter().map(average).collect()
    }

    fn measure(&self) -> Vec<Option<f64>> {
        let sigma = |(spread, (length, _)): (&Sketch, &(u32, f64))| {
            let median = spread.quantile(500).filter(|_| spread.count() >= SPREADS_NEEDED)?;
            let least = SPREAD_MIN / f64::from(*length).sqrt();
            Some((median as f64 / SPREAD_UNIT * MAD_TO_SIGMA).max(least))
        };
        self.spreads.iter().zip(&self.settings.scales).map(sigma).collect()
    }

    /// Of the window that is nearest to, or furthest beyond, its threshold: which part of the
    /// threshold, how many robust standard deviations, and its length.
    fn worst(&self, averages: &[Option<f64>]) -> (f64, f64, u32) {
        let mut worst = (0.0, 0.0, 1);
        for ((average, sigma), (length, threshold)) in
            averages.iter().zip(&self.sigmas).zip(&self.settings.scales)
        {
            let (Some(average), Some(sigma)) = (average, sigma) else {
                continue;
            };
            let sigmas = average / sigma;
            let part = sigmas.abs() / threshold;
            if part > worst.0 {
                worst = (part, sigmas, *length);
            }
        }
        worst
    }

    fn judge(&mut self, minute: MinuteNumber, part: f64) -> Option<AlarmChange> {
        match &mut self.alarm {
            None if part >= 1.0 => {
                self.alarm = Some((minute, 0));
                Some(AlarmChange::Raised)
            }
            None => None,
            Some((_, calm)) => {
                *calm = if part < CALM { *calm + 1 } else { 0 };
                if *calm < self.settings.calm {
                    return None;
                }
                self.alarm = None;
                Some(AlarmChange::Ended)
            }
        }
    }

    /// What is unusual teaches nothing, unless it lasts.
    fn learn(&mut self, minute: MinuteNumber, deviation: f64, averages: &[Option<f64>]) {
        let lasting = |since: MinuteNumber| minute.0 - since.0 >= ALARM_LEARNED_AFTER;
        if self.alarm.is_none_or(|(since, _)| lasting(since)) {
            self.level += deviation * (1.0 - 0.5_f64.powf(1.0 / LEVEL_HALF_LIFE));
        }
        if self.alarm.is_some() {
            return;
        }
        for (spread, average) in self.spreads.iter_mut().zip(averages) {
            if let Some(average) = average {
                spread.add((average.abs() * SPREAD_UNIT) as u64);
            }
        }
        if minute.0.rem_euclid(SPREAD_HALF_LIFE) == 0 {
            self.spreads.iter_mut().for_each(Sketch::halve);
        }
    }
}

impl DetectorSettings {
    fn slot_index(&self, minute: MinuteNumber) -> usize {
        (minute.0.rem_euclid(i64::from(self.season)) / i64::from(self.slot)) as usize
    }
}

/// A count whose spread grows with its size, as one whose spread does not. Source: Anscombe, 1948.
fn stabilised(value: f64) -> f64 {
    2.0 * (value.max(0.0) + 0.375).sqrt()
}

fn original(stable: f64) -> f64 {
    ((stable.max(0.0) / 2.0).powi(2) - 0.375).max(0.0)
}

/// Two digits are enough, and short in JSON.
fn rounded(value: f64) -> f32 {
    ((value * 100.0).round() / 100.0) as f32
}

/// The mean of the middle half: nearly as steady as a mean, and nearly as robust as a median.
fn midmean(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let cut = values.len() / 4;
    let middle = &values[cut..values.len() - cut];
    middle.iter().sum::<f64>() / middle.len() as f64
}

/// The median over the seasons, in which the newest one counts twice.
fn recent_median(seasons: &VecDeque<f32>) -> f64 {
    let mut values: Vec<f32> = seasons.iter().chain(seasons.back()).copied().collect();
    values.sort_by(f32::total_cmp);
    let middle = values.len() / 2;
    let upper = f64::from(values[middle]);
    if values.len() % 2 == 1 { upper } else { f64::midpoint(upper, f64::from(values[middle - 1])) }
}

#[cfg(test)]
mod tests;
