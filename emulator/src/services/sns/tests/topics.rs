//! Topics: names, attributes, ARNs, tags, and what a snapshot holds.

use super::*;

#[test]
fn topics_are_made_once() {
    let mut sns = Sns::new();
    let arn = topic_arn("t");
    assert_eq!(element(&sns.ok("CreateTopic", &[("Name", "t")]), "TopicArn"), arn);
    let set =
        [("TopicArn", arn.as_str()), ("AttributeName", "DisplayName"), ("AttributeValue", "d")];
    sns.ok("SetTopicAttributes", &set);
    sns.ok("CreateTopic", &[("Name", "t")]);
    let other = [
        ("Name", "t"),
        ("Attributes.entry.1.key", "DisplayName"),
        ("Attributes.entry.1.value", "other"),
    ];
    sns.invalid(
        "CreateTopic",
        &other,
        "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
    );
    let tags = [("Name", "t"), ("Tags.member.1.Key", "k"), ("Tags.member.1.Value", "v")];
    sns.invalid(
        "CreateTopic",
        &tags,
        "Invalid parameter: Tags Reason: Topic already exists with different tags",
    );
    assert!(sns.ok("ListTopics", &[]).contains(&arn));
    sns.ok("DeleteTopic", &[("TopicArn", &arn)]);
    sns.ok("DeleteTopic", &[("TopicArn", &arn)]);
    assert!(!sns.ok("ListTopics", &[]).contains(&arn));
    let not_found = (404, "NotFound".to_owned(), "Topic does not exist".to_owned());
    assert_eq!(sns.refused("GetTopicAttributes", &[("TopicArn", &arn)]), not_found);
}

#[test]
fn names_of_topics() {
    let mut sns = Sns::new();
    let mut check = |name: &str, fifo: bool, message: Option<&str>| {
        let mut form = vec![("Name", name)];
        if fifo {
            form.extend([
                ("Attributes.entry.1.key", "FifoTopic"),
                ("Attributes.entry.1.value", "true"),
            ]);
        }
        match message {
            None => drop(sns.ok("CreateTopic", &form)),
            Some(message) => sns.invalid("CreateTopic", &form, message),
        }
    };
    let wrong = Some("Invalid parameter: Topic Name");
    let wrong_fifo = Some(
        "Invalid parameter: Fifo Topic names must end with .fifo and must be made up of only \
         uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be \
         between 1 and 256 characters long.",
    );
    check(&"x".repeat(256), false, None);
    check(&"x".repeat(257), false, wrong);
    check("a.b", false, wrong);
    check("a.fifo", false, wrong);
    check("a", true, wrong_fifo);
    check("a.fifo", true, None);
}

#[test]
fn attributes_of_topics() {
    let mut sns = Sns::new();
    sns.ok("CreateTopic", &[("Name", "t")]);
    let arn = topic_arn("t");
    let xml = sns.ok("GetTopicAttributes", &[("TopicArn", &arn)]);
    for name in [
        "DisplayName",
        "EffectiveDeliveryPolicy",
        "Owner",
        "Policy",
        "SubscriptionsConfirmed",
        "SubscriptionsDeleted",
        "SubscriptionsPending",
        "TopicArn",
    ] {
        assert!(xml.contains(&format!("<key>{name}</key>")), "{name}: {xml}");
    }
    assert!(!xml.contains("FifoTopic"));
    let mut check = |name: &str, value: &str, message: Option<&str>| {
        let form = [("TopicArn", arn.as_str()), ("AttributeName", name), ("AttributeValue", value)];
        match message {
            None => drop(sns.ok("SetTopicAttributes", &form)),
            Some(message) => sns.invalid("SetTopicAttributes", &form, message),
        }
    };
    check("FifoTopic", "false", Some("Invalid parameter: AttributeName"));
    check("ContentBasedDeduplication", "true", Some("Invalid parameter: AttributeName"));
    check("MaximumMessageSize", "1023", Some("Invalid parameter: MaximumMessageSize"));
    check("MaximumMessageSize", "1024", None);
    check("Policy", "{", Some("Invalid parameter: Policy Error: null"));
    check("KmsMasterKeyId", "alias/aws/sns", None);
}

