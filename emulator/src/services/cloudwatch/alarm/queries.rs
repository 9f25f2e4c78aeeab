//! Alarms on queries: metric math, and bands of anomaly detection.
//!
//! Knows queries by their ids; what they come to is `math`'s.
//!
//! Source: API reference "PutMetricAlarm"; user guide "Create a CloudWatch alarm based on a metric
//! math expression", "… on anomaly detection". Unverified: the texts of errors, but those on how
//! many elements return data.

use std::collections::BTreeMap;

use super::contributors::Attributes;
use super::rule::{Datapoint, Queries};
use super::shapes::{MetricAlarm, MetricDataQuery};
use crate::kernel::Context;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::math::{self, Asked, Evaluated, Window};
use crate::services::cloudwatch::metric::MetricId;
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

/// Most queries of an alarm, and most of each kind.
const QUERIES_MAX: usize = 20;
const KIND_MAX: usize = 10;

type Checked<T> = Result<T, CloudWatchError>;

fn invalid<T>(text: impl Into<String>) -> Checked<T> {
    Err(CloudWatchError::Validation(text.into()))
}

/// What an alarm on several metrics watches, and the seconds of its period.
///
/// # Errors
/// `ValidationError`.
pub(super) fn checked_queries(
    ctx: &Context<'_>,
    cloudwatch: &mut CloudWatch,
    config: &MetricAlarm,
) -> Checked<(Queries, i64)> {
    let all = config.metrics.clone().unwrap_or_default();
    let expressions = all.iter().filter(|query| query.expression.is_some()).count();
    if all.len() > QUERIES_MAX || expressions > KIND_MAX || all.len() - expressions > KIND_MAX {
        return invalid(format!(
            "The list of Metrics can have {KIND_MAX} metrics and {KIND_MAX} expressions at most."
        ));
    }
    let searches = |query: &MetricDataQuery| {
        let expression = query.expression.as_deref().unwrap_or_default();
        let mut calls = expression.split("SEARCH").skip(1);
        calls.any(|after| after.trim_start().starts_with('('))
    };
    if all.iter().any(searches) {
        return invalid("Invalid metrics list: SEARCH is not supported on Metric Alarms.");
    }
    if let Some(query) = all.iter().find(|query| query.account_id.is_some()) {
        let id = query.id.as_deref().unwrap_or_default();
        return invalid(format!("AccountId of {id} is not supported without linked accounts."));
    }
    let band = config.threshold_metric_id.clone();
    let watched = watched(&all, band.as_deref())?;
    // Whatever is wrong with a query is told by whoever evaluates it.
    evaluate(ctx, cloudwatch, &all, (ctx.now().seconds() - 60, ctx.now()))?;
    let period = period(&all, &watched);
    let metrics = all.iter().filter_map(metric_of).collect();
    Ok((Queries { all, watched, band, metrics }, period))
}

/// The id of the query whose data the alarm watches.
fn watched(all: &[MetricDataQuery], band: Option<&str>) -> Checked<String> {
    let returned = all.iter().filter(|query| query.return_data.unwrap_or(true));
    let ids: Vec<&str> = returned.filter_map(|query| query.id.as_deref()).collect();
    let Some(band) = band else {
        return match ids[..] {
            [id] => Ok(id.to_owned()),
            _ => invalid("Exactly one element of the metrics list should return data."),
        };
    };
    let is_band = |query: &MetricDataQuery| {
        query.id.as_deref() == Some(band)
            && query.expression.as_deref().is_some_and(|it| it.contains("ANOMALY_DETECTION_BAND"))
    };
    if !all.iter().any(is_band) {
        return invalid(format!(
            "ThresholdMetricId {band} must be the id of an ANOMALY_DETECTION_BAND expression."
        ));
    }
    let others: Vec<&str> = ids.iter().copied().filter(|id| *id != band).collect();
    match (others[..].as_ref(), ids.len()) {
        ([id], 2) => Ok((*id).to_owned()),
        _ => invalid("Exactly two elements of the metrics list should return data."),
    }
}

