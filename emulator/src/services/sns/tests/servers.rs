//! HTTP endpoints, functions and delivery streams: what leaves, when it is tried again, and how.

use crate::cloud::Input;
use crate::kernel::{HttpAnswer, HttpTarget, OutsideCall, OutsideRequest};

use super::*;

const SERVER: &str = "http://server.example/in";

fn asked(sns: &mut Sns) -> Vec<(OutsideCall, HttpTarget, String)> {
    let of = |call: OutsideCall| match call.request.clone() {
        OutsideRequest::Http { target, body } => {
            (call, target, String::from_utf8(body.to_vec()).unwrap())
        }
        OutsideRequest::Function(_) => panic!("no function is asked"),
    };
    sns.0.take_asked().into_iter().map(of).collect()
}

fn answer(sns: &mut Sns, call: &OutsideCall, status: u16) {
    let answer = HttpAnswer { status, headers: Vec::new(), body: Default::default() };
    sns.0.feed(Input::Answered(call.id, Ok(answer))).unwrap();
}

fn header<'t>(target: &'t HttpTarget, name: &str) -> Option<&'t str> {
    target.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
}

/// A topic to which a server is subscribed that has confirmed; the subscription's ARN.
fn with_server(attributes: &[(&str, &str)]) -> (Sns, String) {
    let mut sns = Sns::new();
    sns.ok("CreateTopic", &[("Name", "t")]);
    let topic = topic_arn("t");
    let mut form = vec![
        ("TopicArn".to_owned(), topic.clone()),
        ("Protocol".to_owned(), "http".to_owned()),
        ("Endpoint".to_owned(), SERVER.to_owned()),
    ];
    form.extend(entries("Attributes", "key", "value", attributes));
    sns.ok("Subscribe", &Form(form).borrowed());
    let (call, target, body) = asked(&mut sns).remove(0);
    assert_eq!(header(&target, "x-amz-sns-message-type"), Some("SubscriptionConfirmation"));
    answer(&mut sns, &call, 200);
    let body: Value = serde_json::from_str(&body).unwrap();
    let form = [("TopicArn", topic.as_str()), ("Token", body["Token"].as_str().unwrap())];
    let arn = element(&sns.ok("ConfirmSubscription", &form), "SubscriptionArn");
    (sns, arn)
}

/// Recorded on 2024-10-03.
#[test]
fn a_server_gets_the_headers_of_aws() {
    let (mut sns, arn) = with_server(&[]);
    let id = sns.publish("t", "m", &[]);
    let (_, target, body) = asked(&mut sns).remove(0);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&body["Type"], &body["Message"]), (&json!("Notification"), &json!("m")));
    assert_eq!((target.url.as_str(), target.method.as_str()), (SERVER, "POST"));
    for (name, value) in [
        ("content-type", Some("text/plain; charset=UTF-8")),
        ("user-agent", Some("Amazon Simple Notification Service Agent")),
        ("x-amz-sns-message-type", Some("Notification")),
        ("x-amz-sns-message-id", Some(id.as_str())),
        ("x-amz-sns-topic-arn", Some(&topic_arn("t"))),
        ("x-amz-sns-subscription-arn", Some(&arn)),
        ("x-amz-sns-rawdelivery", None),
    ] {
        assert_eq!(header(&target, name), value, "{name}");
    }
    for (name, value) in [
        ("RawMessageDelivery", "true"),
        ("DeliveryPolicy", r#"{"requestPolicy":{"headerContentType":"text/csv"}}"#),
    ] {
        let form =
            [("SubscriptionArn", arn.as_str()), ("AttributeName", name), ("AttributeValue", value)];
        sns.ok("SetSubscriptionAttributes", &form);
    }
    sns.publish("t", "a,b", &[]);
    let (_, target, body) = asked(&mut sns).remove(0);
    assert_eq!(body, "a,b");
    assert_eq!(header(&target, "content-type"), Some("text/csv"));
    assert_eq!(header(&target, "x-amz-sns-rawdelivery"), Some("true"));
    let shown = sns.subscription(&arn);
    let policy = "{\"healthyRetryPolicy\":null,\"sicklyRetryPolicy\":null,\"throttlePolicy\":null,\
         \"requestPolicy\":{\"headerContentType\":\"text/csv\"},\"guaranteed\":false}";
    assert!(shown.replace("&quot;", "\"").contains(policy), "{shown}");
}

