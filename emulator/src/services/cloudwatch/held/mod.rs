//! What is set up and has no effect here, so that it can be read back: metric streams, insight
//! rules, stored queries, data sets, OTel enrichment; and anomaly detectors.
//!
//! Knows no metrics: a stream sends nothing, a rule reads no logs. Whoever sets one up is told so.

mod datasets;
mod definitions;
mod detectors;
mod enrichment;
mod rules;
mod selections;
mod shelf;
mod streams;

pub(super) use datasets::Dataset;
pub(super) use definitions::{Definition, MetricDataQueryDefinitionSummary};
pub(super) use detectors::{
    AnomalyDetector, AnomalyDetectorConfiguration, Detector, MetricCharacteristics,
    MetricMathAnomalyDetector, SingleMetricAnomalyDetector,
};
pub(super) use enrichment::{Enrichment, OTelEnrichmentMetricSelector};
pub(super) use rules::{
    InsightRule, ManagedRule, ManagedRuleDescription, ManagedRuleState, PartialFailure, Rule,
};
pub(super) use selections::{ResourceMetricSelection, ResourceMetricsConfiguration};
pub(super) use shelf::{Held, check_name, check_number, page};
pub(super) use streams::{
    MetricStream, MetricStreamEntry, MetricStreamFilter, MetricStreamStatisticsConfiguration,
};