/// The period of a query: its own, or the longest of the metrics.
fn period(all: &[MetricDataQuery], id: &str) -> i64 {
    let own = |query: &MetricDataQuery| {
        query.metric_stat.as_ref().and_then(|stat| stat.period).or(query.period)
    };
    let watched = all.iter().find(|query| query.id.as_deref() == Some(id)).and_then(own);
    let period = watched.or_else(|| all.iter().filter_map(own).max());
    period.map_or(60, i64::from)
}

fn metric_of(query: &MetricDataQuery) -> Option<MetricId> {
    if let Some(expression) = &query.expression {
        return math::selected(expression).map(|(metrics, _)| metrics);
    }
    let metric = query.metric_stat.as_ref()?.metric.clone()?;
    let namespace = metric.namespace.as_deref().unwrap_or_default();
    let dimensions = metric.dimensions.unwrap_or_default();
    Some(MetricId::requested(namespace, metric.metric_name.unwrap_or_default(), dimensions))
}

/// The time series that queries come to, by id.
fn evaluate(
    ctx: &Context<'_>,
    cloudwatch: &mut CloudWatch,
    all: &[MetricDataQuery],
    (start, end): (i64, Timestamp),
) -> Checked<Vec<Evaluated>> {
    let (now, account, region) = (ctx.now(), ctx.account(), ctx.region());
    let asked = Asked { now, account, region, timezone_minutes: 0 };
    let window = Window { start: Timestamp::from_millis(start * 1000), end };
    Ok(math::evaluate(cloudwatch, all, "Metrics", (&asked, window))?.results)
}

impl Queries {
    /// Whether a query of Metrics Insights makes several series, each of which is watched.
    pub(super) fn is_of_several(&self) -> bool {
        let mut watched = self.all.iter().filter(|query| query.id.as_ref() == Some(&self.watched));
        let expression = watched.next().and_then(|query| query.expression.as_deref());
        expression.and_then(math::selected).is_some_and(|(_, is_grouped)| is_grouped)
    }

    /// The values of each series of [`Queries::is_of_several`], with what tells it from the others.
    pub(super) fn several(
        &self,
        ctx: &Context<'_>,
        cloudwatch: &mut CloudWatch,
        range: (i64, Timestamp),
    ) -> Vec<(Attributes, Vec<(i64, Datapoint)>)> {
        let found = evaluate(ctx, cloudwatch, &self.all, range).unwrap_or_default();
        let watched = found.into_iter().filter(|it| it.id == self.watched);
        let points = |points: Vec<(i64, f64)>| {
            points.into_iter().map(|(at, value)| (at, Datapoint::new(value))).collect()
        };
        watched.map(|it| (it.attributes, points(it.points))).collect()
    }

    /// The values that are watched, with the seconds at which their periods begin. What cannot be
    /// computed has none.
    pub(super) fn datapoints(
        &self,
        ctx: &Context<'_>,
        cloudwatch: &mut CloudWatch,
        range: (i64, Timestamp),
    ) -> Vec<(i64, Datapoint)> {
        let found = evaluate(ctx, cloudwatch, &self.all, range).unwrap_or_default();
        let mut bands: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
        for band in found.iter().filter(|it| Some(&it.id) == self.band.as_ref()) {
            for (at, value) in &band.points {
                let band = bands.entry(*at).or_insert((f64::INFINITY, f64::NEG_INFINITY));
                *band = (band.0.min(*value), band.1.max(*value));
            }
        }
        let watched = found.iter().find(|it| it.id == self.watched);
        let points = watched.map(|it| it.points.as_slice()).unwrap_or_default();
        let datapoint = |(at, value): &(i64, f64)| {
            let band = bands.get(at).copied();
            // Where no band is known yet, nothing can be compared.
            let is_known = self.band.is_none() || band.is_some();
            is_known.then(|| (*at, Datapoint { band, ..Datapoint::new(*value) }))
        };
        points.iter().filter_map(datapoint).collect()
    }
}
