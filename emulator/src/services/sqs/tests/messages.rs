//! What one message may hold: its attributes, their types and its ids.

use serde_json::{Value, json};

use super::{FIFO, QUEUE, delete, fifo_world, receive, world};
use crate::cloud::request;
use crate::cloud::testing::World;

const INVALID: &str = "InvalidParameterValueException";

/// Sends one attribute; `message` is empty when it is taken.
fn check(name: &str, value: Value, shape: &str, message: &str) {
    let mut world = world();
    let attributes = Value::Object([(name.to_owned(), value.clone())].into_iter().collect());
    let send = json!({"QueueUrl": QUEUE, "MessageBody": "b", "MessageAttributes": attributes});
    match world.call("AmazonSQS.SendMessage", send) {
        Ok(_) => assert_eq!(message, "", "{name} {value}"),
        Err(error) => assert_eq!((&*error.shape, &*error.message), (shape, message), "{name}"),
    }
}

fn text(data_type: &str, value: &str) -> Value {
    json!({"DataType": data_type, "StringValue": value})
}

#[test]
fn attribute_names_have_rules() {
    let reserved = |name: &str| {
        format!(
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These \
             strings are reserved for internal use: {name}."
        )
    };
    let character = |code: &str| {
        format!(
            "Invalid non-alphanumeric character '#x{code}' was found in the message attribute \
             name. Can only include alphanumeric characters, hyphens, underscores, or dots."
        )
    };
    let cases = [
        ("a-b_c.D9".to_owned(), String::new()),
        ("a".repeat(256), String::new()),
        ("awsome".to_owned(), String::new()),
        (String::new(), "The request must contain non-empty message attribute name.".to_owned()),
        (
            "a".repeat(257),
            "The length of message attribute name must be between 1 and 256.".to_owned(),
        ),
        ("AWS.x".to_owned(), reserved("AWS.x")),
        ("amazon.x".to_owned(), reserved("amazon.x")),
        (
            ".a".to_owned(),
            "You can't start or end message attribute name with \".\": .a.".to_owned(),
        ),
        (
            "a..b".to_owned(),
            "Message attribute name can not have successive '.' characters: a..b.".to_owned(),
        ),
        ("a b".to_owned(), character("20")),
        ("a*".to_owned(), character("2A")),
    ];
    for (name, message) in cases {
        check(&name, text("String", "v"), INVALID, &message);
    }
}

#[test]
fn attribute_values_fit_their_types() {
    let empty = |kind: &str| {
        format!("Message (user) attribute 'a' must contain a non-empty value of type '{kind}'.")
    };
    let kind = "The type of message (user) attribute 'a' is invalid. You must use only the \
                following supported type prefixes: Binary, Number, String.";
    let number = "Can't cast the value of message (user) attribute 'a' to a number.";
    let lists = "Message attribute list values in SendMessage operation are not supported.";
    let cases = [
        (text("String", "v"), INVALID, String::new()),
        (text("String.label", "v"), INVALID, String::new()),
        (text("Number.int", "-12.5e3"), INVALID, String::new()),
        (json!({"DataType": "Binary.png", "BinaryValue": "AA=="}), INVALID, String::new()),
        (text("String", ""), INVALID, empty("String")),
        (json!({"DataType": "String"}), INVALID, empty("String")),
        (text("Number", ""), INVALID, empty("Number")),
        (json!({"DataType": "Binary", "BinaryValue": ""}), INVALID, empty("Binary")),
        (text("Number", "twelve"), INVALID, number.to_owned()),
        (text("Number", &"7".repeat(39)), INVALID, number.to_owned()),
        (text("Number", "1e127"), INVALID, number.to_owned()),
        (text("string", "v"), INVALID, kind.to_owned()),
        (text("Boolean", "true"), INVALID, kind.to_owned()),
        (
            text("", "v"),
            INVALID,
            "The message attribute 'a' must contain non-empty message attribute type.".to_owned(),
        ),
        (
            text("String", "\u{1}"),
            "InvalidMessageContents",
            "Invalid binary character '#x1' was found in the message attribute 'a' value, the set \
             of allowed characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | \
             [#x10000-#x10FFFF]."
                .to_owned(),
        ),
        (
            json!({"DataType": "String", "StringListValues": ["v"]}),
            "UnsupportedOperation",
            lists.to_owned(),
        ),
    ];
    for (value, shape, message) in cases {
        check("a", value, shape, &message);
    }
}

