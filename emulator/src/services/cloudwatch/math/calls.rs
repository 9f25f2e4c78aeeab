//! The functions of metric math: their arguments, and what is done with them.
//!
//! Source: user guide "Using math expressions with CloudWatch metrics".

use super::error::MathError;
use super::evaluation::Evaluator;
use super::functions::{Aggregate, Filler, choose, each, fill, time_part};
use super::queries::Query;
use super::syntax::Expression;
use super::value::{TimeSeries, Value};

/// Functions that read what is not here.
const ELSEWHERE: [&str; 4] = ["DB_PERF_INSIGHTS", "INSIGHT_RULE_METRIC", "LAMBDA", "SERVICE_QUOTA"];

/// The arguments of a call, for the errors about them.
pub(super) struct Call<'e> {
    pub(super) function: &'e str,
    pub(super) arguments: &'e [Expression],
}

impl Call<'_> {
    pub(super) fn wrong(&self, what: impl Into<String>) -> MathError {
        MathError::Arguments(self.function.to_owned(), what.into())
    }

    pub(super) fn count(&self, from: usize, to: usize) -> Result<(), MathError> {
        let count = self.arguments.len();
        if (from..=to).contains(&count) {
            return Ok(());
        }
        let wanted = if from == to { from.to_string() } else { format!("{from} to {to}") };
        Err(self.wrong(format!("{wanted} arguments are needed, not {count}")))
    }

    /// An argument that is one of these words.
    pub(super) fn word<T: Copy>(&self, place: usize, words: &[(&str, T)]) -> Result<T, MathError> {
        let found = match &self.arguments[place] {
            Expression::Name(name) => words.iter().find(|(word, _)| word == name),
            _ => None,
        };
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let wanted = || format!("argument {} must be one of {}", place + 1, all.join(", "));
        found.map(|(_, value)| *value).ok_or_else(|| self.wrong(wanted()))
    }

    pub(super) fn not(&self, place: usize, wanted: &str, found: &Value) -> MathError {
        let found = found.kind();
        self.wrong(format!("argument {} must be {wanted}, not {found}", place + 1))
    }
}

impl Evaluator<'_, '_> {
    pub(super) fn call(
        &mut self,
        function: &str,
        arguments: &[Expression],
        query: &Query,
    ) -> Result<Value, MathError> {
        let call = &Call { function, arguments };
        if let Some(of) = each(function) {
            call.count(1, 1)?;
            let value = self.expression(&arguments[0], query)?;
            let wrong = call.not(0, "a time series or an array of them", &value);
            return value.each(of).ok_or(wrong);
        }
        if let Some(aggregate) = Aggregate::named(function) {
            call.count(1, 1)?;
            return match self.expression(&arguments[0], query)? {
                Value::Series(series) => Ok(Value::Scalar(aggregate.of(series.values()))),
                Value::Array(all) => Ok(Value::Series(aggregate.across(&all))),
                other => Err(call.not(0, "a time series or an array of them", &other)),
            };
        }
        if let Some(part) = time_part(function) {
            call.count(1, 1)?;
            let series = self.series(call, 0, query)?;
            let times = self.times(series.period)?;
            let points = times.into_iter().map(|at| (at, part(at)));
            return Ok(Value::Series(series.with(points.collect())));
        }
        match function {
            "ANOMALY_DETECTION_BAND" => self.band(call, query),
            "FILL" => self.fill(call, query),
            "FIRST" | "LAST" => self.end(call, query),
            "IF" => self.choice(call, query),
            "METRICS" => self.metrics(call),
            "METRIC_COUNT" => {
                call.count(1, 1)?;
                Ok(Value::Scalar(self.array(call, 0, query)?.len() as f64))
            }
            "PERIOD" => {
                call.count(1, 1)?;
                Ok(Value::Scalar(self.series(call, 0, query)?.period as f64))
            }
            "REMOVE_EMPTY" => {
                call.count(1, 1)?;
                let mut all = self.array(call, 0, query)?;
                all.retain(|series| !series.points.is_empty());
                Ok(Value::Array(all))
            }
            "SEARCH" => self.search_call(call, query),
            "SLICE" => self.slice(call, query),
            "SORT" => self.sort(call, query),
            "TIME_SERIES" => self.constant(call, query),
            other => match ELSEWHERE.into_iter().find(|function| *function == other) {
                Some(function) => Err(MathError::NotImplemented(function)),
                None => Err(MathError::UnknownFunction(other.to_owned())),
            },
        }
    }

