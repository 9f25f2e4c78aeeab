//! Buses: names, permissions, tags and pages.

use serde_json::{Value, json};

use super::{Events, PATTERN, arn};
use crate::cloud::testing::World;
use crate::kernel::Settings;

/// Recorded on 2024-06-19.
#[test]
fn buses_come_and_go() {
    let mut events = Events::new();
    let bus_arn = arn("events", "event-bus/b");
    let created = events.ok("CreateEventBus", json!({"Name": "b", "Description": "test bus"}));
    assert_eq!(created, json!({"EventBusArn": bus_arn, "Description": "test bus"}));
    let exists = "Event bus b already exists.";
    events.refused(
        "CreateEventBus",
        json!({"Name": "b"}),
        "ResourceAlreadyExistsException",
        exists,
    );
    let shown = json!({
        "Arn": bus_arn, "Name": "b", "Description": "test bus",
        "CreationTime": 1_767_225_600.0, "LastModifiedTime": 1_767_225_600.0,
    });
    assert_eq!(events.ok("DescribeEventBus", json!({"Name": "b"})), shown);
    assert_eq!(events.ok("DescribeEventBus", json!({"Name": bus_arn})), shown);
    let listed = events.ok("ListEventBuses", json!({"NamePrefix": "b"}));
    assert_eq!(listed, json!({"EventBuses": [shown]}));
    assert_eq!(events.ok("DescribeEventBus", json!({}))["Name"], "default");
    let updated = events.ok("UpdateEventBus", json!({"Name": "b", "Description": "other"}));
    assert_eq!(updated["Description"], "other");
    events.ok("DeleteEventBus", json!({"Name": "b"}));
    assert_eq!(events.ok("ListEventBuses", json!({"NamePrefix": "b"})), json!({"EventBuses": []}));
    for operation in ["DeleteEventBus", "DescribeEventBus"] {
        let missing = "Event bus b does not exist.";
        events.refused(operation, json!({"Name": "b"}), "ResourceNotFoundException", missing);
    }
    let default = "Cannot delete event bus default.";
    events.refused("DeleteEventBus", json!({"Name": "default"}), "ValidationException", default);
}

#[test]
fn names_are_checked() {
    let mut events = Events::new();
    let failed = "failed to satisfy constraint: Member must";
    let long = "x".repeat(257);
    for (name, problem) in [
        (long.as_str(), "have length less than or equal to 256".to_owned()),
        ("a b", r"satisfy regular expression pattern: [/\.\-_A-Za-z0-9]+".to_owned()),
    ] {
        let message =
            format!("1 validation error detected: Value '{name}' at 'name' {failed} {problem}");
        events.refused("CreateEventBus", json!({"Name": name}), "ValidationException", &message);
    }
    let message = format!(
        "2 validation errors detected: Value '' at 'name' {failed} satisfy regular expression \
         pattern: [/\\.\\-_A-Za-z0-9]+; Value '' at 'name' {failed} have length greater than or \
         equal to 1"
    );
    events.refused("CreateEventBus", json!({"Name": ""}), "ValidationException", &message);
    events.ok("CreateEventBus", json!({"Name": &long[1..]}));
    let message = format!("1 validation error detected: Value null at 'name' {failed} not be null");
    events.refused("CreateEventBus", json!({}), "ValidationException", &message);
}

/// Recorded on 2024-06-19.
#[test]
fn permissions_of_buses() {
    let mut events = Events::new();
    events.ok("CreateEventBus", json!({"Name": "b"}));
    for bus in ["default", "b"] {
        for (sid, account) in [("one", "111111111111"), ("two", "222222222222")] {
            let body = json!({
                "EventBusName": bus, "Action": "events:PutEvents", "Principal": account,
                "StatementId": sid,
            });
            events.ok("PutPermission", body);
        }
        let remove = json!({"EventBusName": bus, "StatementId": "one"});
        events.ok("RemovePermission", remove.clone());
        let shown = events.ok("DescribeEventBus", json!({"Name": bus}));
        let policy: Value = serde_json::from_str(shown["Policy"].as_str().unwrap()).unwrap();
        let statement = json!({
            "Sid": "two", "Effect": "Allow", "Action": "events:PutEvents",
            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Resource": arn("events", &format!("event-bus/{bus}")),
        });
        assert_eq!(policy, json!({"Version": "2012-10-17", "Statement": [statement]}));
        let missing = "Statement with the provided id does not exist.";
        events.refused("RemovePermission", remove, "ResourceNotFoundException", missing);
        let all = json!({"EventBusName": bus, "RemoveAllPermissions": true});
        events.ok("RemovePermission", all);
        assert_eq!(events.ok("DescribeEventBus", json!({"Name": bus})).get("Policy"), None);
    }
    let body = json!({"EventBusName": "x", "StatementId": "s"});
    let missing = "Event bus x does not exist.";
    events.refused("RemovePermission", body, "ResourceNotFoundException", missing);
}

