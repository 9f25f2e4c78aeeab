//! What PutMetricAlarm asks for, checked: the limits of AWS's model first, then what fits together.
//!
//! Source: API reference "PutMetricAlarm". Texts are those that users of AWS report; Unverified
//! where a comment says so.

use super::queries::checked_queries;
use super::rule::{Comparison, MetricStatistic, MissingData, NamedStatistic, Rule, Source};
use super::shapes::MetricAlarm;
use crate::kernel::{Arn, Context};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::{
    DIMENSION_VALUE_MAX, DIMENSIONS_MAX, MetricId, NAME_MAX,
};
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::unit::Unit;

const DESCRIPTION_MAX: usize = 1024;
const ACTION_MAX: usize = 1024;
/// Most actions of one state.
const ACTIONS_MAX: usize = 5;
const DAY: i64 = 86_400;
const HOUR: i64 = 3600;
const STATISTICS: [&str; 5] = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
pub(super) const OPERATORS: [&str; 7] = [
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
];

type Checked<T> = Result<T, CloudWatchError>;

fn invalid<T>(text: impl Into<String>) -> Checked<T> {
    Err(CloudWatchError::Validation(text.into()))
}

/// Checks `config`; returns what the alarm watches for, or `None` if that can't be evaluated here.
///
/// # Errors
/// `ValidationError`; in strict mode a refusal of what is stored without effect.
pub(in crate::services::cloudwatch) fn checked(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    config: &MetricAlarm,
) -> Checked<Option<Rule>> {
    check_limits(config)?;
    check_actions(ctx, actions_of(config))?;
    check_not_honoured(ctx, config)?;
    if config.evaluation_criteria.is_some() {
        return Ok(None);
    }
    if has_several(config) {
        for (member, is_set) in [
            ("MetricName", config.metric_name.is_some()),
            ("Namespace", config.namespace.is_some()),
            ("Dimensions", config.dimensions.as_ref().is_some_and(|it| !it.is_empty())),
            ("Period", config.period.is_some()),
            ("Unit", config.unit.is_some()),
            ("Statistic", config.statistic.is_some()),
            ("ExtendedStatistic", config.extended_statistic.is_some()),
        ] {
            if is_set {
                return invalid(format!("{member} should not be set if list of Metrics is set."));
            }
        }
        let (queries, period) = checked_queries(ctx, cloudwatch, config)?;
        return rule(config, Source::Queries(queries), period).map(Some);
    }
    let (source, period) = metric(config)?;
    let rule = rule(config, source, period)?;
    let window = config.evaluation_window.as_ref();
    let by_the_clock = window.is_some_and(|window| window.wall_clock_window.is_some());
    Ok(Some(rule).filter(|_| !by_the_clock))
}

fn has_several(config: &MetricAlarm) -> bool {
    config.metrics.as_ref().is_some_and(|metrics| !metrics.is_empty())
}

/// The limits that AWS's model gives.
fn check_limits(config: &MetricAlarm) -> Checked<()> {
    let mut constraints = Constraints::default();
    constraints.required("alarmName", config.alarm_name.as_ref());
    for (member, text, max) in [
        ("alarmName", &config.alarm_name, (1, NAME_MAX)),
        ("alarmDescription", &config.alarm_description, (0, DESCRIPTION_MAX)),
        ("metricName", &config.metric_name, (1, NAME_MAX)),
        ("namespace", &config.namespace, (1, NAME_MAX)),
        ("treatMissingData", &config.treat_missing_data, (1, NAME_MAX)),
        (
            "evaluateLowSampleCountPercentile",
            &config.evaluate_low_sample_count_percentile,
            (1, NAME_MAX),
        ),
    ] {
        constraints.length(member, text.as_deref(), max);
    }
    check_limits_of_actions(&mut constraints, actions_of(config));
    constraints.one_of("statistic", config.statistic.as_deref(), &STATISTICS);
    constraints.one_of("unit", config.unit.as_deref(), Unit::all());
    constraints.one_of("comparisonOperator", config.comparison_operator.as_deref(), &OPERATORS);
    for (member, value) in [
        ("period", config.period),
        ("evaluationPeriods", config.evaluation_periods),
        ("datapointsToAlarm", config.datapoints_to_alarm),
    ] {
        constraints.range(member, value, (1, i32::MAX));
    }
    check_dimensions(&mut constraints, config);
    constraints.done()?;
    check_letters(config)
}