/// Source: developer guide "Amazon SNS active tracing".
#[test]
fn a_server_gets_the_trace_header() {
    let (mut sns, _) = with_server(&[]);
    let form = format!("Action=Publish&Version=2010-03-31&TopicArn={}&Message=m", topic_arn("t"));
    let trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
    let request = Request::post("/")
        .header("host", "localhost:4566")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-amzn-trace-id", trace)
        .body(Bytes::from(form));
    assert_eq!(sns.sent(request.unwrap()).0, 200);
    let (_, target, _) = asked(&mut sns).remove(0);
    assert_eq!(header(&target, "x-amzn-trace-id"), Some(trace));
}

/// What may not be called is not tried again, and its message is not lost.
#[test]
fn what_is_not_called_goes_to_the_dead_letter_queue_at_once() {
    let dead = json!({"deadLetterTargetArn": queue_arn("dlq")}).to_string();
    let (mut sns, _) = with_server(&[("RedrivePolicy", &dead)]);
    sns.queue("dlq", &[]);
    let id = sns.publish("t", "m", &[]);
    let (call, _, _) = asked(&mut sns).remove(0);
    sns.0.feed(Input::NotCalled(call.id, "it is far away".to_owned())).unwrap();
    assert_eq!(sns.notifications("dlq")[0]["Message"], "m");
    let story = format!("{:?}", sns.0.cloud.trace(id.parse().unwrap()).unwrap());
    assert!(story.contains("it is far away"), "{story}");
    // An answer that comes after it is one to nobody.
    answer(&mut sns, &call, 200);
    sns.0.advance_seconds(25);
    assert!(asked(&mut sns).is_empty() && sns.notifications("dlq").is_empty());
}

#[test]
fn a_server_that_fails_is_tried_again_as_the_policy_says() {
    let policy = json!({"healthyRetryPolicy": {
        "numRetries": 4, "numNoDelayRetries": 1, "numMinDelayRetries": 1, "numMaxDelayRetries": 1,
        "minDelayTarget": 5, "maxDelayTarget": 30, "backoffFunction": "exponential",
    }});
    let (mut sns, _) = with_server(&[
        ("DeliveryPolicy", &policy.to_string()),
        ("RedrivePolicy", &json!({"deadLetterTargetArn": queue_arn("dlq")}).to_string()),
    ]);
    sns.queue("dlq", &[]);
    sns.publish("t", "m", &[]);
    // At once, after the shorter delay, at the end of the back-off, after the longer one.
    for seconds in [0, 5, 5, 30] {
        let (call, _, _) = asked(&mut sns).remove(0);
        answer(&mut sns, &call, 503);
        if seconds > 0 {
            sns.0.advance_seconds(seconds - 1);
            assert!(asked(&mut sns).is_empty(), "{seconds}");
            sns.0.advance_seconds(1);
        }
    }
    let (call, _, _) = asked(&mut sns).remove(0);
    assert!(sns.notifications("dlq").is_empty());
    answer(&mut sns, &call, 503);
    assert_eq!(sns.notifications("dlq")[0]["Message"], "m");
    // What the server says of the message itself is for good.
    sns.publish("t", "refused", &[]);
    let (call, _, _) = asked(&mut sns).remove(0);
    answer(&mut sns, &call, 403);
    assert_eq!(sns.notifications("dlq")[0]["Message"], "refused");
}

