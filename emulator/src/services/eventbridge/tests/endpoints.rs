//! Global endpoints, and what only partners of AWS's may do.

use serde_json::{Value, json};

use super::{ACCOUNT, Events, arn};
use crate::kernel::What;

const INVALID: &str = "ValidationException";

fn bus(region: &str, name: &str) -> Value {
    json!({"EventBusArn": format!("arn:aws:events:{region}:{ACCOUNT}:event-bus/{name}")})
}

fn routing() -> Value {
    json!({"FailoverConfig": {
        "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/1"},
        "Secondary": {"Route": "eu-west-1"},
    }})
}

fn endpoint() -> Value {
    json!({
        "Name": "e", "RoutingConfig": routing(), "Description": "d",
        "EventBuses": [bus("us-east-1", "default"), bus("eu-west-1", "default")],
    })
}

#[test]
fn endpoints_come_and_go() {
    let mut events = Events::new();
    let made = events.ok("CreateEndpoint", endpoint());
    assert_eq!(made["State"], "CREATING");
    assert_eq!(made["ReplicationConfig"], json!({"State": "ENABLED"}));
    let exists = "Endpoint e already exists.";
    events.refused("CreateEndpoint", endpoint(), "ResourceAlreadyExistsException", exists);
    let shown = events.ok("DescribeEndpoint", json!({"Name": "e"}));
    let id = shown["EndpointId"].as_str().unwrap().to_owned();
    let now = 1_767_225_600.0;
    let expected = json!({
        "Name": "e", "Arn": arn("events", "endpoint/e"), "State": "ACTIVE", "EndpointId": id,
        "EndpointUrl": format!("https://{id}.endpoint.events.amazonaws.com"), "Description": "d",
        "EventBuses": endpoint()["EventBuses"], "RoutingConfig": routing(), "CreationTime": now,
        "LastModifiedTime": now, "ReplicationConfig": {"State": "ENABLED"},
    });
    assert_eq!(shown, expected);
    assert_eq!(events.ok("ListEndpoints", json!({})), json!({"Endpoints": [expected]}));
    let change = json!({"Name": "e", "ReplicationConfig": {"State": "DISABLED"}});
    assert_eq!(events.ok("UpdateEndpoint", change)["State"], "UPDATING");
    let shown = events.ok("DescribeEndpoint", json!({"Name": "e"}));
    assert_eq!(shown["ReplicationConfig"], json!({"State": "DISABLED"}));
    events.ok("DeleteEndpoint", json!({"Name": "e"}));
    let missing = "Endpoint e does not exist.";
    for operation in ["DescribeEndpoint", "UpdateEndpoint", "DeleteEndpoint"] {
        events.refused(operation, json!({"Name": "e"}), "ResourceNotFoundException", missing);
    }
    assert_eq!(events.ok("ListEndpoints", json!({})), json!({"Endpoints": []}));
}

#[test]
fn endpoints_are_checked() {
    let mut events = Events::new();
    for (buses, reason) in [
        (json!([bus("us-east-1", "a"), bus("eu-west-1", "b")]), "must have the same name"),
        (json!([bus("us-east-1", "a"), bus("us-east-1", "a")]), "must be in different Regions"),
        (json!([bus("eu-west-1", "a"), bus("eu-west-2", "a")]), "must be in this Region"),
        (json!([bus("eu-west-1", "a")]), "length greater than or equal to 2"),
        (
            json!([{"EventBusArn": "x"}, {}]),
            "2 validation errors detected: Value 'x' at 'eventBuses.1.member.eventBusArn' failed",
        ),
    ] {
        let mut body = endpoint();
        body["EventBuses"] = buses;
        let refused = events.err("CreateEndpoint", body);
        assert_eq!(refused.shape, INVALID);
        assert!(refused.message.contains(reason), "{}", refused.message);
    }
}

