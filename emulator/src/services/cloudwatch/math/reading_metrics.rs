//! How queries come to the samples: single metrics, searches, Metrics Insights.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::error::MathError;
use super::evaluation::{Evaluator, Message};
use super::insights::{SERIES_MAX, Select};
use super::queries::{MetricQuestion, Query};
use super::search::Search;
use super::value::{Source, TimeSeries, Value};
use crate::services::cloudwatch::metric::MetricId;
use crate::services::cloudwatch::reading::Totals;
use crate::services::cloudwatch::statistic::Statistic;
use crate::services::cloudwatch::unit::Unit;

/// For how long a metric without new samples is found.
const FOUND: Duration = Duration::from_secs(14 * 86_400);
/// Most series of one search.
///
/// Source: user guide "CloudWatch search expression syntax".
const FOUND_MAX: usize = 500;
/// Most metrics that a query of Metrics Insights looks at.
const MATCHED_MAX: usize = 10_000;

impl Evaluator<'_, '_> {
    pub(super) fn metric(
        &mut self,
        id: &str,
        question: &MetricQuestion,
    ) -> Result<TimeSeries, MathError> {
        let MetricQuestion { metric, period, statistic, statistic_name, unit } = question;
        let of = (metric, statistic, statistic_name.as_str());
        let (series, units) = self.read(of, *period, *unit)?;
        if unit.is_none() && units.len() > 1 {
            let names: Vec<&str> = units.iter().map(|unit| unit.as_str()).collect();
            let value = format!("Multiple units returned: '[{}]'", names.join(", "));
            let message = Message { code: "MultipleUnits", value };
            self.notes.entry(id.to_owned()).or_default().push(message);
        }
        Ok(series)
    }

    fn read(
        &mut self,
        (metric, statistic, statistic_name): (&MetricId, &Statistic, &str),
        period: i64,
        unit: Option<Unit>,
    ) -> Result<(TimeSeries, Vec<Unit>), MathError> {
        let now = self.asked.now;
        let range = self.window.range(now, period, unit);
        let values = self.cloudwatch.values(now, metric, range, statistic);
        self.spend(values.points.len() + 1)?;
        let source = Source { metric: metric.clone(), statistic: statistic_name.to_owned() };
        let series = TimeSeries {
            label: metric.name().to_owned(),
            period,
            points: values.points,
            source: Some(Arc::new(source)),
        };
        Ok((series, values.units))
    }

    /// The metrics of the last two weeks for which `is` says so, at most `max`, and whether there
    /// were more. Each is compared with so many `words`.
    fn found(
        &mut self,
        is: impl Fn(&MetricId) -> bool,
        (max, words): (usize, usize),
    ) -> Result<(Vec<MetricId>, bool), MathError> {
        self.spend(self.cloudwatch.metrics.len().saturating_mul(words))?;
        let mut all = self.cloudwatch.reported_since(self.asked.now - FOUND, None);
        let found: Vec<MetricId> =
            all.by_ref().filter(|metric| is(metric)).take(max).cloned().collect();
        let more = all.any(is);
        Ok((found, more))
    }

    /// The series of a search, in the order of their metrics.
    pub(super) fn search(
        &mut self,
        search: &Search,
        statistic: (&Statistic, &str),
        period: i64,
    ) -> Result<Value, MathError> {
        let account = self.asked.account;
        let bounds = (FOUND_MAX, search.words);
        let (found, more) = self.found(|metric| search.finds(metric, account), bounds)?;
        if more {
            let value = format!("A search returned more than {FOUND_MAX} metrics.");
            self.note(Message { code: "MaxMetricsExceeded", value });
        }
        let labels = distinguishing(&found);
        let mut all = Vec::with_capacity(found.len());
        for (metric, label) in found.iter().zip(labels) {
            let of = (metric, statistic.0, statistic.1);
            let (series, _units) = self.read(of, period, None)?;
            all.push(TimeSeries { label, ..series });
        }
        Ok(Value::Array(all))
    }

    fn note(&mut self, message: Message) {
        if !self.messages.contains(&message) {
            self.messages.push(message);
        }
    }

    /// The series of a query of Metrics Insights.
    pub(super) fn select(&mut self, select: &Select, query: &Query) -> Result<Value, MathError> {
        let period = self.own_period(query);
        let now = self.asked.now;
        let (found, more) =
            self.found(|metric| select.matches(metric), (MATCHED_MAX, select.words()))?;
        if more {
            let value = format!("The query matched more than {MATCHED_MAX} metrics.");
            self.note(Message { code: "MaxMatchingResultsExceeded", value });
        }
        let range = self.window.range(now, period, None);
        let mut groups = BTreeMap::<Vec<String>, BTreeMap<i64, Totals>>::new();
        for metric in &found {
            let totals = self.cloudwatch.totals(now, metric, range);
            self.spend(totals.len() + 1)?;
            if totals.is_empty() {
                continue;
            }
            let group = groups.entry(select.group(metric)).or_default();
            for (at, totals) in totals {
                group.entry(at).and_modify(|known| known.merge(totals)).or_insert(totals);
            }
        }
        let series = |(group, totals): (Vec<String>, BTreeMap<i64, Totals>)| {
            let points = totals.iter().map(|(at, totals)| (*at, select.function.of_totals(totals)));
            let points = points.filter(|(_, value)| value.is_finite()).collect();
            let metric = select.dimensions(&group);
            let source = Source { metric, statistic: select.function.word().to_owned() };
            let source = select.is_grouped().then(|| Arc::new(source));
            TimeSeries { label: group.join(" "), period, points, source }
        };
        let mut all: Vec<TimeSeries> = groups.into_iter().map(series).collect();
        if let Some(order) = select.order {
            let key = |series: &TimeSeries| order.by.of_values(series.values());
            all.sort_by(|left, right| {
                let order_of = key(left).total_cmp(&key(right));
                if order.descending { order_of.reverse() } else { order_of }
            });
        }
        if all.len() > select.limit && select.limit == SERIES_MAX {
            let value = format!("Only the first {SERIES_MAX} time series are returned.");
            self.note(Message { code: "MaxQueryResultsExceeded", value });
        }
        all.truncate(select.limit);
        Ok(match select.is_grouped() {
            true => Value::Array(all),
            // Nothing that matches is a series without points.
            false => {
                Value::Series(all.pop().unwrap_or(TimeSeries { period, ..TimeSeries::default() }))
            }
        })
    }
}

/// What tells metrics apart: the values of dimensions that differ, and the name if it differs or
/// nothing else does.
///
/// Unverified: how AWS makes default labels of what a search finds.
fn distinguishing(found: &[MetricId]) -> Vec<String> {
    let Some((first, rest)) = found.split_first() else { return Vec::new() };
    let value = |metric: &MetricId, name: &str| {
        let mut dimensions = metric.dimensions().iter();
        dimensions.find(|(of, _)| of == name).map(|(_, value)| value.clone())
    };
    let names_differ = rest.iter().any(|metric| metric.name() != first.name());
    let namespaces_differ = rest.iter().any(|metric| metric.namespace() != first.namespace());
    let mut names: Vec<&String> =
        found.iter().flat_map(|metric| metric.dimensions().iter().map(|(name, _)| name)).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| rest.iter().any(|metric| value(metric, name) != value(first, name)));
    let label = |metric: &MetricId| {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(namespaces_differ.then(|| metric.namespace().to_owned()));
        parts.extend(names.iter().filter_map(|name| value(metric, name)));
        if names_differ || parts.is_empty() {
            parts.push(metric.name().to_owned());
        }
        parts.join(" ")
    };
    found.iter().map(label).collect()
}