/// Recorded on 2024-06-19.
#[test]
fn tags_of_buses_and_rules() {
    let mut events = Events::with_rule();
    let tag = json!([{"Key": "a", "Value": "1"}]);
    events.ok("CreateEventBus", json!({"Name": "b", "Tags": tag}));
    for (path, old) in [("event-bus/b", tag.clone()), ("rule/r", json!([]))] {
        let resource = arn("events", path);
        let list = json!({"ResourceARN": resource});
        assert_eq!(events.ok("ListTagsForResource", list.clone())["Tags"], old);
        let new = json!([{"Key": "b", "Value": "2"}]);
        events.ok("TagResource", json!({"ResourceARN": resource, "Tags": new}));
        events.ok("UntagResource", json!({"ResourceARN": resource, "TagKeys": ["a"]}));
        assert_eq!(events.ok("ListTagsForResource", list)["Tags"], new);
    }
    let gone = json!({"ResourceARN": arn("events", "event-bus/gone")});
    let missing = "Event bus gone does not exist.";
    events.refused("ListTagsForResource", gone, "ResourceNotFoundException", missing);
}

#[test]
fn lists_come_in_pages() {
    let mut events = Events::new();
    for number in 0..3 {
        events.ok("PutRule", json!({"Name": format!("r{number}"), "EventPattern": PATTERN}));
    }
    let first = events.ok("ListRules", json!({"Limit": 2}));
    assert_eq!(first["Rules"].as_array().unwrap().len(), 2);
    let second = events.ok("ListRules", json!({"Limit": 2, "NextToken": first["NextToken"]}));
    assert_eq!(second["Rules"][0]["Name"], "r2");
    assert_eq!(second.get("NextToken"), None);
    let refused = events.err("ListRules", json!({"Limit": 101}));
    assert!(refused.message.ends_with("Member must have value less than or equal to 100"));
}

#[test]
fn strict_mode_names_what_has_no_effect() {
    let settings = Settings { strict: true, ..Settings::default() };
    let mut events = Events(World::with(settings));
    let body = json!({"Name": "b", "KmsKeyIdentifier": "key"});
    assert!(events.err("CreateEventBus", body).message.starts_with("events: KmsKeyIdentifier"));
    events.ok("PutRule", json!({"Name": "r", "EventPattern": PATTERN}));
    let target = json!({
        "Id": "t", "Arn": arn("sqs", "q"), "RoleArn": "arn:aws:iam::000000000000:role/r",
    });
    let refused = events.err("PutTargets", json!({"Rule": "r", "Targets": [target]}));
    assert!(refused.message.starts_with("events: Targets.RoleArn"), "{}", refused.message);
}

#[test]
fn permissions_have_the_models_form() {
    let mut events = Events::new();
    let good = json!({
        "Action": "events:PutEvents", "Principal": "111111111111", "StatementId": "one",
    });
    for (member, value, at) in [
        ("Action", "sqs:SendMessage", "action"),
        ("Principal", "abc", "principal"),
        ("StatementId", "a b", "statementId"),
    ] {
        let mut body = good.clone();
        body[member] = value.into();
        let refused = events.err("PutPermission", body);
        let begins = format!(
            "1 validation error detected: Value '{value}' at '{at}' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: "
        );
        assert!(refused.message.starts_with(&begins), "{}", refused.message);
    }
    events.ok("PutPermission", good);
    let tags = json!({"Name": "b", "Tags": [{"Key": "aws:x", "Value": "1"}]});
    assert_eq!(events.err("CreateEventBus", tags).shape, "ValidationException");
}
