//! CloudWatch's state in one account and region: metrics with their samples, alarms, dashboards.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::alarm::{Alarms, StateValue};
use super::dashboard::Dashboards;
use super::held::Held;
use super::metric::MetricId;
use super::reading::{Totals, Values};
use super::series::{Point, Range, Series};
use super::statistic::Statistic;
use super::summary::Summary;
use super::unit::Unit;
use crate::kernel::{Arn, Context, Feed, Minutes, pairs};
use crate::wire::Timestamp;

/// How finely samples are kept at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolution {
    /// By the minute.
    #[default]
    Standard,
    /// By the second.
    High,
}

impl Resolution {
    fn seconds(self) -> i64 {
        match self {
            Self::Standard => 60,
            Self::High => 1,
        }
    }
}

/// Samples of one metric that belong to one point in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub at: Timestamp,
    pub unit: Unit,
    pub resolution: Resolution,
    pub summary: Summary,
}

/// All metrics, alarms and dashboards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CloudWatch {
    #[serde(with = "pairs")]
    pub(super) metrics: BTreeMap<MetricId, Series>,
    pub(super) alarms: Alarms,
    pub(super) dashboards: Dashboards,
    pub(super) held: Held,
}

impl CloudWatch {
    /// Adds samples to a metric, which exists from then on. The one way in, for requests and for
    /// services that report about themselves.
    pub(super) fn put(&mut self, ctx: &mut Context<'_>, metric: MetricId, sample: &Sample) {
        let now = ctx.now();
        self.alarms.notice(ctx, &metric);
        let series = self.metrics.entry(metric).or_insert_with(|| Series::new(now));
        let new = (sample.unit, &sample.summary);
        series.add(now, sample.at.seconds(), sample.resolution.seconds(), new);
    }

    /// Adds one value for each of the minutes from `at` on.
    pub(super) fn put_minutes(
        &mut self,
        ctx: &mut Context<'_>,
        metric: MetricId,
        (at, unit): (Timestamp, Unit),
        minutes: &Minutes,
    ) {
        let now = ctx.now();
        self.alarms.notice(ctx, &metric);
        let series = self.metrics.entry(metric).or_insert_with(|| Series::new(now));
        series.add_minutes(now, at.seconds(), unit, minutes);
    }

    /// A resource whose metrics have the dimension will report again.
    pub(super) fn expect_data(
        &mut self,
        ctx: &mut Context<'_>,
        namespace: &str,
        dimension: (&str, &str),
    ) {
        self.alarms.expect_data(ctx, namespace, dimension);
    }

    /// The state of an alarm and why it has it.
    pub fn alarm_state(&self, name: &str) -> Option<(StateValue, &str)> {
        let state = &self.alarms.get(name)?.state;
        Some((state.value, &state.reason))
    }

    /// The alarms that have an action on `to`.
    pub fn feeding(&self, to: &Arn) -> Vec<Feed> {
        self.alarms.feeding(to)
    }

    /// The points of a metric that have samples, by time and unit.
    pub fn points(&mut self, now: Timestamp, metric: &MetricId, range: Range) -> Vec<Point> {
        let Some(series) = self.metrics.get_mut(metric) else {
            return Vec::new();
        };
        series.age(now);
        series.points(range)
    }

    /// A statistic of a metric, period by period.
    pub(super) fn values(
        &mut self,
        now: Timestamp,
        metric: &MetricId,
        range: Range,
        statistic: &Statistic,
    ) -> Values {
        let Some(series) = self.metrics.get_mut(metric) else {
            return Values::default();
        };
        series.age(now);
        Values::read(series, range, statistic)
    }

    /// Count, sum and extremes of a metric's samples of all units, period by period.
    pub(super) fn totals(
        &mut self,
        now: Timestamp,
        metric: &MetricId,
        range: Range,
    ) -> Vec<(i64, Totals)> {
        let Some(series) = self.metrics.get_mut(metric) else {
            return Vec::new();
        };
        series.age(now);
        Totals::read(series, range)
    }

    /// The metrics behind `after` that had samples reported since `since`, in order.
    pub(super) fn reported_since<'a>(
        &'a self,
        since: Timestamp,
        after: Option<&'a MetricId>,
    ) -> impl Iterator<Item = &'a MetricId> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.metrics
            .range::<MetricId, _>((from, Bound::Unbounded))
            .filter(move |(_, series)| series.reported >= since)
            .map(|(metric, _)| metric)
    }

    /// Forgets metrics whose last sample is beyond retention.
    pub(super) fn forget_expired(&mut self, now: Timestamp) {
        self.metrics.retain(|_, series| {
            series.age(now);
            !series.is_empty()
        });
    }
}