/// Names are kept, and XML has no form for most control characters.
///
/// Source: API reference "PutMetricAlarm" and "Dimension". Unverified: the text.
fn check_letters(config: &MetricAlarm) -> Checked<()> {
    let own = [
        ("AlarmName", &config.alarm_name),
        ("MetricName", &config.metric_name),
        ("Namespace", &config.namespace),
    ];
    let dimensions = config.dimensions.iter().flatten();
    let of_dimensions =
        dimensions.flat_map(|it| [("Dimensions", &it.name), ("Dimensions", &it.value)]);
    for (member, text) in own.into_iter().chain(of_dimensions) {
        if text.iter().any(|text| text.contains(|letter: char| letter.is_ascii_control())) {
            return invalid(format!("{member} must not contain control characters."));
        }
    }
    Ok(())
}

fn check_dimensions(constraints: &mut Constraints, config: &MetricAlarm) {
    let dimensions = config.dimensions.as_deref().unwrap_or_default();
    let names: Vec<String> = dimensions.iter().filter_map(|it| it.name.clone()).collect();
    constraints.entries("dimensions", &names, (0, DIMENSIONS_MAX));
    for (number, dimension) in (1..).zip(dimensions) {
        let member = |name: &str| format!("dimensions.{number}.member.{name}");
        constraints.required(&member("name"), dimension.name.as_ref());
        constraints.length(&member("name"), dimension.name.as_deref(), (1, NAME_MAX));
        constraints.required(&member("value"), dimension.value.as_ref());
        let value = dimension.value.as_deref();
        constraints.length(&member("value"), value, (1, DIMENSION_VALUE_MAX));
    }
}

/// The actions for OK, ALARM and INSUFFICIENT_DATA.
pub(in crate::services::cloudwatch) type ActionLists<'a> = [&'a Option<Vec<String>>; 3];

fn actions_of(config: &MetricAlarm) -> ActionLists<'_> {
    [&config.ok_actions, &config.alarm_actions, &config.insufficient_data_actions]
}

/// The limits that AWS's model gives to actions.
pub(in crate::services::cloudwatch) fn check_limits_of_actions(
    constraints: &mut Constraints,
    lists: ActionLists<'_>,
) {
    let members = ["oKActions", "alarmActions", "insufficientDataActions"];
    for (member, actions) in members.into_iter().zip(lists) {
        constraints.entries(member, actions.as_deref().unwrap_or_default(), (0, ACTIONS_MAX));
        for (number, action) in (1..).zip(actions.iter().flatten()) {
            let member = format!("{member}.{number}.member");
            constraints.length(&member, Some(action), (1, ACTION_MAX));
        }
    }
}

/// Actions are ARNs; those that are neither topics nor functions have no effect here.
pub(in crate::services::cloudwatch) fn check_actions(
    ctx: &mut Context<'_>,
    lists: ActionLists<'_>,
) -> Checked<()> {
    let members = ["OKActions", "AlarmActions", "InsufficientDataActions"];
    let actions = members
        .into_iter()
        .zip(lists)
        .flat_map(|(member, list)| list.iter().flatten().map(move |it| (member, it)));
    for (member, action) in actions {
        let Ok(arn) = action.parse::<Arn>() else {
            return invalid(format!("Invalid arn syntax: {action}"));
        };
        if !super::has_effect(&arn) {
            ctx.not_honoured(member)?;
        } else if arn.region() != ctx.region() {
            let (given, here) = (arn.region(), ctx.region());
            return invalid(format!("Invalid region {given} specified. Only {here} is supported."));
        }
    }
    Ok(())
}

fn check_not_honoured(ctx: &mut Context<'_>, config: &MetricAlarm) -> Checked<()> {
    let window = config.evaluation_window.as_ref();
    let low_samples = config.evaluate_low_sample_count_percentile.as_deref();
    for (member, is_set) in [
        ("EvaluationCriteria", config.evaluation_criteria.is_some()),
        ("EvaluationInterval", config.evaluation_interval.is_some()),
        ("EvaluationWindow", window.is_some_and(|it| it.wall_clock_window.is_some())),
        ("WarmUpConfiguration", config.warm_up_configuration.is_some()),
        ("ActionConfiguration", config.action_configuration.is_some()),
    ] {
        if is_set {
            ctx.not_honoured(member)?;
        }
    }
    // Unverified: the text.
    match low_samples {
        None | Some("evaluate" | "ignore") => Ok(()),
        Some(_) => {
            invalid("Option for EvaluateLowSampleCountPercentile must be one of: evaluate, ignore")
        }
    }
}

// Unverified: the text of others than MetricName.
fn missing(member: &str) -> CloudWatchError {
    CloudWatchError::Validation(format!("{member} must not be null"))
}

