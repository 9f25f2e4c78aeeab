//! What targets get of an event.

use serde_json::{Value, json};

use super::{ACCOUNT, Events, arn};

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
    check(json!({"InputPath": "$.detail.payload"}), r#"{"b":1,"a":[2,3]}"#);
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
        r#"{"all": {"b":1,"a":[2,3]}, "n": "{b:1,a:[2,3]}"}"#,
    );
    check(
        template(
            json!({}),
            "\"All: <aws.events.rule-arn> <aws.events.rule-name> \
             <aws.events.event.ingestion-time>\"",
        ),
        &format!("\"All: {rule_arn} r 2026-01-01T00:00:00Z\""),
    );
    let detail = r#"{"command":"update \"it\"","payload":{"b":1,"a":[2,3]}}"#;
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

/// Puts one event to a target with this template; what the queue gets, and else why not.
fn filled(paths: Value, template: &str) -> Result<String, String> {
    let mut events = Events::with_rule();
    events.queue("dlq");
    let transformer = json!({"InputPathsMap": paths, "InputTemplate": template});
    events.target(
        "r",
        json!({
            "Id": "t", "Arn": arn("sqs", "q"), "InputTransformer": transformer,
            "DeadLetterConfig": {"Arn": arn("sqs", "dlq")},
        }),
    );
    events.put(&json!({
        "text": "a \"b\"", "number": 1.5, "yes": true, "none": null, "list": ["x", "y"],
        "object": {"k": "v \"w\"", "l": [1]},
    }));
    if let Some(body) = events.bodies("q").pop() {
        assert!(events.bodies("dlq").is_empty());
        return Ok(body);
    }
    let dead = events.receive("dlq").remove(0);
    let text = |name: &str| dead["MessageAttributes"][name]["StringValue"].as_str().unwrap();
    assert_eq!((text("ERROR_CODE"), text("RETRY_ATTEMPTS")), ("ERROR_FROM_TARGET", "0"));
    Err(text("ERROR_MESSAGE").to_owned())
}

/// User guide "Amazon EventBridge input transformation"; recordings of 2024-06-11.
#[test]
fn templates_are_filled() {
    let paths = json!({
        "text": "$.detail.text", "number": "$.detail.number", "yes": "$.detail.yes",
        "none": "$.detail.none", "list": "$.detail.list", "object": "$.detail.object",
        "absent": "$.detail.absent",
    });
    for (template, body) in [
        (r#"{"v": <text>}"#, r#"{"v": "a \"b\""}"#),
        (r#"{"v": <absent>}"#, r#"{"v": ""}"#),
        (r#"{"v": "<absent>", "w": [<none>]}"#, r#"{"v": "", "w": [null]}"#),
        (r#"{"v": <number>, "w": "<number> <yes>"}"#, r#"{"v": 1.5, "w": "1.5 true"}"#),
        (r#"{"v": <list>}"#, r#"{"v": ["x","y"]}"#),
        (r#""<object>""#, r#""{k:v \"w\",l:[1]}""#),
        (r#""list: <list>""#, r#""list: [x,y]""#),
        (r#""say \"<text>\" <absent>.""#, r#""say \"a \"b\"\" .""#),
        ("<object>", r#"{"k":"v \"w\"","l":[1]}"#),
        ("\"one <number>\"\n\"two\"", "\"one 1.5\"\n\"two\""),
    ] {
        assert_eq!(filled(paths.clone(), template).as_deref(), Ok(body), "{template}");
    }
    let no_json = "the input template does not give JSON";
    let list = "a list can't stand inside a quoted value of the input template";
    for (template, reason) in [
        ("Text <text> without quotes", no_json),
        (r#"{"v": <text>"#, no_json),
        (r#"{"v": "<list>"}"#, list),
    ] {
        assert_eq!(filled(paths.clone(), template).unwrap_err(), reason, "{template}");
    }
}
