//! Publishing: what a delivery looks like, filters, and what cannot be published.

use super::*;

#[test]
fn a_notification_has_the_members_of_aws() {
    let (mut sns, arn) = Sns::with_subscription(&[]);
    let more = attributes(&[("n", "Number", "99.12"), ("b", "Binary", "AAE=")]);
    let mut more = more.borrowed();
    more.push(("Subject", "s"));
    let id = sns.publish("t", "hello \"you\"", &more);
    let message = sns.receive("q").remove(0);
    assert_eq!(message.get("MessageAttributes"), None);
    let endpoint = "http://localhost:4566";
    assert_eq!(
        message["Body"].as_str().unwrap(),
        format!(
            "{{\"Type\":\"Notification\",\"MessageId\":\"{id}\",\"TopicArn\":\"{topic}\",\
             \"Subject\":\"s\",\"Message\":\"hello \\\"you\\\"\",\
             \"Timestamp\":\"2026-01-01T00:00:00.000Z\",\"SignatureVersion\":\"1\",\
             \"Signature\":\"\",\
             \"SigningCertURL\":\"{endpoint}/SimpleNotificationService-{certificate}.pem\",\
             \"UnsubscribeURL\":\"{endpoint}/?Action=Unsubscribe&SubscriptionArn={arn}\",\
             \"MessageAttributes\":{{\"b\":{{\"Type\":\"Binary\",\"Value\":\"AAE=\"}},\
             \"n\":{{\"Type\":\"Number\",\"Value\":\"99.12\"}}}}}}",
            topic = topic_arn("t"),
            certificate = "54948a2db059aae9ac4f10ad48a7f546",
        )
    );
}

#[test]
fn raw_deliveries_carry_the_attributes() {
    let (mut sns, _) = Sns::with_subscription(&[("RawMessageDelivery", "true")]);
    sns.publish("t", "m", &attributes(&[("n", "Number", "99.12")]).borrowed());
    let message = sns.receive("q").remove(0);
    assert_eq!(message["Body"], "m");
    let expected = json!({"n": {"DataType": "Number", "StringValue": "99.12"}});
    assert_eq!(message["MessageAttributes"], expected);
}

/// SQS's own rules count for what SNS brings: nobody checks them before.
#[test]
fn what_the_queue_would_refuse_is_dropped_with_the_reason() {
    let (mut sns, _) = Sns::with_subscription(&[("RawMessageDelivery", "true")]);
    let names: Vec<String> = (0..11).map(|number| format!("n{number}")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), "String", "v")).collect();
    let id = sns.publish("t", "eleven", &attributes(&many).borrowed());
    sns.publish("t", "ten", &attributes(&many[..10]).borrowed());
    let received = sns.receive("q");
    assert_eq!(received.len(), 1);
    assert_eq!(received[0]["Body"], "ten");
    let story = format!("{:?}", sns.0.cloud.trace(id.parse().unwrap()).unwrap());
    let reason = "Number of message attributes [11] exceeds the allowed maximum [10].";
    assert!(story.contains(reason), "{story}");
}

