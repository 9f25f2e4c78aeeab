//! Metric filters: events that match become data points of a metric.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::group::LogGroup;
use super::pattern::{Event, FilterPattern};
use super::position::Position;
use super::putting::Because;
use super::shapes::{self, MetricTransformation};
use crate::kernel::{Context, InternalCall};

/// A metric filter of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct MetricFilter {
    pub(super) name: String,
    pub(super) pattern: FilterPattern,
    pub(super) transformation: MetricTransformation,
    /// In milliseconds since 1970.
    pub(super) created: i64,
    pub(super) apply_on_transformed_logs: bool,
    pub(super) emit_system_field_dimensions: Option<Vec<String>>,
    pub(super) field_selection_criteria: Option<String>,
}

const MINUTE_MILLIS: i64 = 60_000;
/// Values of one entry, and entries of one call, that PutMetricData takes.
///
/// Source: API reference "PutMetricData".
const VALUES_MAX: usize = 150;
const DATA_MAX: usize = 1000;

/// The values of one minute with the same dimensions, and how often each came.
type Points = BTreeMap<(i64, BTreeMap<String, String>), BTreeMap<u64, u32>>;

impl MetricFilter {
    pub(super) fn described(&self, group: &str) -> shapes::MetricFilter {
        shapes::MetricFilter {
            apply_on_transformed_logs: Some(self.apply_on_transformed_logs),
            creation_time: Some(self.created),
            emit_system_field_dimensions: self.emit_system_field_dimensions.clone(),
            field_selection_criteria: self.field_selection_criteria.clone(),
            filter_name: Some(self.name.clone()),
            filter_pattern: Some(self.pattern.as_str().to_owned()),
            log_group_name: Some(group.to_owned()),
            metric_transformations: Some(vec![self.transformation.clone()]),
        }
    }

    fn points(&self, events: &[(Position, Event<'_>)]) -> Points {
        let mut points = Points::new();
        let mut minutes = BTreeMap::new();
        for (position, event) in events {
            let minute = position.timestamp.div_euclid(MINUTE_MILLIS) * MINUTE_MILLIS;
            let matched = minutes.entry(minute).or_insert(false);
            if !self.pattern.matches(event) {
                continue;
            }
            *matched = true;
            if let (Some(value), Some(dimensions)) = (self.value(event), self.dimensions(event)) {
                let values = points.entry((minute, dimensions)).or_default();
                *values.entry(value.to_bits()).or_insert(0) += 1;
            }
        }
        // A minute in which events came, and none that matches, has the default value once a batch.
        if let Some(default) = self.transformation.default_value {
            for (minute, _) in minutes.into_iter().filter(|(_, matched)| !matched) {
                let values = points.entry((minute, BTreeMap::new())).or_default();
                values.insert(default.to_bits(), 1);
            }
        }
        points
    }

    /// The number that an event stands for, if it has it.
    fn value(&self, event: &Event<'_>) -> Option<f64> {
        let value = self.transformation.metric_value.as_deref().unwrap_or_default();
        let text = match value.starts_with('$') {
            true => self.pattern.select(event, value)?,
            false => value.to_owned(),
        };
        text.trim().parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// The dimensions' values; an event that lacks one makes no data point.
    fn dimensions(&self, event: &Event<'_>) -> Option<BTreeMap<String, String>> {
        let mut values = BTreeMap::new();
        for (name, selector) in self.transformation.dimensions.iter().flatten() {
            let value = match selector.starts_with('$') {
                true => self.pattern.select(event, selector)?,
                false => selector.clone(),
            };
            if value.is_empty() {
                return None;
            }
            values.insert(name.clone(), value);
        }
        Some(values)
    }

    /// The points as entries of PutMetricData.
    fn data(&self, points: Points) -> Vec<Value> {
        let of = &self.transformation;
        let mut data = Vec::new();
        for ((minute, dimensions), values) in points {
            let dimensions: Vec<Value> = dimensions
                .into_iter()
                .map(|(name, value)| json!({"Name": name, "Value": value}))
                .collect();
            let values: Vec<(f64, u32)> =
                values.into_iter().map(|(bits, count)| (f64::from_bits(bits), count)).collect();
            for some in values.chunks(VALUES_MAX) {
                let (values, counts): (Vec<f64>, Vec<u32>) = some.iter().copied().unzip();
                data.push(json!({
                    "MetricName": of.metric_name,
                    "Dimensions": dimensions,
                    "Timestamp": minute / 1000,
                    "Values": values,
                    "Counts": counts,
                    "Unit": of.unit.as_deref().unwrap_or("None"),
                }));
            }
        }
        data
    }
}

/// Shows new events to the metric filters of their group.
pub(super) fn look(
    ctx: &mut Context<'_>,
    group: &LogGroup,
    events: &[(Position, Event<'_>)],
    because: Because,
) {
    for filter in group.metric_filters.values() {
        let data = filter.data(filter.points(events));
        for some in data.chunks(DATA_MAX) {
            let namespace = &filter.transformation.metric_namespace;
            let token: Arc<str> = format!("metric-filter/{}/{}", group.name, filter.name).into();
            let call = InternalCall {
                service: "cloudwatch".to_owned(),
                operation: "PutMetricData".to_owned(),
                input: json!({"Namespace": namespace, "MetricData": some}),
                principal: super::PRINCIPAL,
                scope: ctx.scope().clone(),
                cause: because.cause,
                hops: because.hops + 1,
                answer_to: ctx.return_address(&token),
            };
            ctx.call_with(call);
        }
    }
}
