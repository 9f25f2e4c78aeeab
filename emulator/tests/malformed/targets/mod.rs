//! What a fuzzer may do: each target takes any bytes and panics when a promise is broken.
//!
//! Knows no fuzzing engine: the replay of the corpora and the fuzzer include this module alike.

mod answer;
mod archive;
mod cloudwatch;
mod dynamodb;
mod logs;
mod metric_math;
mod operation;
mod outside;
mod pattern;
mod request;
mod schedule;
mod sequence;
mod states;
mod transformer;
mod world;

/// A target takes any bytes.
pub(crate) type Target = fn(&[u8]);

/// The targets by name.
pub(crate) const TARGETS: [(&str, Target); 22] = [
    ("request", request::run),
    ("json_operations", operation::run_json),
    ("query_operations", operation::run_query),
    ("sequence", sequence::run),
    ("outside", outside::run),
    ("dynamodb_expressions", dynamodb::run_expressions),
    ("dynamodb_statements", dynamodb::run_statements),
    ("dynamodb_items", dynamodb::run_items),
    ("filter_patterns", logs::run_pattern),
    ("insights", logs::run_query),
    ("event_patterns", pattern::run_event_pattern),
    ("filter_policies", pattern::run_filter_policy),
    ("input_transformers", transformer::run),
    ("schedules", schedule::run),
    ("zip_archives", archive::run),
    ("metric_math", metric_math::run),
    ("alarm_rule", cloudwatch::run_rule),
    ("dashboard", cloudwatch::run_dashboard),
    ("state_machines", states::run_definition),
    ("json_paths", states::run_path),
    ("intrinsic_functions", states::run_intrinsic),
    ("jsonata", states::run_jsonata),
];
