//! Processes that are disturbed while a script runs.

use super::*;

#[test]
fn processes_are_disturbed_beside_the_steps() {
    let (timeline, letters) = check_parts(
        "nemesis:\n\
         \x20 - { name: for good, fault: kill, on: { role: adder }, from: 90s, must_fire: true }\n\
         \x20 - { name: again, fault: restart, on: { role: adder }, from: 70s }\n\
         \x20 - { name: still, fault: pause, on: { role: adder }, from: 30s, until: 1m }\n\
         \x20 - { name: dead, fault: kill, on: { role: adder }, from: 10s, until: 30s }\n\
         \x20 - { name: late, fault: kill, on: { role: broken }, from: 1h, must_fire: true }\n\
         when:\n\
         \x20 - { at: 15s, do: add, with: { amount: 2 } }\n\
         \x20 - { at: 100s }\n\
         then:\n\
         \x20 - eventually: { see: total, equals: 2, within: 0s }\n\
         invariants: [even]\n",
        &[
            "holds eventually total equals 2 within 0s: last seen: 2",
            "holds fault for good fires at least once: fired once",
            "fails fault late fires at least once: never fired",
            "holds invariant even: it holds",
        ],
    );
    assert_eq!(
        story(&timeline)[5..],
        [
            "10 dead: adder is killed",
            "15 add amount=2",
            "30 dead: adder starts again",
            "30 still: adder is paused",
            "60 still: adder goes on",
            "70 again: adder is told to stop",
            "72 again: adder starts again",
            "90 for good: adder is killed",
            "100 for good: fired once",
            "100 again: fired once",
            "100 still: fired once",
            "100 dead: fired once",
            "100 late: never fired",
            "100 the end: adder starts again",
        ]
    );
    assert!(letters.0.is_empty(), "nothing is wrong at AWS");
}

#[test]
fn a_process_that_does_not_obey_stops_the_script() {
    let parts = "nemesis:\n  - { fault: kill, on: { role: broken }, from: 5s }\n\
                 when:\n  - { at: 10s, do: add, with: { amount: 1 } }\n\
                 then:\n  - eventually: { see: total, equals: 1, within: 1m }\n";
    let (played, timeline, ..) = run_all(parts, 1);
    assert_eq!(played.stopped.as_deref(), Some("nemesis: kill-1: it does not obey"));
    assert_eq!(timeline.entries().last().map(|entry| entry.at.as_secs()), Some(5));
}
