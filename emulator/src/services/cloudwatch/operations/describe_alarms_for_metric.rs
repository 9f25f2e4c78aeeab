//! DescribeAlarmsForMetric: the alarms on one metric, and on no other.
//!
//! Errors: `ValidationError`.
//! Source: API reference "DescribeAlarmsForMetric".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{Alarm, MetricAlarm, Source, Watch};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::{Dimension, MetricId, NAME_MAX};
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::unit::Unit;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub metric_name: Option<String>,
    pub namespace: Option<String>,
    pub statistic: Option<String>,
    pub extended_statistic: Option<String>,
    pub dimensions: Option<Vec<Dimension>>,
    pub period: Option<i32>,
    pub unit: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub metric_alarms: Option<Vec<MetricAlarm>>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let mut constraints = Constraints::default();
    for (member, text) in [("metricName", &request.metric_name), ("namespace", &request.namespace)]
    {
        constraints.required(member, text.as_ref());
        constraints.length(member, text.as_deref(), (1, NAME_MAX));
    }
    constraints.range("period", request.period, (1, i32::MAX));
    constraints.one_of("unit", request.unit.as_deref(), Unit::all());
    constraints.done()?;
    let namespace = request.namespace.as_deref().unwrap_or_default();
    let name = request.metric_name.clone().unwrap_or_default();
    let dimensions = request.dimensions.clone().unwrap_or_default();
    let metric = MetricId::requested(namespace, name, dimensions);
    let found = cloudwatch.alarms.all().filter(|alarm| request.wants(alarm, &metric));
    Ok(Response { metric_alarms: Some(found.filter_map(Alarm::describe_metric).collect()) })
}

impl Request {
    fn wants(&self, alarm: &Alarm, metric: &MetricId) -> bool {
        fn is<T: PartialEq>(wanted: &Option<T>, given: &Option<T>) -> bool {
            wanted.is_none() || wanted == given
        }
        let (Watch::Metric(rule), Some(config)) = (&alarm.watch, alarm.config.metric()) else {
            return false;
        };
        let Source::Metric(watched) = &rule.source else { return false };
        watched.metric == *metric
            && is(&self.statistic, &config.statistic)
            && is(&self.extended_statistic, &config.extended_statistic)
            && is(&self.period, &config.period)
            && is(&self.unit, &config.unit)
    }
}
