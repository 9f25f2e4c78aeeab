//! Live Tail: what a session is told, second by second.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Logs, START};
use crate::cloud::{Cloud, Waiting};
use crate::kernel::CallId;

const ARN: &str = "arn:aws:logs:us-east-1:000000000000:log-group:";
const TARGET: &str = "Logs_20140328.StartLiveTail";

/// The names and payloads of the events in some frames.
fn events(mut bytes: &[u8]) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let (length, headers) = (number(0), number(4));
        let text = String::from_utf8_lossy(&bytes[12..12 + headers]).into_owned();
        let name = text.split("-type\u{7}").nth(2).unwrap()[2..].split('\r').next().unwrap();
        let payload = serde_json::from_slice(&bytes[12 + headers..length - 4]).unwrap();
        found.push((name.to_owned(), payload));
        bytes = &bytes[length..];
    }
    found
}

impl Logs {
    fn tail(&mut self, mut input: Value) -> CallId {
        if input["logGroupIdentifiers"].is_null() {
            input["logGroupIdentifiers"] = json!([format!("{ARN}g")]);
        }
        self.world.start(TARGET, input).expect_err("it goes on")
    }

    fn told(&mut self, call: CallId) -> Vec<(String, Value)> {
        events(&self.world.take_told(call))
    }

    /// The messages of each update of so many seconds.
    fn updates(&mut self, call: CallId, seconds: u64) -> Vec<Vec<String>> {
        self.world.advance(Duration::from_secs(seconds));
        let told = self.told(call).into_iter();
        let told = told.filter(|(name, _)| name == "sessionUpdate");
        told.map(|(_, update)| {
            let found = update["sessionResults"].as_array().unwrap();
            found.iter().map(|event| event["message"].as_str().unwrap().to_owned()).collect()
        })
        .collect()
    }
}

#[test]
fn a_session_is_told_what_comes_in_once_a_second() {
    let mut logs = Logs::new();
    logs.put("s", &["before"]);
    let call = logs.tail(json!({"logEventFilterPattern": "error"}));
    let told = logs.told(call);
    assert_eq!(told[0], ("initial-response".to_owned(), json!({})));
    let (name, start) = &told[1];
    assert_eq!((name.as_str(), told.len()), ("sessionStart", 2));
    assert_eq!(start["logGroupIdentifiers"], json!([format!("{ARN}g")]));
    assert_eq!(start["logEventFilterPattern"], "error");
    logs.put("s", &["an error", "fine"]);
    assert!(logs.told(call).is_empty());
    logs.world.advance(Duration::from_secs(1));
    let event = json!({
        "ingestionTime": START, "logGroupIdentifier": format!("{ARN}g"), "logStreamName": "s",
        "message": "an error", "timestamp": START,
    });
    let update = json!({"sessionMetadata": {"sampled": false}, "sessionResults": [event]});
    assert_eq!(logs.told(call), [("sessionUpdate".to_owned(), update)]);
    logs.put("s", &["error 2"]);
    assert_eq!(logs.updates(call, 3), [vec!["error 2"], vec![], vec![]]);
}

#[test]
fn sessions_choose_groups_and_streams() {
    let mut logs = Logs::new();
    logs.ok("CreateLogGroup", json!({"logGroupName": "h"}));
    for (group, stream) in [("g", "st"), ("h", "s")] {
        logs.ok("CreateLogStream", json!({"logGroupName": group, "logStreamName": stream}));
    }
    let both = json!([format!("{ARN}g"), format!("{ARN}h")]);
    let cases = [
        (json!({}), vec!["g s", "g st"]),
        (json!({"logGroupIdentifiers": both}), vec!["g s", "g st", "h s"]),
        (json!({"logStreamNames": ["s"]}), vec!["g s"]),
        (json!({"logStreamNamePrefixes": ["s"]}), vec!["g s", "g st"]),
        (json!({"logStreamNamePrefixes": ["st"]}), vec!["g st"]),
    ];
    let calls = cases.map(|(input, wanted)| (logs.tail(input.clone()), input, wanted));
    for (group, stream) in [("g", "s"), ("g", "st"), ("h", "s")] {
        let event = json!({"timestamp": START, "message": format!("{group} {stream}")});
        let input = json!({
            "logGroupName": group, "logStreamName": stream, "logEvents": [event],
        });
        logs.ok("PutLogEvents", input);
    }
    logs.world.advance(Duration::from_secs(1));
    for (call, input, wanted) in calls {
        assert_eq!(logs.updates(call, 0), [wanted], "{input}");
    }
}

