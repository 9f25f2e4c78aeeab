//! One file an operation: what it reads, what it answers, what it does.

pub mod get_metric_statistics;
pub mod list_metrics;
pub mod put_metric_data;
