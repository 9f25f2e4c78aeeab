//! Behaviour of EventBridge, driven as a client drives it.

use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::cloud::testing::{Refused, World};
use crate::kernel::Settings;
use crate::kernel::What;

const ACCOUNT: &str = "000000000000";
const PATTERN: &str = r#"{"source":["shop"]}"#;

fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:us-east-1:{ACCOUNT}:{resource}")
}

struct Events(World);

impl Events {
    fn new() -> Self {
        Self(World::new())
    }

    /// With a rule `r` that sends all events of the shop to the queue `q`.
    fn with_rule() -> Self {
        let mut events = Self::new();
        events.queue("q");
        events.ok("PutRule", json!({"Name": "r", "EventPattern": PATTERN}));
        events.target("r", json!({"Id": "t", "Arn": arn("sqs", "q")}));
        events
    }

    fn ok(&mut self, operation: &str, body: Value) -> Value {
        self.0.ok(&format!("AWSEvents.{operation}"), body)
    }

    fn err(&mut self, operation: &str, body: Value) -> Refused {
        self.0.err(&format!("AWSEvents.{operation}"), body)
    }

    fn refused(&mut self, operation: &str, body: Value, shape: &str, message: &str) {
        let refused = self.err(operation, body);
        assert_eq!((refused.shape.as_str(), refused.message.as_str()), (shape, message));
    }

    fn queue(&mut self, name: &str) {
        let policy = json!({"Statement": {
            "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage", "Resource": "*",
        }});
        let mut attributes = json!({"Policy": policy.to_string()});
        if name.ends_with(".fifo") {
            attributes["FifoQueue"] = json!("true");
            attributes["ContentBasedDeduplication"] = json!("true");
        }
        let request = json!({"QueueName": name, "Attributes": attributes});
        self.0.ok("AmazonSQS.CreateQueue", request);
    }

    fn target(&mut self, rule: &str, target: Value) {
        let answer = self.ok("PutTargets", json!({"Rule": rule, "Targets": [target]}));
        assert_eq!(answer, json!({"FailedEntryCount": 0, "FailedEntries": []}));
    }

    /// Puts one event and returns its id.
    fn put(&mut self, detail: &Value) -> String {
        let entry =
            json!({"Source": "shop", "DetailType": "OrderPlaced", "Detail": detail.to_string()});
        let answer = self.ok("PutEvents", json!({"Entries": [entry]}));
        assert_eq!(answer["FailedEntryCount"], 0);
        answer["Entries"][0]["EventId"].as_str().unwrap().to_owned()
    }

    fn receive(&mut self, queue: &str) -> Vec<Value> {
        let answer = self.0.ok(
            "AmazonSQS.ReceiveMessage",
            json!({
                "QueueUrl": format!("http://localhost/{ACCOUNT}/{queue}"),
                "MaxNumberOfMessages": 10,
                "MessageAttributeNames": ["All"],
                "MessageSystemAttributeNames": ["All"],
            }),
        );
        answer["Messages"].as_array().cloned().unwrap_or_default()
    }

    fn bodies(&mut self, queue: &str) -> Vec<String> {
        let messages = self.receive(queue);
        messages.iter().map(|message| message["Body"].as_str().unwrap().to_owned()).collect()
    }
}

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
        ("", "have length greater than or equal to 1".to_owned()),
        (&long, "have length less than or equal to 256".to_owned()),
        ("a b", r"satisfy regular expression pattern: [/\.\-_A-Za-z0-9]+".to_owned()),
    ] {
        let message =
            format!("1 validation error detected: Value '{name}' at 'name' {failed} {problem}");
        events.refused("CreateEventBus", json!({"Name": name}), "ValidationException", &message);
    }
    events.ok("CreateEventBus", json!({"Name": &long[1..]}));
    let message = format!("1 validation error detected: Value null at 'name' {failed} not be null");
    events.refused("CreateEventBus", json!({}), "ValidationException", &message);
}

