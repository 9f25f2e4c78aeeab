//! Behaviour of SNS, driven as a client drives it: over the query protocol.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::cloud::testing::World;

const ACCOUNT: &str = "000000000000";

fn topic_arn(name: &str) -> String {
    format!("arn:aws:sns:us-east-1:{ACCOUNT}:{name}")
}

fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:us-east-1:{ACCOUNT}:{name}")
}

fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// The text of an element's first occurrence.
fn element(xml: &str, name: &str) -> String {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("{name}: {xml}"));
    let text = rest.split_once(&format!("</{name}>")).unwrap().0;
    text.replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replace("&#xA;", "\n")
        .replace("&#10;", "\n")
}

struct Sns(World);

impl Sns {
    fn new() -> Self {
        Self(World::new())
    }

    /// With a queue whose policy lets everybody in, and a topic that it subscribes to; returns
    /// the subscription's ARN.
    fn with_subscription(attributes: &[(&str, &str)]) -> (Self, String) {
        let mut sns = Self::new();
        sns.queue("q", &[]);
        sns.ok("CreateTopic", &[("Name", "t")]);
        let arn = sns.subscribe("t", "q", attributes);
        (sns, arn)
    }

    fn call(&mut self, action: &str, parameters: &[(&str, &str)]) -> (u16, String) {
        let mut form = format!("Action={action}&Version=2010-03-31");
        for (name, value) in parameters {
            let _ = write!(form, "&{name}={}", encode(value));
        }
        self.0.query("sns", &form)
    }

    fn ok(&mut self, action: &str, parameters: &[(&str, &str)]) -> String {
        let (status, xml) = self.call(action, parameters);
        assert_eq!(status, 200, "{action}: {xml}");
        xml
    }

    /// Status, code and message of a refusal.
    fn refused(&mut self, action: &str, parameters: &[(&str, &str)]) -> (u16, String, String) {
        let (status, xml) = self.call(action, parameters);
        assert_ne!(status, 200, "{action}: {xml}");
        (status, element(&xml, "Code"), element(&xml, "Message"))
    }

    fn invalid(&mut self, action: &str, parameters: &[(&str, &str)], message: &str) {
        let expected = (400, "InvalidParameter".to_owned(), message.to_owned());
        assert_eq!(self.refused(action, parameters), expected, "{action} {parameters:?}");
    }

    fn queue(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let policy = json!({"Statement": {
            "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*",
        }});
        let mut all = json!({"Policy": policy.to_string()});
        for (name, value) in attributes {
            all[*name] = json!(value);
        }
        self.0.ok("AmazonSQS.CreateQueue", json!({"QueueName": name, "Attributes": all}));
    }

    fn subscribe(&mut self, topic: &str, queue: &str, attributes: &[(&str, &str)]) -> String {
        let xml = self.ok("Subscribe", &subscribe_form(topic, queue, attributes).borrowed());
        element(&xml, "SubscriptionArn")
    }

    fn publish(&mut self, topic: &str, message: &str, more: &[(&str, &str)]) -> String {
        let arn = topic_arn(topic);
        let mut form = vec![("TopicArn", arn.as_str()), ("Message", message)];
        form.extend(more);
        let xml = self.ok("Publish", &form);
        element(&xml, "MessageId")
    }

    fn receive(&mut self, queue: &str) -> Vec<Value> {
        let answer = self.0.ok(
            "AmazonSQS.ReceiveMessage",
            json!({
                "QueueUrl": format!("http://localhost/{ACCOUNT}/{queue}"),
                "MaxNumberOfMessages": 10,
                "MessageAttributeNames": ["All"],
                "MessageSystemAttributeNames": ["All"],
            }),
        );
        answer["Messages"].as_array().cloned().unwrap_or_default()
    }

    /// The notifications in a queue.
    fn notifications(&mut self, queue: &str) -> Vec<Value> {
        let bodies = self.receive(queue);
        bodies.iter().map(|m| serde_json::from_str(m["Body"].as_str().unwrap()).unwrap()).collect()
    }

    fn subscription(&mut self, arn: &str) -> String {
        self.ok("GetSubscriptionAttributes", &[("SubscriptionArn", arn)])
    }
}

