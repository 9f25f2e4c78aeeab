//! Events: retries, throttling, age, and their end.

use serde_json::json;

use super::{Lambda, failed, returned, seconds};

/// Seconds until the next try of the only event, if there is one.
fn next_try(lambda: &mut Lambda) -> Option<u64> {
    let at = lambda.world.cloud.next_deadline()?;
    let pause = at.since(lambda.world.now());
    lambda.world.advance(pause);
    Some(pause.as_secs())
}

#[test]
fn an_event_that_fails_is_tried_after_one_minute_and_two() {
    let mut lambda = Lambda::new();
    lambda.event("f", &json!({"n": 1}));
    let first = lambda.end(failed());
    assert_eq!(next_try(&mut lambda), Some(60));
    let second = lambda.end(failed());
    assert_eq!(next_try(&mut lambda), Some(120));
    let third = lambda.end(failed());
    assert_eq!(next_try(&mut lambda), None, "an event that has ended costs nothing");
    assert_eq!(first.invocation.request_id, third.invocation.request_id);
    assert_eq!(second.payload(), json!({"n": 1}));
}

#[test]
fn retries_are_as_many_as_was_said() {
    for retries in 0..=2 {
        let mut lambda = Lambda::new();
        lambda.event_config("f", &json!({"MaximumRetryAttempts": retries}));
        lambda.event("f", &json!({}));
        let mut tries = 0;
        loop {
            lambda.end(failed());
            tries += 1;
            if next_try(&mut lambda).is_none() {
                break;
            }
        }
        assert_eq!(tries, retries + 1);
    }
}

#[test]
fn an_event_that_succeeds_is_done() {
    let mut lambda = Lambda::new();
    lambda.event("f", &json!({}));
    lambda.end(failed());
    assert_eq!(next_try(&mut lambda), Some(60));
    lambda.end(returned("1"));
    assert_eq!(next_try(&mut lambda), None);
}

/// Also those that nobody could run: they wait for somebody who can.
#[test]
fn throttled_events_wait_twice_as_long_each_time() {
    let mut lambda = Lambda::new();
    lambda.reserve("f", 1);
    lambda.call("f", &json!({}));
    let running = lambda.one();
    lambda.event("f", &json!({}));
    let pauses: Vec<u64> = (0..12).map(|_| next_try(&mut lambda).unwrap()).collect();
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    assert!(lambda.asked().is_empty());
    lambda.done(&running, returned("1"));
    next_try(&mut lambda);
    let asked = lambda.one();
    lambda.ran(&asked, Err("nobody is attached".to_owned()));
    assert_eq!(next_try(&mut lambda), Some(1));
    lambda.end(failed());
    // What counts as a try is a run.
    assert_eq!(next_try(&mut lambda), Some(60));
    lambda.end(failed());
    assert_eq!(next_try(&mut lambda), Some(120));
    lambda.end(returned("1"));
    assert_eq!(next_try(&mut lambda), None);
}

#[test]
fn an_event_gets_so_old_and_no_older() {
    let mut lambda = Lambda::new();
    let queue = lambda.queue("dlq");
    let failure = json!({"OnFailure": {"Destination": queue}});
    let settings = json!({"MaximumEventAgeInSeconds": 100, "DestinationConfig": failure});
    lambda.event_config("f", &settings);
    lambda.event("f", &json!({}));
    lambda.end(failed());
    assert_eq!(next_try(&mut lambda), Some(60));
    lambda.end(failed());
    assert_eq!(next_try(&mut lambda), Some(40));
    assert!(lambda.asked().is_empty());
    let record = lambda.messages("dlq").remove(0)["Body"].as_str().unwrap().to_owned();
    assert!(record.contains("\"condition\":\"EventAgeExceeded\""), "{record}");
    assert!(record.contains("\"approximateInvokeCount\":2"), "{record}");
}

#[test]
fn nothing_is_tried_where_nothing_may_run() {
    let mut lambda = Lambda::new();
    let queue = lambda.queue("failures");
    let failure = json!({"OnFailure": {"Destination": queue}});
    lambda.event_config("f", &json!({"DestinationConfig": failure}));
    lambda.reserve("f", 0);
    lambda.event("f", &json!({"n": 1}));
    assert!(lambda.asked().is_empty());
    let record = lambda.messages("failures").remove(0)["Body"].as_str().unwrap().to_owned();
    assert!(record.contains("\"requestPayload\":{\"n\":1}"), "{record}");
    assert!(!record.contains("responsePayload"), "{record}");
}

#[test]
fn the_function_as_it_is_then_is_tried() {
    let mut lambda = Lambda::new();
    lambda.event("f", &json!({}));
    lambda.end(failed());
    lambda.ok("PUT", "/2015-03-31/functions/f/configuration", &json!({"Timeout": 9}));
    assert_eq!(next_try(&mut lambda), Some(60));
    let asked = lambda.end(failed());
    assert_eq!(asked.invocation.version.timeout_seconds, 9);
    lambda.ok("DELETE", "/2015-03-31/functions/f", &json!({}));
    assert_eq!(next_try(&mut lambda), Some(120));
    assert!(lambda.asked().is_empty());
    assert_eq!(next_try(&mut lambda), None);
}

#[test]
fn a_restart_keeps_events() {
    let mut lambda = Lambda::new();
    lambda.event("f", &json!({"n": 1}));
    let asked = lambda.one();
    lambda.world.restart();
    lambda.done(&asked, failed());
    lambda.world.restart();
    lambda.world.advance(seconds(60));
    assert_eq!(lambda.end(returned("1")).payload(), json!({"n": 1}));
}
