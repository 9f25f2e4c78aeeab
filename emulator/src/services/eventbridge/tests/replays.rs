//! Replays: what comes back, in which order, and how a replay ends.

use serde_json::{Value, json};

use super::{Events, PATTERN, arn};

/// 2026-01-01T00:00:00Z, when a world begins.
const START: f64 = 1_767_225_600.0;

fn replay(name: &str, seconds: (f64, f64)) -> Value {
    json!({
        "ReplayName": name,
        "EventSourceArn": arn("events", "archive/a"),
        "EventStartTime": START + seconds.0,
        "EventEndTime": START + seconds.1,
        "Destination": {"Arn": arn("events", "event-bus/default")},
    })
}

impl Events {
    /// With a rule, a queue and an archive of everything.
    fn with_archive() -> Self {
        let mut events = Self::with_rule();
        events.archive(&json!({}));
        events
    }

    fn replay_state(&mut self, name: &str) -> String {
        let shown = self.ok("DescribeReplay", json!({"ReplayName": name}));
        shown["State"].as_str().unwrap().to_owned()
    }

    /// Puts events with these numbers, each so many seconds after the start.
    fn put_at(&mut self, events: &[(f64, u32)]) {
        for (seconds, number) in events {
            let entry = json!({
                "Source": "shop", "DetailType": "d", "Detail": json!({"n": number}).to_string(),
                "Time": START + seconds,
            });
            self.ok("PutEvents", json!({"Entries": [entry]}));
        }
        self.bodies("q");
    }

    /// The numbers of the events in the queue.
    fn numbers(&mut self) -> Vec<u64> {
        let bodies = self.bodies("q");
        let number =
            |body: &String| serde_json::from_str::<Value>(body).unwrap()["detail"]["n"].as_u64();
        bodies.iter().filter_map(number).collect()
    }
}

#[test]
fn a_replay_sends_the_events_of_its_window_again() {
    let mut events = Events::with_archive();
    let id = events.put(&json!({"n": 1}));
    let body = events.bodies("q").remove(0);
    events.0.ok("AmazonSQS.PurgeQueue", json!({"QueueUrl": "q"}));
    events.0.advance_seconds(600);
    let started = events.ok("StartReplay", replay("again", (0.0, 60.0)));
    assert_eq!(
        started,
        json!({
            "ReplayArn": arn("events", "replay/again"), "ReplayStartTime": START + 600.0,
            "State": "STARTING",
        })
    );
    assert!(events.bodies("q").is_empty());
    events.0.advance_seconds(1);
    assert_eq!(events.replay_state("again"), "RUNNING");
    let again = events.bodies("q").remove(0);
    assert_eq!(again, body.replace("}}", "},\"replay-name\":\"again\"}"));
    assert!(again.contains(&id));
    events.0.advance_seconds(1);
    let shown = json!({
        "Destination": {"Arn": arn("events", "event-bus/default")},
        "EventEndTime": START + 60.0, "EventLastReplayedTime": START, "EventStartTime": START,
        "EventSourceArn": arn("events", "archive/a"), "ReplayArn": arn("events", "replay/again"),
        "ReplayName": "again", "ReplayStartTime": START + 600.0, "ReplayEndTime": START + 602.0,
        "State": "COMPLETED",
    });
    assert_eq!(events.ok("DescribeReplay", json!({"ReplayName": "again"})), shown);
    assert!(events.bodies("q").is_empty());
    // What a replay puts is not archived again.
    let archive = events.ok("DescribeArchive", json!({"ArchiveName": "a"}));
    assert_eq!(archive["EventCount"], 1);
}

#[test]
fn the_window_ends_before_its_end_and_minutes_come_in_their_order() {
    let mut events = Events::with_archive();
    events.put_at(&[(61.0, 4), (10.0, 2), (9.9, 1), (180.0, 6), (59.0, 3), (120.0, 5)]);
    events.ok("StartReplay", replay("r", (10.0, 180.0)));
    for expected in [vec![2, 3], vec![4], vec![5], vec![]] {
        events.0.advance_seconds(1);
        assert_eq!(events.numbers(), expected);
    }
    let shown = events.ok("DescribeReplay", json!({"ReplayName": "r"}));
    assert_eq!(shown["EventLastReplayedTime"], START + 120.0);
    assert_eq!(shown["State"], "COMPLETED");
}

#[test]
fn a_replay_goes_to_the_rules_it_names_and_no_others() {
    let mut events = Events::with_archive();
    events.queue("q2");
    events.ok("PutRule", json!({"Name": "r2", "EventPattern": PATTERN}));
    events.target("r2", json!({"Id": "t", "Arn": arn("sqs", "q2")}));
    events.put(&json!({"n": 1}));
    assert_eq!((events.bodies("q").len(), events.bodies("q2").len()), (1, 1));
    let mut start = replay("r", (0.0, 60.0));
    start["Destination"]["FilterArns"] = json!([arn("events", "rule/r2")]);
    events.ok("StartReplay", start.clone());
    events.0.advance_seconds(1);
    assert_eq!((events.bodies("q").len(), events.bodies("q2").len()), (0, 1));
    let shown = events.ok("DescribeReplay", json!({"ReplayName": "r"}));
    assert_eq!(shown["Destination"], start["Destination"]);
}

