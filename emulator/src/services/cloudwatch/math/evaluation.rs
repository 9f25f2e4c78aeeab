//! Evaluates the queries of a request.
//!
//! Queries are taken in such an order that each finds those it refers to, so expressions that build
//! on one another nest no calls.

use std::collections::BTreeMap;

use super::error::MathError;
use super::labels::{filled, is_dynamic};
use super::queries::{self, Query, Question};
use super::syntax::Expression;
use super::value::{TimeSeries, Value, combine};
use super::window::{Asked, Window};
use crate::services::cloudwatch::alarm::MetricDataQuery;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::state::CloudWatch;

/// Most points that are read or computed for one request. It bounds memory and time: a day's
/// minutes of 500 metrics are a sixth of it.
const WORK_MAX: u64 = 4_000_000;

/// What all queries come to.
#[derive(Clone, Debug, Default)]
pub(in crate::services::cloudwatch) struct Evaluation {
    /// Those whose data is returned, in the order of the queries.
    pub(in crate::services::cloudwatch) results: Vec<Evaluated>,
    /// About the request as a whole.
    pub(in crate::services::cloudwatch) messages: Vec<Message>,
}

/// One series of an answer.
#[derive(Clone, Debug)]
pub(in crate::services::cloudwatch) struct Evaluated {
    /// Of the query; several series may have one.
    pub(in crate::services::cloudwatch) id: String,
    pub(in crate::services::cloudwatch) label: String,
    /// Seconds since 1970 and values, the oldest first.
    pub(in crate::services::cloudwatch) points: Vec<(i64, f64)>,
    pub(in crate::services::cloudwatch) messages: Vec<Message>,
    /// Dimensions that tell a series of Metrics Insights from the others of its query.
    pub(in crate::services::cloudwatch) attributes: Vec<(String, String)>,
}

/// What AWS has to say about an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::services::cloudwatch) struct Message {
    pub(in crate::services::cloudwatch) code: &'static str,
    pub(in crate::services::cloudwatch) value: String,
}