#[test]
fn of_many_events_some_are_told() {
    let mut logs = Logs::new();
    let call = logs.tail(json!({}));
    let many: Vec<String> = (0..501).map(|number| number.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (count, sampled) in [(500, false), (501, true), (1, false)] {
        logs.told(call);
        logs.put("s", &many[..count]);
        logs.world.advance(Duration::from_secs(1));
        let (_, update) = logs.told(call).pop().unwrap();
        assert_eq!(update["sessionResults"].as_array().unwrap().len(), count.min(500));
        assert_eq!(update["sessionMetadata"]["sampled"], sampled, "{count}");
    }
}

#[test]
fn a_session_ends_after_three_hours_or_with_its_client() {
    let mut logs = Logs::new();
    let call = logs.tail(json!({}));
    logs.world.advance(Duration::from_secs(3 * 3600 - 1));
    assert!(logs.world.answer_bytes(call).is_none());
    logs.told(call);
    logs.world.advance(Duration::from_secs(1));
    let last = events(&logs.world.answer_bytes(call).unwrap());
    let names: Vec<&str> = last.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["sessionUpdate", "SessionTimeoutException"]);
    assert!(logs.world.cloud.next_deadline().is_none());
    // Who is gone makes room.
    let calls: Vec<CallId> = (0..15).map(|_| logs.tail(json!({}))).collect();
    let input = json!({"logGroupIdentifiers": [format!("{ARN}g")]});
    let (shape, _) = logs.err("StartLiveTail", input.clone());
    assert_eq!(shape, "LimitExceededException");
    logs.world.hang_up(calls[7]);
    logs.tail(json!({}));
    assert_eq!(logs.err("StartLiveTail", input).0, "LimitExceededException");
    // Clients do not survive a restart.
    let bytes = logs.world.cloud.snapshot();
    let restored = Cloud::restore(&bytes, Waiting::Gone).unwrap();
    assert_eq!(restored.waiting_clients().count(), 0);
}

#[test]
fn what_cannot_be_tailed_is_refused() {
    let mut logs = Logs::new();
    let group = format!("{ARN}g");
    let eleven = vec![group.as_str(); 11];
    for (input, shape, part) in [
        (json!({}), "InvalidParameterException", "'logGroupIdentifiers'"),
        (json!({"logGroupIdentifiers": []}), "InvalidParameterException", "length greater"),
        (json!({"logGroupIdentifiers": eleven}), "InvalidParameterException", "length less"),
        (json!({"logGroupIdentifiers": ["g"]}), "InvalidParameterException", "ARNs"),
        (json!({"logGroupIdentifiers": [format!("{group}:*")]}), "InvalidParameterException", ""),
        (
            json!({"logGroupIdentifiers": [format!("{ARN}absent")]}),
            "ResourceNotFoundException",
            "does not exist",
        ),
        (
            json!({"logGroupIdentifiers": [group], "logEventFilterPattern": "{"}),
            "InvalidParameterException",
            "it must end with '}'",
        ),
        (
            json!({
                "logGroupIdentifiers": [group], "logStreamNames": ["s"],
                "logStreamNamePrefixes": ["s"],
            }),
            "InvalidParameterException",
            "mutually exclusive",
        ),
        (
            json!({"logGroupIdentifiers": [group, group], "logStreamNames": ["s"]}),
            "InvalidParameterException",
            "one log group",
        ),
    ] {
        let (refused, message) = logs.err("StartLiveTail", input.clone());
        assert_eq!(refused, shape, "{input}: {message}");
        assert!(message.contains(part), "{input}: {message}");
    }
}
