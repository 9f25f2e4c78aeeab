//! Rules with schedules, in virtual time. It begins at midnight of 1 January 2026, a Thursday.

use serde_json::{Value, json};

use super::{Events, PATTERN, arn};

impl Events {
    fn schedule(&mut self, name: &str, expression: &str) {
        self.ok("PutRule", json!({"Name": name, "ScheduleExpression": expression}));
    }

    /// The times of the events that came to `q`.
    fn rung(&mut self) -> Vec<String> {
        let mut times = Vec::new();
        loop {
            let bodies = self.bodies("q");
            if bodies.is_empty() {
                break;
            }
            let time = |body: &String| {
                let event: Value = serde_json::from_str(body).unwrap();
                event["time"].as_str().unwrap().to_owned()
            };
            times.extend(bodies.iter().map(time));
        }
        // What was received would come again.
        self.0.ok("AmazonSQS.PurgeQueue", json!({"QueueUrl": "q"}));
        times
    }
}

fn scheduled(expression: &str) -> Events {
    let mut events = Events::new();
    events.queue("q");
    events.schedule("s", expression);
    events.target("s", json!({"Id": "t", "Arn": arn("sqs", "q")}));
    events
}

#[test]
fn a_schedule_rings_in_virtual_time() {
    let mut events = scheduled("cron(0/30 8,9 ? * MON-FRI *)");
    events.0.advance_seconds(2 * 86_400);
    let expected = [
        "01T08:00", "01T08:30", "01T09:00", "01T09:30", "02T08:00", "02T08:30", "02T09:00",
        "02T09:30",
    ];
    assert_eq!(events.rung(), expected.map(|time| format!("2026-01-{time}:00Z")));
    // The weekend.
    events.0.advance_seconds(2 * 86_400);
    assert!(events.rung().is_empty());
    let mut events = scheduled("rate(5 minutes)");
    events.0.advance_seconds(299);
    assert!(events.rung().is_empty());
    events.0.advance_seconds(301);
    assert_eq!(events.rung(), ["2026-01-01T00:05:00Z", "2026-01-01T00:10:00Z"]);
}

/// User guide "Creating an EventBridge rule that runs on a schedule".
#[test]
fn the_event_of_a_schedule_says_which_rule() {
    let mut events = scheduled("rate(1 minute)");
    events.0.advance_seconds(60);
    let body = events.bodies("q").remove(0);
    let mut event: Value = serde_json::from_str(&body).unwrap();
    assert!(event["id"].take().is_string());
    let expected = json!({
        "version": "0", "id": null, "detail-type": "Scheduled Event", "source": "aws.events",
        "account": "000000000000", "time": "2026-01-01T00:01:00Z", "region": "us-east-1",
        "resources": [arn("events", "rule/s")], "detail": {},
    });
    assert_eq!(event, expected);
}

/// Recorded on 2024-05-15: the target's own input.
#[test]
fn a_schedule_has_targets_like_any_rule() {
    let mut events = scheduled("rate(1 minute)");
    events.target("s", json!({"Id": "t", "Arn": arn("sqs", "q"), "Input": "{\"custom\":1}"}));
    events.0.advance_seconds(60);
    assert_eq!(events.bodies("q"), ["{\"custom\":1}"]);
}

#[test]
fn a_schedule_runs_only_while_its_rule_is_enabled() {
    let mut events = scheduled("rate(10 minutes)");
    events.0.advance_seconds(300);
    events.ok("DisableRule", json!({"Name": "s"}));
    events.0.advance_seconds(3600);
    assert!(events.rung().is_empty());
    assert_eq!(events.0.cloud.next_deadline(), None);
    // A rate counts from when it was enabled; what was set before has no effect.
    events.ok("EnableRule", json!({"Name": "s"}));
    events.ok("DisableRule", json!({"Name": "s"}));
    events.ok("EnableRule", json!({"Name": "s"}));
    events.0.advance_seconds(600);
    assert_eq!(events.rung(), ["2026-01-01T01:15:00Z"]);
    // The same schedule again goes on; another one begins anew.
    events.0.advance_seconds(300);
    events.ok(
        "PutRule",
        json!({"Name": "s", "ScheduleExpression": "rate(10 minutes)",
        "Description": "d"}),
    );
    events.0.advance_seconds(300);
    assert_eq!(events.rung(), ["2026-01-01T01:25:00Z"]);
    events.schedule("s", "rate(1 hour)");
    events.0.advance_seconds(3600);
    assert_eq!(events.rung(), ["2026-01-01T02:25:00Z"]);
    events.ok(
        "PutRule",
        json!({"Name": "s", "ScheduleExpression": "rate(1 minute)",
        "State": "DISABLED"}),
    );
    events.0.advance_seconds(3600);
    assert!(events.rung().is_empty());
    events.ok("RemoveTargets", json!({"Rule": "s", "Ids": ["t"]}));
    events.ok("EnableRule", json!({"Name": "s"}));
    events.ok("DeleteRule", json!({"Name": "s"}));
    events.0.advance_seconds(3600);
    assert_eq!(events.0.cloud.next_deadline(), None);
}