struct Form(Vec<(String, String)>);

impl Form {
    fn borrowed(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

fn entries(parameter: &str, key: &str, value: &str, map: &[(&str, &str)]) -> Vec<(String, String)> {
    (1..)
        .zip(map)
        .flat_map(|(number, (name, text))| {
            let entry = format!("{parameter}.entry.{number}");
            [
                (format!("{entry}.{key}"), (*name).to_owned()),
                (format!("{entry}.{value}"), (*text).to_owned()),
            ]
        })
        .collect()
}

fn subscribe_form(topic: &str, queue: &str, attributes: &[(&str, &str)]) -> Form {
    let mut form = vec![
        ("TopicArn".to_owned(), topic_arn(topic)),
        ("Protocol".to_owned(), "sqs".to_owned()),
        ("Endpoint".to_owned(), queue_arn(queue)),
    ];
    form.extend(entries("Attributes", "key", "value", attributes));
    Form(form)
}

/// `name`, `type`, `value` of message attributes as form parameters.
fn attributes(rows: &[(&str, &str, &str)]) -> Form {
    let mut form = Vec::new();
    for (number, (name, kind, text)) in (1..).zip(rows) {
        let entry = format!("MessageAttributes.entry.{number}");
        let field = if *kind == "Binary" { "BinaryValue" } else { "StringValue" };
        form.push((format!("{entry}.Name"), (*name).to_owned()));
        form.push((format!("{entry}.Value.DataType"), (*kind).to_owned()));
        form.push((format!("{entry}.Value.{field}"), (*text).to_owned()));
    }
    Form(form)
}

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
    let missing = "the protocol email is not implemented by this emulator";
    check("email", "a@example.com", "NotImplemented", missing);
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
             \"SigningCertURL\":\"{endpoint}/SimpleNotificationService.pem\",\
             \"UnsubscribeURL\":\"{endpoint}/?Action=Unsubscribe&SubscriptionArn={arn}\",\
             \"MessageAttributes\":{{\"b\":{{\"Type\":\"Binary\",\"Value\":\"AAE=\"}},\
             \"n\":{{\"Type\":\"Number\",\"Value\":\"99.12\"}}}}}}",
            topic = topic_arn("t"),
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

fn fifo_topic(sns: &mut Sns, content_based: &str) {
    sns.ok(
        "CreateTopic",
        &[
            ("Name", "t.fifo"),
            ("Attributes.entry.1.key", "FifoTopic"),
            ("Attributes.entry.1.value", "true"),
            ("Attributes.entry.2.key", "ContentBasedDeduplication"),
            ("Attributes.entry.2.value", content_based),
        ],
    );
}

#[test]
fn a_fifo_topic_publishes_once_in_five_minutes() {
    let mut sns = Sns::new();
    fifo_topic(&mut sns, "true");
    sns.queue("q.fifo", &[("FifoQueue", "true")]);
    sns.queue("q", &[]);
    sns.subscribe("t.fifo", "q.fifo", &[]);
    sns.subscribe("t.fifo", "q", &[]);
    let group = [("MessageGroupId", "g")];
    let first = sns.publish("t.fifo", "Test", &group);
    sns.0.advance_seconds(299);
    assert_eq!(sns.publish("t.fifo", "Test", &group), first);
    let message = sns.receive("q.fifo").remove(0);
    // The SHA-256 of the message. Recorded on 2023-10-19.
    let hash = "532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25";
    assert_eq!(message["Attributes"]["MessageDeduplicationId"], hash);
    assert_eq!(message["Attributes"]["MessageGroupId"], "g");
    let standard = sns.receive("q").remove(0);
    assert_eq!(standard["Attributes"].get("MessageGroupId"), None);
    let body: Value = serde_json::from_str(standard["Body"].as_str().unwrap()).unwrap();
    assert_eq!(body["SequenceNumber"], "10000000000000000001");
    assert_eq!(body.get("Signature"), None);
    sns.0.advance_seconds(1);
    assert_ne!(sns.publish("t.fifo", "Test", &group), first);
}

/// Recorded on 2023-10-20.
#[test]
fn fifo_topics_have_their_own_rules() {
    let mut sns = Sns::new();
    fifo_topic(&mut sns, "false");
    let topic = topic_arn("t.fifo");
    let form = [("TopicArn", topic.as_str()), ("Message", "m")];
    let group = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics";
    sns.invalid("Publish", &form, group);
    let form = [("TopicArn", topic.as_str()), ("Message", "m"), ("MessageGroupId", "g")];
    let id = "Invalid parameter: The topic should either have ContentBasedDeduplication enabled \
        or MessageDeduplicationId provided explicitly";
    sns.invalid("Publish", &form, id);
    let arn = sns.subscribe("t.fifo", "q.fifo", &[]);
    let policy = json!({"deadLetterTargetArn": queue_arn("dlq")}).to_string();
    let form = [
        ("SubscriptionArn", arn.as_str()),
        ("AttributeName", "RedrivePolicy"),
        ("AttributeValue", &policy),
    ];
    sns.invalid(
        "SetSubscriptionAttributes",
        &form,
        "Invalid parameter: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription \
         to a FIFO Topic.",
    );
}

fn batch(entries: &[&[(&str, &str)]]) -> Form {
    let mut form = vec![("TopicArn".to_owned(), topic_arn("t"))];
    for (number, entry) in (1..).zip(entries) {
        let path = format!("PublishBatchRequestEntries.member.{number}");
        form.extend(
            entry.iter().map(|(name, text)| (format!("{path}.{name}"), (*text).to_owned())),
        );
    }
    Form(form)
}

#[test]
fn batches() {
    let (mut sns, _) = Sns::with_subscription(&[("RawMessageDelivery", "true")]);
    let id80 = "a".repeat(80);
    let good = batch(&[&[("Id", &id80), ("Message", "a")], &[("Id", "b-_"), ("Message", "b")]]);
    let xml = sns.ok("PublishBatch", &good.borrowed());
    assert_eq!(xml.matches("<MessageId>").count(), 2);
    assert!(xml.contains("<Failed/>") || xml.contains("<Failed></Failed>"), "{xml}");
    assert_eq!(sns.receive("q").len(), 2);
    let id81 = "a".repeat(81);
    let eleven: Vec<_> =
        (0..11).map(|n| [("Id", n.to_string()), ("Message", "m".to_owned())]).collect();
    let eleven: Vec<Vec<_>> =
        eleven.iter().map(|e| e.iter().map(|(n, v)| (*n, v.as_str())).collect()).collect();
    let eleven: Vec<&[_]> = eleven.iter().map(Vec::as_slice).collect();
    let half = "x".repeat(131_073);
    let mut check = |form: Form, code: &str, message: &str| {
        let expected = (400, code.to_owned(), message.to_owned());
        assert_eq!(sns.refused("PublishBatch", &form.borrowed()), expected);
    };
    check(
        batch(&eleven),
        "TooManyEntriesInBatchRequest",
        "The batch request contains more entries than permissible.",
    );
    check(
        batch(&[&[("Id", &id81), ("Message", "m")]]),
        "InvalidBatchEntryId",
        &format!("The Id of a batch entry in the batch request is too long: {id81}"),
    );
    check(
        batch(&[&[("Id", "message.id"), ("Message", "m")]]),
        "InvalidBatchEntryId",
        "The Id of a batch entry in the batch request contains an impermissible character: \
         message.id",
    );
    check(
        batch(&[&[("Id", "a"), ("Message", "m")], &[("Id", "a"), ("Message", "m")]]),
        "BatchEntryIdsNotDistinct",
        "Two or more batch entries in the request have the same Id.",
    );
    check(
        batch(&[&[("Id", "a"), ("Message", &half)], &[("Id", "b"), ("Message", &half)]]),
        "BatchRequestTooLong",
        "The length of all the messages put together is more than the limit.",
    );
    check(
        batch(&[&[("Id", "a"), ("Message", "{}"), ("MessageStructure", "json")]]),
        "InvalidParameter",
        "Invalid parameter: Message Structure - No default entry in JSON message body",
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
    sns.0.cloud = Cloud::restore(&snapshot).unwrap();
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
