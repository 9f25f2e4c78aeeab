//! Groups and streams: names, lists, tags, retention, protection.

use serde_json::json;

use super::{Logs, START};

#[test]
fn names_are_checked_in_awss_words() {
    let mut logs = Logs::new();
    let pattern = |name: &str| {
        format!(
            "1 validation error detected: Value '{name}' at 'logGroupName' failed to satisfy \
             constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"
        )
    };
    let long = "Invalid LogGroup or LogStream, both must have length less than or equal to 512.";
    for (name, message) in [
        ("a b".to_owned(), pattern("a b")),
        ("ä".to_owned(), pattern("ä")),
        ("x".repeat(513), long.to_owned()),
        ("aws/x".to_owned(), "Log groups starting with AWS/ are reserved for AWS.".to_owned()),
    ] {
        let refused = logs.err("CreateLogGroup", json!({"logGroupName": name}));
        assert_eq!(refused, ("InvalidParameterException".to_owned(), message));
    }
    logs.ok("CreateLogGroup", json!({"logGroupName": "x".repeat(512)}));
    let refused = logs.err("CreateLogGroup", json!({}));
    assert!(refused.1.contains("Value null at 'logGroupName'"), "{refused:?}");
    let stream = json!({"logGroupName": "g", "logStreamName": "a:b"});
    let refused = logs.err("CreateLogStream", stream);
    assert!(refused.1.ends_with("pattern: [^:*]*"), "{refused:?}");
    let again = logs.err("CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"}));
    assert_eq!(again.0, "ResourceAlreadyExistsException");
}