/// The one metric that an alarm watches, and the seconds of its period.
fn metric(config: &MetricAlarm) -> Checked<(Source, i64)> {
    let name = config.metric_name.clone().ok_or_else(|| missing("MetricName"))?;
    let namespace = config.namespace.as_deref().ok_or_else(|| missing("Namespace"))?;
    let statistic = statistic(config)?;
    let period = i64::from(config.period.ok_or_else(|| missing("Period"))?);
    let dimensions = config.dimensions.clone().unwrap_or_default();
    let source = Source::Metric(MetricStatistic {
        metric: MetricId::requested(namespace, name, dimensions),
        statistic,
        unit: config.unit.as_deref().and_then(Unit::parse),
    });
    Ok((source, period))
}

fn rule(config: &MetricAlarm, source: Source, period: i64) -> Checked<Rule> {
    let periods = config.evaluation_periods.ok_or_else(|| missing("EvaluationPeriods"))?;
    let operator = config.comparison_operator.as_deref();
    let operator = operator.ok_or_else(|| missing("ComparisonOperator"))?;
    let Some(comparison) = Comparison::parse(operator) else {
        return invalid(format!("The ComparisonOperator {operator} is not known"));
    };
    let threshold = threshold(config, comparison, &source)?;
    check_span(config, period, periods)?;
    let missing_data = config.treat_missing_data.as_deref().unwrap_or("missing");
    let Some(missing_data) = MissingData::parse(missing_data) else {
        return invalid(format!(
            "Option for TreatMissingData must be one of: missing, ignore, breaching, notBreaching. \
             Given: {missing_data}"
        ));
    };
    let number = |value: i32| usize::try_from(value).unwrap_or(1);
    let ignored = config.namespace.as_deref() == Some("AWS/DynamoDB");
    Ok(Rule {
        source,
        period,
        evaluation_periods: number(periods),
        datapoints_to_alarm: config.datapoints_to_alarm.map(number),
        comparison,
        threshold,
        // Source: API reference "PutMetricAlarm": alarms on AWS/DynamoDB always ignore it.
        missing_data: if ignored { MissingData::Ignore } else { missing_data },
        ignores_low_samples: config.evaluate_low_sample_count_percentile.as_deref()
            == Some("ignore"),
    })
}

/// The threshold; none where values are compared with a band.
///
/// Unverified: the texts but that of a threshold that is missing.
fn threshold(config: &MetricAlarm, comparison: Comparison, source: &Source) -> Checked<f64> {
    let has_band = matches!(source, Source::Queries(queries) if queries.band.is_some());
    match (comparison.is_with_band(), has_band) {
        (true, false) => {
            let operator = config.comparison_operator.as_deref().unwrap_or_default();
            invalid(format!("{operator} is only valid for alarms with ThresholdMetricId"))
        }
        (false, true) => invalid(
            "ComparisonOperator for an alarm with ThresholdMetricId must be one of: \
             LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold, \
             GreaterThanUpperThreshold",
        ),
        (true, true) if config.threshold.is_some() => {
            invalid("Threshold and ThresholdMetricId cannot be used together")
        }
        (true, true) => Ok(0.0),
        (false, false) => config.threshold.ok_or_else(|| missing("Threshold")),
    }
}

fn check_span(config: &MetricAlarm, period: i64, periods: i32) -> Checked<()> {
    if !matches!(period, 10 | 20 | 30) && period % 60 != 0 {
        return invalid("Period must be 10, 20, 30 or a multiple of 60");
    }
    let span = i64::from(periods) * period;
    if period < HOUR && span > DAY {
        return invalid(
            "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be \
             <= 86400).",
        );
    }
    // Unverified: the text.
    if span > 7 * DAY {
        return invalid(
            "Metrics cannot be checked across more than seven days (EvaluationPeriods * Period \
             must be <= 604800).",
        );
    }
    if config.datapoints_to_alarm.is_some_and(|needed| needed > periods) {
        return invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods");
    }
    Ok(())
}

fn statistic(config: &MetricAlarm) -> Checked<NamedStatistic> {
    // Unverified: all texts.
    match (config.statistic.as_deref(), config.extended_statistic.as_deref()) {
        (Some(name), None) => {
            Ok(NamedStatistic::parse(name).expect("the model's limits were checked before"))
        }
        (None, Some(text)) => match NamedStatistic::parse(text) {
            Some(statistic) if !STATISTICS.contains(&text) => Ok(statistic),
            _ => invalid(format!(
                "The value {text} for parameter ExtendedStatistic is not supported."
            )),
        },
        _ => invalid("Exactly one of Statistic or ExtendedStatistic must be specified"),
    }
}
