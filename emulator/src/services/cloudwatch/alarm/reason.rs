//! Why an alarm has its state, in AWS's sentences and as JSON.
//!
//! Source: answers recorded on AWS, 2024-01-03 and 2025-09-19; user guide "Alarm events and
//! EventBridge". Texts for a mixture of values and missing data are Unverified.

use serde::Serialize;
use serde_with::skip_serializing_none;

use super::evaluation::Verdict;
use super::rule::{Datapoint, MissingData, Rule, Source};
use super::state::StateValue;
use crate::wire::Timestamp;

/// The reason of an alarm that was never evaluated.
pub(super) const INITIAL: &str = "Unchecked: Initial alarm creation";

/// A verdict with what it was found from.
pub(super) struct Evidence<'a> {
    pub(super) rule: &'a Rule,
    /// How `Statistic` or `ExtendedStatistic` was given.
    pub(super) statistic: &'a str,
    pub(super) state: StateValue,
    pub(super) verdict: &'a Verdict,
    /// When it was evaluated: the end of the latest period.
    pub(super) end: Timestamp,
    pub(super) now: Timestamp,
}

#[skip_serializing_none]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReasonData<'a> {
    version: &'a str,
    query_date: String,
    start_date: Option<String>,
    unit: Option<&'a str>,
    statistic: Option<&'a str>,
    period: i64,
    recent_datapoints: Vec<f64>,
    recent_lower_thresholds: Option<Vec<f64>>,
    recent_upper_thresholds: Option<Vec<f64>>,
    threshold: Option<f64>,
    evaluated_datapoints: Vec<EvaluatedDatapoint>,
}

#[skip_serializing_none]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EvaluatedDatapoint {
    timestamp: String,
    sample_count: Option<f64>,
    value: Option<f64>,
}

