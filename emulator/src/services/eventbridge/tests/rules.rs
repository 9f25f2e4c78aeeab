//! Rules, their patterns and their targets.

use serde_json::{Value, json};

use super::{ACCOUNT, Events, PATTERN, arn};

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
        "Parameter(s) SqsParameters must be specified for target: t.",
    );
    check(
        json!({"Arn": arn("sqs", "q.fifo"), "SqsParameters": {}}),
        invalid,
        "Parameter(s) MessageGroupId must be specified for target: t.",
    );
    let (batch, role) = (arn("batch", "job-queue/q"), "arn:aws:iam::000000000000:role/r");
    check(
        json!({"Arn": batch, "RoleArn": role}),
        invalid,
        "Parameter(s) BatchParameters must be specified for target: t.",
    );
    let state_machine = arn("states", "stateMachine:m");
    check(
        json!({"Arn": state_machine}),
        invalid,
        &format!("RoleArn is required for target {state_machine}."),
    );
    for no_target in [arn("nowhere", "x"), arn("events", "rule/r"), arn("iam", "role/r")] {
        let text = "is not valid. Reason: Provided Arn is not in correct format.";
        check(json!({"Arn": no_target}), invalid, &format!("Parameter {no_target} {text}"));
    }
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
fn patterns_are_tested_against_events() {
    let mut events = Events::new();
    let event = json!({
        "id": "1", "source": "shop", "detail-type": "d", "account": ACCOUNT, "region": "us-east-1",
        "time": "2022-07-13T13:48:01Z",
    });
    for member in event.as_object().unwrap().keys() {
        let mut lacking = event.clone();
        lacking.as_object_mut().unwrap().remove(member);
        let body = json!({"EventPattern": PATTERN, "Event": lacking.to_string()});
        let message = "Parameter Event is not valid.";
        events.refused("TestEventPattern", body, "ValidationException", message);
    }
    let event = event.to_string();
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

#[test]
fn why_a_rule_did_not_match() {
    let mut events = Events::with_rule();
    let pattern = r#"{"source":["shop"],"detail":{"n":[{"numeric":[">",5]}]}}"#;
    events.ok("PutRule", json!({"Name": "big", "EventPattern": pattern}));
    let id = events.put(&json!({"n": 3})).parse().unwrap();
    let verdicts = events.0.cloud.explain_event(id);
    let reasons: Vec<_> = verdicts
        .iter()
        .map(|verdict| (verdict.rule.as_str(), verdict.reasons.first().map(|it| &*it.reason)))
        .collect();
    let (big, r) = (arn("events", "rule/big"), arn("events", "rule/r"));
    let why = r#"detail.n is 3, wanted [{"numeric":[">",5]}]"#;
    assert_eq!(reasons, [(big.as_str(), Some(why)), (r.as_str(), None)]);
}
