//! Subscriptions: making, listing and refusing them.

use super::*;

#[test]
fn subscriptions_come_and_go() {
    let (mut sns, arn) = Sns::with_subscription(&[("RawMessageDelivery", "true")]);
    assert_eq!(sns.subscribe("t", "q", &[]), arn);
    assert_eq!(sns.subscribe("t", "q", &[("RawMessageDelivery", "true")]), arn);
    sns.invalid(
        "Subscribe",
        &subscribe_form("t", "q", &[("FilterPolicyScope", "MessageBody")]).borrowed(),
        "Invalid parameter: Attributes Reason: Subscription already exists with different \
         attributes",
    );
    let shown = sns.subscription(&arn);
    for (name, value) in [
        ("ConfirmationWasAuthenticated", "true"),
        ("Endpoint", &queue_arn("q")),
        ("Owner", ACCOUNT),
        ("PendingConfirmation", "false"),
        ("Protocol", "sqs"),
        ("RawMessageDelivery", "true"),
        ("SubscriptionArn", &arn),
        ("TopicArn", &topic_arn("t")),
    ] {
        let entry = format!("<key>{name}</key><value>{value}</value>");
        assert!(shown.contains(&entry), "{entry}: {shown}");
    }
    let topic = topic_arn("t");
    assert!(sns.ok("ListSubscriptionsByTopic", &[("TopicArn", &topic)]).contains(&arn));
    assert!(sns.ok("ListSubscriptions", &[]).contains(&arn));
    // AWS shows the subscriptions of a deleted topic for a while.
    sns.ok("DeleteTopic", &[("TopicArn", &topic)]);
    assert_eq!(element(&sns.subscription(&arn), "Attributes"), element(&shown, "Attributes"));
    sns.ok("Unsubscribe", &[("SubscriptionArn", &arn)]);
    assert!(!sns.ok("ListSubscriptions", &[]).contains(&arn));
}

#[test]
fn lists_come_in_pages_of_a_hundred() {
    let mut sns = Sns::new();
    for number in 0..101 {
        let name = format!("t{number:03}");
        sns.ok("CreateTopic", &[("Name", &name)]);
        sns.subscribe("t000", &name, &[]);
    }
    let topic = topic_arn("t000");
    for (list, parameters, item) in [
        ("ListTopics", vec![], "<TopicArn>"),
        ("ListSubscriptions", vec![], "<SubscriptionArn>"),
        ("ListSubscriptionsByTopic", vec![("TopicArn", topic.as_str())], "<SubscriptionArn>"),
    ] {
        let first = sns.ok(list, &parameters);
        assert_eq!(first.matches(item).count(), 100, "{list}");
        let token = element(&first, "NextToken");
        let mut parameters = parameters;
        parameters.push(("NextToken", &token));
        let second = sns.ok(list, &parameters);
        assert_eq!(second.matches(item).count(), 1, "{list}");
        assert!(!second.contains("NextToken"), "{list}");
    }
}

#[test]
fn a_page_begins_where_the_last_one_ended_although_its_last_entry_is_gone() {
    let mut sns = Sns::new();
    // Names that sort otherwise than their ARNs: `-` comes before `:`.
    for name in ["t", "t-a"] {
        sns.ok("CreateTopic", &[("Name", name)]);
        for number in 0..60 {
            sns.subscribe(name, &format!("q{number}"), &[]);
        }
    }
    let topic = topic_arn("t-a");
    for number in 60..110 {
        sns.subscribe("t-a", &format!("q{number}"), &[]);
    }
    for (list, parameters, left) in [
        ("ListSubscriptions", vec![], 70),
        ("ListSubscriptionsByTopic", vec![("TopicArn", topic.as_str())], 10),
    ] {
        let first = sns.ok(list, &parameters);
        let token = element(&first, "NextToken");
        let (_, last) = first.rsplit_once("<SubscriptionArn>").unwrap();
        let (last, _) = last.split_once('<').unwrap();
        sns.ok("Unsubscribe", &[("SubscriptionArn", last)]);
        let mut parameters = parameters;
        parameters.push(("NextToken", &token));
        let second = sns.ok(list, &parameters);
        assert_eq!(second.matches("<SubscriptionArn>").count(), left, "{list}");
        // What was taken away is made good for the next list.
        sns.subscribe("t-a", "again", &[]);
    }
}

