//! Amazon CloudWatch: metrics and their statistics, alarms on metrics, dashboards.
//!
//! Knows no other service. Samples enter through `CloudWatch::put` and nowhere else, whoever
//! sends them.

mod alarm;
mod alarms_table;
mod constraint;
mod dashboard;
mod data_page;
mod datum;
mod detector_request;
mod error;
mod findings;
mod held;
mod hooks;
mod math;
mod metric;
mod metrics_table;
mod operation_table;
pub mod operations;
mod paging;
mod percentile;
mod raw;
mod reading;
mod series;
mod state;
mod statistic;
mod statistics_query;
mod summary;
mod tagging;
#[cfg(test)]
mod tests;
mod unit;
mod widget;

pub use alarm::{
    ActionConfiguration, AlarmHistoryItem, CompositeAlarm, EvaluationCriteria, EvaluationWindow,
    LogAlarm, MetricAlarm, MetricDataQuery, MetricStat, MuteSchedule, MuteTargets, MuteTimesRule,
    ScheduledQueryConfiguration, StateValue, WarmUpConfiguration,
};
pub use datum::{MetricDatum, StatisticSet};
pub use error::{CloudWatchError, error_rows};
pub use metric::{Dimension, Metric, MetricId};
pub use operation_table::{SERVICE, table};
pub use raw::RawSample;
pub use series::{Point, Range};
pub use state::{CloudWatch, Resolution, Sample};
pub use summary::Summary;
pub use unit::Unit;
