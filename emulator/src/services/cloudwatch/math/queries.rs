//! Queries as they are sent, checked: what each of them asks for.

use std::collections::BTreeSet;

use super::error::MathError;
use super::insights::Select;
use super::parser;
use super::syntax::Expression;
use crate::kernel::WantedMetrics;
use crate::services::cloudwatch::alarm::MetricDataQuery;
use crate::services::cloudwatch::metric::{
    DIMENSION_VALUE_MAX, DIMENSIONS_MAX, Dimension, MetricId, NAME_MAX,
};
use crate::services::cloudwatch::statistic::Statistic;
use crate::services::cloudwatch::unit::Unit;

/// Most queries of one request.
///
/// Source: API reference "GetMetricData".
pub(in crate::services::cloudwatch) const QUERIES_MAX: usize = 500;
const EXPRESSION_MAX: usize = 2048;
/// Periods below a minute, which only high-resolution metrics have.
const SHORT_PERIODS: [i32; 5] = [1, 5, 10, 20, 30];

/// One checked query.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) id: String,
    pub(super) label: Option<String>,
    /// Whether its result is part of the answer.
    pub(super) returned: bool,
    /// Of an expression, if it has one of its own.
    pub(super) period: Option<i64>,
    pub(super) question: Question,
}

#[derive(Clone, Debug)]
pub(super) enum Question {
    Metric(MetricQuestion),
    Math(Expression),
    Insights(Select),
}

#[derive(Clone, Debug)]
pub(super) struct MetricQuestion {
    pub(super) metric: MetricId,
    pub(super) period: i64,
    pub(super) statistic: Statistic,
    /// As it was sent, for labels.
    pub(super) statistic_name: String,
    pub(super) unit: Option<Unit>,
}

/// Checks all queries of a request, at `path` in it.
///
/// # Errors
/// The first that is wrong, in a sentence.
pub(super) fn checked(queries: &[MetricDataQuery], path: &str) -> Result<Vec<Query>, String> {
    if queries.len() > QUERIES_MAX {
        return Err(format!(
            "The collection {path} must not have a size greater than {QUERIES_MAX}."
        ));
    }
    let mut ids = BTreeSet::new();
    let mut all = Vec::with_capacity(queries.len());
    for (number, query) in (1..).zip(queries) {
        let query = one(query, &format!("{path}.member.{number}"))?;
        if !ids.insert(query.id.clone()) {
            return Err(format!("The values for parameter id in {path} are not unique."));
        }
        all.push(query);
    }
    if all.iter().filter(|query| matches!(query.question, Question::Insights(_))).count() > 1 {
        // Source: quotas of Metrics Insights. Unverified: the text.
        return Err("A request can have only one Metrics Insights query.".to_owned());
    }
    Ok(all)
}

/// Checks queries that are kept for later.
///
/// # Errors
/// The first that is wrong, in a sentence.
pub(in crate::services::cloudwatch) fn check_queries(
    queries: &[MetricDataQuery],
    path: &str,
) -> Result<(), String> {
    match queries {
        [] => Err(format!("The parameter {path} is required.")),
        queries => checked(queries, path).map(drop),
    }
}

fn one(query: &MetricDataQuery, path: &str) -> Result<Query, String> {
    let id = query.id.as_deref().ok_or_else(|| format!("The parameter {path}.Id is required."))?;
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !id.starts_with(|first: char| first.is_ascii_lowercase()) || !id.bytes().all(is_word) {
        return Err(format!(
            "The value {id} for parameter {path}.Id is not matching the expected pattern \
             ^[a-z][a-zA-Z0-9_]*$."
        ));
    }
    if id.len() > NAME_MAX {
        return Err(format!(
            "The parameter {path}.Id must be shorter than {} characters.",
            NAME_MAX + 1
        ));
    }
    let question = match (&query.metric_stat, &query.expression) {
        (Some(_), Some(_)) => {
            return Err(format!(
                "The parameters {path}.MetricStat and {path}.Expression are mutually exclusive \
                 and you have specified both."
            ));
        }
        (None, None) => {
            return Err(format!(
                "At least one of the parameters {path}.MetricStat and {path}.Expression must be \
                 specified."
            ));
        }
        (Some(_), None) => Question::Metric(metric(query, &format!("{path}.MetricStat"))?),
        (None, Some(expression)) => expressed(query, expression, id, path)?,
    };
    Ok(Query {
        id: id.to_owned(),
        label: query.label.clone(),
        returned: query.return_data.unwrap_or(true),
        period: query.period.map(|period| checked_period(period, path)).transpose()?,
        question,
    })
}

