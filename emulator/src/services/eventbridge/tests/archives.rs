//! Archives: what they keep, and for how long.

use serde_json::{Value, json};

use super::{ACCOUNT, Events, PATTERN, arn};

const DAY: u64 = 86_400;

impl Events {
    /// An archive `a` of the default bus, with `more` settings.
    pub(super) fn archive(&mut self, more: &Value) -> Value {
        let mut body =
            json!({"ArchiveName": "a", "EventSourceArn": arn("events", "event-bus/default")});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.ok("CreateArchive", body)
    }

    fn kept(&mut self) -> (i64, i64) {
        let shown = self.ok("DescribeArchive", json!({"ArchiveName": "a"}));
        (shown["EventCount"].as_i64().unwrap(), shown["SizeBytes"].as_i64().unwrap())
    }
}

/// Recorded on 2024-05-17 and 2025-03-12.
#[test]
fn archives_come_and_go() {
    for bus in ["default", "b"] {
        let mut events = Events::new();
        events.ok("CreateEventBus", json!({"Name": "b"}));
        let source = arn("events", &format!("event-bus/{bus}"));
        let create = json!({
            "ArchiveName": "a", "EventSourceArn": source, "Description": "d",
            "EventPattern": PATTERN, "RetentionDays": 1,
        });
        let created = json!({
            "ArchiveArn": arn("events", "archive/a"), "CreationTime": 1_767_225_600.0,
            "State": "ENABLED",
        });
        assert_eq!(events.ok("CreateArchive", create.clone()), created);
        let exists = "Archive a already exists.";
        events.refused("CreateArchive", create, "ResourceAlreadyExistsException", exists);
        let shown = events.ok("DescribeArchive", json!({"ArchiveName": "a"}));
        let summary = json!({
            "ArchiveName": "a", "CreationTime": 1_767_225_600.0, "EventCount": 0,
            "EventSourceArn": source, "RetentionDays": 1, "SizeBytes": 0, "State": "ENABLED",
        });
        let mut whole = summary.clone();
        whole["ArchiveArn"] = created["ArchiveArn"].clone();
        whole["Description"] = json!("d");
        whole["EventPattern"] = json!(PATTERN);
        assert_eq!(shown, whole);
        let one = json!({"Archives": [summary]});
        for (filter, found) in [
            (json!({"State": "ENABLED"}), true),
            (json!({"State": "DISABLED"}), false),
            (json!({"NamePrefix": "a"}), true),
            (json!({"NamePrefix": "no-archive"}), false),
            (json!({"EventSourceArn": source}), true),
            (json!({}), true),
        ] {
            let expected = if found { one.clone() } else { json!({"Archives": []}) };
            assert_eq!(events.ok("ListArchives", filter), expected);
        }
        let update = json!({"ArchiveName": "a", "RetentionDays": 2});
        assert_eq!(events.ok("UpdateArchive", update), created);
        whole["RetentionDays"] = json!(2);
        assert_eq!(events.ok("DescribeArchive", json!({"ArchiveName": "a"})), whole);
        assert_eq!(events.ok("DeleteArchive", json!({"ArchiveName": "a"})), json!({}));
        for operation in ["DeleteArchive", "DescribeArchive", "UpdateArchive"] {
            let missing = "Archive a does not exist.";
            let body = json!({"ArchiveName": "a"});
            events.refused(operation, body, "ResourceNotFoundException", missing);
        }
    }
}

#[test]
fn archives_are_checked() {
    let mut events = Events::new();
    let bus = arn("events", "event-bus/default");
    let failed = "1 validation error detected: Value";
    let long = "a".repeat(49);
    for (change, shape, message) in [
        // Recorded on 2025-03-12.
        (
            json!({"EventSourceArn": arn("events", "event-bus/x")}),
            "ResourceNotFoundException",
            "Event bus x does not exist.".to_owned(),
        ),
        (
            json!({"EventSourceArn": "x"}),
            "ValidationException",
            format!(
                "{failed} 'x' at 'eventSourceArn' failed to satisfy constraint: Member must \
                 satisfy regular expression pattern: \
                 ^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{{12}})?:.+\\/.+$"
            ),
        ),
        (
            json!({"ArchiveName": long}),
            "ValidationException",
            format!(
                "{failed} '{long}' at 'archiveName' failed to satisfy constraint: Member must have \
                 length less than or equal to 48"
            ),
        ),
        (
            json!({"RetentionDays": -1}),
            "ValidationException",
            format!(
                "{failed} '-1' at 'retentionDays' failed to satisfy constraint: Member must have \
                 value greater than or equal to 0"
            ),
        ),
    ] {
        let mut body = json!({"ArchiveName": "a", "EventSourceArn": bus});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        events.refused("CreateArchive", body, shape, &message);
    }
    let body = json!({"ArchiveName": "a", "EventSourceArn": bus, "EventPattern": "{}"});
    let refused = events.err("CreateArchive", body);
    assert_eq!(refused.shape, "InvalidEventPatternException");
    let two = json!({"NamePrefix": "a", "State": "ENABLED"});
    let message = "At most one filter is allowed for ListArchives. Use either : State, \
                   EventSourceArn, or NamePrefix.";
    events.refused("ListArchives", two, "ValidationException", message);
    let missing = json!({"EventSourceArn": arn("events", "event-bus/x")});
    let message = "Event bus x does not exist.";
    events.refused("ListArchives", missing, "ResourceNotFoundException", message);
}

#[test]
fn an_archive_keeps_what_its_pattern_wants_until_it_is_too_old() {
    let mut events = Events::new();
    events.archive(&json!({"EventPattern": r#"{"detail":{"n":[1]}}"#, "RetentionDays": 2}));
    events.put(&json!({"n": 1}));
    events.put(&json!({"n": 2}));
    let (count, bytes) = events.kept();
    assert_eq!(count, 1);
    events.0.advance_seconds(DAY);
    events.put(&json!({"n": 1}));
    assert_eq!(events.kept(), (2, 2 * bytes));
    events.0.advance_seconds(DAY - 1);
    assert_eq!(events.kept().0, 2);
    events.0.advance_seconds(1);
    assert_eq!(events.kept(), (1, bytes));
    let update = json!({"ArchiveName": "a", "EventPattern": PATTERN, "RetentionDays": 0});
    events.ok("UpdateArchive", update);
    events.put(&json!({"n": 2}));
    events.0.advance_seconds(1000 * DAY);
    assert_eq!(events.kept().0, 2);
}

#[test]
fn a_bus_with_an_archive_stays() {
    let mut events = Events::new();
    events.ok("CreateEventBus", json!({"Name": "b"}));
    let source = arn("events", "event-bus/b");
    events.ok("CreateArchive", json!({"ArchiveName": "a", "EventSourceArn": source}));
    assert_eq!(events.err("DeleteEventBus", json!({"Name": "b"})).shape, "ValidationException");
    events.ok("DeleteArchive", json!({"ArchiveName": "a"}));
    events.ok("DeleteEventBus", json!({"Name": "b"}));
}

#[test]
fn archives_of_another_account_are_not_here() {
    let mut events = Events::new();
    let elsewhere = arn("events", "event-bus/default").replace(ACCOUNT, "111111111111");
    let body = json!({"ArchiveName": "a", "EventSourceArn": elsewhere});
    let message = "Event bus default does not exist.";
    events.refused("CreateArchive", body, "ResourceNotFoundException", message);
}
