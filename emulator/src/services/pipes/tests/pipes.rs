//! Making, changing, stopping and removing pipes.

use serde_json::{Value, json};

use super::{Clouds, ROLE, arn, pipe, template};
use crate::kernel::{Lifecycle, Settings};

#[test]
fn a_pipe_is_made_and_told_as_it_was_given() {
    let mut clouds = Clouds::new();
    let made = clouds.ok("POST", "/v1/pipes/p", &pipe(&json!({"Tags": {"a": "1"}})));
    assert_eq!(made["Arn"], arn("pipes", "pipe/p"));
    assert_eq!(
        (&made["CurrentState"], &made["DesiredState"]),
        (&json!("CREATING"), &json!("RUNNING"))
    );
    let told = clouds.ok("GET", "/v1/pipes/p", &Value::Null);
    assert_eq!(told["CurrentState"], "RUNNING");
    assert_eq!((&told["RoleArn"], &told["Tags"]), (&json!(ROLE), &json!({"a": "1"})));
    let queue = json!({"BatchSize": 10, "MaximumBatchingWindowInSeconds": 0});
    assert_eq!(told["SourceParameters"], json!({"SqsQueueParameters": queue}));
    let listed = clouds.ok("GET", "/v1/pipes?NamePrefix=p&CurrentState=RUNNING", &Value::Null);
    assert_eq!(listed["Pipes"][0]["Name"], "p");
    let none = clouds.ok("GET", "/v1/pipes?SourcePrefix=x", &Value::Null);
    assert_eq!(none, json!({"Pipes": []}));
}