#[test]
fn a_topics_policy_counts_where_a_subscription_has_none_or_may_not() {
    let (mut sns, arn) =
        with_server(&[("DeliveryPolicy", r#"{"throttlePolicy":{"maxReceivesPerSecond":2}}"#)]);
    let http = |overrides: bool| {
        let policy = json!({"http": {
            "defaultThrottlePolicy": {"maxReceivesPerSecond": 1},
            "disableSubscriptionOverrides": overrides,
        }});
        policy.to_string()
    };
    let sent = |sns: &mut Sns| {
        (0..3).for_each(|_| drop(sns.publish("t", "m", &[])));
        let mut pauses = Vec::new();
        for half in 0..5 {
            pauses.extend(asked(sns).iter().map(|_| half));
            sns.0.advance(std::time::Duration::from_millis(500));
        }
        pauses
    };
    assert_eq!(sent(&mut sns), [0, 0, 2]);
    let set = |sns: &mut Sns, value: &str| {
        let topic = topic_arn("t");
        let form = [
            ("TopicArn", topic.as_str()),
            ("AttributeName", "DeliveryPolicy"),
            ("AttributeValue", value),
        ];
        sns.ok("SetTopicAttributes", &form);
    };
    set(&mut sns, &http(false));
    assert_eq!(sent(&mut sns), [0, 0, 2]);
    set(&mut sns, &http(true));
    assert_eq!(sent(&mut sns), [0, 2, 4]);
    let form = [
        ("SubscriptionArn", arn.as_str()),
        ("AttributeName", "DeliveryPolicy"),
        ("AttributeValue", "{\"throttlePolicy\":{\"maxReceivesPerSecond\":0}}"),
    ];
    assert_eq!(sns.refused("SetSubscriptionAttributes", &form).1, "InvalidParameter");
}

/// A function that does not exist, and a delivery stream, which is not here: their messages are
/// refused, with the reason.
#[test]
fn what_is_not_here_is_kept_in_the_dead_letter_queue() {
    let mut sns = Sns::new();
    sns.queue("dlq", &[]);
    sns.ok("CreateTopic", &[("Name", "t")]);
    let dlq = json!({"deadLetterTargetArn": queue_arn("dlq")}).to_string();
    let function = "arn:aws:lambda:us-east-1:000000000000:function:f";
    let stream = "arn:aws:firehose:us-east-1:000000000000:deliverystream/s";
    for (protocol, endpoint, more) in [
        ("lambda", function, vec![("RedrivePolicy", dlq.as_str())]),
        (
            "firehose",
            stream,
            vec![
                ("RedrivePolicy", dlq.as_str()),
                ("SubscriptionRoleArn", "arn:aws:iam::000000000000:role/r"),
                ("RawMessageDelivery", "true"),
            ],
        ),
    ] {
        let topic = topic_arn("t");
        let mut form = vec![
            ("TopicArn".to_owned(), topic),
            ("Protocol".to_owned(), protocol.to_owned()),
            ("Endpoint".to_owned(), endpoint.to_owned()),
        ];
        if protocol == "firehose" {
            assert_eq!(
                sns.refused("Subscribe", &Form(form.clone()).borrowed()).1,
                "InvalidParameter"
            );
        }
        form.extend(entries("Attributes", "key", "value", &more));
        let arn = element(&sns.ok("Subscribe", &Form(form).borrowed()), "SubscriptionArn");
        assert!(arn.starts_with("arn:"), "it is confirmed at once");
    }
    let id = sns.publish("t", "m", &attributes(&[("a", "String", "v")]).borrowed());
    let mut bodies: Vec<String> =
        sns.receive("dlq").iter().map(|it| it["Body"].as_str().unwrap().to_owned()).collect();
    bodies.sort();
    assert_eq!(bodies[0], "m");
    let notification: Value = serde_json::from_str(&bodies[1]).unwrap();
    assert_eq!(
        (&notification["Type"], &notification["Message"]),
        (&"Notification".into(), &"m".into())
    );
    assert_eq!(notification["MessageAttributes"]["a"], json!({"Type": "String", "Value": "v"}));
    let story = format!("{:?}", sns.0.cloud.trace(id.parse().unwrap()).unwrap());
    assert!(story.contains("are not implemented"), "{story}");
    assert!(story.contains("function:f does not exist"), "{story}");
}
