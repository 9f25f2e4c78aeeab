//! State machines, versions, aliases, tags and activities.

use serde_json::{Value, json};

use super::{ROLE, States};

const PASS: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;
const OTHER: &str = r#"{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}"#;

fn create(more: Value) -> Value {
    let mut request = json!({"name": "m", "definition": PASS, "roleArn": ROLE});
    for (name, value) in more.as_object().expect("members") {
        request[name] = value.clone();
    }
    request
}

#[test]
fn machines_are_made_once() {
    let mut states = States::new();
    let first = states.ok("CreateStateMachine", create(json!({})));
    for same in [json!({}), json!({"roleArn": "arn:aws:iam::000000000000:role/other"})] {
        assert_eq!(states.ok("CreateStateMachine", create(same)), first);
    }
    for other in [json!({"definition": OTHER}), json!({"type": "EXPRESS"})] {
        let refused = states.err("CreateStateMachine", create(other));
        assert_eq!(refused.0, "StateMachineAlreadyExists");
    }
    let arn = &first["stateMachineArn"];
    let described = states.ok("DescribeStateMachine", json!({"stateMachineArn": arn}));
    assert_eq!((&described["definition"], &described["status"]), (&json!(PASS), &json!("ACTIVE")));
    states.ok("DeleteStateMachine", json!({"stateMachineArn": arn}));
    let gone = states.err("DescribeStateMachine", json!({"stateMachineArn": arn}));
    assert_eq!(gone.0, "StateMachineDoesNotExist");
    states.ok("CreateStateMachine", create(json!({"definition": OTHER})));
}

#[test]
fn what_cannot_be_a_machine_is_refused() {
    let mut states = States::new();
    let long = "n".repeat(81);
    let cases = [
        (json!({"name": "a b"}), "InvalidName"),
        (json!({"name": long}), "ValidationException"),
        (json!({"definition": "{"}), "InvalidDefinition"),
        (json!({"definition": "{}"}), "InvalidDefinition"),
        (json!({"type": "FAST"}), "ValidationException"),
        (json!({"versionDescription": "d"}), "ValidationException"),
        (json!({"loggingConfiguration": {"level": "ALL"}}), "InvalidLoggingConfiguration"),
        (
            json!({"encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY"}}),
            "InvalidEncryptionConfiguration",
        ),
    ];
    for (more, shape) in cases {
        assert_eq!(states.err("CreateStateMachine", create(more.clone())).0, shape, "{more}");
    }
    let listed = states.ok("ListStateMachines", json!({}));
    assert_eq!(listed, json!({"stateMachines": []}));
}

#[test]
fn aliases_lead_to_versions_by_weight() {
    let mut states = States::new();
    let made = states.ok("CreateStateMachine", create(json!({"publish": true})));
    let machine = made["stateMachineArn"].clone();
    let update = json!({"stateMachineArn": machine, "definition": OTHER, "publish": true});
    let updated = states.ok("UpdateStateMachine", update);
    let (one, two) = (&made["stateMachineVersionArn"], &updated["stateMachineVersionArn"]);
    let routes = json!([
        {"stateMachineVersionArn": one, "weight": 50},
        {"stateMachineVersionArn": two, "weight": 50},
    ]);
    let alias = json!({"name": "live", "routingConfiguration": routes});
    let alias = states.ok("CreateStateMachineAlias", alias);
    let alias = alias["stateMachineAliasArn"].as_str().expect("an ARN").to_owned();
    let mut by_version = [0, 0];
    for _ in 0..40 {
        let execution = states.start(&alias, &json!({}));
        let described = states.describe(&execution);
        assert_eq!(described["stateMachineAliasArn"], alias.as_str());
        by_version[usize::from(described["stateMachineVersionArn"] == *two)] += 1;
    }
    assert!(by_version.iter().all(|count| *count > 5), "{by_version:?}");
    let refused = states.err("DeleteStateMachineVersion", json!({"stateMachineVersionArn": one}));
    assert_eq!(refused.0, "ConflictException");
    let listed = states.ok("ListExecutions", json!({"stateMachineArn": one}));
    assert_eq!(listed["executions"].as_array().map(Vec::len), Some(by_version[0]));
}

#[test]
fn wrong_routes_are_refused() {
    let mut states = States::new();
    let made = states.ok("CreateStateMachine", create(json!({"publish": true})));
    let (machine, version) = (&made["stateMachineArn"], &made["stateMachineVersionArn"]);
    let nowhere = format!("{}:9", machine.as_str().expect("an ARN"));
    let route = |arn: &Value, weight: i32| json!({"stateMachineVersionArn": arn, "weight": weight});
    let cases = [
        (json!([route(machine, 100)]), "ValidationException"),
        (json!([route(version, 99)]), "ValidationException"),
        (json!([route(version, 50), route(version, 50)]), "ValidationException"),
        (json!([route(&json!(nowhere), 100)]), "ResourceNotFound"),
        (json!([]), "ValidationException"),
    ];
    for (routes, shape) in cases {
        let request = json!({"name": "a", "routingConfiguration": routes});
        assert_eq!(states.err("CreateStateMachineAlias", request).0, shape, "{routes}");
    }
    let number = json!({"name": "12", "routingConfiguration": [route(version, 100)]});
    assert_eq!(states.err("CreateStateMachineAlias", number).0, "InvalidName");
}

#[test]
fn deleting_ends_executions_when_they_would_go_on() {
    let mut states = States::new();
    let wait = json!({"W": {"Type": "Wait", "Seconds": 60, "Next": "P"},
                      "P": {"Type": "Pass", "End": true}});
    let machine = states.machine("w", "W", wait);
    let execution = states.start(&machine, &json!({}));
    states.ok("DeleteStateMachine", json!({"stateMachineArn": machine}));
    let described = states.ok("DescribeStateMachine", json!({"stateMachineArn": machine}));
    assert_eq!(described["status"], "DELETING");
    let start = json!({"stateMachineArn": machine});
    assert_eq!(states.err("StartExecution", start).0, "StateMachineDeleting");
    assert_eq!(states.status(&execution), "RUNNING");
    states.world.advance_seconds(60);
    assert_eq!(states.status(&execution), "ABORTED");
    let gone = states.err("DescribeStateMachine", json!({"stateMachineArn": machine}));
    assert_eq!(gone.0, "StateMachineDoesNotExist");
}

#[test]
fn tags_belong_to_machines_and_activities() {
    let mut states = States::new();
    let machine = states.ok("CreateStateMachine", create(json!({})));
    let activity = states.ok("CreateActivity", json!({"name": "a"}));
    for arn in [&machine["stateMachineArn"], &activity["activityArn"]] {
        let tags = json!([{"key": "k", "value": "v"}]);
        states.ok("TagResource", json!({"resourceArn": arn, "tags": tags}));
        let listed = states.ok("ListTagsForResource", json!({"resourceArn": arn}));
        assert_eq!(listed["tags"], tags);
        let many: Vec<Value> =
            (0..50).map(|it| json!({"key": format!("t{it}"), "value": ""})).collect();
        let refused = states.err("TagResource", json!({"resourceArn": arn, "tags": many}));
        assert_eq!(refused.0, "TooManyTags");
    }
    let nobody = json!({"resourceArn": "arn:aws:states:us-east-1:000000000000:activity:b"});
    assert_eq!(states.err("ListTagsForResource", nobody).0, "ResourceNotFound");
}