/// Evaluates queries; `path` names them in errors (`MetricDataQueries`).
///
/// # Errors
/// `ValidationError` about the first query that is wrong.
pub(in crate::services::cloudwatch) fn evaluate(
    cloudwatch: &mut CloudWatch,
    queries: &[MetricDataQuery],
    path: &str,
    (asked, window): (&Asked<'_>, Window),
) -> Result<Evaluation, CloudWatchError> {
    let queries = queries::checked(queries, path).map_err(CloudWatchError::Validation)?;
    let of = |(id, error): (String, MathError)| match error {
        MathError::NotImplemented(function) => CloudWatchError::FunctionNotImplemented(function),
        error => CloudWatchError::Validation(error.of(&id)),
    };
    let order = order(&queries).map_err(of)?;
    let mut evaluator = Evaluator {
        cloudwatch,
        queries: &queries,
        order: &order,
        asked,
        window,
        values: BTreeMap::new(),
        messages: Vec::new(),
        notes: BTreeMap::new(),
        work: 0,
    };
    for place in &order {
        let query = &queries[*place];
        let value = evaluator.query(query).map_err(|error| of((query.id.clone(), error)))?;
        evaluator.values.insert(query.id.clone(), value);
    }
    let mut evaluation = Evaluation { results: Vec::new(), messages: Vec::new() };
    for query in queries.iter().filter(|query| query.returned) {
        let results = evaluator.results(query).map_err(|error| of((query.id.clone(), error)))?;
        evaluation.results.extend(results);
    }
    evaluation.messages = evaluator.messages;
    Ok(evaluation)
}

/// The places of the queries, each behind those that it refers to.
fn order(queries: &[Query]) -> Result<Vec<usize>, (String, MathError)> {
    let places: BTreeMap<&str, usize> =
        (0..).zip(queries).map(|(place, query)| (query.id.as_str(), place)).collect();
    let mut waits_for = vec![0_usize; queries.len()];
    let mut awaited_by: Vec<Vec<usize>> = vec![Vec::new(); queries.len()];
    for (place, query) in queries.iter().enumerate() {
        let Question::Math(expression) = &query.question else { continue };
        let mut names = Vec::new();
        expression.names(&mut names);
        names.sort_unstable();
        names.dedup();
        for other in names.iter().filter_map(|name| places.get(name.as_str())) {
            waits_for[place] += 1;
            awaited_by[*other].push(place);
        }
    }
    let mut ready: Vec<usize> = (0..queries.len()).filter(|it| waits_for[*it] == 0).collect();
    let mut next = 0;
    while let Some(place) = ready.get(next).copied() {
        next += 1;
        for other in &awaited_by[place] {
            waits_for[*other] -= 1;
            if waits_for[*other] == 0 {
                ready.push(*other);
            }
        }
    }
    match (0..queries.len()).find(|place| waits_for[*place] > 0) {
        Some(place) => Err((queries[place].id.clone(), MathError::Circle)),
        None => Ok(ready),
    }
}

/// The queries of one request over one window.
pub(super) struct Evaluator<'a, 'q> {
    pub(super) cloudwatch: &'a mut CloudWatch,
    pub(super) queries: &'q [Query],
    /// Their places, each behind those that it refers to.
    pub(super) order: &'q [usize],
    pub(super) asked: &'a Asked<'a>,
    pub(super) window: Window,
    pub(super) values: BTreeMap<String, Value>,
    pub(super) messages: Vec<Message>,
    /// About single results, by id.
    pub(super) notes: BTreeMap<String, Vec<Message>>,
    pub(super) work: u64,
}

impl Evaluator<'_, '_> {
    fn query(&mut self, query: &Query) -> Result<Value, MathError> {
        match &query.question {
            Question::Metric(metric) => self.metric(&query.id, metric).map(Value::Series),
            Question::Math(expression) => self.expression(expression, query),
            Question::Insights(select) => self.select(select, query),
        }
    }

    /// The value of an expression, which is part of `query`.
    pub(super) fn expression(
        &mut self,
        expression: &Expression,
        query: &Query,
    ) -> Result<Value, MathError> {
        let value = match expression {
            Expression::Number(number) => Value::Scalar(*number),
            Expression::Text(text) => Value::Text(text.clone()),
            Expression::Name(name) => match self.values.get(name) {
                Some(value) => value.clone(),
                None => return Err(MathError::UnknownId(name.clone())),
            },
            Expression::List(items) => self.list(items, query)?,
            Expression::Call { function, arguments } => self.call(function, arguments, query)?,
            Expression::Negative(inner) => match self.expression(inner, query)? {
                Value::Scalar(number) => Value::Scalar(-number),
                value => {
                    let kind = value.kind();
                    let negative = |series: &TimeSeries| series.map(|value| Some(-value));
                    let nothing = || MathError::Operands("-", "nothing", kind);
                    value.each(negative).ok_or_else(nothing)?
                }
            },
            Expression::Chain { first, rest } => {
                let mut value = self.expression(first, query)?;
                for (operator, item) in rest {
                    let right = self.expression(item, query)?;
                    value = combine(*operator, value, right)?;
                    self.spend(value.size())?;
                }
                value
            }
        };
        self.spend(value.size())?;
        Ok(value)
    }

    /// `[m1, METRICS("x")]`: one array of all series.
    fn list(&mut self, items: &[Expression], query: &Query) -> Result<Value, MathError> {
        let mut all = Vec::new();
        for item in items {
            match self.expression(item, query)? {
                Value::Series(series) => all.push(series),
                Value::Array(more) => all.extend(more),
                other => {
                    let what = format!("an array has time series, not {}", other.kind());
                    return Err(MathError::Syntax(what));
                }
            }
        }
        Ok(Value::Array(all))
    }

    /// Counts work before it is done.
    pub(super) fn spend(&mut self, points: usize) -> Result<(), MathError> {
        self.work = self.work.saturating_add(points as u64);
        if self.work > WORK_MAX { Err(MathError::TooMuch) } else { Ok(()) }
    }

    /// The times of every period of the window.
    ///
    /// # Errors
    /// When they are too many.
    pub(super) fn times(&mut self, period: i64) -> Result<Vec<i64>, MathError> {
        let range = self.window.range(self.asked.now, period.max(1), None);
        let count = range.end.saturating_sub(range.start) / range.period;
        self.spend(usize::try_from(count).unwrap_or(usize::MAX))?;
        Ok((range.start..range.end).step_by(range.period as usize).collect())
    }

    /// The period of series that come from no metric.
    pub(super) fn own_period(&self, query: &Query) -> i64 {
        let metrics = self.queries.iter().filter_map(|query| match &query.question {
            Question::Metric(metric) => Some(metric.period),
            Question::Math(_) | Question::Insights(_) => None,
        });
        query.period.or(metrics.max()).unwrap_or(60)
    }

    /// What a query gives to the answer.
    fn results(&mut self, query: &Query) -> Result<Vec<Evaluated>, MathError> {
        let value = self.values.remove(&query.id);
        let messages = self.notes.remove(&query.id).unwrap_or_default();
        let (all, single) = match value {
            Some(Value::Series(series)) => (vec![series], true),
            Some(Value::Array(all)) => (all, false),
            Some(other) => return Err(MathError::NoSeries(other.kind())),
            None => (Vec::new(), false),
        };
        let result = |series: TimeSeries| {
            let label = label(query, &series, single, self.asked);
            let source = series.source.filter(|_| matches!(query.question, Question::Insights(_)));
            let attributes = source.map(|source| source.metric.dimensions().to_vec());
            Evaluated {
                id: query.id.clone(),
                label,
                points: series.points,
                messages: messages.clone(),
                attributes: attributes.unwrap_or_default(),
            }
        };
        Ok(all.into_iter().map(result).collect())
    }
}

/// What a series is called in the answer.
///
/// Source: user guide "Using math expressions", on labels of several series.
fn label(query: &Query, series: &TimeSeries, single: bool, asked: &Asked<'_>) -> String {
    let of_metric = matches!(query.question, Question::Metric(_));
    let default = match single && !of_metric {
        true => query.id.as_str(),
        false => series.label.as_str(),
    };
    match query.label.as_deref() {
        None | Some("") => default.to_owned(),
        Some(label) if is_dynamic(label) => filled(label, series, default, asked),
        Some(label) if single => label.to_owned(),
        Some(label) => format!("{label} {default}").trim_end().to_owned(),
    }
}
