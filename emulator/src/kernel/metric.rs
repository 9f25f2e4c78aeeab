//! A data point that a service publishes about a resource of its own.
//!
//! Services leave them here as they leave deliveries in the outbox; `cloud::metrics` takes them to
//! CloudWatch.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Scope;
use crate::wire::Timestamp;

/// The units in which services publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricUnit {
    Count,
    Bytes,
    Seconds,
}

/// Values of one period: as many as `count`, summed up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    pub count: u64,
    pub sum: f64,
    pub minimum: f64,
    pub maximum: f64,
}

impl Observation {
    /// A single value.
    pub fn of(value: f64) -> Self {
        Self { count: 1, sum: value, minimum: value, maximum: value }
    }

    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
    }
}

/// A resource begins, or begins again, to publish metrics. It publishes when somebody looks, so
/// whoever waits for its data points must be told.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricsBegun {
    pub scope: Scope,
    /// `AWS/SQS` and the like.
    pub namespace: &'static str,
    pub dimension: (&'static str, Arc<str>),
}

/// One data point on its way to CloudWatch.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedMetric {
    pub scope: Scope,
    /// `AWS/SQS` and the like.
    pub namespace: &'static str,
    pub name: &'static str,
    pub dimension: (&'static str, Arc<str>),
    /// The start of the period.
    pub at: Timestamp,
    pub unit: MetricUnit,
    pub values: Observation,
}
