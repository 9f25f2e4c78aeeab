//! Calls between services and to the world outside, through the probe of the tests.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::cloud::Input;
use crate::cloud::testing::World;
use crate::kernel::{FunctionEnd, FunctionRun, HttpAnswer, OutsideCall, OutsideRequest, What};

fn call(world: &mut World, (service, operation): (&str, &str), input: Value, token: &str) {
    let call = json!({"service": service, "operation": operation, "input": input, "token": token});
    world.ok("Probe.Call", call);
}

/// What the probe was answered, as token and answer.
fn answers(world: &mut World) -> Vec<(String, Value)> {
    let answers = world.ok("Probe.Answers", json!({}));
    let answers = answers.as_array().unwrap().iter();
    answers.map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].clone())).collect()
}

fn answer(world: &mut World, token: &str) -> Option<Value> {
    answers(world).into_iter().find(|(of, _)| of == token).map(|(_, answer)| answer)
}

fn with_queue() -> World {
    let mut world = World::new();
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q"}));
    world
}

#[test]
fn any_operation_of_any_service_can_be_called_in_json() {
    let mut world = with_queue();
    let send = json!({"QueueUrl": "q", "MessageBody": "hello"});
    call(&mut world, ("sqs", "SendMessage"), send, "json");
    call(&mut world, ("sns", "CreateTopic"), json!({"Name": "t"}), "query");
    let data = json!({"Namespace": "N", "MetricData": [{"MetricName": "M", "Value": 1}]});
    call(&mut world, ("cloudwatch", "PutMetricData"), data, "cbor");
    let sent = answer(&mut world, "json").unwrap();
    assert_eq!(sent["Ok"]["Operation"]["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");
    let topic = answer(&mut world, "query").unwrap();
    let arn = "arn:aws:sns:us-east-1:000000000000:t";
    assert_eq!(topic["Ok"]["Operation"]["TopicArn"], arn);
    assert_eq!(answer(&mut world, "cbor").unwrap(), json!({"Ok": {"Operation": {}}}));
    let listed = world.ok("GraniteServiceVersion20100801.ListMetrics", json!({"Namespace": "N"}));
    assert_eq!(listed["Metrics"][0]["MetricName"], "M");
}

#[test]
fn a_refusal_comes_back_with_awss_words() {
    let mut world = World::new();
    let check = |world: &mut World, service: &str, operation: &str, input: Value, part: &str| {
        call(world, (service, operation), input, part);
        let refused = answer(world, part).unwrap()["Err"]["Refused"].clone();
        assert!(refused.to_string().contains(part), "{service} {operation}: {refused}");
    };
    let receive = json!({"QueueUrl": "q"});
    check(&mut world, "sqs", "ReceiveMessage", receive, "QueueDoesNotExist");
    check(&mut world, "sqs", "Fly", json!({}), "the operation Fly is not implemented");
    check(&mut world, "s3", "PutObject", json!({}), "the service s3 is not implemented");
    check(&mut world, "sqs", "SendMessage", json!({"QueueUrl": 7}), "SerializationException");
}

#[test]
fn a_call_that_parks_is_answered_when_its_message_comes() {
    let mut world = with_queue();
    let receive = json!({"QueueUrl": "q", "WaitTimeSeconds": 20});
    call(&mut world, ("sqs", "ReceiveMessage"), receive.clone(), "first");
    call(&mut world, ("sqs", "ReceiveMessage"), receive, "second");
    world.advance_seconds(5);
    assert!(answers(&mut world).is_empty());
    world.ok("AmazonSQS.SendMessage", json!({"QueueUrl": "q", "MessageBody": "late"}));
    let first = answer(&mut world, "first").unwrap();
    assert_eq!(first["Ok"]["Operation"]["Messages"][0]["Body"], "late");
    // A restart keeps a call that a service made, as the service is still there.
    world.restart();
    assert_eq!(answer(&mut world, "second"), None);
    world.advance_seconds(15);
    assert_eq!(answer(&mut world, "second").unwrap(), json!({"Ok": {"Operation": {}}}));
}

#[test]
fn fault_rules_and_lineage_count_internal_calls_like_others() {
    let mut world = with_queue();
    let rules = json!([
        {"effect": "throttle", "caller": "probe.amazonaws.com", "resource": "q", "times": 1},
        {"effect": "lose-answer", "operation": "SendMessage", "times": 1},
        {"effect": {"delay": {"seconds": 7}}, "operation": "SendMessage", "times": 1},
    ]);
    world.set_faults(serde_json::from_value(rules).unwrap()).unwrap();
    for token in ["throttled", "lost", "on time"] {
        let send = json!({"QueueUrl": "q", "MessageBody": token});
        call(&mut world, ("sqs", "SendMessage"), send, token);
    }
    let throttled = answer(&mut world, "throttled").unwrap();
    assert_eq!(throttled["Err"]["Refused"]["shape"], "RequestThrottled");
    // Both rules fire for the second: lost, and late.
    assert_eq!(answer(&mut world, "lost"), None);
    assert!(answer(&mut world, "on time").is_some());
    world.advance_seconds(7);
    let lost = answer(&mut world, "lost").unwrap();
    assert!(lost["Err"]["Unreachable"].as_str().unwrap().contains("was lost"), "{lost}");
    let whats: Vec<What> = world.cloud.lineage().entries().map(|entry| entry.what).collect();
    let count = |what| whats.iter().filter(|it| **it == what).count();
    assert_eq!((count(What::Faulted), count(What::Enqueued)), (3, 2));
}

/// Asks the probe for something outside; returns what the world outside was asked.
fn ask(world: &mut World, operation: &str, token: &str) -> OutsideCall {
    world.ok(&format!("Probe.{operation}"), json!({"url": "http://server/x", "token": token}));
    asked(world)
}

fn asked(world: &mut World) -> OutsideCall {
    let mut asked = world.take_asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    asked.remove(0)
}

fn http(status: u16) -> Result<HttpAnswer, String> {
    Ok(HttpAnswer { status, headers: Vec::new(), body: Bytes::from_static(b"yes") })
}

#[test]
fn the_world_outside_is_asked_as_an_effect_and_answers_as_an_input() {
    let mut world = World::new();
    let OutsideCall { id, request } = ask(&mut world, "Get", "get");
    let OutsideRequest::Http { target, .. } = request else { panic!("an HTTP call") };
    assert_eq!((target.url.as_str(), target.method.as_str()), ("http://server/x", "POST"));
    // A restart in between loses nothing.
    world.restart();
    world.feed(Input::Answered(id, http(500))).unwrap();
    let got = answer(&mut world, "get").unwrap();
    assert_eq!(got["Ok"]["Http"]["status"], 500);
    // It is answered once.
    world.feed(Input::Answered(id, http(200))).unwrap();
    assert_eq!(answers(&mut world).len(), 1);

    let OutsideCall { id, request } = ask(&mut world, "Invoke", "invoke");
    assert!(matches!(request, OutsideRequest::Function(_)), "{request:?}");
    let end = FunctionEnd::Returned { payload: Bytes::from_static(b"{}") };
    world.feed(Input::FunctionDone(id, Ok(FunctionRun::of(end)))).unwrap();
    let run = answer(&mut world, "invoke").unwrap();
    assert!(run["Ok"]["Function"]["end"]["Returned"].is_object(), "{run}");
    let OutsideCall { id, .. } = ask(&mut world, "Invoke", "nobody");
    world.feed(Input::FunctionDone(id, Err("no process".to_owned()))).unwrap();
    assert_eq!(
        answer(&mut world, "nobody").unwrap(),
        json!({"Err": {"Unreachable": "no process"}})
    );
}

#[test]
fn a_delivery_to_a_server_is_tried_again_on_its_schedule() {
    let mut world = World::new();
    let first = ask(&mut world, "Deliver", "taken");
    world.feed(Input::Answered(first.id, http(503))).unwrap();
    assert!(world.take_asked().is_empty());
    world.advance_seconds(1);
    let second = asked(&mut world);
    assert_ne!(second.id, first.id);
    world.restart();
    world.feed(Input::Answered(second.id, http(204))).unwrap();
    assert_eq!(answer(&mut world, "taken").unwrap()["Ok"]["Http"]["status"], 204);

    for (token, answered, reason) in [
        ("refused", http(404), "the server answered 404"),
        ("busy", http(429), "the server answered 429"),
        ("down", Err("connection refused".to_owned()), "connection refused"),
    ] {
        let mut call = ask(&mut world, "Deliver", token);
        world.feed(Input::Answered(call.id, answered.clone())).unwrap();
        for seconds in [1, 10] {
            world.advance_seconds(seconds);
            if token != "refused" {
                call = asked(&mut world);
                world.feed(Input::Answered(call.id, answered.clone())).unwrap();
            }
        }
        assert_eq!(answer(&mut world, token).unwrap(), json!({"Err": {"Undelivered": reason}}));
    }
}