#[test]
fn a_replay_is_cancelled_between_minutes() {
    let mut events = Events::with_archive();
    events.put_at(&[(0.0, 1), (60.0, 2)]);
    events.ok("StartReplay", replay("r", (0.0, 600.0)));
    events.0.advance_seconds(1);
    assert_eq!(events.numbers(), [1]);
    let cancelled = events.ok("CancelReplay", json!({"ReplayName": "r"}));
    assert_eq!(cancelled, json!({"ReplayArn": arn("events", "replay/r"), "State": "CANCELLING"}));
    events.0.advance_seconds(1);
    assert!(events.numbers().is_empty());
    let listed = events.ok("ListReplays", json!({"State": "CANCELLED"}));
    assert_eq!(listed["Replays"][0]["ReplayEndTime"], START + 2.0);
    let message = "Replay r is not in a valid state for this operation.";
    let body = json!({"ReplayName": "r"});
    events.refused("CancelReplay", body, "IllegalStatusException", message);
    let missing = json!({"ReplayName": "x"});
    for operation in ["CancelReplay", "DescribeReplay"] {
        let message = "Replay x does not exist.";
        events.refused(operation, missing.clone(), "ResourceNotFoundException", message);
    }
}

/// Recorded on 2024-06-10.
#[test]
fn replays_are_listed() {
    let mut events = Events::with_archive();
    events.ok("StartReplay", replay("r", (0.0, 60.0)));
    events.0.advance_seconds(2);
    let source = arn("events", "archive/a");
    let all = json!({"Replays": [{
        "EventEndTime": START + 60.0, "EventSourceArn": source, "EventStartTime": START,
        "ReplayEndTime": START + 1.0, "ReplayName": "r", "ReplayStartTime": START,
        "State": "COMPLETED",
    }]});
    for (filter, found) in [
        (json!({"EventSourceArn": source}), true),
        (json!({"EventSourceArn": arn("events", "archive/b")}), false),
        (json!({"NamePrefix": "r"}), true),
        (json!({"NamePrefix": "x"}), false),
        (json!({"State": "RUNNING"}), false),
    ] {
        let expected = if found { all.clone() } else { json!({"Replays": []}) };
        assert_eq!(events.ok("ListReplays", filter), expected);
    }
}

#[test]
fn replays_are_checked() {
    let mut events = Events::with_archive();
    events.ok("CreateEventBus", json!({"Name": "b"}));
    events.ok("StartReplay", replay("r", (0.0, 60.0)));
    let invalid = "ValidationException";
    for (change, shape, message) in [
        // Recorded on 2025-03-12.
        (json!({"ReplayName": "r"}), "ResourceAlreadyExistsException", "Replay r already exists."),
        (
            json!({"EventSourceArn": arn("events", "archive/x")}),
            invalid,
            "Parameter EventSourceArn is not valid. Reason: Archive x does not exist.",
        ),
        (
            json!({"Destination": {"Arn": arn("events", "event-bus/x")}}),
            "ResourceNotFoundException",
            "Event bus x does not exist.",
        ),
        (
            json!({"Destination": {"Arn": arn("events", "event-bus/b")}}),
            invalid,
            "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not \
             permitted.",
        ),
        // Not recorded.
        (
            json!({"EventEndTime": START}),
            invalid,
            "Parameter EventEndTime is not valid. Reason: EventStartTime must be before \
             EventEndTime.",
        ),
        (
            json!({"Destination": null}),
            invalid,
            "1 validation error detected: Value null at 'destination' failed to satisfy \
             constraint: Member must not be null",
        ),
    ] {
        let mut body = replay("other", (0.0, 60.0));
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        events.refused("StartReplay", body, shape, message);
    }
    for number in 0..9 {
        events.ok("StartReplay", replay(&format!("r{number}"), (0.0, 60.0)));
    }
    // Recorded on 2025-03-11.
    let message = "The requested resource exceeds the maximum number allowed.";
    let eleventh = replay("r9", (0.0, 60.0));
    events.refused("StartReplay", eleventh.clone(), "LimitExceededException", message);
    events.0.advance_seconds(1);
    events.ok("StartReplay", eleventh);
}

#[test]
fn a_restart_keeps_archives_and_running_replays() {
    let mut events = Events::with_archive();
    events.put_at(&[(0.0, 1), (60.0, 2)]);
    events.ok("StartReplay", replay("r", (0.0, 600.0)));
    events.0.advance_seconds(1);
    assert_eq!(events.numbers(), [1]);
    events.0.restart();
    events.0.advance_seconds(1);
    assert_eq!(events.numbers(), [2]);
}

#[test]
fn replays_are_forgotten_after_ninety_days() {
    const DAY: u64 = 86_400;
    let mut events = Events::with_archive();
    events.ok("StartReplay", replay("old", (0.0, 60.0)));
    events.0.advance_seconds(DAY);
    events.ok("StartReplay", replay("new", (0.0, 60.0)));
    events.0.advance_seconds(89 * DAY - 1);
    assert_eq!(events.replay_state("old"), "COMPLETED");
    events.0.advance_seconds(1);
    let listed = events.ok("ListReplays", json!({}));
    let names: Vec<_> = listed["Replays"].as_array().unwrap().iter().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(names[0]["ReplayName"], "new");
    let gone = events.err("DescribeReplay", json!({"ReplayName": "old"}));
    assert_eq!(gone.shape, "ResourceNotFoundException");
    // The name is free again.
    events.ok("StartReplay", replay("old", (0.0, 60.0)));
}
