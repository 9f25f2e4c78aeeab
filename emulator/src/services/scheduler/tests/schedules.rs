//! What is taken, kept, told and refused.

use serde_json::{Value, json};

use super::{QUEUE, ROLE, Scheduler, schedule};
use crate::kernel::Settings;

#[test]
fn a_schedule_is_told_as_it_was_made() {
    let mut scheduler = Scheduler::new();
    let arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s.1";
    let made = scheduler.ok("POST", "/schedules/s.1", &schedule("rate(5 minutes)", &json!({})));
    assert_eq!(made, json!({"ScheduleArn": arn}));
    let mut told = scheduler.ok("GET", "/schedules/s.1", &Value::Null);
    for date in ["CreationDate", "LastModificationDate"] {
        assert!(told[date].is_number(), "{told}");
        told.as_object_mut().unwrap().remove(date);
    }
    let expected = json!({
        "ActionAfterCompletion": "NONE", "Arn": arn, "FlexibleTimeWindow": {"Mode": "OFF"},
        "GroupName": "default", "Name": "s.1", "ScheduleExpression": "rate(5 minutes)",
        "ScheduleExpressionTimezone": "UTC", "State": "ENABLED",
        "Target": {
            "Arn": QUEUE, "RoleArn": ROLE, "Input": "<aws.scheduler.scheduled-time>",
            "RetryPolicy": {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185},
        },
    });
    assert_eq!(told, expected);
    // What an update does not say has its default again.
    let window = json!({"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 7});
    let change = json!({"State": "DISABLED", "Description": "d", "FlexibleTimeWindow": window});
    scheduler.ok("PUT", "/schedules/s.1", &schedule("cron(0 9 * * ? *)", &change));
    let told = scheduler.ok("GET", "/schedules/s.1?groupName=default", &Value::Null);
    assert_eq!(told["FlexibleTimeWindow"], window);
    assert_eq!((&told["State"], &told["Description"]), (&json!("DISABLED"), &json!("d")));
    scheduler.ok("PUT", "/schedules/s.1", &schedule("cron(0 9 * * ? *)", &json!({})));
    let told = scheduler.ok("GET", "/schedules/s.1", &Value::Null);
    assert_eq!((&told["State"], &told["Description"]), (&json!("ENABLED"), &Value::Null));
    scheduler.ok("DELETE", "/schedules/s.1?clientToken=t", &Value::Null);
    let (status, error, text) = scheduler.err("GET", "/schedules/s.1", &Value::Null);
    assert_eq!((status, &*error), (404, "ResourceNotFoundException"));
    assert_eq!(text, "Schedule s.1 does not exist.");
}

#[test]
fn what_is_wrong_is_named() {
    let mut scheduler = Scheduler::new();
    let target = |more: Value| json!({"Target": more});
    for (expression, more, told) in [
        ("rate(5 seconds)", json!({}), "Invalid Schedule Expression rate(5 seconds)."),
        ("cron(* * * * * *)", json!({}), "Invalid Schedule Expression cron(* * * * * *)."),
        ("at(2026-13-01T00:00:00)", json!({}), "Invalid Schedule Expression"),
        (
            "rate(1 hour)",
            json!({"ScheduleExpressionTimezone": "Mars/Olympus"}),
            "Invalid Schedule Expression Timezone Mars/Olympus.",
        ),
        (
            "rate(1 hour)",
            json!({"FlexibleTimeWindow": {"Mode": "ON"}}),
            "1 validation error detected: Value 'ON' at 'flexibleTimeWindow.mode' failed to \
             satisfy constraint: Member must satisfy enum value set: [FLEXIBLE, OFF]",
        ),
        ("rate(1 hour)", json!({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}), "must have a Max"),
        (
            "rate(1 hour)",
            json!({"FlexibleTimeWindow": {"MaximumWindowInMinutes": 1}}),
            "cannot have a MaximumWindowInMinutes",
        ),
        ("rate(1 hour)", json!({"GroupName": "none"}), "Schedule group none does not exist."),
        ("rate(1 hour)", json!({"StartDate": 1}), "cannot be earlier than 5 minutes ago"),
        ("rate(1 hour)", json!({"EndDate": 1}), "must be in the future"),
        ("rate(1 hour)", target(json!({"RoleArn": "r"})), "at 'target.roleArn' failed to satisfy"),
        ("rate(1 hour)", target(json!({"Arn": "q"})), "Provided Arn q is not valid."),
        (
            "rate(1 hour)",
            target(json!({"Arn": "arn:aws:scheduler:::aws-sdk:sqs:receiveMessage"})),
            "read-only",
        ),
        (
            "rate(1 hour)",
            target(json!({"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"})),
            "has to be a JSON object",
        ),
        (
            "rate(1 hour)",
            target(json!({"Arn": format!("{QUEUE}.fifo")})),
            "MessageGroupId must be given for FIFO queues",
        ),
        (
            "rate(1 hour)",
            target(json!({"RetryPolicy": {"MaximumRetryAttempts": 186}})),
            "Member must have value less than or equal to 185",
        ),
    ] {
        let body = schedule(expression, &more);
        let (status, error, text) = scheduler.err("POST", "/schedules/s", &body);
        assert!(text.contains(told), "{expression} {more}: {text}");
        let missing = told.ends_with("does not exist.");
        let expected = if missing { "ResourceNotFoundException" } else { "ValidationException" };
        assert_eq!((status, &*error), (if missing { 404 } else { 400 }, expected));
    }
    let (_, _, text) = scheduler.err("POST", "/schedules/a%20b", &json!({}));
    assert!(text.starts_with("4 validation errors detected: "), "{text}");
    let listed = scheduler.ok("GET", "/schedules", &Value::Null);
    assert_eq!(listed, json!({"Schedules": []}));
}

#[test]
fn the_same_request_may_come_again_with_its_token() {
    let mut scheduler = Scheduler::new();
    let body = schedule("rate(1 hour)", &json!({"ClientToken": "t"}));
    let first = scheduler.ok("POST", "/schedules/s", &body);
    assert_eq!(scheduler.ok("POST", "/schedules/s", &body), first);
    let other = schedule("rate(2 hours)", &json!({"ClientToken": "t"}));
    let plain = schedule("rate(1 hour)", &json!({}));
    for body in [other, plain] {
        let (status, error, text) = scheduler.err("POST", "/schedules/s", &body);
        assert_eq!((status, &*error), (409, "ConflictException"));
        assert_eq!(text, "Schedule s already exists.");
    }
}

#[test]
fn lists_are_in_pages() {
    let mut scheduler = Scheduler::new();
    scheduler.ok("POST", "/schedule-groups/other", &json!({}));
    for name in ["a1", "a2", "a3", "b1"] {
        scheduler.schedule(name, "rate(1 hour)", &json!({}));
    }
    scheduler.schedule("a0", "rate(1 hour)", &json!({"GroupName": "other", "State": "DISABLED"}));
    let mut names = |query: &str| -> (Vec<String>, Value) {
        let page = scheduler.ok("GET", &format!("/schedules{query}"), &Value::Null);
        let name = |it: &Value| it["Name"].as_str().unwrap().to_owned();
        (
            page["Schedules"].as_array().unwrap().iter().map(name).collect(),
            page["NextToken"].clone(),
        )
    };
    assert_eq!(names("").0, ["a1", "a2", "a3", "b1", "a0"]);
    assert_eq!(names("?ScheduleGroup=other").0, ["a0"]);
    assert_eq!(names("?NamePrefix=a").0, ["a1", "a2", "a3", "a0"]);
    assert_eq!(names("?State=DISABLED").0, ["a0"]);
    let (first, token) = names("?NamePrefix=a&MaxResults=2");
    assert_eq!(first, ["a1", "a2"]);
    let (second, token) = names(&format!("?MaxResults=2&NextToken={}", token.as_str().unwrap()));
    assert_eq!(second, ["a3", "b1"]);
    let (third, token) = names(&format!("?MaxResults=2&NextToken={}", token.as_str().unwrap()));
    assert_eq!((third, token), (vec!["a0".to_owned()], Value::Null));
    for query in ["?NextToken=forged", "?MaxResults=101", "?MaxResults=x", "?State=ON"] {
        let uri = format!("/schedules{query}");
        let (status, error, _) = scheduler.err("GET", &uri, &Value::Null);
        let malformed = query == "?MaxResults=x";
        let expected = if malformed { "SerializationException" } else { "ValidationException" };
        assert_eq!((status, &*error), (400, expected), "{query}");
    }
}

#[test]
fn groups_hold_schedules_and_tags() {
    let mut scheduler = Scheduler::new();
    let arn = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/g";
    let tags = json!([{"Key": "k", "Value": "v"}]);
    let made = scheduler.ok("POST", "/schedule-groups/g", &json!({"Tags": tags}));
    assert_eq!(made, json!({"ScheduleGroupArn": arn}));
    assert_eq!(scheduler.err("POST", "/schedule-groups/g", &json!({})).1, "ConflictException");
    let encoded = arn.replace(':', "%3A").replace('/', "%2F");
    let uri = format!("/tags/{encoded}");
    assert_eq!(scheduler.ok("GET", &uri, &Value::Null), json!({"Tags": tags}));
    scheduler.ok("POST", &uri, &json!({"Tags": [{"Key": "a", "Value": "b"}]}));
    scheduler.ok("DELETE", &format!("{uri}?TagKeys=k&TagKeys=none"), &Value::Null);
    let left = json!({"Tags": [{"Key": "a", "Value": "b"}]});
    assert_eq!(scheduler.ok("GET", &uri, &Value::Null), left);
    let listed = scheduler.ok("GET", "/schedule-groups", &Value::Null);
    let names: Vec<_> = listed["ScheduleGroups"].as_array().unwrap().iter().collect();
    assert_eq!((&names[0]["Name"], &names[1]["State"]), (&json!("default"), &json!("ACTIVE")));
    scheduler.schedule("s", "rate(1 hour)", &json!({"GroupName": "g"}));
    scheduler.ok("DELETE", "/schedule-groups/g", &Value::Null);
    let (_, error, text) = scheduler.err("GET", "/schedules/s?groupName=g", &Value::Null);
    assert_eq!(
        (&*error, &*text),
        ("ResourceNotFoundException", "Schedule group g does not exist.")
    );
    let default = scheduler.err("DELETE", "/schedule-groups/default", &Value::Null);
    assert_eq!(default.1, "ValidationException");
}

#[test]
fn an_unknown_path_says_that_it_is_not_here() {
    let mut scheduler = Scheduler::new();
    let (status, error, text) = scheduler.err("PATCH", "/schedules/s", &Value::Null);
    assert_eq!((status, &*error), (400, "UnknownOperationException"));
    assert!(text.contains("PATCH /schedules/s"), "{text}");
}

#[test]
fn strict_mode_names_what_has_no_effect() {
    let mut scheduler = Scheduler::with(Settings { strict: true, ..Settings::default() });
    let kinesis = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
    for (more, member) in [
        (json!({"KmsKeyArn": "arn:aws:kms:us-east-1:000000000000:key/k"}), "KmsKeyArn"),
        (json!({"Target": {"Arn": kinesis}}), "Target.Arn"),
        (json!({"Target": {"KinesisParameters": {"PartitionKey": "p"}}}), "KinesisParameters"),
    ] {
        let body = schedule("rate(1 hour)", &more);
        let (_, error, text) = scheduler.err("POST", "/schedules/s", &body);
        assert_eq!(error, "NotImplementedException");
        assert!(text.contains(member), "{text}");
    }
    scheduler.schedule("s", "rate(1 hour)", &json!({}));
}
