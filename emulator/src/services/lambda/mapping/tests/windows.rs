//! Tumbling windows of a table's stream.

use super::*;

impl Mapped {
    /// A mapping of the stream in windows of a minute, at the beginning of one.
    fn in_windows(more: &Value) -> Self {
        let mut mapped = Self::new();
        let into = mapped.world.now().seconds().rem_euclid(60);
        mapped.world.advance_seconds(60 - into.unsigned_abs());
        let stream = mapped.stream();
        let mut request = json!({
            "EventSourceArn": stream, "StartingPosition": "LATEST", "TumblingWindowInSeconds": 60,
        });
        let members = more.as_object().into_iter().flatten();
        members.for_each(|(name, value)| request[name] = value.clone());
        mapped.map(&request);
        mapped
    }

    /// The function hands a state on.
    fn keeps(&mut self, batch: &Batch, state: &Value) {
        self.returns(batch, &json!({"state": state}).to_string());
    }
}

impl Batch {
    /// Whether it is a window's end, and ended early.
    fn flags(&self) -> (bool, bool) {
        let flag = |name: &str| self.event[name].as_bool().unwrap();
        (flag("isFinalInvokeForWindow"), flag("isWindowTerminatedEarly"))
    }
}

#[test]
fn a_window_hands_its_state_on_and_has_an_end() {
    let mut mapped = Mapped::in_windows(&json!({}));
    let start = mapped.world.now();
    assert_eq!(mapped.world.cloud.next_deadline(), None, "an idle mapping costs nothing");
    mapped.write(0..1);
    let batch = mapped.one();
    assert_eq!(batch.flags(), (false, false));
    assert_eq!(batch.event["state"], json!({}));
    let end = crate::wire::Timestamp::from_millis(start.millis() + 60_000);
    let window = json!({"start": start.iso_seconds(), "end": end.iso_seconds()});
    assert_eq!(batch.event["window"], window);
    assert!(batch.event["shardId"].as_str().unwrap().starts_with("shardId-"));
    assert!(batch.event["eventSourceARN"].as_str().unwrap().contains("/stream/"));
    mapped.keeps(&batch, &json!({"sum": 1}));
    let mut seen = vec![batch.numbers().join(",")];
    // What follows within the minute sees what was made of it so far.
    mapped.world.advance_seconds(20);
    mapped.write(1..2);
    let batch = mapped.one();
    assert_eq!((batch.flags(), &batch.event["state"]), ((false, false), &json!({"sum": 1})));
    seen.push(batch.numbers().join(","));
    assert_eq!(seen, ["0", "1"]);
    mapped.keeps(&batch, &json!({"sum": 2}));
    mapped.world.advance_seconds(30);
    assert!(mapped.batches().is_empty(), "the window is open");
    mapped.world.advance_seconds(10);
    let last = mapped.one();
    assert_eq!((last.flags(), last.records.len()), ((true, false), 0));
    assert_eq!((&last.event["state"], &last.event["window"]), (&json!({"sum": 2}), &window));
    mapped.returns(&last, "null");
    // Without records there is no window, and nothing ticks.
    mapped.world.advance_seconds(600);
    assert!(mapped.batches().is_empty());
    assert_eq!(mapped.world.cloud.next_deadline(), None);
    mapped.write(2..3);
    let batch = mapped.one();
    assert_eq!((batch.numbers(), &batch.event["state"]), (vec!["2"], &json!({})));
}

#[test]
fn the_next_window_waits_for_the_end_of_the_one_before() {
    let mut mapped = Mapped::in_windows(&json!({}));
    mapped.write(0..1);
    let first = mapped.one();
    mapped.world.advance_seconds(61);
    mapped.write(1..2);
    assert!(mapped.batches().is_empty(), "one batch at a time");
    mapped.keeps(&first, &json!({"n": 1}));
    let end = mapped.one();
    assert_eq!((end.flags(), &end.event["state"]), ((true, false), &json!({"n": 1})));
    // An end that fails is tried again, and all that follows waits.
    mapped.fails(&end);
    mapped.world.advance_seconds(5);
    let end = mapped.one();
    assert_eq!((end.flags(), &end.event["state"]), ((true, false), &json!({"n": 1})));
    mapped.returns(&end, "{}");
    let second = mapped.one();
    assert_eq!((second.numbers(), &second.event["state"]), (vec!["1"], &json!({})));
    // A restart keeps both the window and the state.
    mapped.keeps(&second, &json!({"n": 2}));
    mapped.world.restart();
    mapped.world.advance_seconds(60);
    let end = mapped.one();
    assert_eq!((end.flags(), &end.event["state"]), ((true, false), &json!({"n": 2})));
}

#[test]
fn an_answer_without_a_state_is_a_failure() {
    for answer in ["null", "{}", "{\"state\": 1}", "{\"state\": null}", "[]", ""] {
        let mut mapped = Mapped::in_windows(&json!({"MaximumRetryAttempts": 1}));
        mapped.write(0..1);
        let batch = mapped.one();
        mapped.returns(&batch, answer);
        mapped.world.advance_seconds(5);
        let again = mapped.one();
        assert_eq!(again.numbers(), ["0"], "{answer}");
    }
}

#[test]
fn a_state_that_is_too_long_ends_its_window() {
    let mut mapped = Mapped::in_windows(&json!({}));
    mapped.write(0..1);
    let batch = mapped.one();
    mapped.keeps(&batch, &json!({"long": "x".repeat(1024 * 1024)}));
    let end = mapped.one();
    assert_eq!((end.flags(), end.records.len()), ((true, true), 0));
    mapped.returns(&end, "null");
    // The same window goes on with no state.
    mapped.write(1..2);
    let batch = mapped.one();
    assert_eq!((batch.flags(), &batch.event["state"]), ((false, false), &json!({})));
    assert_eq!(batch.event["window"], end.event["window"]);
}

#[test]
fn an_end_that_fails_too_often_is_given_up() {
    let mut mapped = Mapped::in_windows(&json!({"MaximumRetryAttempts": 1}));
    mapped.write(0..1);
    let batch = mapped.one();
    mapped.keeps(&batch, &json!({"n": 1}));
    mapped.world.advance_seconds(60);
    for _ in 0..2 {
        let end = mapped.one();
        assert_eq!(end.flags(), (true, false));
        mapped.fails(&end);
        mapped.world.advance_seconds(5);
    }
    mapped.write(1..2);
    let batch = mapped.one();
    assert_eq!((batch.numbers(), &batch.event["state"]), (vec!["1"], &json!({})));
}