    pub(super) fn series(
        &mut self,
        call: &Call<'_>,
        place: usize,
        query: &Query,
    ) -> Result<TimeSeries, MathError> {
        match self.expression(&call.arguments[place], query)? {
            Value::Series(series) => Ok(series),
            other => Err(call.not(place, "a time series", &other)),
        }
    }

    /// A single series is an array of one.
    pub(super) fn array(
        &mut self,
        call: &Call<'_>,
        place: usize,
        query: &Query,
    ) -> Result<Vec<TimeSeries>, MathError> {
        match self.expression(&call.arguments[place], query)? {
            Value::Array(all) => Ok(all),
            Value::Series(series) => Ok(vec![series]),
            other => Err(call.not(place, "an array of time series", &other)),
        }
    }

    pub(super) fn scalar(
        &mut self,
        call: &Call<'_>,
        place: usize,
        query: &Query,
    ) -> Result<f64, MathError> {
        match self.expression(&call.arguments[place], query)? {
            Value::Scalar(number) => Ok(number),
            other => Err(call.not(place, "a scalar", &other)),
        }
    }

    fn fill(&mut self, call: &Call<'_>, query: &Query) -> Result<Value, MathError> {
        call.count(2, 2)?;
        let value = self.expression(&call.arguments[0], query)?;
        let filler = match &call.arguments[1] {
            Expression::Name(name) if name == "REPEAT" => Filler::Repeat,
            Expression::Name(name) if name == "LINEAR" => Filler::Linear,
            other => match self.expression(other, query)? {
                Value::Scalar(number) => Filler::Scalar(number),
                Value::Series(series) => Filler::Series(series),
                other => return Err(call.not(1, "a number, a series, REPEAT or LINEAR", &other)),
            },
        };
        match value {
            Value::Series(series) => self.filled(&series, &filler).map(Value::Series),
            Value::Array(all) => {
                let filled = all.iter().map(|series| self.filled(series, &filler));
                Ok(Value::Array(filled.collect::<Result<_, _>>()?))
            }
            other => Err(call.not(0, "a time series or an array of them", &other)),
        }
    }

    fn filled(&mut self, series: &TimeSeries, filler: &Filler) -> Result<TimeSeries, MathError> {
        let times = self.times(series.period)?;
        Ok(fill(series, &times, filler))
    }

    fn choice(&mut self, call: &Call<'_>, query: &Query) -> Result<Value, MathError> {
        call.count(2, 3)?;
        let condition = self.expression(&call.arguments[0], query)?;
        let mut choices = Vec::new();
        for place in 1..call.arguments.len() {
            let value = self.expression(&call.arguments[place], query)?;
            if matches!(value, Value::Array(_) | Value::Text(_)) {
                return Err(call.not(place, "a time series or a scalar", &value));
            }
            choices.push(value);
        }
        let mut choices = choices.into_iter();
        let (yes, no) = (choices.next(), choices.next());
        let yes = yes.ok_or_else(|| call.wrong("a value is missing"))?;
        match condition {
            Value::Series(condition) => Ok(Value::Series(choose(&condition, &yes, no.as_ref()))),
            Value::Scalar(condition) if condition != 0.0 => Ok(yes),
            Value::Scalar(_) => {
                let period = self.own_period(query);
                let nothing = TimeSeries { period, ..TimeSeries::default() };
                Ok(no.unwrap_or(Value::Series(nothing)))
            }
            other => Err(call.not(0, "a time series or a scalar", &other)),
        }
    }
}
