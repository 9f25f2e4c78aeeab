//! Scripts that stop or fail, and the symptoms by which a failure is known again.

use super::*;

#[test]
fn a_script_stops_where_it_breaks() {
    let expectation = "  - eventually: { see: total, equals: 0, within: 5m }";
    let check = |when: &str, reason: &str| {
        let (played, ..) = run(when, expectation);
        assert_eq!(played.stopped.as_deref(), Some(reason));
        assert!(!played.passed());
        assert_eq!(played.verdicts[0].seen, "not decided, because the script stopped");
    };
    check("  - { do: add, with: { amount: 1000 } }", "step 1: add: 1000 is too much");
    check(
        "  - { do: add, with: { amount: 1 }, fails_with: much }",
        "step 1: add should fail with `much` but succeeded",
    );
    check(
        "  - { do: add, with: { amount: 1 }, gives: { equals: { amount: 2 } } }",
        "step 1: add should give what equals amount=2 but gave amount=1",
    );
    check(
        "  - once: { see: total, equals: 7, within: 5m }",
        "step 1: waited 5m for total equals 7 within 5m; last seen: 0",
    );
}

/// In which ways a play of these parts failed.
fn symptoms(parts: &str) -> Vec<String> {
    let (played, ..) = run_all(parts, 1);
    assert_eq!(played.symptoms.is_empty(), played.passed(), "{played:?}");
    played.symptoms.iter().map(ToString::to_string).collect()
}

#[test]
fn a_stopped_run_has_the_symptom_of_its_step_alone() {
    let check = |steps: &str, symptom: &str| {
        let then = "then:\n  - eventually: { see: total, equals: 0, within: 5m }\n";
        // The place among the steps is no part of it, nor is what the script did not come to.
        let nemesis = "nemesis:\n  - { fault: throttle, must_fire: 99 }\n";
        for before in ["", "  - { do: add, with: { amount: 0 } }\n"] {
            let parts = format!("{nemesis}when:\n{before}{steps}\n{then}invariants: all\n");
            assert_eq!(symptoms(&parts), [symptom]);
        }
    };
    check(
        "  - { do: add, with: { amount: 1000 } }",
        r#"{"do":"add","with":{"amount":1000}}: add: # is too much"#,
    );
    check(
        "  - { do: add, with: { amount: 1 }, fails_with: too }",
        r#"{"do":"add","with":{"amount":1},"fails_with":"too"}: add should fail with `too` but succeeded"#,
    );
    check(
        "  - once: { see: total, equals: 7, within: 5m }",
        "{\"once\":{\"see\":\"total\",\"equals\":7,\"within\":\"5m\"}}: \
         waited # for total equals # within #; last seen: 0",
    );
}

#[test]
fn a_failed_run_has_a_symptom_of_each_thing_that_failed() {
    let parts = |expected: &str| {
        format!(
            "nemesis:\n  - {{ name: often, fault: throttle, must_fire: 99 }}\n\
             when:\n  - {{ do: add, with: {{ amount: 21 }}, as: it }}\nthen:\n{expected}\n\
             invariants: all\n"
        )
    };
    let found =
        symptoms(&parts("  - eventually: { see: total, equals: '${it.amount}', within: 5m }"));
    let after = [
        "fault often fires at least 99 times: fired # times",
        "invariant small: it is #",
        "invariant even: it is #",
    ];
    assert_eq!(found, after);
    // What captures hold differs from play to play; so the script's own words stand there.
    let found = symptoms(&parts(
        "  - eventually: { see: twice, of: { number: '${it.amount}' }, equals: 1, within: 5m }\n  \
         - each: [0, 21]\n    \
         eventually: { see: twice, of: { number: '${each}' }, equals: 0, within: 5m }",
    ));
    let before = [
        "eventually twice of number=${it.amount} equals 1 within 5m: last seen: #",
        "each of [0, 21]: eventually twice of number=${each} equals 0 within 5m: \
         number=21: last seen: #",
    ];
    assert_eq!(found, [&before[..], &after[..]].concat());
    // So do the entries of a list that is captured.
    let found = symptoms(
        "when:\n  - { do: add, every: 1s, times: 2, with: { amount: '${n}' }, as: them }\nthen:\n  \
         - each: '${them}'\n    \
         eventually: { see: twice, of: { number: '${each.amount}' }, equals: 2, within: 5m }\n",
    );
    let captured = "each of ${them}: eventually twice of number=${each.amount} equals 2 within 5m: \
                    number=#: last seen: #";
    assert_eq!(found, [captured]);
}
