//! The functions of metric math that read samples: `SEARCH` and `ANOMALY_DETECTION_BAND`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::band::{PERIODS_MAX, TRAINING, band};
use super::calls::Call;
use super::error::MathError;
use super::evaluation::Evaluator;
use super::queries::{Query, Question, checked_period};
use super::search::Search;
use super::syntax::Expression;
use super::value::{TimeSeries, Value};
use super::window::Window;
use crate::services::cloudwatch::statistic::Statistic;

/// Standard deviations of a band, unless the call says how many.
const DEVIATIONS: f64 = 2.0;

impl Evaluator<'_, '_> {
    /// SEARCH: what to find, the statistic, and the period unless the query has one.
    pub(super) fn search_call(
        &mut self,
        call: &Call<'_>,
        query: &Query,
    ) -> Result<Value, MathError> {
        call.count(2, 3)?;
        let [Expression::Text(text), Expression::Text(statistic), ..] = call.arguments else {
            return Err(call.wrong("the search and the statistic must be strings"));
        };
        let search = Search::parse(text)?;
        let Some(parsed) = Statistic::parse(statistic) else {
            return Err(call.wrong(format!("'{statistic}' is no statistic")));
        };
        let period = match call.arguments.len() {
            2 => self.own_period(query),
            _ => {
                let number = self.scalar(call, 2, query)?;
                let whole = number.fract() == 0.0 && number.abs() < f64::from(i32::MAX);
                let period = whole.then(|| checked_period(number as i32, "").ok()).flatten();
                period.ok_or_else(|| {
                    call.wrong("the period must be 1, 5, 10, 20, 30 or a multiple of 60")
                })?
            }
        };
        self.search(&search, (&parsed, statistic), period)
    }

    /// ANOMALY_DETECTION_BAND: the upper end and the lower end.
    pub(super) fn band(&mut self, call: &Call<'_>, query: &Query) -> Result<Value, MathError> {
        call.count(1, 2)?;
        let deviations = match call.arguments.len() {
            1 => DEVIATIONS,
            _ => self.scalar(call, 1, query)?,
        };
        if !(deviations > 0.0 && deviations.is_finite()) {
            return Err(call.wrong("the number of standard deviations must be greater than 0"));
        }
        let series = self.series(call, 0, query)?;
        let trained = self.trained(&call.arguments[0], series.period, query)?;
        let times = self.times(series.period)?;
        self.spend(trained.points.len() + 2 * times.len())?;
        let (upper, lower) = band(&trained, &times, deviations);
        let named = |points: Vec<(i64, f64)>, end: &str| {
            // Unverified: what AWS calls the two.
            let label = format!("{} (expected) {end}", series.label).trim_start().to_owned();
            TimeSeries { label, period: series.period, points, source: series.source.clone() }
        };
        Ok(Value::Array(vec![named(upper, "High"), named(lower, "Low")]))
    }

    /// The same expression over the time before as well.
    fn trained(
        &mut self,
        expression: &Expression,
        period: i64,
        query: &Query,
    ) -> Result<TimeSeries, MathError> {
        const NOT_IN_A_BAND: [&str; 3] = ["ANOMALY_DETECTION_BAND", "METRICS", "SEARCH"];
        let back = TRAINING.min(period.saturating_mul(PERIODS_MAX)).max(0);
        let start = self.window.start - Duration::from_secs(back.unsigned_abs());
        let mut earlier = Evaluator {
            cloudwatch: &mut *self.cloudwatch,
            queries: self.queries,
            order: self.order,
            asked: self.asked,
            window: Window { start, ..self.window },
            values: BTreeMap::new(),
            messages: Vec::new(),
            notes: BTreeMap::new(),
            work: self.work,
        };
        let needed = needed(self.queries, expression);
        let in_order = self.order.iter().map(|place| &self.queries[*place]);
        for other in in_order.filter(|other| needed.contains(&other.id)) {
            let value = match &other.question {
                Question::Metric(metric) => Value::Series(earlier.metric(&other.id, metric)?),
                Question::Math(inner) if inner.calls(&NOT_IN_A_BAND) => {
                    return Err(MathError::Arguments(
                        "ANOMALY_DETECTION_BAND".to_owned(),
                        format!("'{}' calls a function that a band cannot have", other.id),
                    ));
                }
                Question::Math(inner) => earlier.expression(inner, other)?,
                Question::Insights(select) => earlier.select(select, other)?,
            };
            earlier.values.insert(other.id.clone(), value);
        }
        if expression.calls(&NOT_IN_A_BAND) {
            return Err(MathError::Arguments(
                "ANOMALY_DETECTION_BAND".to_owned(),
                "it cannot have METRICS, SEARCH or another band in it".to_owned(),
            ));
        }
        let value = earlier.expression(expression, query)?;
        self.work = earlier.work;
        match value {
            Value::Series(series) => Ok(series),
            other => Err(MathError::NoSeries(other.kind())),
        }
    }
}

/// The ids on which an expression builds, directly or by others.
fn needed(queries: &[Query], expression: &Expression) -> BTreeSet<String> {
    let by_id: BTreeMap<&str, &Query> =
        queries.iter().map(|query| (query.id.as_str(), query)).collect();
    let mut names = Vec::new();
    expression.names(&mut names);
    let mut found = BTreeSet::new();
    while let Some(name) = names.pop() {
        let Some(query) = by_id.get(name.as_str()) else { continue };
        if found.insert(name)
            && let Question::Math(inner) = &query.question
        {
            inner.names(&mut names);
        }
    }
    found
}