#[test]
fn a_schedule_survives_a_snapshot() {
    let mut events = scheduled("rate(1 minute)");
    events.0.advance_seconds(30);
    events.0.restart();
    events.0.advance_seconds(90);
    assert_eq!(events.rung(), ["2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z"]);
}

/// User guide: a rule with both runs when either says so. Its event is an event of the bus, for
/// other rules too.
#[test]
fn a_rule_may_have_a_pattern_too() {
    let mut events = Events::new();
    events.queue("q");
    events.queue("all");
    let pattern = r#"{"source":["shop","aws.events"]}"#;
    let both =
        json!({"Name": "s", "ScheduleExpression": "rate(1 minute)", "EventPattern": pattern});
    events.ok("PutRule", both.clone());
    events.target("s", json!({"Id": "t", "Arn": arn("sqs", "q")}));
    events.ok("PutRule", json!({"Name": "all", "EventPattern": r#"{"source":["aws.events"]}"#}));
    events.target("all", json!({"Id": "t", "Arn": arn("sqs", "all")}));
    events.put(&json!({}));
    events.0.advance_seconds(60);
    assert_eq!(events.bodies("q").len(), 2);
    assert_eq!(events.bodies("all").len(), 1);
    let shown = events.ok("DescribeRule", json!({"Name": "s"}));
    assert_eq!(shown["ScheduleExpression"], both["ScheduleExpression"]);
    assert_eq!(shown["EventPattern"], pattern);
    // Without the pattern the rule looks at no events any more.
    events.schedule("s", "rate(1 minute)");
    let shown = events.ok("DescribeRule", json!({"Name": "s"}));
    assert!(shown.get("EventPattern").is_none());
    events.put(&json!({}));
    assert!(events.bodies("q").is_empty());
}

#[test]
fn schedules_are_checked() {
    let mut events = Events::new();
    events.ok("CreateEventBus", json!({"Name": "b"}));
    let invalid = "ValidationException";
    for expression in ["rate(1 minutes)", "cron(0 10 * * * *)", "at(2030-01-01T00:00:00)", "x"] {
        let body = json!({"Name": "r", "ScheduleExpression": expression});
        events.refused("PutRule", body, invalid, "Parameter ScheduleExpression is not valid.");
    }
    let body = json!({
        "Name": "r", "EventBusName": "b", "ScheduleExpression": "rate(1 minute)",
        "EventPattern": PATTERN,
    });
    let text = "ScheduleExpression is supported only on the default event bus.";
    events.refused("PutRule", body, invalid, text);
    let long = format!("rate({} minutes)", "1".repeat(256));
    let refused = events.err("PutRule", json!({"Name": "r", "ScheduleExpression": long}));
    assert!(refused.message.ends_with("Member must have length less than or equal to 256"));
}

#[test]
fn rules_that_aws_manages_stay_as_they_are() {
    let mut events = Events::new();
    let source = arn("events", "event-bus/default");
    let create = json!({"ArchiveName": "a", "EventSourceArn": source, "EventPattern": PATTERN});
    events.ok("CreateArchive", create);
    let name = "Events-Archive-a";
    let pattern = r#"{"source":["shop"],"replay-name":[{"exists":false}]}"#;
    let manager = "prod.vhs.events.aws.internal";
    let listed = json!({"Rules": [{
        "Name": name, "Arn": arn("events", "rule/Events-Archive-a"), "EventPattern": pattern,
        "State": "ENABLED", "ManagedBy": manager, "EventBusName": "default",
    }]});
    assert_eq!(events.ok("ListRules", json!({})), listed);
    let text = format!("Rule {name} is managed by {manager}.");
    for (operation, body) in [
        ("PutRule", json!({"Name": name, "EventPattern": PATTERN})),
        ("DisableRule", json!({"Name": name})),
        ("EnableRule", json!({"Name": name})),
        ("DeleteRule", json!({"Name": name})),
        ("RemoveTargets", json!({"Rule": name, "Ids": ["x"]})),
        ("PutTargets", json!({"Rule": name, "Targets": [{"Id": "t", "Arn": arn("sqs", "q")}]})),
    ] {
        events.refused(operation, body, "ManagedRuleException", &text);
    }
    events.put(&json!({}));
    let kept = |events: &mut Events| {
        events.ok("DescribeArchive", json!({"ArchiveName": "a"}))["EventCount"].clone()
    };
    assert_eq!(kept(&mut events), 1);
    events.ok("DeleteRule", json!({"Name": name, "Force": true}));
    events.put(&json!({}));
    assert_eq!(kept(&mut events), 1);
    events.ok("DeleteArchive", json!({"ArchiveName": "a"}));
    events.ok("CreateArchive", json!({"ArchiveName": "b", "EventSourceArn": source}));
    let rules = events.ok("ListRules", json!({}));
    assert_eq!(rules["Rules"][0]["EventPattern"], r#"{"replay-name":[{"exists":false}]}"#);
    events.ok("DeleteArchive", json!({"ArchiveName": "b"}));
    assert_eq!(events.ok("ListRules", json!({})), json!({"Rules": []}));
}

#[test]
fn a_bus_has_300_rules() {
    let mut events = Events::new();
    let put = |number: usize| json!({"Name": format!("r{number}"), "EventPattern": PATTERN});
    for number in 0..300 {
        events.ok("PutRule", put(number));
    }
    let text = "The requested resource exceeds the maximum number allowed.";
    events.refused("PutRule", put(300), "LimitExceededException", text);
    events.ok("PutRule", put(299));
    // In pages, with tokens that nobody takes for names.
    let mut names = 0;
    let mut token = Value::Null;
    loop {
        let page = events.ok("ListRules", json!({"Limit": 70, "NextToken": token}));
        names += page["Rules"].as_array().unwrap().len();
        token = page["NextToken"].clone();
        let Some(token) = token.as_str() else { break };
        assert!(!token.starts_with('r'), "{token}");
    }
    assert_eq!(names, 300);
    let text = "Parameter NextToken is not valid.";
    events.refused("ListRules", json!({"NextToken": "r100"}), "ValidationException", text);
}

/// Developer guide of X-Ray, "Amazon EventBridge": queues get the header as `AWSTraceHeader`.
#[test]
fn the_trace_header_goes_on_to_queues() {
    let mut events = Events::with_rule();
    let header = "Root=1-5759e988-bd862e3fe1be46a994272793";
    let entry = json!({"Source": "shop", "DetailType": "d", "Detail": "{}", "TraceHeader": header});
    events.ok("PutEvents", json!({"Entries": [entry]}));
    assert_eq!(events.receive("q")[0]["Attributes"]["AWSTraceHeader"], header);
}

/// A target of a service that is not here does not keep the others from their events.
#[test]
fn what_can_not_be_delivered_is_told() {
    let mut events = Events::with_rule();
    events.queue("dlq");
    let stream = arn("kinesis", "stream/s");
    let dead = json!({"Arn": arn("sqs", "dlq")});
    events.target(
        "r",
        json!({
            "Id": "f", "Arn": stream, "DeadLetterConfig": dead, "RoleArn": arn("iam", "role/r"),
        }),
    );
    events.put(&json!({}));
    assert_eq!(events.bodies("q").len(), 1);
    let dead = events.receive("dlq").remove(0);
    let text = |name: &str| dead["MessageAttributes"][name]["StringValue"].as_str().unwrap();
    assert_eq!(text("TARGET_ARN"), stream);
    let settings = crate::kernel::Settings { strict: true, ..Default::default() };
    let mut strict = Events(crate::cloud::testing::World::with(settings));
    strict.ok("PutRule", json!({"Name": "r", "EventPattern": PATTERN}));
    let targets = json!([{"Id": "f", "Arn": stream, "RoleArn": arn("iam", "role/r")}]);
    let refused = strict.err("PutTargets", json!({"Rule": "r", "Targets": targets}));
    assert_eq!(refused.shape, "NotImplementedException");
}
