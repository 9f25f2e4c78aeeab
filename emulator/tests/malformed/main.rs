//! Malformed input to SQS and CloudWatch: what a coverage-guided fuzzer found worth keeping,
//! replayed.
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
fn rules_of_any_form_are_answered() {
    replay("alarm_rule", include_str!("corpus/alarm_rule.txt"));
}

#[test]
fn dashboards_of_any_form_are_answered() {
    replay("dashboard", include_str!("corpus/dashboard.txt"));
}
