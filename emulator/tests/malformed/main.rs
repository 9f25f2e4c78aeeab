//! Malformed input: what a coverage-guided fuzzer found worth keeping, replayed.
//!
//! The same targets run under libFuzzer from `emulator/fuzz`; nothing of it is compiled in here.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod corpus;
mod targets;

fn replay(name: &str, packed: &str) {
    let (_, target) = targets::TARGETS.iter().find(|(target, _)| *target == name).unwrap();
    let cases = corpus::unpack(packed);
    assert!(!cases.is_empty(), "{name}: an empty corpus");
    for case in cases {
        // Its own message has been printed by then.
        let held = std::panic::catch_unwind(|| target(&case)).is_ok();
        assert!(held, "{name}: this case failed:\n{}", case.escape_ascii());
    }
}

#[test]
fn requests_of_any_form_are_answered() {
    replay("request", include_str!("corpus/request.txt"));
}

#[test]
fn json_bodies_of_any_form_are_answered() {
    replay("json_operations", include_str!("corpus/json_operations.txt"));
}

#[test]
fn forms_of_any_form_are_answered() {
    replay("query_operations", include_str!("corpus/query_operations.txt"));
}

#[test]
fn operations_in_any_order_conserve_messages() {
    replay("sequence", include_str!("corpus/sequence.txt"));
}

#[test]
fn whatever_servers_outside_answer_no_message_is_lost() {
    replay("outside", include_str!("corpus/outside.txt"));
}

#[test]
fn expressions_of_any_form_are_answered() {
    replay("dynamodb_expressions", include_str!("corpus/dynamodb_expressions.txt"));
}

#[test]
fn statements_of_any_form_are_answered() {
    replay("dynamodb_statements", include_str!("corpus/dynamodb_statements.txt"));
}

#[test]
fn items_of_any_form_are_answered() {
    replay("dynamodb_items", include_str!("corpus/dynamodb_items.txt"));
}

#[test]
fn filter_patterns_of_any_form_are_read_or_refused() {
    replay("filter_patterns", include_str!("corpus/filter_patterns.txt"));
}

#[test]
fn queries_of_any_form_are_run_or_refused() {
    replay("insights", include_str!("corpus/insights.txt"));
}

#[test]
fn event_patterns_of_any_form_say_why_they_do_not_match() {
    replay("event_patterns", include_str!("corpus/event_patterns.txt"));
}

#[test]
fn filter_policies_of_any_form_say_why_they_do_not_match() {
    replay("filter_policies", include_str!("corpus/filter_policies.txt"));
}

#[test]
fn input_transformers_of_any_form_lose_no_event() {
    replay("input_transformers", include_str!("corpus/input_transformers.txt"));
}

#[test]
fn schedules_of_any_form_ring_later() {
    replay("schedules", include_str!("corpus/schedules.txt"));
}

#[test]
fn metric_math_of_any_form_is_answered() {
    replay("metric_math", include_str!("corpus/metric_math.txt"));
}

#[test]
fn rules_of_any_form_are_answered() {
    replay("alarm_rule", include_str!("corpus/alarm_rule.txt"));
}

#[test]
fn dashboards_of_any_form_are_answered() {
    replay("dashboard", include_str!("corpus/dashboard.txt"));
}

#[test]
fn archives_of_any_form_are_checked_or_refused() {
    replay("zip_archives", include_str!("corpus/zip_archives.txt"));
}

#[test]
fn machines_of_any_form_are_refused_or_run() {
    replay("state_machines", include_str!("corpus/state_machines.txt"));
}

#[test]
fn paths_of_any_form_are_followed_or_refused() {
    replay("json_paths", include_str!("corpus/json_paths.txt"));
}

#[test]
fn intrinsic_functions_of_any_form_are_called_or_refused() {
    replay("intrinsic_functions", include_str!("corpus/intrinsic_functions.txt"));
}

#[test]
fn jsonata_of_any_form_is_evaluated_or_refused() {
    replay("jsonata", include_str!("corpus/jsonata.txt"));
}
