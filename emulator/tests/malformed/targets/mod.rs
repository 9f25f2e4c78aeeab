//! What a fuzzer may do to SQS and to metric math: each target takes any bytes and panics when a
//! promise is broken.
//!
//! Knows no fuzzing engine: the replay of the corpora and the fuzzer include this module alike.

mod answer;
mod metric_math;
mod operation;
mod request;
mod sequence;
mod world;

/// A target takes any bytes.
pub(crate) type Target = fn(&[u8]);

/// The targets by name.
pub(crate) const TARGETS: [(&str, Target); 5] = [
    ("request", request::run),
    ("json_operations", operation::run_json),
    ("query_operations", operation::run_query),
    ("sequence", sequence::run),
    ("metric_math", metric_math::run),
];
