//! What a fuzzer may do to SQS, and to the languages of CloudWatch: each target takes any bytes and
//! panics when a promise is broken.
//!
//! Knows no fuzzing engine: the replay of the corpora and the fuzzer include this module alike.

mod answer;
mod cloudwatch;
mod operation;
mod request;
mod sequence;
mod world;

/// A target takes any bytes.
pub(crate) type Target = fn(&[u8]);

/// The targets by name.
pub(crate) const TARGETS: [(&str, Target); 6] = [
    ("request", request::run),
    ("json_operations", operation::run_json),
    ("query_operations", operation::run_query),
    ("sequence", sequence::run),
    ("alarm_rule", cloudwatch::run_rule),
    ("dashboard", cloudwatch::run_dashboard),
];
