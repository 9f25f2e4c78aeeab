//! What a metric filter makes of an event: a metric's name, value and dimensions.

use std::collections::BTreeMap;

use super::constraint::{Constraints, METRIC_NAME, METRIC_VALUE};
use super::error::LogsError;
use super::shapes::MetricTransformation;
use crate::services::shared::units::UNITS;

/// Source: API reference "MetricTransformation".
const DIMENSIONS_MAX: usize = 3;

/// A transformation as AWS's error shows it. Recorded.
pub(super) fn shown(it: &MetricTransformation) -> String {
    fn null<T: ToString>(value: Option<&T>) -> String {
        value.map_or("null".to_owned(), ToString::to_string)
    }
    let dimensions = it.dimensions.as_ref().map(|all| {
        let all: Vec<String> = all.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{{{}}}", all.join(", "))
    });
    format!(
        "MetricTransformation(metricName={}, metricNamespace={}, metricValue={}, defaultValue={}, \
         unit={}, dimensions={})",
        null(it.metric_name.as_ref()),
        null(it.metric_namespace.as_ref()),
        null(it.metric_value.as_ref()),
        null(it.default_value.as_ref()),
        null(it.unit.as_ref()),
        null(dimensions.as_ref()),
    )
}

/// Checks a transformation's members.
pub(super) fn check(check: &mut Constraints, it: &MetricTransformation) {
    let member = |name: &str| format!("metricTransformations.1.member.{name}");
    METRIC_NAME.required(check, &member("metricName"), it.metric_name.as_ref());
    METRIC_NAME.required(check, &member("metricNamespace"), it.metric_namespace.as_ref());
    METRIC_VALUE.required(check, &member("metricValue"), it.metric_value.as_ref());
    check.one_of(&member("unit"), it.unit.as_deref(), &UNITS);
}

/// Whether its value and dimensions make sense.
///
/// # Errors
/// `InvalidParameterException`. Unverified: the texts.
pub(super) fn validate(it: &MetricTransformation) -> Result<(), LogsError> {
    let number = it.dimensions.as_ref().map_or(0, BTreeMap::len);
    if number > DIMENSIONS_MAX {
        let text = format!("A metric filter can have at most {DIMENSIONS_MAX} dimensions.");
        return Err(LogsError::parameter(text));
    }
    if number > 0 && it.default_value.is_some() {
        return Err(LogsError::parameter(
            "Invalid metric transformation: dimensions and default value are mutually exclusive \
             properties.",
        ));
    }
    let value = it.metric_value.as_deref().unwrap_or_default();
    let is_number = value.trim().parse::<f64>().is_ok_and(f64::is_finite);
    if !value.starts_with('$') && !is_number {
        let text = format!("Invalid metric transformation: metricValue '{value}' is no number");
        return Err(LogsError::parameter(text));
    }
    Ok(())
}
