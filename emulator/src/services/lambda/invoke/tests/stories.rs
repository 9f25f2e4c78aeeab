//! What `trace` and `why` know of functions.

use serde_json::json;

use super::{Lambda, failed, function_arn, header, returned};

#[test]
fn an_event_tells_its_tries_and_its_end() {
    let mut lambda = Lambda::new();
    let queue = lambda.queue("dlq");
    lambda.create("g", &json!({"DeadLetterConfig": {"TargetArn": queue}}));
    lambda.event_config("g", &json!({"MaximumRetryAttempts": 1}));
    let headers = [("x-amz-invocation-type", "Event")];
    let response = lambda.invoke("g", &headers, "{}").unwrap();
    let id = header(&response, "x-amzn-requestid").unwrap().to_owned();
    let story = |lambda: &Lambda| lambda.world.cloud.trace(id.parse().unwrap()).unwrap();
    let told = story(&lambda).to_string();
    assert!(told.contains("invoked function g"), "{told}");
    assert!(told.contains("now: it runs since"), "{told}");
    lambda.end(failed());
    let told = story(&lambda).to_string();
    assert!(told.contains("FAILED in function g"), "{told}");
    assert!(told.contains("E: no"), "{told}");
    assert!(told.contains("now: the next try of function g is at"), "{told}");
    lambda.world.advance_seconds(60);
    lambda.end(failed());
    let told = story(&lambda).to_string();
    for part in ["try 2", "RetriesExhausted", "enqueued in queue dlq"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(story(&lambda).roots.len(), 1, "{told}");
}

#[test]
fn a_function_says_what_feeds_it_and_what_came() {
    let mut lambda = Lambda::new();
    let call = lambda.call("f", &json!({}));
    lambda.end(returned("1"));
    lambda.answer(call);
    let why = lambda.world.cloud.why("f").remove(0).to_string();
    assert!(why.contains("runs: 0 under way; events: 0 wait"), "{why}");
    assert!(why.contains("returned by function f"), "{why}");
    lambda.create("g", &json!({}));
    let success = json!({"OnSuccess": {"Destination": function_arn("g")}});
    lambda.event_config("f", &json!({"DestinationConfig": success}));
    let why = lambda.world.cloud.why(&function_arn("g")).remove(0).to_string();
    assert!(why.contains("function f, to function g: records of events"), "{why}");
}
