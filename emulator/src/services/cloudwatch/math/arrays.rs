//! The functions of metric math that choose among series.

use super::calls::Call;
use super::error::MathError;
use super::evaluation::Evaluator;
use super::functions::Aggregate;
use super::queries::{Query, Question};
use super::syntax::Expression;
use super::value::{TimeSeries, Value};

impl Evaluator<'_, '_> {
    /// FIRST, LAST
    pub(super) fn end(&mut self, call: &Call<'_>, query: &Query) -> Result<Value, MathError> {
        call.count(1, 1)?;
        let mut all = self.array(call, 0, query)?;
        let nothing = || TimeSeries { period: 60, ..TimeSeries::default() };
        let series = match call.function {
            "FIRST" => all.drain(..).next(),
            _ => all.pop(),
        };
        Ok(Value::Series(series.unwrap_or_else(nothing)))
    }

    /// METRICS: those of the request, or those whose id has the text in it.
    pub(super) fn metrics(&mut self, call: &Call<'_>) -> Result<Value, MathError> {
        call.count(0, 1)?;
        let part = match call.arguments {
            [] => "",
            [Expression::Text(part)] => part.as_str(),
            _ => return Err(call.wrong("argument 1 must be a string")),
        };
        let queries = self.queries.iter();
        let metrics = queries.filter(|query| matches!(query.question, Question::Metric(_)));
        let mut all = Vec::new();
        for query in metrics.filter(|query| query.id.contains(part)) {
            if let Some(Value::Series(series)) = self.values.get(&query.id) {
                all.push(series.clone());
            }
        }
        Ok(Value::Array(all))
    }

    /// SLICE: from a place on, or up to another.
    pub(super) fn slice(&mut self, call: &Call<'_>, query: &Query) -> Result<Value, MathError> {
        call.count(2, 3)?;
        let mut all = self.array(call, 0, query)?;
        let place = |number: f64| number.max(0.0) as usize;
        let end = match call.arguments.len() {
            2 => all.len(),
            _ => place(self.scalar(call, 2, query)?).min(all.len()),
        };
        let start = place(self.scalar(call, 1, query)?).min(end);
        all.truncate(end);
        Ok(Value::Array(all.split_off(start)))
    }

    /// SORT: by a number of each series; those without points come last.
    pub(super) fn sort(&mut self, call: &Call<'_>, query: &Query) -> Result<Value, MathError> {
        call.count(3, 4)?;
        let mut all = self.array(call, 0, query)?;
        let by = call.word(
            1,
            &[
                ("AVG", Aggregate::Average),
                ("MAX", Aggregate::Maximum),
                ("MIN", Aggregate::Minimum),
                ("SUM", Aggregate::Sum),
            ],
        )?;
        let descending = call.word(2, &[("ASC", false), ("DESC", true)])?;
        let limit = match call.arguments.len() {
            3 => all.len(),
            _ => self.scalar(call, 3, query)?.max(0.0) as usize,
        };
        all.sort_by_cached_key(|series| {
            let key = by.of(series.values());
            let key = if descending { -key } else { key };
            (series.points.is_empty(), Key(key))
        });
        all.truncate(limit);
        Ok(Value::Array(all))
    }

    /// TIME_SERIES: the same value all the time.
    pub(super) fn constant(&mut self, call: &Call<'_>, query: &Query) -> Result<Value, MathError> {
        call.count(1, 1)?;
        let value = self.scalar(call, 0, query)?;
        let period = self.own_period(query);
        let times = match value.is_finite() {
            true => self.times(period)?,
            false => Vec::new(),
        };
        let points = times.into_iter().map(|at| (at, value)).collect();
        Ok(Value::Series(TimeSeries { period, points, ..TimeSeries::default() }))
    }
}

/// A number that can be sorted by.
#[derive(PartialEq)]
struct Key(f64);

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