#[test]
fn what_cannot_be_subscribed() {
    let mut sns = Sns::new();
    sns.ok("CreateTopic", &[("Name", "t")]);
    let topic = topic_arn("t");
    let mut check = |protocol: &str, endpoint: &str, code: &str, message: &str| {
        let form = [("TopicArn", topic.as_str()), ("Protocol", protocol), ("Endpoint", endpoint)];
        let (_, got_code, got) = sns.refused("Subscribe", &form);
        assert_eq!((got_code.as_str(), got.as_str()), (code, message));
    };
    let sqs = "Invalid parameter: SQS endpoint ARN";
    check("sqs", "http://localhost/000000000000/q", "InvalidParameter", sqs);
    check("sqs", "arn:aws:lambda:us-east-1:000000000000:f", "InvalidParameter", sqs);
    check(
        "sqs",
        &queue_arn("q.fifo"),
        "InvalidParameter",
        "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be \
         subscribed to standard SNS topics",
    );
    check(
        "pigeon",
        "x",
        "InvalidParameter",
        "Invalid parameter: Amazon SNS does not support this protocol string: pigeon",
    );
    for (protocol, endpoint, message) in [
        ("email", "nobody", "Invalid parameter: Email address"),
        (
            "http",
            "https://a.example/x",
            "Invalid parameter: Endpoint must match the specified protocol",
        ),
        ("https", "https://", "Invalid parameter: Endpoint must match the specified protocol"),
        ("lambda", "f", "Invalid parameter: Lambda endpoint ARN"),
        ("firehose", "f", "Invalid parameter: Firehose endpoint ARN"),
        ("sms", "+15--551234567", "Invalid SMS endpoint: +15--551234567"),
    ] {
        check(protocol, endpoint, "InvalidParameter", message);
    }
}

/// Recorded on 2024-12-03.
#[test]
fn attributes_of_subscriptions_are_checked() {
    let (mut sns, arn) = Sns::with_subscription(&[]);
    let json_error = "failed to parse JSON. Unexpected character ('i' (code 105)): was expecting \
        double-quote to start field name\n at [Source: REDACTED \
        (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]";
    let nested = "Filter policy scope MessageAttributes does not support nested filter policy";
    for (name, value, message) in [
        ("Fake", "x", "AttributeName"),
        ("RawMessageDelivery", "", "RawMessageDelivery: Invalid value []. Must be true or false."),
        (
            "RawMessageDelivery",
            "x",
            "RawMessageDelivery: Invalid value [x]. Must be true or false.",
        ),
        ("FilterPolicy", "{invalid}", &format!("FilterPolicy: {json_error}")),
        ("FilterPolicy", r#"{"a":{"b":["c"]}}"#, nested),
        ("RedrivePolicy", "{invalid}", &format!("RedrivePolicy: {json_error}")),
        (
            "RedrivePolicy",
            r#"{"deadLetterTargetArn":"fake"}"#,
            "RedrivePolicy: deadLetterTargetArn is an invalid arn",
        ),
    ] {
        let form =
            [("SubscriptionArn", arn.as_str()), ("AttributeName", name), ("AttributeValue", value)];
        let message = format!("Invalid parameter: {message}");
        sns.invalid("SetSubscriptionAttributes", &form, &message);
    }
    sns.invalid(
        "Subscribe",
        &subscribe_form("t", "other", &[("FilterPolicy", r#"{"key":[{"suffix":100}]}"#)])
            .borrowed(),
        "Invalid parameter: Attributes Reason: FilterPolicy: suffix match pattern must be a \
         string\n at [Source: (String)\"{\"key\":[{\"suffix\":100}]}\"; line: 1, column: 22]",
    );
}

#[test]
fn a_queue_without_a_policy_gets_nothing_but_the_dead_letter_queue_does() {
    let mut sns = Sns::new();
    sns.0.ok("AmazonSQS.CreateQueue", json!({"QueueName": "closed"}));
    sns.queue("dlq", &[]);
    sns.ok("CreateTopic", &[("Name", "t")]);
    let policy = json!({"deadLetterTargetArn": queue_arn("dlq")}).to_string();
    sns.subscribe("t", "closed", &[("RedrivePolicy", &policy), ("RawMessageDelivery", "true")]);
    sns.publish("t", "m", &[]);
    assert!(sns.receive("closed").is_empty());
    assert_eq!(sns.receive("dlq")[0]["Body"], "m");
}

#[test]
fn dead_letters_stay_in_the_account_and_region_and_standard() {
    let (mut sns, arn) = Sns::with_subscription(&[]);
    let set = |sns: &mut Sns, queue: &str| {
        let policy = json!({"deadLetterTargetArn": queue}).to_string();
        let form = [
            ("SubscriptionArn", arn.as_str()),
            ("AttributeName", "RedrivePolicy"),
            ("AttributeValue", policy.as_str()),
        ];
        sns.call("SetSubscriptionAttributes", &form).0
    };
    for (queue, status) in [
        ("arn:aws:sqs:us-east-1:000000000000:dlq", 200),
        ("arn:aws:sqs:us-east-1:000000000000:dlq.fifo", 400),
        ("arn:aws:sqs:eu-west-1:000000000000:dlq", 400),
        ("arn:aws:sqs:us-east-1:111111111111:dlq", 400),
    ] {
        assert_eq!(set(&mut sns, queue), status, "{queue}");
    }
}

#[test]
fn devices_that_subscribe_are_there() {
    let mut sns = Sns::new();
    sns.ok("CreateTopic", &[("Name", "t")]);
    let device = format!("arn:aws:sns:us-east-1:{ACCOUNT}:endpoint/GCM/shop/none");
    let form =
        [("TopicArn", &*topic_arn("t")), ("Protocol", "application"), ("Endpoint", &*device)];
    let told = format!("Endpoint Reason: Endpoint does not exist for endpoint {device}");
    sns.invalid("Subscribe", &form, &format!("Invalid parameter: {told}"));
}
