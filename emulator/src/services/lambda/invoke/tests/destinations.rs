//! Where the ends of events are told: dead letters and destinations.

use serde_json::{Value, json};

use super::{Lambda, arn, failed, function_arn, returned};

fn parsed(text: &Value) -> Value {
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}

#[test]
fn a_dead_letter_is_the_event_with_the_reason() {
    let mut lambda = Lambda::new();
    let queue = lambda.queue("dlq");
    lambda.create("g", &json!({"DeadLetterConfig": {"TargetArn": queue}}));
    lambda.event_config("g", &json!({"MaximumRetryAttempts": 0}));
    lambda.event("g", &json!({"n": 1}));
    let asked = lambda.end(failed());
    let message = lambda.messages("dlq").remove(0);
    assert_eq!(message["Body"], "{\"n\":1}");
    let attribute = |name: &str| message["MessageAttributes"][name]["StringValue"].clone();
    assert_eq!(attribute("RequestID"), *asked.invocation.request_id);
    assert_eq!((attribute("ErrorCode"), attribute("ErrorMessage")), (json!("200"), json!("no")));
    assert_eq!(message["MessageAttributes"]["ErrorCode"]["DataType"], "Number");
}

#[test]
fn records_have_awss_members_in_awss_order() {
    let mut lambda = Lambda::new();
    let (good, bad) = (lambda.queue("good"), lambda.queue("bad"));
    let told = json!({"OnSuccess": {"Destination": good}, "OnFailure": {"Destination": bad}});
    lambda.event_config("f", &json!({"MaximumRetryAttempts": 0, "DestinationConfig": told}));
    lambda.event("f", &json!({"b": 1, "a": 2}));
    let asked = lambda.end(returned("{\"z\":1, \"y\":2}"));
    assert!(lambda.messages("bad").is_empty());
    let text = lambda.messages("good").remove(0)["Body"].as_str().unwrap().to_owned();
    let at = lambda.world.now().iso_millis();
    let id = &asked.invocation.request_id;
    let expected = format!(
        "{{\"version\":\"1.0\",\"timestamp\":\"{at}\",\"requestContext\":{{\"requestId\":\"{id}\",\
         \"functionArn\":\"{}:$LATEST\",\"condition\":\"Success\",\"approximateInvokeCount\":1}},\
         \"requestPayload\":{{\"b\":1,\"a\":2}},\"responseContext\":{{\"statusCode\":200,\
         \"executedVersion\":\"$LATEST\"}},\"responsePayload\":{{\"z\":1, \"y\":2}}}}",
        function_arn("f"),
    );
    assert_eq!(text, expected);
    lambda.event("f", &json!([]));
    lambda.end(failed());
    let record = parsed(&lambda.messages("bad").remove(0)["Body"]);
    assert_eq!(record["requestContext"]["condition"], "RetriesExhausted");
    assert_eq!(record["responseContext"]["functionError"], "Unhandled");
    assert_eq!(record["responsePayload"]["errorMessage"], "no");
}

#[test]
fn buses_topics_and_functions_are_told_too() {
    let mut lambda = Lambda::new();
    let queue = lambda.queue("q");
    let allow = json!({"Statement": {"Effect": "Allow", "Principal": "*",
        "Action": "sqs:SendMessage", "Resource": "*"}});
    let policy = json!({"QueueUrl": "q", "Attributes": {"Policy": allow.to_string()}});
    lambda.world.ok("AmazonSQS.SetQueueAttributes", policy);
    let topic = arn("sns", "t");
    for form in [
        "Action=CreateTopic&Name=t".to_owned(),
        format!("Action=Subscribe&TopicArn={topic}&Protocol=sqs&Endpoint={queue}"),
    ] {
        assert_eq!(lambda.world.query("sns", &form).0, 200);
    }
    let pattern = json!({"source": ["lambda"]}).to_string();
    lambda.world.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern}));
    let targets = json!([{"Id": "1", "Arn": queue}]);
    lambda.world.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": targets}));
    lambda.create("g", &json!({}));
    let mut told = |destination: &str| {
        let success = json!({"OnSuccess": {"Destination": destination}});
        lambda.event_config("f", &json!({"DestinationConfig": success}));
        lambda.event("f", &json!({"n": 1}));
        lambda.end(returned("2"));
        lambda.messages("q").pop().map(|message| parsed(&message["Body"]))
    };
    let notification = told(&topic).unwrap();
    assert_eq!(parsed(&notification["Message"])["responsePayload"], 2);
    let bus = arn("events", "event-bus/default");
    let event = told(&bus).unwrap();
    assert_eq!(event["detail-type"], "Lambda Function Invocation Result - Success");
    assert_eq!(event["detail"]["requestPayload"], json!({"n": 1}));
    let function = format!("{}:$LATEST", function_arn("f"));
    assert_eq!(event["resources"], json!([bus, function]));
    assert_eq!(told(&function_arn("g")), None);
    let asked = lambda.one();
    assert_eq!(&*asked.invocation.version.name, "g");
    assert_eq!(asked.payload()["requestContext"]["functionArn"], function);
}

/// Functions that tell each other of their success end at the limit of hops.
#[test]
fn a_circle_has_an_end() {
    let mut lambda = Lambda::new();
    lambda.create("g", &json!({}));
    for (of, to) in [("f", "g"), ("g", "f")] {
        let success = json!({"OnSuccess": {"Destination": function_arn(to)}});
        lambda.event_config(of, &json!({"DestinationConfig": success}));
    }
    lambda.event("f", &json!({}));
    let mut runs = 0;
    loop {
        let asked = lambda.asked();
        let Some(first) = asked.first() else { break };
        lambda.done(first, returned("1"));
        runs += 1;
        assert!(runs < 100, "it never ends");
    }
    assert_eq!(runs, 16);
}

#[test]
fn what_fails_for_a_while_is_sent_again() {
    let mut lambda = Lambda::new();
    let queue = lambda.queue("q");
    let success = json!({"OnSuccess": {"Destination": queue}});
    lambda.event_config("f", &json!({"DestinationConfig": success}));
    for (times, arrives) in [(3, true), (4, false)] {
        let rule = json!({"effect": "throttle", "operation": "SendMessage", "times": times});
        lambda.world.set_faults(serde_json::from_value(json!([rule])).unwrap()).unwrap();
        lambda.event("f", &json!({}));
        lambda.end(returned("1"));
        lambda.world.advance_seconds(6);
        assert!(lambda.messages("q").is_empty());
        lambda.world.advance_seconds(1);
        assert_eq!(lambda.messages("q").len() == 1, arrives, "{times}");
    }
}