#[test]
fn lists_come_in_pages() {
    let mut logs = Logs::new();
    for number in 0..7 {
        logs.ok("CreateLogGroup", json!({"logGroupName": format!("page-{number}")}));
    }
    let mut names = Vec::new();
    let mut token = json!(null);
    loop {
        let mut input = json!({"logGroupNamePrefix": "page-", "limit": 3});
        if !token.is_null() {
            input["nextToken"] = token;
        }
        let page = logs.ok("DescribeLogGroups", input);
        for group in page["logGroups"].as_array().unwrap() {
            names.push(group["logGroupName"].as_str().unwrap().to_owned());
        }
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(names, (0..7).map(|number| format!("page-{number}")).collect::<Vec<_>>());
    let part = logs.ok("DescribeLogGroups", json!({"logGroupNamePattern": "GE-6"}));
    assert_eq!(part["logGroups"][0]["logGroupName"], "page-6");
    let refused = logs.err("DescribeLogGroups", json!({"nextToken": "x"}));
    assert_eq!(refused.1, "The specified nextToken is invalid.");
    let refused = logs.err("DescribeLogGroups", json!({"limit": 51}));
    assert!(refused.1.contains("less than or equal to 50"), "{refused:?}");
    let listed = logs.ok("ListLogGroups", json!({"logGroupNamePattern": "^page|nothing"}));
    assert_eq!(listed["logGroups"].as_array().unwrap().len(), 7);
}

#[test]
fn streams_are_ordered_by_name_or_by_their_last_event() {
    let mut logs = Logs::new();
    for name in ["a", "b", "c"] {
        logs.ok("CreateLogStream", json!({"logGroupName": "g", "logStreamName": name}));
    }
    logs.put("b", &["1", "2", "3"]);
    logs.put("a", &["1"]);
    let mut names = |more: serde_json::Value| -> Vec<String> {
        let mut input = json!({"logGroupName": "g"});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut all = Vec::new();
        loop {
            let page = logs.ok("DescribeLogStreams", input.clone());
            for stream in page["logStreams"].as_array().unwrap() {
                all.push(stream["logStreamName"].as_str().unwrap().to_owned());
            }
            match page["nextToken"].as_str() {
                Some(token) => input["nextToken"] = token.into(),
                None => return all,
            }
        }
    };
    assert_eq!(names(json!({})), ["a", "b", "c", "s"]);
    assert_eq!(names(json!({"descending": true, "limit": 1})), ["s", "c", "b", "a"]);
    let by_time = json!({"orderBy": "LastEventTime", "descending": true, "limit": 2});
    assert_eq!(names(by_time), ["b", "a", "s", "c"]);
    assert_eq!(names(json!({"logStreamNamePrefix": "b"})), ["b"]);
    let both = json!({
        "logGroupName": "g", "orderBy": "LastEventTime", "logStreamNamePrefix": "b",
    });
    let refused = logs.err("DescribeLogStreams", both);
    assert_eq!(refused.1, "Cannot order by LastEventTime with a logStreamNamePrefix.");
}

#[test]
fn what_is_older_than_the_retention_is_forgotten_in_virtual_time() {
    let mut logs = Logs::new();
    let refused =
        logs.err("PutRetentionPolicy", json!({"logGroupName": "g", "retentionInDays": 2}));
    assert!(refused.1.contains("enum value set: [1, 3, 5,"), "{refused:?}");
    logs.ok("PutRetentionPolicy", json!({"logGroupName": "g", "retentionInDays": 1}));
    logs.put("s", &["old", "a second younger"]);
    logs.world.advance_seconds(86_400);
    assert_eq!(logs.found(json!({})), ["old", "a second younger"]);
    logs.world.advance_seconds(1);
    assert_eq!(logs.found(json!({})), ["a second younger"]);
    let group = logs.ok("DescribeLogGroups", json!({}))["logGroups"][0].clone();
    let bytes = "a second younger".len() + 26;
    assert_eq!((&group["retentionInDays"], &group["storedBytes"]), (&json!(1), &json!(bytes)));
    let late = logs.put("s", &["too old"]);
    assert_eq!(late["rejectedLogEventsInfo"], json!({"expiredLogEventEndIndex": 1}));
    logs.ok("DeleteRetentionPolicy", json!({"logGroupName": "g"}));
    logs.put("s", &["kept"]);
    logs.world.advance_seconds(86_400 * 400);
    assert_eq!(logs.found(json!({})), ["kept", "a second younger"]);
}

#[test]
fn a_protected_group_is_not_deleted() {
    let mut logs = Logs::new();
    let protect = |logs: &mut Logs, on: bool| {
        let input = json!({"logGroupIdentifier": "g", "deletionProtectionEnabled": on});
        logs.ok("PutLogGroupDeletionProtection", input);
    };
    protect(&mut logs, true);
    assert_eq!(logs.err("DeleteLogGroup", json!({"logGroupName": "g"})).0, "ValidationException");
    let stream = json!({"logGroupName": "g", "logStreamName": "s"});
    assert_eq!(logs.err("DeleteLogStream", stream.clone()).0, "ValidationException");
    protect(&mut logs, false);
    logs.ok("DeleteLogStream", stream);
    logs.ok("DeleteLogGroup", json!({"logGroupName": "g"}));
    assert_eq!(
        logs.err("DeleteLogGroup", json!({"logGroupName": "g"})).0,
        "ResourceNotFoundException"
    );
}

#[test]
fn tags_have_a_bound_and_two_ways_in() {
    let mut logs = Logs::new();
    let arn = format!("arn:aws:logs:us-east-1:{}:log-group:g", "000000000000");
    let many = |from: u32, to: u32| -> serde_json::Value {
        (from..to).map(|number| (format!("k{number}"), json!("v"))).collect()
    };
    logs.ok("TagResource", json!({"resourceArn": arn, "tags": many(0, 50)}));
    let over = logs.err("TagResource", json!({"resourceArn": arn, "tags": many(50, 51)}));
    assert_eq!(over.0, "TooManyTagsException");
    logs.ok("UntagLogGroup", json!({"logGroupName": "g", "tags": ["k0", "absent"]}));
    logs.ok("TagLogGroup", json!({"logGroupName": "g", "tags": {"k50": "v"}}));
    let tags = logs.ok("ListTagsForResource", json!({"resourceArn": arn}));
    assert_eq!(tags["tags"], many(1, 51));
    let other = arn.replace("us-east-1", "eu-west-1");
    let refused = logs.err("ListTagsForResource", json!({"resourceArn": other}));
    assert_eq!(refused.0, "ResourceNotFoundException");
}

#[test]
fn a_group_is_named_by_its_arn_too() {
    let mut logs = Logs::new();
    logs.put("s", &["x"]);
    for (identifier, shape) in [
        ("g", None),
        ("arn:aws:logs:us-east-1:000000000000:log-group:g", None),
        ("arn:aws:logs:us-east-1:000000000000:log-group:g:*", Some("InvalidParameterException")),
        ("arn:aws:logs:eu-west-1:000000000000:log-group:g", Some("ResourceNotFoundException")),
        ("arn:aws:sqs:us-east-1:000000000000:g", Some("InvalidParameterException")),
        ("absent", Some("ResourceNotFoundException")),
    ] {
        let input = json!({"logGroupIdentifier": identifier, "startTime": START});
        match shape {
            None => assert_eq!(super::messages(&logs.ok("FilterLogEvents", input)), ["x"]),
            Some(shape) => assert_eq!(logs.err("FilterLogEvents", input).0, shape, "{identifier}"),
        }
    }
    let neither = logs.err("FilterLogEvents", json!({}));
    assert_eq!(neither.0, "ValidationException");
}

#[test]
fn strict_mode_refuses_what_has_no_effect() {
    let settings = crate::kernel::Settings { strict: true, ..Default::default() };
    let mut world = crate::cloud::testing::World::with(settings);
    for input in [
        json!({"logGroupName": "g", "kmsKeyId": "k"}),
        json!({"logGroupName": "g", "logGroupClass": "INFREQUENT_ACCESS"}),
    ] {
        let refused = world.err("Logs_20140328.CreateLogGroup", input);
        assert_eq!(refused.shape, "NotImplementedException");
    }
    let plain = json!({"logGroupName": "g", "logGroupClass": "STANDARD"});
    world.ok("Logs_20140328.CreateLogGroup", plain);
}
