//! Invocations that somebody waits for.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Lambda, failed, function_arn, header, refused, returned};
use crate::cloud::Input;
use crate::kernel::FunctionEnd;

#[test]
fn an_invocation_is_answered_when_its_run_has_ended() {
    let mut lambda = Lambda::new();
    let call = lambda.call("f", &json!({"a": 1}));
    let asked = lambda.one();
    assert_eq!(asked.payload(), json!({"a": 1}));
    let invocation = &asked.invocation;
    assert_eq!(invocation.function.as_str(), function_arn("f"));
    assert_eq!((&*invocation.version.version, &*invocation.version.name), ("$LATEST", "f"));
    // A restart in between loses nothing but the client.
    lambda.done(&asked, returned("[2]"));
    let response = lambda.answer(call);
    assert_eq!((response.status().as_u16(), &response.body()[..]), (200, &b"[2]"[..]));
    assert_eq!(header(&response, "x-amz-executed-version"), Some("$LATEST"));
    assert_eq!(header(&response, "x-amz-function-error"), None);
    assert_eq!(header(&response, "x-amz-log-result"), None);
    assert_eq!(header(&response, "x-amzn-requestid"), Some(&*invocation.request_id));
    assert_eq!(header(&response, "content-type"), Some("application/json"));
}

#[test]
fn what_a_run_came_to_is_told_in_awss_words() {
    let mut lambda = Lambda::new();
    let exited = FunctionEnd::Exited { status: "exit status 1".to_owned() };
    for (end, kind, part) in [
        (failed(), "E", "no"),
        (FunctionEnd::TimedOut, "Sandbox.Timedout", "Error: Task timed out after 3.00 seconds"),
        (exited, "Runtime.ExitError", "Error: Runtime exited with error: exit status 1"),
        (FunctionEnd::OutOfMemory, "Runtime.OutOfMemory", "signal: killed"),
    ] {
        let call = lambda.call("f", &json!({}));
        let asked = lambda.end(end);
        let response = lambda.answer(call);
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(header(&response, "x-amz-function-error"), Some("Unhandled"));
        let document: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(document["errorType"], kind);
        let message = document["errorMessage"].as_str().unwrap();
        assert!(message.contains(part), "{message}");
        let id = &asked.invocation.request_id;
        assert!(kind == "E" || message.starts_with(&format!("RequestId: {id} ")), "{message}");
    }
}

#[test]
fn nobody_there_who_runs_it_is_a_clear_error() {
    let mut lambda = Lambda::new();
    let call = lambda.call("f", &json!({}));
    let asked = lambda.one();
    lambda.ran(&asked, Err("nobody is attached to f".to_owned()));
    let refused = refused(&lambda.answer(call));
    assert_eq!((refused.status, refused.shape.as_str()), (502, "ResourceNotReadyException"));
    let told = refused.body.to_string();
    assert!(told.contains("nobody is attached to f"), "{told}");
    // The place is free again.
    lambda.reserve("f", 1);
    lambda.call("f", &json!({}));
}

#[test]
fn what_is_asked_is_checked_first() {
    let mut lambda = Lambda::new();
    let mut check = |name: &str, headers: &[(&'static str, &str)], payload: &str| {
        let refused = lambda.refused(name, headers, payload);
        assert!(lambda.asked().is_empty());
        (refused.status, refused.shape)
    };
    let error = |status: u16, shape: &str| (status, shape.to_owned());
    let event = [("x-amz-invocation-type", "Event")];
    assert_eq!(check("g", &[], "{}"), error(404, "ResourceNotFoundException"));
    assert_eq!(check("g", &event, "{}"), error(404, "ResourceNotFoundException"));
    assert_eq!(check("f:nine", &[], "{}"), error(404, "ResourceNotFoundException"));
    let content = error(400, "InvalidRequestContentException");
    for payload in ["{", "x", "{} {}", "\u{1}"] {
        assert_eq!(check("f", &[], payload), content, "{payload}");
        assert_eq!(check("f", &event, payload), content, "{payload}");
    }
    for context in ["!", "W10=", "e30"] {
        assert_eq!(check("f", &[("x-amz-client-context", context)], "{}"), content, "{context}");
    }
    let kind = [("x-amz-invocation-type", "Maybe")];
    assert_eq!(check("f", &kind, "{}"), error(400, "ValidationException"));
    let tenant = [("x-amz-tenant-id", "t")];
    assert_eq!(check("f", &tenant, "{}"), error(400, "InvalidParameterValueException"));
    let long = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2));
    let too_large = error(413, "RequestTooLargeException");
    assert_eq!(check("f", &[], &long(6 * 1024 * 1024 + 1)), too_large);
    assert_eq!(check("f", &event, &long(1024 * 1024 + 1)), too_large);
    assert!(lambda.invoke("f", &[], long(6 * 1024 * 1024)).is_err(), "it runs");
    lambda.end(returned("1"));
    let largest = lambda.invoke("f", &event, long(1024 * 1024)).unwrap();
    assert_eq!(largest.status().as_u16(), 202);
}

#[test]
fn a_dry_run_runs_nothing() {
    let mut lambda = Lambda::new();
    let response = lambda.invoke("f", &[("x-amz-invocation-type", "DryRun")], "").unwrap();
    assert_eq!((response.status().as_u16(), response.body().len()), (204, 0));
    assert!(lambda.asked().is_empty());
}