#[test]
fn bodies_hold_the_characters_of_xml() {
    let mut world = world();
    for (body, code) in [("a\u{8}b", "8"), ("\u{b}", "B"), ("\u{fffe}", "FFFE"), ("\0", "0")] {
        let request = json!({"QueueUrl": QUEUE, "MessageBody": body});
        let error = world.err("AmazonSQS.SendMessage", request);
        let start =
            format!("Invalid binary character '#x{code}' was found in the message body, the set");
        assert_eq!(error.shape, "InvalidMessageContents");
        assert!(error.message.starts_with(&start), "{}", error.message);
    }
    for body in ["\t\n\r ~", "\u{d7ff}\u{e000}\u{fffd}", "\u{10000}\u{10ffff}"] {
        world.ok("AmazonSQS.SendMessage", json!({"QueueUrl": QUEUE, "MessageBody": body}));
    }
}

#[test]
fn only_the_trace_header_is_a_system_attribute_to_send() {
    let mut world = world();
    let cases = [
        (json!({"AWSTraceHeader": text("String", "Root=1")}), ""),
        (
            json!({"SenderId": text("String", "me")}),
            "Message system attribute name 'SenderId' is invalid. Valid values are: \
             AWSTraceHeader.",
        ),
        (
            json!({"AWSTraceHeader": text("Number", "1")}),
            "The message system attribute 'AWSTraceHeader' must have the data type String.",
        ),
    ];
    for (attributes, message) in cases {
        let request = json!({
            "QueueUrl": QUEUE, "MessageBody": "b", "MessageSystemAttributes": attributes,
        });
        match world.call("AmazonSQS.SendMessage", request) {
            Ok(_) => assert_eq!(message, ""),
            Err(error) => assert_eq!((&*error.shape, &*error.message), (INVALID, message)),
        }
    }
    let attributes: serde_json::Map<String, Value> =
        (0..11).map(|number| (format!("a{number}"), text("String", "v"))).collect();
    let request = json!({"QueueUrl": QUEUE, "MessageBody": "b", "MessageAttributes": attributes});
    assert_eq!(
        world.err("AmazonSQS.SendMessage", request).message,
        "Number of message attributes [11] exceeds the allowed maximum [10]."
    );
}

#[test]
fn ids_of_fifo_messages_have_rules() {
    let mut world = fifo_world();
    let all = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~Az09";
    for parameter in ["MessageGroupId", "MessageDeduplicationId"] {
        let mut request = json!({"QueueUrl": FIFO, "MessageBody": "b", "MessageGroupId": "g"});
        for id in [all.to_owned(), "a".repeat(128)] {
            request[parameter] = id.into();
            world.ok("AmazonSQS.SendMessage", request.clone());
        }
        for id in ["", " ", "ü", &"a".repeat(129)] {
            request[parameter] = id.into();
            let error = world.err("AmazonSQS.SendMessage", request.clone());
            let message = format!(
                "Value {id} for parameter {parameter} is invalid. Reason: {parameter} can only \
                 include alphanumeric and punctuation characters. 1 to 128 in length."
            );
            assert_eq!((&*error.shape, error.message), (INVALID, message));
        }
    }
    let error = world.err("AmazonSQS.SendMessage", json!({"QueueUrl": FIFO, "MessageBody": "b"}));
    let message = "The request must contain the parameter MessageGroupId.";
    assert_eq!((&*error.shape, &*error.message), ("MissingRequiredParameterException", message));
}

#[test]
fn the_x_ray_trace_of_the_request_goes_with_the_message() {
    let mut world = world();
    let header = |world: &mut World| {
        let messages = receive(world, QUEUE, 1);
        let header = messages[0]["Attributes"].get("AWSTraceHeader").cloned();
        delete(world, QUEUE, &messages[0]);
        header
    };
    let send = |world: &mut World, body: Value| {
        let mut request = request::json("AmazonSQS.SendMessage", body.to_string());
        request.headers_mut().insert("x-amzn-trace-id", "Root=1-a;Sampled=1".parse().unwrap());
        assert!(world.send(request).unwrap().status().is_success());
    };
    let mut body = json!({"QueueUrl": QUEUE, "MessageBody": "x"});
    send(&mut world, body.clone());
    assert_eq!(header(&mut world), Some("Root=1-a;Sampled=1".into()));
    // What the message says itself wins.
    let own = json!({"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-b"}});
    body["MessageSystemAttributes"] = own;
    send(&mut world, body);
    assert_eq!(header(&mut world), Some("Root=1-b".into()));
    super::send(&mut world, "without");
    assert_eq!(header(&mut world), None);
}