fn expressed(
    query: &MetricDataQuery,
    expression: &str,
    id: &str,
    path: &str,
) -> Result<Question, String> {
    if expression.is_empty() || expression.chars().count() > EXPRESSION_MAX {
        return Err(format!(
            "The parameter {path}.Expression must have 1 to {EXPRESSION_MAX} characters."
        ));
    }
    let of = |error: MathError| error.of(id);
    if Select::is_one(expression) {
        if query.period.is_none() {
            return Err(format!("The parameter {path}.Period is required."));
        }
        return Select::parse(expression).map(Question::Insights).map_err(of);
    }
    parser::parse(expression).map(Question::Math).map_err(of)
}

fn metric(query: &MetricDataQuery, path: &str) -> Result<MetricQuestion, String> {
    let required = |name: &str| format!("The parameter {path}.{name} is required.");
    let stat = query.metric_stat.as_ref().ok_or_else(|| required("Metric"))?;
    let given = stat.metric.as_ref().ok_or_else(|| required("Metric"))?;
    let text = |value: &Option<String>, name: &str| match value.as_deref() {
        None | Some("") => Err(required(name)),
        Some(value) if value.chars().count() > NAME_MAX => Err(format!(
            "The parameter {path}.{name} must be shorter than {} characters.",
            NAME_MAX + 1
        )),
        Some(value) => Ok(value.to_owned()),
    };
    let namespace = text(&given.namespace, "Metric.Namespace")?;
    let name = text(&given.metric_name, "Metric.MetricName")?;
    let dimensions = given.dimensions.clone().unwrap_or_default();
    check_dimensions(&dimensions, path)?;
    let period = stat.period.ok_or_else(|| required("Period"))?;
    let statistic_name = stat.stat.clone().ok_or_else(|| required("Stat"))?;
    let statistic = Statistic::parse(&statistic_name).ok_or_else(|| {
        format!("The value {statistic_name} for parameter {path}.Stat is not supported.")
    })?;
    let unit = stat.unit.as_deref().map(|unit| {
        Unit::parse(unit)
            .ok_or_else(|| format!("The value {unit} for parameter {path}.Unit is not supported."))
    });
    Ok(MetricQuestion {
        metric: MetricId::requested(&namespace, name, dimensions),
        period: checked_period(period, path)?,
        statistic,
        statistic_name,
        unit: unit.transpose()?,
    })
}

fn check_dimensions(dimensions: &[Dimension], path: &str) -> Result<(), String> {
    if dimensions.len() > DIMENSIONS_MAX {
        return Err(format!(
            "The collection {path}.Metric.Dimensions must not have a size greater than \
             {DIMENSIONS_MAX}."
        ));
    }
    for (number, Dimension { name, value }) in (1..).zip(dimensions) {
        let members = [("Name", name, NAME_MAX), ("Value", value, DIMENSION_VALUE_MAX)];
        for (member, text, max) in members {
            let at = || format!("{path}.Metric.Dimensions.member.{number}.{member}");
            let text = text.as_deref().unwrap_or_default();
            if text.is_empty() {
                return Err(format!("The parameter {} is required.", at()));
            }
            if text.chars().count() > max {
                let limit = max + 1;
                return Err(format!(
                    "The parameter {} must be shorter than {limit} characters.",
                    at()
                ));
            }
        }
    }
    Ok(())
}

pub(super) fn checked_period(period: i32, path: &str) -> Result<i64, String> {
    if period < 1 || (period % 60 != 0 && !SHORT_PERIODS.contains(&period)) {
        return Err(format!(
            "The parameter {path}.Period must be 1, 5, 10, 20, 30 or a multiple of 60."
        ));
    }
    Ok(i64::from(period))
}

/// What a query of Metrics Insights may read, and whether it makes several series; nothing for
/// other expressions.
pub(in crate::services::cloudwatch) fn selected(expression: &str) -> Option<(MetricId, bool)> {
    let select = Select::is_one(expression).then(|| Select::parse(expression).ok())??;
    Some((select.metrics(), select.is_grouped()))
}

/// Whose data points the queries look at: every resource's if they search.
pub(in crate::services::cloudwatch) fn wanted(queries: &[MetricDataQuery]) -> WantedMetrics {
    let mut resources = BTreeSet::new();
    for query in queries {
        let searches =
            |expression: &str| expression.contains("SEARCH") || Select::is_one(expression);
        if query.expression.as_deref().is_some_and(searches) {
            return WantedMetrics::All;
        }
        let metric = query.metric_stat.as_ref().and_then(|stat| stat.metric.as_ref());
        if let Some(metric) = metric {
            let namespace = metric.namespace.clone().unwrap_or_default();
            let dimensions = metric.dimensions.clone().unwrap_or_default();
            let id = MetricId::requested(&namespace, String::new(), dimensions);
            resources.extend(id.resources());
        }
    }
    WantedMetrics::Of(resources)
}
