//! What a fuzzer may do to SQS, and to what EventBridge and SNS read from texts: each target takes
//! any bytes and panics when a promise is broken.
//!
//! Knows no fuzzing engine: the replay of the corpora and the fuzzer include this module alike.

mod answer;
mod operation;
mod pattern;
mod request;
mod schedule;
mod sequence;
mod transformer;
mod world;

/// A target takes any bytes.
pub(crate) type Target = fn(&[u8]);

/// The targets by name.
pub(crate) const TARGETS: [(&str, Target); 8] = [
    ("request", request::run),
    ("json_operations", operation::run_json),
    ("query_operations", operation::run_query),
    ("sequence", sequence::run),
    ("event_patterns", pattern::run_event_pattern),
    ("filter_policies", pattern::run_filter_policy),
    ("input_transformers", transformer::run),
    ("schedules", schedule::run),
];
