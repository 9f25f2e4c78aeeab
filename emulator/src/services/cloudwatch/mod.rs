//! Amazon CloudWatch: metrics and their statistics.
//!
//! Knows no other service and no alarms. Samples enter through [`CloudWatch::put`] and nowhere
//! else, whoever sends them.

mod datum;
mod error;
mod findings;
mod metric;
pub mod operations;
mod percentile;
mod series;
mod state;
mod statistics_query;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod unit;

pub use datum::{MetricDatum, StatisticSet};
pub use error::{CloudWatchError, error_rows};
pub use metric::{Dimension, Metric, MetricId};
pub use series::{Point, Range};
pub use state::{CloudWatch, Resolution, Sample};
pub use summary::Summary;
pub use table::{SERVICE, table};
pub use unit::Unit;