#[test]
fn the_code_is_told_the_context_and_the_trace() {
    let mut lambda = Lambda::new();
    let headers =
        [("x-amz-client-context", "eyJhIjoxfQ=="), ("x-amzn-trace-id", "Root=1-2-3;Sampled=1")];
    lambda.invoke("f", &headers, "").expect_err("it waits");
    let invocation = lambda.one().invocation;
    assert_eq!(invocation.client_context.as_deref(), Some("{\"a\":1}"));
    assert_eq!(invocation.trace_header.as_deref(), Some("Root=1-2-3;Sampled=1"));
    assert_eq!(&invocation.payload[..], b"{}");
}

#[test]
fn a_client_that_hangs_up_does_not_end_the_run() {
    let mut lambda = Lambda::new();
    lambda.reserve("f", 1);
    let call = lambda.call("f", &json!({}));
    lambda.world.feed(Input::ClientGone(call)).unwrap();
    let throttled = lambda.refused("f", &[], "{}");
    assert_eq!((throttled.status, throttled.shape.as_str()), (429, "TooManyRequestsException"));
    let reason = "ReservedFunctionConcurrentInvocationLimitExceeded";
    assert_eq!(throttled.body["Reason"], reason);
    assert_eq!(throttled.body["message"], "Rate Exceeded.");
    lambda.end(returned("1"));
    let call = lambda.call("f", &json!({}));
    let asked = lambda.one();
    lambda.world.restart();
    lambda.done(&asked, returned("1"));
    assert!(lambda.world.take_answer(call).is_none());
    lambda.call("f", &json!({}));
}

#[test]
fn functions_without_a_reservation_share_what_is_left() {
    let mut lambda = Lambda::new();
    lambda.create("g", &json!({}));
    lambda.reserve("g", 899);
    for _ in 0..101 {
        lambda.call("f", &json!({}));
    }
    let throttled = lambda.refused("f", &[], "{}");
    assert_eq!(throttled.body["Reason"], "ConcurrentInvocationLimitExceeded");
    lambda.call("g", &json!({}));
    let first = lambda.asked().remove(0);
    lambda.done(&first, returned("1"));
    lambda.call("f", &json!({}));
}

#[test]
fn versions_and_aliases_are_run_by_name() {
    let mut lambda = Lambda::new();
    lambda.ok("POST", "/2015-03-31/functions/f/versions", &json!({}));
    lambda.ok("PUT", "/2015-03-31/functions/f/configuration", &json!({"Timeout": 9}));
    lambda.ok("POST", "/2015-03-31/functions/f/versions", &json!({}));
    let weights = json!({"AdditionalVersionWeights": {"2": 0.25}});
    let alias = json!({"Name": "live", "FunctionVersion": "1", "RoutingConfig": weights});
    lambda.ok("POST", "/2015-03-31/functions/f/aliases", &alias);
    let mut run = |name: &str| {
        let call = lambda.call(name, &json!({}));
        let asked = lambda.end(returned("1"));
        let version = asked.invocation.version.version.to_string();
        let response = lambda.answer(call);
        assert_eq!(header(&response, "x-amz-executed-version"), Some(&*version));
        (asked.invocation.function.to_string(), version)
    };
    assert_eq!(run("f:1"), (function_arn("f:1"), "1".to_owned()));
    assert_eq!(run("f:2").1, "2");
    let whole = function_arn("f").replace(':', "%3A");
    assert_eq!(run(&whole).1, "$LATEST");
    let drawn: Vec<String> = (0..400).map(|_| run("f:live").1).collect();
    let second = drawn.iter().filter(|version| *version == "2").count();
    assert!((60..140).contains(&second), "{second} of 400 at a weight of a quarter");
}

#[test]
fn a_qualifier_stands_in_the_query_too() {
    let mut lambda = Lambda::new();
    lambda.ok("POST", "/2015-03-31/functions/f/versions", &json!({}));
    let uri = "/2015-03-31/functions/f/invocations?Qualifier=1";
    lambda.send(("POST", uri), &[], "{}").expect_err("it waits");
    assert_eq!(&*lambda.one().invocation.version.version, "1");
    let uri = "/2015-03-31/functions/f:1/invocations?Qualifier=2";
    let response = lambda.send(("POST", uri), &[], "{}").expect("they disagree");
    assert_eq!(refused(&response).shape, "InvalidParameterValueException");
}

#[test]
fn a_service_gets_the_answer_as_members() {
    let mut lambda = Lambda::new();
    let input = json!({"FunctionName": "f", "Payload": "eyJhIjoxfQ=="});
    let call = json!({"service": "lambda", "operation": "Invoke", "input": input, "token": "t"});
    lambda.world.ok("Probe.Call", call);
    let asked = lambda.end(returned("[2]"));
    assert_eq!(asked.payload(), json!({"a": 1}));
    let answers = lambda.world.ok("Probe.Answers", json!({}));
    let answer = &answers[0][1]["Ok"]["Operation"];
    assert_eq!((&answer["StatusCode"], &answer["Payload"]), (&json!(200), &json!("WzJd")));
}

#[test]
fn the_old_way_to_send_events_works() {
    let mut lambda = Lambda::new();
    let uri = ("POST", "/2014-11-13/functions/f/invoke-async");
    let response = lambda.send(uri, &[], Bytes::from_static(b"[1]")).unwrap();
    assert_eq!(response.status().as_u16(), 202);
    assert_eq!(lambda.one().payload(), json!([1]));
}
