//! What a fuzzer may do to SQS and to the languages of CloudWatch Logs: each target takes any
//! bytes and panics when a promise is broken.
//!
//! Knows no fuzzing engine: the replay of the corpora and the fuzzer include this module alike.

mod answer;
mod logs;
mod operation;
mod request;
mod sequence;
mod world;

/// A target takes any bytes.
pub(crate) type Target = fn(&[u8]);

/// The targets by name.
pub(crate) const TARGETS: [(&str, Target); 6] = [
    ("filter_patterns", logs::run_pattern),
    ("insights", logs::run_query),
    ("request", request::run),
    ("json_operations", operation::run_json),
    ("query_operations", operation::run_query),
    ("sequence", sequence::run),
];