/// Recorded on 2024-06-19.
#[test]
fn rules_come_and_go() {
    let mut events = Events::new();
    events.ok("CreateEventBus", json!({"Name": "b"}));
    for (bus, path) in [("default", "rule/r"), ("b", "rule/b/r")] {
        let rule_arn = arn("events", path);
        let put = json!({"Name": "r", "EventPattern": PATTERN, "EventBusName": bus});
        assert_eq!(events.ok("PutRule", put.clone()), json!({"RuleArn": rule_arn}));
        let named = json!({"Name": "r", "EventBusName": bus});
        events.ok("DisableRule", named.clone());
        let mut shown = json!({
            "Arn": rule_arn, "CreatedBy": ACCOUNT, "EventBusName": bus, "EventPattern": PATTERN,
            "Name": "r", "State": "DISABLED",
        });
        assert_eq!(events.ok("DescribeRule", named.clone()), shown);
        events.ok("EnableRule", named.clone());
        shown["State"] = json!("ENABLED");
        assert_eq!(events.ok("DescribeRule", named.clone()), shown);
        shown.as_object_mut().unwrap().remove("CreatedBy");
        let listed = events.ok("ListRules", json!({"EventBusName": bus, "NamePrefix": "r"}));
        assert_eq!(listed, json!({"Rules": [shown]}));
        events.ok("DeleteRule", named.clone());
        events.ok("DeleteRule", named.clone());
        let missing = format!("Rule r does not exist on EventBus {bus}.");
        events.refused("DescribeRule", named, "ResourceNotFoundException", &missing);
    }
}