#[test]
fn an_endpoint_copies_events_to_the_other_region() {
    for (state, copies) in [("ENABLED", 1), ("DISABLED", 0)] {
        let mut events = Events::with_rule();
        let mut body = endpoint();
        body["ReplicationConfig"] = json!({"State": state});
        events.ok("CreateEndpoint", body);
        let id = events.ok("DescribeEndpoint", json!({"Name": "e"}))["EndpointId"].clone();
        let entry = json!({"Source": "shop", "DetailType": "d", "Detail": "{}"});
        events.ok("PutEvents", json!({"EndpointId": id, "Entries": [entry]}));
        assert_eq!(events.bodies("q").len(), 1);
        let other = bus("eu-west-1", "default")["EventBusArn"].as_str().unwrap().to_owned();
        let entries = events.0.cloud.lineage().entries();
        assert_eq!(entries.filter(|entry| entry.resource == other).count(), copies, "{state}");
    }
}

#[test]
fn there_are_no_partners() {
    let mut events = Events::new();
    let name = "aws.partner/example.com/1";
    let missing = format!("Event source {name} does not exist.");
    for operation in [
        "ActivateEventSource",
        "DeactivateEventSource",
        "DescribeEventSource",
        "DescribePartnerEventSource",
    ] {
        let body = json!({"Name": name});
        events.refused(operation, body, "ResourceNotFoundException", &missing);
    }
    let body = json!({"EventSourceName": name});
    let operation = "ListPartnerEventSourceAccounts";
    events.refused(operation, body, "ResourceNotFoundException", &missing);
    let body = json!({"Name": name, "EventSourceName": name});
    events.refused("CreateEventBus", body, "ResourceNotFoundException", &missing);
    assert_eq!(events.ok("ListEventSources", json!({})), json!({"EventSources": []}));
    let listed = events.ok("ListPartnerEventSources", json!({"NamePrefix": "aws.partner/x/"}));
    assert_eq!(listed, json!({"PartnerEventSources": []}));
    let body = json!({"Name": name, "Account": ACCOUNT});
    let refused = events.err("CreatePartnerEventSource", body.clone());
    assert_eq!(refused.shape, "OperationDisabledException");
    events.ok("DeletePartnerEventSource", body);
    let entry = json!({"Source": name, "DetailType": "d", "Detail": "{}"});
    let answer = events.ok("PutPartnerEvents", json!({"Entries": [entry]}));
    assert_eq!(answer["FailedEntryCount"], 1);
    assert_eq!(answer["Entries"][0]["ErrorCode"], "NotAuthorizedForSourceException");
    for name in ["x", "aws.partner/x", "aws.partner/x/", "aws.partner/x/a b"] {
        let refused = events.err("DescribeEventSource", json!({"Name": name}));
        assert_eq!(refused.shape, INVALID, "{name}");
    }
}

/// Recorded on 2024-06-12: an event that a rule sends to another region is a new one.
#[test]
fn a_copy_in_another_region_is_a_new_event() {
    for (region, is_new) in [("us-east-1", false), ("eu-west-1", true)] {
        let mut events = Events::new();
        events.ok("CreateEventBus", json!({"Name": "b"}));
        let pattern = r#"{"source":["x"]}"#;
        let rule = json!({"Name": "r", "EventBusName": "b", "EventPattern": pattern});
        events.ok("PutRule", rule);
        let to = format!("arn:aws:events:{region}:{ACCOUNT}:event-bus/default");
        let targets = json!([{"Id": "t", "Arn": to}]);
        events.ok("PutTargets", json!({"Rule": "r", "EventBusName": "b", "Targets": targets}));
        let entry = json!({"Source": "x", "DetailType": "d", "Detail": "{}", "EventBusName": "b"});
        let put = events.ok("PutEvents", json!({"Entries": [entry]}));
        let id = put["Entries"][0]["EventId"].as_str().unwrap();
        let arrived = events.0.cloud.lineage().entries();
        let arrived = arrived.filter(|it| it.what == What::EventPut && it.resource == to);
        let ids: Vec<String> = arrived.map(|it| it.subject).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(ids[0] != id, is_new, "{region}");
    }
}
