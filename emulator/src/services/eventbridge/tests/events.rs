//! What goes in.

use serde_json::{Value, json};

use super::{ACCOUNT, Events, arn};
use crate::cloud::Cloud;
use crate::kernel::What;

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
        (
            json!({"DetailType": "é".repeat(129)}),
            json!({
                "ErrorCode": "InvalidArgument",
                "ErrorMessage": "Parameter DetailType is not valid. Reason: DetailType is longer \
                                 than 128 characters.",
            }),
        ),
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

/// An event of 127 levels was taken and could not be read again, which ended the cloud.
#[test]
fn a_detail_is_nested_no_deeper_than_its_event_can_be_read() {
    let mut events = Events::with_rule();
    let detail = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
    for (levels, failed) in [(1, 0), (126, 0), (127, 1), (128, 1)] {
        let entry = json!({"Source": "shop", "DetailType": "d", "Detail": detail(levels)});
        let answer = events.ok("PutEvents", json!({"Entries": [entry]}));
        assert_eq!(answer["FailedEntryCount"], failed, "{levels}");
        assert_eq!(events.bodies("q").len(), 1 - failed, "{levels}");
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

#[test]
fn entries_have_lengths() {
    let mut events = Events::new();
    for (member, good, bad) in [
        ("Resources", json!(["é".repeat(2048)]), json!(["x", "x".repeat(2049)])),
        ("TraceHeader", json!("x".repeat(500)), json!("x".repeat(501))),
        ("EventBusName", json!("x".repeat(1600)), json!("x".repeat(1601))),
        ("DetailType", json!("é".repeat(128)), Value::Null),
    ] {
        let mut entry = json!({"Source": "s", "DetailType": "d", "Detail": "{}"});
        entry[member] = good;
        let answer = events.ok("PutEvents", json!({"Entries": [entry]}));
        assert_eq!(answer["FailedEntryCount"], 0, "{member}");
        if bad.is_null() {
            continue;
        }
        entry[member] = bad;
        let refused = events.err("PutEvents", json!({"Entries": [entry]}));
        assert!(refused.message.contains("Member must have length less than"), "{member}");
    }
}

/// An entry for the ARN of a queue went into that queue, whatever its region.
#[test]
fn entries_go_to_buses_only() {
    let mut events = Events::new();
    let entry =
        |bus: &str| json!({"Source": "s", "DetailType": "d", "Detail": "{}", "EventBusName": bus});
    for bus in ["default", "a.b-c_D", &arn("events", "event-bus/default")] {
        let answer = events.ok("PutEvents", json!({"Entries": [entry(bus)]}));
        assert_eq!(answer["FailedEntryCount"], 0, "{bus}");
    }
    for bus in [
        "",
        "a b",
        "aws.partner/a/b",
        "arn:aws:sqs:eu-west-1:000000000000:q",
        "arn:aws:sqs:eu-west-1:000000000000:event-bus/q",
        "arn:aws:cloudwatch::000000000000:dashboard/d",
        "arn:aws:events::000000000000:event-bus/default",
        "arn:aws:events:us-east-1:1:event-bus/default",
        &arn("events", "rule/r"),
    ] {
        let refused = events.err("PutEvents", json!({"Entries": [entry("default"), entry(bus)]}));
        assert_eq!(refused.shape, "ValidationException", "{bus}");
        let told = format!("Value '{bus}' at 'entries.2.member.eventBusName' failed");
        assert!(refused.message.contains(&told), "{bus}: {}", refused.message);
    }
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
    let told = story(&events, &answer["Entries"][0]["EventId"]);
    let missing = arn("events", "event-bus/missing");
    assert_eq!(told, [(What::Dropped, missing, Some("the event bus does not exist".to_owned()))]);
    assert_eq!(events.bodies("q").len(), 1);
}

/// What the trace of an event's id tells, each story's first entries.
fn story(events: &Events, id: &Value) -> Vec<(What, String, Option<String>)> {
    let id = id.as_str().unwrap().parse().unwrap();
    let mut told = Vec::new();
    let mut next = events.0.cloud.trace(id).unwrap().roots;
    while !next.is_empty() {
        let nodes = std::mem::take(&mut next);
        for node in nodes {
            told.push((node.what, node.resource, node.note));
            next.extend(node.led_to);
        }
    }
    told
}

/// Another account's bus answers later, so an event for one that is not there is taken too.
#[test]
fn an_event_for_another_accounts_bus_says_what_became_of_it() {
    let mut events = Events::with_rule();
    let at =
        |account: &str, bus: &str| format!("arn:aws:events:us-east-1:{account}:event-bus/{bus}");
    let refused = "has no statement that allows";
    for (account, bus, outcome, because) in [
        ("111111111111", "missing", What::Dropped, "does not exist"),
        ("111111111111", "default", What::Dropped, refused),
        (ACCOUNT, "missing", What::Dropped, "does not exist"),
        (ACCOUNT, "default", What::EventPut, ""),
    ] {
        let bus = at(account, bus);
        let entry = json!({
            "Source": "shop", "DetailType": "d", "Detail": "{}", "EventBusName": bus,
        });
        let answer = events.ok("PutEvents", json!({"Entries": [entry]}));
        assert_eq!(answer["FailedEntryCount"], 0, "{bus}");
        let told = story(&events, &answer["Entries"][0]["EventId"]);
        assert!(told.iter().any(|(what, at, _)| (*what, at) == (outcome, &bus)), "{told:?}");
        let notes: Vec<_> = told.iter().filter_map(|(.., note)| note.as_deref()).collect();
        assert!(notes.join(" ").contains(because), "{bus}: {notes:?}");
    }
}

#[test]
fn a_snapshot_holds_buses_and_rules() {
    let mut events = Events::with_rule();
    events.put(&json!({"n": 1}));
    let snapshot = events.0.cloud.snapshot();
    events.0.cloud = Cloud::restore(&snapshot, crate::cloud::Waiting::Gone).unwrap();
    assert_eq!(events.0.cloud.snapshot(), snapshot);
    events.put(&json!({"n": 2}));
    assert_eq!(events.bodies("q").len(), 2);
}

#[test]
fn strict_mode_refuses_before_any_entry_goes_out() {
    for strict in [true, false] {
        let settings = crate::kernel::Settings { strict, ..Default::default() };
        let mut events = Events(crate::cloud::testing::World::with(settings));
        events.queue("q");
        events.ok("PutRule", json!({"Name": "r", "EventPattern": r#"{"source":["shop"]}"#}));
        events.target("r", json!({"Id": "t", "Arn": arn("sqs", "q")}));
        let plain = json!({"Source": "shop", "DetailType": "d", "Detail": "{}"});
        let entries = json!({"Entries": [plain.clone(), plain], "EndpointId": "abc.def"});
        if strict {
            let refused = events.err("PutEvents", entries);
            assert!(refused.message.contains("EndpointId"), "{}", refused.message);
        } else {
            events.ok("PutEvents", entries);
        }
        let arrived = if strict { 0 } else { 2 };
        assert_eq!(events.bodies("q").len(), arrived, "strict: {strict}");
    }
}