#[test]
fn a_list_goes_page_by_page() {
    let mut clouds = Clouds::new();
    for name in ["c", "a", "b"] {
        clouds.pipe(name, &json!({"DesiredState": "STOPPED"}));
    }
    let first = clouds.ok("GET", "/v1/pipes?Limit=2", &Value::Null);
    let names = |body: &Value| {
        let pipes = body["Pipes"].as_array().unwrap().clone();
        pipes.iter().map(|pipe| pipe["Name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&first), ["a", "b"]);
    let token = first["NextToken"].as_str().unwrap();
    let second = clouds.ok("GET", &format!("/v1/pipes?Limit=2&NextToken={token}"), &Value::Null);
    assert_eq!((names(&second), second.get("NextToken")), (vec!["c".to_owned()], None));
    let (status, error, _) = clouds.ask("GET", "/v1/pipes?NextToken=x", &Value::Null);
    assert_eq!((status, error.as_str()), (400, "ValidationException"));
}

#[test]
fn a_stopped_pipe_leaves_messages_where_they_are() {
    let mut clouds = Clouds::new();
    clouds.pipe("p", &template("<$.body>"));
    clouds.ok("POST", "/v1/pipes/p/stop", &Value::Null);
    assert_eq!(clouds.state("p").0, "STOPPED");
    clouds.send(&["[1]"]);
    assert_eq!((clouds.counts("from"), clouds.taken("to")), ((1, 0), vec![]));
    let started = clouds.ok("POST", "/v1/pipes/p/start", &Value::Null);
    assert_eq!(started["CurrentState"], "STARTING");
    assert_eq!((clouds.counts("from"), clouds.taken("to")), ((0, 0), vec!["[1]".to_owned()]));
    let update = json!({"RoleArn": ROLE, "DesiredState": "STOPPED"});
    assert_eq!(clouds.ok("PUT", "/v1/pipes/p", &update)["CurrentState"], "UPDATING");
    clouds.send(&["[2]"]);
    assert_eq!(clouds.counts("from"), (1, 0));
    clouds.ok("DELETE", "/v1/pipes/p", &Value::Null);
    let (status, error, body) = clouds.ask("GET", "/v1/pipes/p", &Value::Null);
    assert_eq!((status, error.as_str()), (404, "NotFoundException"));
    assert_eq!(body["message"], "Pipe p does not exist.");
}

#[test]
fn an_update_changes_what_it_names() {
    let mut clouds = Clouds::new();
    let first = json!({
        "SourceParameters": {
            "SqsQueueParameters": {"BatchSize": 2},
            "FilterCriteria": {"Filters": [{"Pattern": "{\"body\":{\"a\":[1]}}"}]},
        },
        "TargetParameters": {"InputTemplate": "one"}, "Description": "d",
    });
    clouds.pipe("p", &first);
    let update = json!({
        "RoleArn": ROLE,
        "SourceParameters": {
            "SqsQueueParameters": {"MaximumBatchingWindowInSeconds": 5},
            "FilterCriteria": {"Filters": []},
        },
        "TargetParameters": {"InputTemplate": "two <$.body>"},
    });
    clouds.ok("PUT", "/v1/pipes/p", &update);
    let told = clouds.ok("GET", "/v1/pipes/p", &Value::Null);
    let queue = json!({"BatchSize": 2, "MaximumBatchingWindowInSeconds": 5});
    assert_eq!(told["SourceParameters"]["SqsQueueParameters"], queue);
    assert_eq!(told["Description"], "d");
    clouds.send(&["x"]);
    assert_eq!(clouds.taken("to"), Vec::<String>::new());
    clouds.world.advance_seconds(5);
    assert_eq!(clouds.taken("to"), ["two \"x\""]);
}

#[test]
fn states_that_pass_last_in_virtual_time_where_they_are_to() {
    let settings = Settings { lifecycle: Lifecycle::Timed, ..Settings::default() };
    let mut clouds = Clouds::with(settings);
    clouds.pipe("p", &template("<$.body>"));
    clouds.send(&["[1]"]);
    assert_eq!(clouds.state("p").0, "CREATING");
    let (status, error, _) = clouds.ask("POST", "/v1/pipes/p/stop", &Value::Null);
    assert_eq!((status, error.as_str()), (409, "ConflictException"));
    assert_eq!(clouds.taken("to"), Vec::<String>::new());
    clouds.world.advance_seconds(20);
    assert_eq!(
        (clouds.state("p").0, clouds.taken("to")),
        (json!("RUNNING"), vec!["[1]".to_owned()])
    );
}

#[test]
fn what_can_not_run_says_why() {
    let kinesis = arn("kinesis", "stream/s");
    let absent = |name: &str| format!("{name} is not implemented by this emulator");
    for (more, word, reason) in [
        (json!({"Source": kinesis}), "CREATE_FAILED", format!("The source {}", absent(&kinesis))),
        (json!({"Target": kinesis}), "CREATE_FAILED", format!("The target {}", absent(&kinesis))),
        (
            json!({"Source": arn("sqs", "none")}),
            "CREATE_FAILED",
            "The specified queue does not exist.".to_owned(),
        ),
    ] {
        let mut clouds = Clouds::new();
        clouds.pipe("p", &more);
        assert_eq!(clouds.state("p"), (json!(word), json!(reason)));
        clouds.ok("POST", "/v1/pipes/p/start", &Value::Null);
        assert_eq!(clouds.state("p").0, "START_FAILED");
    }
}

#[test]
fn tags_are_set_and_taken_away() {
    let mut clouds = Clouds::new();
    clouds.pipe("p", &json!({"DesiredState": "STOPPED", "Tags": {"a": "1"}}));
    let uri = "/tags/arn%3Aaws%3Apipes%3Aus-east-1%3A000000000000%3Apipe%2Fp";
    clouds.ok("POST", uri, &json!({"tags": {"b": "2"}}));
    clouds.ok("DELETE", &format!("{uri}?tagKeys=a"), &Value::Null);
    assert_eq!(clouds.ok("GET", uri, &Value::Null), json!({"tags": {"b": "2"}}));
    let none = uri.replace("Fp", "Fq");
    assert_eq!(clouds.ask("GET", &none, &Value::Null).1, "NotFoundException");
}

#[test]
fn what_is_wrong_is_refused() {
    let mut clouds = Clouds::new();
    clouds.pipe("taken", &json!({"DesiredState": "STOPPED"}));
    let eleven = json!({"SqsQueueParameters": {"BatchSize": 11}});
    let bad_filter = json!({"FilterCriteria": {"Filters": [{"Pattern": "{\"a\":1}"}]}});
    let stream = arn("dynamodb", "table/t/stream/2026");
    for (name, more, status, text) in [
        ("taken", json!({}), 409, "Pipe taken already exists."),
        ("p", json!({"Source": "arn:aws:s3:::b"}), 400, "Parameter source is not valid"),
        ("p", json!({"Target": "x"}), 400, "Value 'x' at 'target' failed to satisfy"),
        ("p", json!({"Enrichment": arn("sqs", "to")}), 400, "Parameter enrichment is not valid"),
        ("p", json!({"RoleArn": "r"}), 400, "Value 'r' at 'roleArn' failed to satisfy"),
        ("p", json!({"DesiredState": "x"}), 400, "at 'desiredState' failed to satisfy"),
        ("p", json!({"SourceParameters": eleven}), 400, "is larger than the enrichment and"),
        ("p", json!({"SourceParameters": bad_filter}), 400, "Event pattern is not valid"),
        ("p", json!({"Source": stream}), 400, "at 'sourceParameters.dynamoDBStreamParameters'"),
        ("p", template("<aws.pipes.x>"), 400, "contains invalid placeholder aws.pipes.x"),
        ("p%20", json!({}), 400, "Value 'p ' at 'name' failed to satisfy"),
    ] {
        let answer = clouds.ask("POST", &format!("/v1/pipes/{name}"), &pipe(&more));
        let told = answer.2["message"].as_str().unwrap_or_default();
        assert_eq!(answer.0, status, "{name} {more}: {told}");
        assert!(told.contains(text), "{more}: {told}");
    }
}

#[test]
fn an_idle_pipe_costs_nothing_and_survives_a_restart() {
    let mut clouds = Clouds::new();
    clouds.pipe("p", &template("<$.body>"));
    assert_eq!(clouds.world.cloud.next_deadline(), None);
    clouds.world.restart();
    clouds.world.advance_seconds(90 * 86_400);
    assert_eq!(clouds.world.cloud.next_deadline(), None);
    clouds.send(&["[1]"]);
    assert_eq!(clouds.taken("to"), ["[1]"]);
    clouds.ok("POST", "/v1/pipes/p/stop", &Value::Null);
    clouds.send(&["[2]"]);
    assert_eq!(clouds.taken("from"), ["[2]"], "nobody waits there any more");
}