#[test]
fn filter_policies_stop_messages() {
    let (mut sns, arn) = Sns::with_subscription(&[
        ("RawMessageDelivery", "true"),
        ("FilterPolicy", r#"{"store":[{"exists":true}]}"#),
    ]);
    let shown = sns.subscription(&arn);
    assert!(shown.contains("<key>FilterPolicyScope</key><value>MessageAttributes</value>"));
    sns.publish("t", "no", &[]);
    sns.publish("t", "yes", &attributes(&[("store", "Number", "99")]).borrowed());
    let mut set = |name, value| {
        let form =
            [("SubscriptionArn", arn.as_str()), ("AttributeName", name), ("AttributeValue", value)];
        sns.ok("SetSubscriptionAttributes", &form);
    };
    set("FilterPolicy", "{}");
    set("FilterPolicyScope", "MessageBody");
    set("FilterPolicy", r#"{"object":{"key":[{"prefix":"auto-"}]}}"#);
    sns.publish("t", r#"{"object":{"key":"home-1"}}"#, &[]);
    sns.publish("t", r#"{"object":{"key":"auto-1"}}"#, &[]);
    sns.publish("t", "no JSON", &[]);
    let messages = sns.receive("q");
    let bodies: Vec<_> = messages.iter().map(|message| message["Body"].as_str().unwrap()).collect();
    assert_eq!(bodies, ["yes", r#"{"object":{"key":"auto-1"}}"#]);
}

#[test]
fn a_message_for_each_protocol() {
    let (mut sns, _) = Sns::with_subscription(&[]);
    let json = [("MessageStructure", "json")];
    sns.publish("t", r#"{"default":"d","sqs":"for queues"}"#, &json);
    sns.publish("t", r#"{"default":"d","email":"e"}"#, &json);
    let texts: Vec<_> =
        sns.notifications("q").iter().map(|n| n["Message"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts, ["for queues", "d"]);
    let topic = topic_arn("t");
    let prefix = "Invalid parameter: Message Structure - ";
    for (message, reason) in [
        ("{", "JSON message body failed to parse"),
        (r#"{"sqs":"x"}"#, "No default entry in JSON message body"),
        (r#"{"default":{"a":1}}"#, "No default entry in JSON message body"),
    ] {
        let form =
            [("TopicArn", topic.as_str()), ("Message", message), ("MessageStructure", "json")];
        sns.invalid("Publish", &form, &format!("{prefix}{reason}"));
    }
}

#[test]
fn what_cannot_be_published() {
    let mut sns = Sns::new();
    sns.ok("CreateTopic", &[("Name", "t")]);
    let topic = topic_arn("t");
    let long = "x".repeat(262_145);
    for (parameters, message) in [
        (vec![("Message", "")], "Invalid parameter: Empty message"),
        (vec![("Message", long.as_str())], "Invalid parameter: Message too long"),
        (vec![("Message", "m"), ("Subject", "")], "Invalid parameter: Subject"),
        (vec![("Message", "m"), ("Subject", "a\nb")], "Invalid parameter: Subject"),
        (
            vec![("Message", "m"), ("MessageDeduplicationId", "d")],
            "Invalid parameter: MessageDeduplicationId Reason: The request includes \
             MessageDeduplicationId parameter that is not valid for this topic type",
        ),
    ] {
        let mut form = vec![("TopicArn", topic.as_str())];
        form.extend(parameters);
        sns.invalid("Publish", &form, message);
    }
    sns.publish("t", &long[1..], &[]);
    sns.invalid(
        "Publish",
        &[("Message", "m")],
        "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
    );
    let (_, code, message) = sns.refused("Publish", &[("TopicArn", topic.as_str())]);
    assert_eq!(code, "ValidationError");
    assert_eq!(
        message,
        "1 validation error detected: Value null at 'message' failed to satisfy constraint: \
         Member must not be null"
    );
}

/// Recorded on 2024-10-09.
#[test]
fn message_attributes_are_checked() {
    let mut sns = Sns::new();
    sns.ok("CreateTopic", &[("Name", "t")]);
    let topic = topic_arn("t");
    let long = "a".repeat(256);
    let empty = "must contain non-empty message attribute value for message attribute type";
    let only = "Can only include alphanumeric characters, hyphens, underscores, or dots.";
    let types = "has an invalid message attribute type, the set of supported type prefixes is \
        Binary, Number, and String.";
    let mut check = |row: (&str, &str, &str), message: &str| {
        let attributes = attributes(&[row]);
        let mut form = attributes.borrowed();
        form.extend([("TopicArn", topic.as_str()), ("Message", "m")]);
        let expected = (400, "ParameterValueInvalid".to_owned(), message.to_owned());
        assert_eq!(sns.refused("Publish", &form), expected);
    };
    check(("attr1", "String", ""), &format!("The message attribute 'attr1' {empty} 'String'."));
    check(("attr1", "Binary", ""), &format!("The message attribute 'attr1' {empty} 'Binary'."));
    check(("attr1", "prefixed.String", "x"), &format!("The message attribute 'attr1' {types}"));
    check(
        ("attr^", "String", "x"),
        &format!(
            "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. \
             {only}"
        ),
    );
    check(
        (".a", "String", "x"),
        "Invalid message attribute name starting with character '.' was found.",
    );
    check(
        ("a.", "String", "x"),
        "Invalid message attribute name ending with character '.' was found.",
    );
    check(("a..b", "String", "x"), "Message attribute name can not have successive '.' character.");
    check((&long, "String", "x"), "Length of message attribute name must be less than 256 bytes.");
    let form = [
        ("TopicArn", topic.as_str()),
        ("Message", "m"),
        ("MessageAttributes.entry.1.Name", "attr1"),
        ("MessageAttributes.entry.1.Value.DataType", "Number"),
        ("MessageAttributes.entry.1.Value.BinaryValue", "AAE="),
    ];
    let (_, _, message) = sns.refused("Publish", &form);
    assert_eq!(
        message,
        "The message attribute 'attr1' with type 'Number' must use field 'String'."
    );
    let form = [
        ("TopicArn", topic.as_str()),
        ("Message", "m"),
        ("MessageAttributes.entry.1.Name", "attr1"),
        ("MessageAttributes.entry.1.Value.StringValue", "x"),
    ];
    let (_, code, message) = sns.refused("Publish", &form);
    assert_eq!(code, "ValidationError");
    assert!(message.contains("'messageAttributes.attr1.member.dataType'"), "{message}");
}