/// Recorded on 2024-01-29 and 2024-05-14.
#[test]
fn arns_are_checked() {
    let mut sns = Sns::new();
    let elements = "An ARN must have at least 6 elements, not";
    for (arn, message) in [
        ("x", format!("Invalid parameter: SubscriptionArn Reason: {elements} 1")),
        (
            "arn:aws:sns:us-east-1:0",
            format!("Invalid parameter: SubscriptionArn Reason: {elements} 5"),
        ),
        (&topic_arn("t:random"), "Invalid parameter: SubscriptionId".to_owned()),
        (
            "",
            "Invalid parameter: SubscriptionArn Reason: no value for required parameter".to_owned(),
        ),
    ] {
        sns.invalid("Unsubscribe", &[("SubscriptionArn", arn)], &message);
    }
    let elsewhere = "arn:aws:sns:eu-west-1:000000000000:t";
    let form = [("TopicArn", elsewhere), ("Message", "m")];
    sns.invalid("Publish", &form, "Invalid parameter: TopicArn");
    let unknown = topic_arn("unknown");
    let not_found = (404, "NotFound".to_owned(), "Topic does not exist".to_owned());
    let form = [("TopicArn", unknown.as_str()), ("Message", "m")];
    assert_eq!(sns.refused("Publish", &form), not_found);
    let gone = format!("{unknown}:2bdc8d0f-7f3a-4b0f-9f5e-000000000000");
    sns.ok("Unsubscribe", &[("SubscriptionArn", &gone)]);
    let not_found = (404, "NotFound".to_owned(), "Subscription does not exist".to_owned());
    assert_eq!(sns.refused("GetSubscriptionAttributes", &[("SubscriptionArn", &gone)]), not_found);
}

#[test]
fn tags() {
    let mut sns = Sns::new();
    sns.ok(
        "CreateTopic",
        &[("Name", "t"), ("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "1")],
    );
    let arn = topic_arn("t");
    let tag =
        [("ResourceArn", arn.as_str()), ("Tags.member.1.Key", "b"), ("Tags.member.1.Value", "2")];
    sns.ok("TagResource", &tag);
    sns.ok("UntagResource", &[("ResourceArn", &arn), ("TagKeys.member.1", "a")]);
    let xml = sns.ok("ListTagsForResource", &[("ResourceArn", &arn)]);
    assert_eq!((element(&xml, "Key"), element(&xml, "Value")), ("b".to_owned(), "2".to_owned()));
    assert_eq!(xml.matches("<Key>").count(), 1);
    let missing = topic_arn("missing");
    let expected = (404, "ResourceNotFound".to_owned(), "Resource does not exist".to_owned());
    assert_eq!(sns.refused("ListTagsForResource", &[("ResourceArn", &missing)]), expected);
    let keys: Vec<_> = (1..=50).map(|n| format!("Tags.member.{n}.Key")).collect();
    let mut form = vec![("ResourceArn", arn.as_str())];
    form.extend(keys.iter().map(|key| (key.as_str(), key.as_str())));
    assert_eq!(sns.refused("TagResource", &form).1, "TagLimitExceeded");
}

#[test]
fn a_snapshot_holds_topics_and_subscriptions() {
    let (mut sns, _) = Sns::with_subscription(&[
        ("FilterPolicy", r#"{"a":{"b":["c"]}}"#),
        ("FilterPolicyScope", "MessageBody"),
        ("RawMessageDelivery", "true"),
    ]);
    fifo_topic(&mut sns, "true");
    let first = sns.publish("t.fifo", "m", &[("MessageGroupId", "g")]);
    let snapshot = sns.0.cloud.snapshot();
    sns.0.cloud = Cloud::restore(&snapshot, crate::cloud::Waiting::Gone).unwrap();
    assert_eq!(sns.0.cloud.snapshot(), snapshot);
    assert_eq!(sns.publish("t.fifo", "m", &[("MessageGroupId", "g")]), first);
    sns.publish("t", r#"{"a":{"b":"c"}}"#, &[]);
    sns.publish("t", r#"{"a":{"b":"d"}}"#, &[]);
    assert_eq!(sns.receive("q").len(), 1);
}

/// Recorded on 2023-11-07.
#[test]
fn no_token_is_good() {
    let mut sns = Sns::new();
    let topic = topic_arn("t");
    let token = "51b2ff3edb475b7d91550e0ab6edf0c1de2a34e6ebaf6c2262a001bcb7e051c4".to_owned();
    for (token, message) in
        [(token.as_str(), "Invalid parameter: Token"), ("random", "Invalid token")]
    {
        sns.invalid("ConfirmSubscription", &[("TopicArn", &topic), ("Token", token)], message);
    }
}