impl Evidence<'_> {
    /// The start of the period that lies `age` periods back.
    fn start(&self, age: usize) -> Timestamp {
        let millis = self.rule.period * 1000 * (age as i64 + 1);
        Timestamp::from_millis(self.end.millis() - millis)
    }

    /// `StateReason`.
    pub(super) fn sentence(&self) -> String {
        let Self { rule, state, verdict, .. } = self;
        let missing = verdict.missing();
        if *state == StateValue::InsufficientData {
            let was = count(missing, "datapoint was", "datapoints were");
            return format!("Insufficient Data: {was} unknown.");
        }
        let alarm = *state == StateValue::Alarm;
        let is_shown = |(_, it): &(usize, Datapoint)| rule.breaches(it) == alarm;
        let shown: Vec<_> = verdict.present().filter(is_shown).collect();
        let treated = self.treated(missing);
        if shown.is_empty() {
            let periods = count(missing, "period", "periods");
            return match verdict.present().next() {
                None => format!(
                    "Threshold Crossed: no datapoints were received for {periods} and {treated}."
                ),
                Some(_) => format!("Threshold Crossed: {treated}."),
            };
        }
        let treated = if treated.is_empty() { treated } else { format!(" and {treated}") };
        let value = |(age, it): &(usize, Datapoint)| {
            format!("{:?} ({})", it.value, self.start(*age).day_month_year())
        };
        let values: Vec<String> = shown.iter().map(value).collect();
        let (values, verb) = (values.join(", "), if shown.len() == 1 { "was" } else { "were" });
        let not = if alarm { "" } else { "not " };
        let words = rule.comparison.words();
        let limit = match rule.comparison.is_with_band() {
            true => bands(&shown),
            false => format!(" the threshold ({:?})", rule.threshold),
        };
        let how = format!("[{values}] {verb} {not}{words}{limit}{treated}");
        let periods = rule.evaluation_periods;
        if rule.datapoints_to_alarm.is_none() {
            let datapoints = count(shown.len(), "datapoint", "datapoints");
            return format!("Threshold Crossed: {datapoints} {how}.");
        }
        let (transition, enough) = match alarm {
            true => ("OK -> ALARM", rule.needed()),
            false => ("ALARM -> OK", periods - rule.needed() + 1),
        };
        let enough = count(enough, "datapoint", "datapoints");
        let shown = shown.len();
        format!(
            "Threshold Crossed: {shown} out of the last {periods} datapoints {how} (minimum \
             {enough} for {transition} transition)."
        )
    }

    /// `2 missing datapoints were treated as [Breaching]`; empty where nothing was filled in.
    fn treated(&self, missing: usize) -> String {
        let kind = match self.rule.missing_data {
            MissingData::Breaching => "Breaching",
            MissingData::NotBreaching => "NonBreaching",
            MissingData::Missing | MissingData::Ignore => return String::new(),
        };
        if missing == 0 {
            return String::new();
        }
        let were = count(missing, "missing datapoint was", "missing datapoints were");
        format!("{were} treated as [{kind}]")
    }

    /// `StateReasonData`.
    pub(super) fn data(&self) -> String {
        let Self { rule, verdict, .. } = self;
        let oldest_first: Vec<_> = verdict.present().rev().collect();
        let with_band = rule.comparison.is_with_band();
        let limits = |pick: fn((f64, f64)) -> f64| {
            oldest_first.iter().filter_map(|(_, it)| it.band.map(pick)).collect()
        };
        let data = ReasonData {
            version: "1.0",
            query_date: self.now.iso_offset(),
            start_date: oldest_first.first().map(|(age, _)| self.start(*age).iso_offset()),
            unit: match &rule.source {
                Source::Metric(of) => of.unit.map(|unit| unit.as_str()),
                Source::Queries(_) => None,
            },
            statistic: Some(self.statistic).filter(|statistic| !statistic.is_empty()),
            period: rule.period,
            recent_datapoints: oldest_first.iter().map(|(_, it)| it.value).collect(),
            recent_lower_thresholds: with_band.then(|| limits(|(lower, _)| lower)),
            recent_upper_thresholds: with_band.then(|| limits(|(_, upper)| upper)),
            threshold: (!with_band).then_some(rule.threshold),
            evaluated_datapoints: self.evaluated(),
        };
        serde_json::to_string(&data).expect("text and numbers have a form in JSON")
    }

    /// The periods from the latest to the one that decided.
    fn evaluated(&self) -> Vec<EvaluatedDatapoint> {
        let Self { rule, verdict, .. } = self;
        let mut left = match self.state {
            StateValue::Alarm => rule.needed(),
            StateValue::Ok => rule.evaluation_periods - rule.needed() + 1,
            StateValue::InsufficientData => usize::MAX,
        };
        let decides = |it: &Option<Datapoint>| match (it, self.state) {
            (_, StateValue::InsufficientData) => false,
            (Some(it), state) => rule.breaches(it) == (state == StateValue::Alarm),
            (None, StateValue::Alarm) => rule.missing_data == MissingData::Breaching,
            (None, _) => rule.missing_data == MissingData::NotBreaching,
        };
        let undecided = |(_, it): &&(usize, Option<Datapoint>)| {
            let goes_on = left > 0;
            left = left.saturating_sub(usize::from(decides(it)));
            goes_on
        };
        let shown = |(age, it): &(usize, Option<Datapoint>)| EvaluatedDatapoint {
            timestamp: self.start(*age).iso_offset(),
            sample_count: it.and_then(|it| it.sample_count),
            value: it.map(|it| it.value),
        };
        verdict.considered.iter().take_while(undecided).map(shown).collect()
    }
}

/// The thresholds of the values that are shown.
fn bands(shown: &[(usize, Datapoint)]) -> String {
    let bands = shown.iter().filter_map(|(_, it)| it.band);
    let texts: Vec<String> = bands.map(|(low, high)| format!("{low:?} to {high:?}")).collect();
    format!(" [{}]", texts.join(", "))
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
