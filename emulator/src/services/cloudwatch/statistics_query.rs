//! What a request for statistics asks for, checked: its range, aligned as AWS aligns it, and its
//! extended statistics.

use std::time::Duration;

use super::error::CloudWatchError;
use super::findings::{Findings, Path};
use super::metric::{NAME_MAX, check_dimensions, check_namespace};
use super::operations::get_metric_statistics::Request;
use super::series::Range;
use super::statistic::Statistic;
use super::unit::Unit;
use crate::wire::Timestamp;

/// Most points of one answer.
const POINTS_MAX: i64 = 1440;
const EXTENDED_MAX: usize = 10;
/// Periods below a minute, which only high-resolution metrics have.
const SHORT_PERIODS: [i64; 5] = [1, 5, 10, 20, 30];
/// In the order in which AWS was seen to list them.
const STATISTICS: [&str; 5] = ["Minimum", "Maximum", "Average", "SampleCount", "Sum"];
const DAY: u64 = 86_400;

/// A checked request.
pub(super) struct StatisticsQuery {
    pub(super) range: Range,
    /// With the names by which they were asked for.
    pub(super) extended: Vec<(String, Statistic)>,
}

impl StatisticsQuery {
    /// Checks everything in a request.
    ///
    /// # Errors
    /// What is wrong, in AWS's words.
    pub(super) fn of(request: &Request, now: Timestamp) -> Result<Self, CloudWatchError> {
        let mut findings = Findings::default();
        check_namespace(&mut findings, request.namespace.as_deref());
        findings.text(Path::of("MetricName"), request.metric_name.as_deref(), NAME_MAX);
        let dimensions = request.dimensions.as_deref().unwrap_or_default();
        check_dimensions(&mut findings, Path::of("Dimensions"), dimensions);
        check_statistics(&mut findings, request);
        let extended = extended(&mut findings, request);
        let unit = request.unit.as_deref().map(Unit::parse);
        if unit == Some(None) {
            findings.one_of(Path::of("Unit"), Unit::all());
        }
        let range = range(&mut findings, request, unit.flatten(), now);
        findings.done()?;
        Ok(Self { range: range.expect("a request without a range has findings"), extended })
    }
}

fn check_statistics(findings: &mut Findings, request: &Request) {
    let statistics = request.statistics.as_deref().unwrap_or_default();
    let extended = request.extended_statistics.as_deref().unwrap_or_default();
    if statistics.is_empty() && extended.is_empty() {
        // Unverified: the text.
        findings.missing(
            "At least one of the parameters Statistics and ExtendedStatistics must be specified.",
        );
    }
    for (number, statistic) in (1..).zip(statistics) {
        if !STATISTICS.contains(&statistic.as_str()) {
            findings.one_of(Path::of("Statistics").item(number), &STATISTICS);
        }
    }
}

fn extended(findings: &mut Findings, request: &Request) -> Vec<(String, Statistic)> {
    let extended = request.extended_statistics.as_deref().unwrap_or_default();
    findings.size(Path::of("ExtendedStatistics"), extended.len(), EXTENDED_MAX);
    let mut all = Vec::new();
    for (number, text) in (1..).zip(extended) {
        match Statistic::parse(text).filter(|statistic| !statistic.is_simple()) {
            Some(statistic) => all.push((text.clone(), statistic)),
            None => findings.invalid(text, Path::of("ExtendedStatistics").item(number)),
        }
    }
    all
}

/// The aligned range; `None` only with findings.
fn range(
    findings: &mut Findings,
    request: &Request,
    unit: Option<Unit>,
    now: Timestamp,
) -> Option<Range> {
    for (name, missing) in [
        ("StartTime", request.start_time.is_none()),
        ("EndTime", request.end_time.is_none()),
        ("Period", request.period.is_none()),
    ] {
        if missing {
            findings.required(Path::of(name));
        }
    }
    let (start, end) = (request.start_time?, request.end_time?);
    let period = i64::from(request.period?);
    // Unverified: the texts for a start behind the end and for wrong periods.
    if period < 1 {
        findings.value("The parameter Period must be greater than or equal to 1.");
        return None;
    }
    if period % 60 != 0 && !SHORT_PERIODS.contains(&period) {
        findings.value("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.");
    }
    if start == end {
        findings.value("The parameter StartTime must not equal parameter EndTime.");
    } else if start > end {
        findings.value("The parameter StartTime must be less than the parameter EndTime.");
    }
    let span = end.millis().saturating_sub(start.millis());
    let points = span.max(0).saturating_add(period * 1000 - 1) / (period * 1000);
    if points > POINTS_MAX {
        findings.combination(format!(
            "You have requested up to {points} datapoints, which exceeds the limit of \
             {POINTS_MAX}. You may reduce the datapoints requested by increasing Period, or \
             decreasing the time range."
        ));
    }
    let start = start.seconds();
    Some(Range {
        start: start - start.rem_euclid(alignment(request.start_time?, period, now)),
        // Part of a second at the end counts.
        end: end.millis().div_euclid(1000) + i64::from(end.millis().rem_euclid(1000) > 0),
        period,
        unit,
    })
}

/// The seconds to which a start is rounded down: coarser the older it is.
pub(super) fn alignment(start: Timestamp, period: i64, now: Timestamp) -> i64 {
    let age = now.since(start);
    match () {
        () if period < 60 => period,
        () if age < Duration::from_secs(15 * DAY) => 60,
        () if age < Duration::from_secs(63 * DAY) => 300,
        () => 3600,
    }
}