#[test]
fn rules_are_checked() {
    let mut events = Events::new();
    let mut check = |body: Value, shape: &str, message: &str| {
        events.refused("PutRule", body, shape, message);
    };
    check(
        json!({"Name": "r"}),
        "ValidationException",
        "Parameter(s) EventPattern or ScheduleExpression must be specified.",
    );
    check(
        json!({"Name": "r", "ScheduleExpression": "rate(1 minute)"}),
        "NotImplementedException",
        "a rule with a schedule is not implemented by this emulator",
    );
    check(
        json!({"Name": "r", "EventPattern": r#"{"string": "my-value"}"#}),
        "InvalidEventPatternException",
        "Event pattern is not valid. Reason: \"string\" must be an object or an array\n at \
         [Source: (String)\"{\"string\": \"my-value\"}\"; line: 1, column: 13]",
    );
    check(
        json!({"Name": "r", "EventPattern": PATTERN, "EventBusName": "missing"}),
        "ResourceNotFoundException",
        "Event bus missing does not exist.",
    );
    let refused = events.err("PutRule", json!({"Name": "r", "EventPattern": "x".repeat(4097)}));
    assert!(refused.message.ends_with("Member must have length less than or equal to 4096"));
    let refused =
        events.err("PutRule", json!({"Name": "r", "EventPattern": PATTERN, "State": "ON"}));
    assert!(refused.message.starts_with("1 validation error detected: Value 'ON' at 'state'"));
}

#[test]
fn targets_come_and_go() {
    let mut events = Events::with_rule();
    let target = json!({"Id": "t", "Arn": arn("sqs", "q"), "InputPath": "$.detail"});
    events.target("r", target.clone());
    // A new pattern leaves the targets alone. Recorded on 2024-06-19.
    events.ok("PutRule", json!({"Name": "r", "EventPattern": r#"{"source":["other"]}"#}));
    let listed = events.ok("ListTargetsByRule", json!({"Rule": "r"}));
    assert_eq!(listed, json!({"Targets": [target]}));
    let named = events.ok("ListRuleNamesByTarget", json!({"TargetArn": arn("sqs", "q")}));
    assert_eq!(named, json!({"RuleNames": ["r"]}));
    let busy = "Rule can't be deleted since it has targets.";
    events.refused("DeleteRule", json!({"Name": "r"}), "ValidationException", busy);
    let more: Vec<_> =
        (0..5).map(|n| json!({"Id": n.to_string(), "Arn": arn("sqs", "q")})).collect();
    let refused = events.err("PutTargets", json!({"Rule": "r", "Targets": more}));
    assert_eq!(refused.shape, "LimitExceededException");
    events.ok("PutTargets", json!({"Rule": "r", "Targets": more[..4]}));
    let removed = events.ok("RemoveTargets", json!({"Rule": "r", "Ids": ["t", "x"]}));
    assert_eq!(removed["FailedEntryCount"], 1);
    assert_eq!(removed["FailedEntries"][0]["TargetId"], "x");
    let missing = "Rule x does not exist on EventBus default.";
    for (operation, body) in [
        ("PutTargets", json!({"Rule": "x", "Targets": more})),
        ("RemoveTargets", json!({"Rule": "x", "Ids": ["t"]})),
        ("ListTargetsByRule", json!({"Rule": "x"})),
        ("EnableRule", json!({"Name": "x"})),
        ("DisableRule", json!({"Name": "x"})),
    ] {
        events.refused(operation, body, "ResourceNotFoundException", missing);
    }
}

#[test]
fn targets_are_checked() {
    let mut events = Events::with_rule();
    let mut check = |more: Value, shape: &str, message: &str| {
        let mut target = json!({"Id": "t", "Arn": arn("sqs", "q")});
        target.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let body = json!({"Rule": "r", "Targets": [target]});
        events.refused("PutTargets", body, shape, message);
    };
    let invalid = "ValidationException";
    check(
        json!({"InputPath": "$.detail", "Input": "{}"}),
        invalid,
        "Only one of Input, InputPath, or InputTransformer must be provided for target t.",
    );
    check(
        json!({"InputTransformer": {
            "InputPathsMap": {"a": "$.detail"}, "InputTemplate": "\"<a> <notdefinedkey>\"",
        }}),
        invalid,
        "InputTemplate for target t contains invalid placeholder notdefinedkey.",
    );
    check(
        json!({"Arn": "target"}),
        invalid,
        "Parameter target is not valid. Reason: Provided Arn is not in correct format.",
    );
    check(
        json!({"Arn": arn("sqs", "q.fifo")}),
        invalid,
        "Parameter(s) MessageGroupId must be specified for target: t.",
    );
    check(
        json!({"Arn": arn("kinesis", "stream/s")}),
        "NotImplementedException",
        "the target service kinesis is not implemented by this emulator",
    );
    check(json!({"Input": "{"}), invalid, "JSON syntax error in input for target t.");
    for (policy, problem) in [
        (json!({"MaximumRetryAttempts": 186}), "less than or equal to 185"),
        (json!({"MaximumEventAgeInSeconds": 59}), "greater than or equal to 60"),
    ] {
        let target = json!({"Id": "t", "Arn": arn("sqs", "q"), "RetryPolicy": policy});
        let refused = events.err("PutTargets", json!({"Rule": "r", "Targets": [target]}));
        assert!(refused.message.ends_with(problem), "{}", refused.message);
    }
}

#[test]
fn an_event_reaches_its_targets() {
    let mut events = Events::with_rule();
    events.ok("PutRule", json!({"Name": "other", "EventPattern": r#"{"source":["other"]}"#}));
    events.target("other", json!({"Id": "t", "Arn": arn("sqs", "q")}));
    let detail = r#"{ "z": 1.50, "a": [ "x y" ] }"#;
    let entry = json!({
        "Source": "shop", "DetailType": "OrderPlaced", "Detail": detail,
        "Resources": ["r1"], "Time": 1_700_000_000.9,
    });
    let answer = events.ok("PutEvents", json!({"Entries": [entry]}));
    let id = answer["Entries"][0]["EventId"].as_str().unwrap();
    assert_eq!(
        events.bodies("q"),
        [format!(
            "{{\"version\":\"0\",\"id\":\"{id}\",\"detail-type\":\"OrderPlaced\",\
             \"source\":\"shop\",\"account\":\"{ACCOUNT}\",\"time\":\"2023-11-14T22:13:20Z\",\
             \"region\":\"us-east-1\",\"resources\":[\"r1\"],\
             \"detail\":{{\"z\":1.50,\"a\":[\"x y\"]}}}}"
        )]
    );
    events.ok("DisableRule", json!({"Name": "r"}));
    events.put(&json!({}));
    assert!(events.bodies("q").is_empty());
}

/// Recorded on 2024-07-11.
#[test]
fn entries_are_refused_one_by_one() {
    let mut events = Events::with_rule();
    let required = |name: &str| {
        let text = format!("Parameter {name} is not valid. Reason: {name} is a required argument.");
        json!({"ErrorCode": "InvalidArgument", "ErrorMessage": text})
    };
    let malformed = json!({"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."});
    let not_ours = json!({
        "ErrorCode": "NotAuthorizedForSourceException",
        "ErrorMessage": "Not authorized for the source.",
    });
    for (change, result) in [
        (json!({"Source": null}), required("Source")),
        (json!({"Source": ""}), required("Source")),
        (json!({"DetailType": null}), required("DetailType")),
        (json!({"Detail": null}), required("Detail")),
        (json!({"Detail": "[]"}), malformed.clone()),
        (json!({"Detail": "\"{}\""}), malformed.clone()),
        (json!({"Detail": "text"}), malformed.clone()),
        (json!({"Detail": "{"}), malformed),
        (json!({"Source": "aws.s3"}), not_ours),
    ] {
        let good = json!({"Source": "shop", "DetailType": "d", "Detail": "{}"});
        let mut bad = good.clone();
        bad.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = events.ok("PutEvents", json!({"Entries": [bad, good]}));
        assert_eq!(answer["FailedEntryCount"], 1, "{change}");
        assert_eq!(answer["Entries"][0], result, "{change}");
        assert!(answer["Entries"][1]["EventId"].is_string(), "{change}");
    }
}

#[test]
fn limits_of_put_events() {
    let mut events = Events::new();
    let entry = |detail: String| json!({"Source": "s", "DetailType": "d", "Detail": detail});
    let small = entry("{}".to_owned());
    for (count, problem) in [(0, "greater than or equal to 1"), (11, "less than or equal to 10")] {
        let body = json!({"Entries": vec![small.clone(); count]});
        let refused = events.err("PutEvents", body);
        assert_eq!(refused.shape, "ValidationException");
        assert!(refused.message.ends_with(problem));
    }
    events.ok("PutEvents", json!({"Entries": vec![small; 10]}));
    // Source, detail type and the JSON around the text take ten bytes.
    let detail = |bytes: usize| entry(json!({"a": "x".repeat(bytes - 10)}).to_string());
    events.ok("PutEvents", json!({"Entries": [detail(1_048_575)]}));
    events.refused(
        "PutEvents",
        json!({"Entries": [detail(1_048_576)]}),
        "ValidationException",
        "Total size of the entries in the request is over the limit.",
    );
}

/// Recorded on 2024-06-19: an unknown bus is no error.
#[test]
fn events_for_a_bus_that_is_not_there_are_gone() {
    let mut events = Events::with_rule();
    let entry = |bus: &str| {
        let mut entry = json!({"Source": "shop", "DetailType": "d", "Detail": "{}"});
        entry["EventBusName"] = json!(bus);
        entry
    };
    let body = json!({"Entries": [entry("missing"), entry("default")]});
    let answer = events.ok("PutEvents", body);
    assert_eq!(answer["FailedEntryCount"], 0);
    assert!(answer["Entries"][0]["EventId"].is_string());
    assert_eq!(events.bodies("q").len(), 1);
}

/// Recorded on 2024-05-14.
#[test]
fn targets_choose_their_input() {
    let mut events = Events::with_rule();
    let rule_arn = arn("events", "rule/r");
    let mut check = |input: Value, body: &str| {
        let mut target = json!({"Id": "t", "Arn": arn("sqs", "q")});
        target.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
        events.target("r", target);
        let id = events.put(&json!({"command": "update \"it\"", "payload": {"b": 1, "a": [2, 3]}}));
        assert_eq!(events.bodies("q"), [body.replace("<id>", &id)]);
    };
    check(json!({"Input": "{\"custom\": 1}"}), "{\"custom\": 1}");
    check(json!({"InputPath": "$.detail.payload"}), r#"{"a":[2,3],"b":1}"#);
    check(json!({"InputPath": "$.detail.payload.a[1]"}), "3");
    let template = |paths: Value, template: &str| {
        let transformer = json!({"InputPathsMap": paths, "InputTemplate": template});
        json!({"InputTransformer": transformer})
    };
    check(
        template(
            json!({"kind": "$.detail-type", "command": "$.detail.command", "none": "$.x"}),
            r#"{"kind": <kind>, "command": "<command>", "none": "<none>"}"#,
        ),
        r#"{"kind": "OrderPlaced", "command": "update \"it\"", "none": ""}"#,
    );
    check(
        template(json!({"payload": "$.detail.payload"}), r#"{"all": <payload>, "n": "<payload>"}"#),
        r#"{"all": {"a":[2,3],"b":1}, "n": "{\"a\":[2,3],\"b\":1}"}"#,
    );
    check(
        template(
            json!({}),
            "\"All: <aws.events.rule-arn> <aws.events.rule-name> \
             <aws.events.event.ingestion-time>\"",
        ),
        &format!("\"All: {rule_arn} r 2026-01-01T00:00:00Z\""),
    );
    let detail = r#"{"command":"update \"it\"","payload":{"a":[2,3],"b":1}}"#;
    let start = r#"{"version":"0","id":"<id>","#;
    let middle = format!(r#""source":"shop","account":"{ACCOUNT}","#);
    let rest = r#""time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":[]"#;
    let event = format!(r#"{start}"detailType":"OrderPlaced",{middle}{rest}}}"#);
    let whole = format!(r#"{start}"detail-type":"OrderPlaced",{middle}{rest},"detail":{detail}}}"#);
    check(
        template(json!({}), r#"{"event": <aws.events.event>, "json": <aws.events.event.json>}"#),
        &format!(r#"{{"event": {event}, "json": {whole}}}"#),
    );
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

#[test]
fn why_a_rule_did_not_match() {
    let mut events = Events::with_rule();
    let pattern = r#"{"source":["shop"],"detail":{"n":[{"numeric":[">",5]}]}}"#;
    events.ok("PutRule", json!({"Name": "big", "EventPattern": pattern}));
    let id = events.put(&json!({"n": 3})).parse().unwrap();
    let verdicts = events.0.cloud.explain_event(id);
    let reasons: Vec<_> =
        verdicts.iter().map(|verdict| (verdict.rule.as_str(), verdict.reasons.join(";"))).collect();
    let (big, r) = (arn("events", "rule/big"), arn("events", "rule/r"));
    let why = r#"detail.n is 3, wanted [{"numeric":[">",5]}]"#;
    assert_eq!(reasons, [(big.as_str(), why.to_owned()), (r.as_str(), String::new())]);
}

#[test]
fn a_snapshot_holds_buses_and_rules() {
    let mut events = Events::with_rule();
    events.put(&json!({"n": 1}));
    let snapshot = events.0.cloud.snapshot();
    events.0.cloud = Cloud::restore(&snapshot).unwrap();
    assert_eq!(events.0.cloud.snapshot(), snapshot);
    events.put(&json!({"n": 2}));
    assert_eq!(events.bodies("q").len(), 2);
}

#[test]
fn a_fifo_queue_gets_its_group() {
    let mut events = Events::with_rule();
    events.queue("q.fifo");
    let target = json!({
        "Id": "f", "Arn": arn("sqs", "q.fifo"), "SqsParameters": {"MessageGroupId": "g"},
    });
    events.target("r", target);
    events.put(&json!({}));
    assert_eq!(events.receive("q.fifo")[0]["Attributes"]["MessageGroupId"], "g");
}

#[test]
fn what_a_queue_refuses_goes_to_the_dead_letter_queue() {
    let mut events = Events::with_rule();
    events.queue("dlq");
    events.0.ok("AmazonSQS.CreateQueue", json!({"QueueName": "closed"}));
    let (closed, dlq) = (arn("sqs", "closed"), arn("sqs", "dlq"));
    events.target(
        "r",
        json!({"Id": "t", "Arn": closed, "DeadLetterConfig": {"Arn": dlq}, "Input": "\"short\""}),
    );
    events.put(&json!({"n": 1}));
    assert!(events.receive("closed").is_empty());
    let message = events.receive("dlq").remove(0);
    let text = |name: &str| message["MessageAttributes"][name]["StringValue"].as_str().unwrap();
    assert_eq!(text("RULE_ARN"), arn("events", "rule/r"));
    assert_eq!(text("TARGET_ARN"), closed);
    assert_eq!(text("ERROR_CODE"), "NO_PERMISSIONS");
    assert_eq!(text("RETRY_ATTEMPTS"), "0");
    assert!(text("ERROR_MESSAGE").contains("events.amazonaws.com"));
    assert!(message["Body"].as_str().unwrap().contains("\"detail\":{\"n\":1}"));
}

#[test]
fn an_event_goes_through_a_topic() {
    let mut events = Events::with_rule();
    let topic = arn("sns", "t");
    events.0.query("sns", "Action=CreateTopic&Version=2010-03-31&Name=t");
    let policy = json!({"Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
         "Action": "sqs:SendMessage", "Resource": "*"},
    ]});
    let url = format!("http://localhost/{ACCOUNT}/fan");
    events.0.ok("AmazonSQS.CreateQueue", json!({"QueueName": "fan"}));
    let attributes = json!({"Policy": policy.to_string()});
    events.0.ok("AmazonSQS.SetQueueAttributes", json!({"QueueUrl": url, "Attributes": attributes}));
    let subscribe = format!(
        "Action=Subscribe&Version=2010-03-31&TopicArn={topic}&Protocol=sqs&Endpoint={}\
         &Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true",
        arn("sqs", "fan")
    );
    events.0.query("sns", &subscribe);
    events.target("r", json!({"Id": "topic", "Arn": topic, "InputPath": "$.detail"}));
    events.put(&json!({"n": 1}));
    // The topic's own policy does not name EventBridge.
    assert!(events.bodies("fan").is_empty());
    let permit = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%22*%22\
        %2C%22Action%22%3A%22sns%3APublish%22%2C%22Resource%22%3A%22*%22%7D%7D";
    events.0.query(
        "sns",
        &format!(
            "Action=SetTopicAttributes&Version=2010-03-31&TopicArn={topic}&AttributeName=Policy\
             &AttributeValue={permit}"
        ),
    );
    events.put(&json!({"n": 2}));
    assert_eq!(events.bodies("fan"), [r#"{"n":2}"#]);
}

#[test]
fn an_event_goes_from_bus_to_bus_and_loops_end() {
    let mut events = Events::new();
    events.queue("q");
    events.ok("CreateEventBus", json!({"Name": "b"}));
    let loops = json!({"Name": "loop", "EventPattern": PATTERN});
    events.ok("PutRule", loops.clone());
    events.target("loop", json!({"Id": "b", "Arn": arn("events", "event-bus/b")}));
    let on_b = json!({"Name": "r", "EventPattern": PATTERN, "EventBusName": "b"});
    events.ok("PutRule", on_b);
    let targets = json!([
        {"Id": "q", "Arn": arn("sqs", "q")},
        {"Id": "back", "Arn": arn("events", "event-bus/default")},
    ]);
    let put = json!({"Rule": "r", "EventBusName": "b", "Targets": targets});
    events.ok("PutTargets", put);
    let id = events.put(&json!({}));
    let bodies = events.bodies("q");
    assert!((2..=16).contains(&bodies.len()), "{}", bodies.len());
    assert!(bodies.iter().all(|body| body.contains(&id)));
}

#[test]
fn patterns_are_tested_against_events() {
    let mut events = Events::new();
    let event = json!({"id": "1", "source": "shop"}).to_string();
    for (pattern, result) in [(PATTERN, true), (r#"{"source":["x"]}"#, false)] {
        let body = json!({"EventPattern": pattern, "Event": event});
        assert_eq!(events.ok("TestEventPattern", body), json!({"Result": result}));
    }
    for event in ["text", "\"text\"", "[]"] {
        let body = json!({"EventPattern": PATTERN, "Event": event});
        let message = "Parameter Event is not valid.";
        events.refused("TestEventPattern", body, "ValidationException", message);
    }
    let refused = events.err("TestEventPattern", json!({"EventPattern": "{}", "Event": "{}"}));
    assert_eq!(refused.shape, "InvalidEventPatternException");
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
fn an_event_goes_to_the_bus_of_the_account_and_region_that_its_arn_names() {
    let mut events = Events::with_rule();
    let put = |events: &mut Events, bus: &str| {
        let entry = json!({
            "Source": "shop", "DetailType": "OrderPlaced", "Detail": "{}", "EventBusName": bus,
        });
        events.ok("PutEvents", json!({"Entries": [entry]}));
        let entries: Vec<_> = events.0.cloud.lineage().entries().collect();
        let last = entries.last().unwrap();
        (last.what, last.resource.clone())
    };
    let same_account = format!("arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/default");
    assert_eq!(put(&mut events, &same_account), (What::EventPut, same_account));
    let other_account = "arn:aws:events:us-east-1:111111111111:event-bus/default".to_owned();
    assert_eq!(put(&mut events, &other_account), (What::Dropped, other_account));
    assert!(events.receive("q").is_empty());
}
