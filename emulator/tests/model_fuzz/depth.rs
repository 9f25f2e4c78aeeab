//! Every reader that calls itself meets far more levels than it may take, on a small stack: it
//! answers, and the cloud goes on.
//!
//! The readers, and what calls itself in them: JSON of requests (read directly, and as a document),
//! CBOR, forms, event patterns and filter policies with their events and messages, resource and
//! session policies, attribute values and expressions of DynamoDB, paths and templates of targets,
//! dashboards, SAML and web tokens. Trees of the lineage are tried where they are made, in the
//! kernel, and JSON that answers come in is read by clients only.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use skyrig::Settings;
use skyrig::cloud::{Input, Recorded, request};

use crate::subject::Subject;

/// What a thread of a server has.
const STACK_BYTES: usize = 2 * 1024 * 1024;
/// Far too many; as many as fit into what has a bound in bytes; about as many as readers take.
const LEVELS: [usize; 7] = [100_000, 4000, 1000, 129, 127, 60, 31];

type Build = fn(usize) -> Request<Bytes>;

/// The readers: a name, and a request that has so many levels in it.
const READERS: &[(&str, Build)] = &[
    ("json, of an operation that reads it directly", |n| {
        json_text("AmazonSQS.SendMessage", format!("{{\"QueueUrl\":{}}}", nested(n, "[", "", "]")))
    }),
    ("json, of an unknown member", |n| {
        json_text("AmazonSQS.SendMessage", format!("{{\"x\":{}}}", nested(n, "{\"a\":", "1", "}")))
    }),
    ("json, as a document", |n| {
        json_text("AWSEvents.ListRules", format!("{{\"x\":{}}}", nested(n, "[", "", "]")))
    }),
    ("json, of no operation", |n| json_text("AmazonSQS.Nothing", nested(n, "[", "", "]"))),
    ("cbor, arrays", |n| cbor(&[0x81], n)),
    ("cbor, arrays of indefinite length", |n| cbor(&[0x9f], n)),
    ("cbor, maps", |n| cbor(&[0xa1, 0x61, b'a'], n)),
    ("cbor, maps of indefinite length", |n| cbor(&[0xbf, 0x61, b'a'], n)),
    ("cbor, tags", |n| cbor(&[0xc1], n)),
    ("cbor, strings of indefinite length", |n| cbor(&[0x7f], n)),
    ("forms, sqs", |n| form("sqs", "CreateQueue", "2012-11-05", "Attribute", n)),
    ("forms, sns", |n| form("sns", "CreateTopic", "2010-03-31", "Tags.member", n)),
    ("forms, cloudwatch", |n| {
        form("monitoring", "PutMetricData", "2010-08-01", "MetricData.member", n)
    }),
    ("forms, sts", |n| form("sts", "AssumeRole", "2011-06-15", "Tags.member", n)),
    ("event pattern, objects", |n| pattern(&nested(n, "{\"a\":", "[1]", "}"))),
    ("event pattern, arrays", |n| pattern(&format!("{{\"a\":{}}}", nested(n, "[", "", "]")))),
    ("event pattern, $or", |n| pattern(&nested(n, "{\"$or\":[", "{\"a\":[1]}", "]}"))),
    ("event pattern, anything-but", |n| {
        pattern(&format!("{{\"a\":[{}]}}", nested(n, "{\"anything-but\":", "1", "}")))
    }),
    ("event pattern, a wildcard", |n| {
        pattern(&json!({"a": [{"wildcard": "*a".repeat(n)}]}).to_string())
    }),
    ("event of a pattern", |n| {
        let event = format!("{{\"a\":{}}}", nested(n, "{\"a\":", "1", "}"));
        call("AWSEvents.TestEventPattern", &json!({"EventPattern": "{\"a\":[1]}", "Event": event}))
    }),
    ("event, objects", |n| event(&nested(n, "{\"a\":", "1", "}"))),
    ("event, arrays", |n| event(&format!("{{\"a\":{}}}", nested(n, "[", "", "]")))),
    ("pattern of an archive", |n| {
        let pattern = nested(n, "{\"a\":", "[1]", "}");
        let bus = "arn:aws:events:us-east-1:000000000000:event-bus/default";
        let archive = json!({"ArchiveName": "a", "EventSourceArn": bus, "EventPattern": pattern});
        call("AWSEvents.CreateArchive", &archive)
    }),
    ("filter policy, objects", |n| filter("MessageBody", &nested(n, "{\"a\":", "[1]", "}"))),
    ("filter policy, $or", |n| {
        filter("MessageBody", &nested(n, "{\"$or\":[", "{\"a\":[1]},{\"b\":[1]}", "]}"))
    }),
    ("message of a filter policy", |n| publish(&nested(n, "{\"a\":", "1", "}"))),
    ("message of a filter policy, arrays", |n| {
        publish(&format!("{{\"a\":{}}}", nested(n, "[", "", "]")))
    }),
    ("message by protocols", |n| {
        let message = format!("{{\"default\":{}}}", nested(n, "[", "", "]"));
        sns("Publish", &[("MessageStructure", "json"), ("TopicArn", TOPIC), ("Message", &message)])
    }),
    ("queue policy, statements", |n| queue("Policy", &nested(n, "{\"Statement\":[", "", "]}"))),
    ("queue policy, conditions", |n| {
        let condition = nested(n, "{\"a\":", "1", "}");
        queue("Policy", &policy(&format!("\"Condition\":{condition}")))
    }),
    ("queue policy, principals", |n| {
        queue("Policy", &policy(&format!("\"x\":{}", nested(n, "[", "", "]"))))
    }),
    ("redrive policy", |n| queue("RedrivePolicy", &nested(n, "{\"a\":", "1", "}"))),
    ("redrive permission", |n| queue("RedriveAllowPolicy", &nested(n, "[", "", "]"))),
    ("topic policy", |n| {
        let condition = format!("\"Condition\":{}", nested(n, "{\"a\":", "1", "}"));
        topic("Policy", &policy(&condition))
    }),
    ("delivery policy of a topic", |n| topic("DeliveryPolicy", &nested(n, "{\"a\":", "1", "}"))),
    ("bus policy", |n| {
        let condition = format!("\"Condition\":{}", nested(n, "{\"a\":", "1", "}"));
        call("AWSEvents.PutPermission", &json!({"Policy": policy(&condition)}))
    }),
    ("session policy", |n| {
        let policy = nested(n, "{\"a\":", "1", "}");
        sts("AssumeRole", &[("RoleArn", ROLE), ("RoleSessionName", "one"), ("Policy", &policy)])
    }),
    ("attribute value, lists", |n| item(&nested(n, "{\"L\":[", "{\"N\":\"1\"}", "]}"))),
    ("attribute value, maps", |n| item(&nested(n, "{\"M\":{\"a\":", "{\"N\":\"1\"}", "}}"))),
    ("attribute value of a condition", |n| {
        let value = nested(n, "{\"L\":[", "{\"N\":\"1\"}", "]}");
        let body = format!(
            "{{\"TableName\":\"tab\",\"Key\":{{\"pk\":{{\"S\":\"1\"}}}},\
             \"UpdateExpression\":\"SET v = :v\",\"ExpressionAttributeValues\":{{\":v\":{value}}}}}"
        );
        json_text("DynamoDB_20120810.UpdateItem", body)
    }),
    ("condition, parentheses", |n| condition(&nested(n, "(", "attribute_exists(pk)", ")"))),
    ("condition, open parentheses", |n| condition(&"(".repeat(n))),
    ("condition, NOT", |n| condition(&format!("{}attribute_exists(pk)", "NOT ".repeat(n)))),
    ("condition, NOT and parentheses", |n| {
        condition(&nested(n, "NOT (", "attribute_exists(pk)", ")"))
    }),
    ("condition, AND", |n| condition(&["attribute_exists(pk)"].repeat(n).join(" AND "))),
    ("condition, functions", |n| condition(&format!("{} > n", nested(n, "size(", "pk", ")")))),
    ("condition, path", |n| condition(&format!("attribute_exists({})", ["a"].repeat(n).join(".")))),
    ("condition, elements", |n| condition(&format!("attribute_exists(a{})", "[0]".repeat(n)))),
    ("update, functions", |n| {
        update(&format!("SET v = {}", nested(n, "if_not_exists(v, ", "n", ")")))
    }),
    ("update, lists", |n| update(&format!("SET v = {}", nested(n, "list_append(v, ", "n", ")")))),
    ("update, sums", |n| update(&format!("SET v = {}", ["n"].repeat(n).join(" + ")))),
    ("update, path", |n| update(&format!("REMOVE a{}", ".b".repeat(n)))),
    ("projection, path", |n| query("pk = :p", &format!("a{}", ".b[0]".repeat(n)))),
    ("key condition, parentheses", |n| query(&nested(n, "(", "pk = :p", ")"), "pk")),
    ("input path", |n| target("InputPath", &json!(format!("${}", ".a".repeat(n))))),
    ("constant input", |n| target("Input", &json!(nested(n, "{\"a\":", "1", "}")))),
    ("input template, objects", |n| {
        target("InputTransformer", &json!({"InputTemplate": nested(n, "{\"a\":", "1", "}")}))
    }),
    ("input template, placeholders", |n| {
        target("InputTransformer", &json!({"InputTemplate": nested(n, "<", "a", ">")}))
    }),
    ("dashboard", |n| {
        let body = format!("{{\"widgets\":{}}}", nested(n, "[", "", "]"));
        let target = "GraniteServiceVersion20100801.PutDashboard";
        call(target, &json!({"DashboardName": "d", "DashboardBody": body}))
    }),
    ("saml, elements", |n| saml(&nested(n, "<a>", "x", "</a>"))),
    ("saml, assertions", |n| {
        saml(&nested(n, "<Assertion><Attribute>", "x", "</Attribute></Assertion>"))
    }),
    ("saml, references", |n| saml(&format!("<a>{}</a>", "&amp;".repeat(n)))),
    ("web token", |n| {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let token = format!("{}.{}.c2ln", part("{}"), part(&nested(n, "{\"a\":", "1", "}")));
        let named = [("RoleArn", ROLE), ("RoleSessionName", "one")];
        sts("AssumeRoleWithWebIdentity", &[&named[..], &[("WebIdentityToken", &token)]].concat())
    }),
];

const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";
const ROLE: &str = "arn:aws:iam::000000000000:role/r";

#[test]
fn no_reader_runs_out_of_stack() {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    let ran = thread.spawn(|| {
        let mut subject = Subject::new(Settings::default());
        for made in world() {
            let asked = format!("{made:?}");
            assert_eq!(send(&mut subject, &asked, made), 200, "{asked}");
        }
        for (name, build) in READERS {
            for levels in LEVELS {
                let what = format!("{name}, {levels} levels");
                // The last line before a stack that overflows, which ends the process.
                println!("{what}");
                let status = send(&mut subject, &what, build(levels));
                assert!((200..500).contains(&status), "{what}: {status}");
            }
            subject.check_state().unwrap_or_else(|broken| panic!("{name}: {broken}"));
        }
        let again = call("AmazonSQS.SendMessage", &json!({"QueueUrl": "q", "MessageBody": "b"}));
        assert_eq!(send(&mut subject, "afterwards", again), 200);
    });
    ran.unwrap().join().unwrap();
}

/// What the readers' requests are about.
fn world() -> Vec<Request<Bytes>> {
    let queue = "arn:aws:sqs:us-east-1:000000000000:q";
    vec![
        call("AmazonSQS.CreateQueue", &json!({"QueueName": "q"})),
        sns("CreateTopic", &[("Name", "t")]),
        sns("Subscribe", &[("TopicArn", TOPIC), ("Protocol", "sqs"), ("Endpoint", queue)]),
        call("AWSEvents.PutRule", &json!({"Name": "r", "EventPattern": "{\"source\":[\"s\"]}"})),
        call(
            "DynamoDB_20120810.CreateTable",
            &json!({
                "TableName": "tab", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            }),
        ),
        call("DynamoDB_20120810.DescribeTable", &json!({"TableName": "tab"})),
    ]
}

fn send(subject: &mut Subject, what: &str, http: Request<Bytes>) -> u16 {
    let at = subject.driver.cloud.now();
    let answers = subject.feed(&Recorded { at, input: Input::Request(http.into()) });
    let answers = answers.unwrap_or_else(|broken| panic!("{what}: {broken}"));
    answers.own().unwrap_or_else(|| panic!("{what}: it waits")).status().as_u16()
}

fn nested(levels: usize, open: &str, inside: &str, close: &str) -> String {
    format!("{}{inside}{}", open.repeat(levels), close.repeat(levels))
}

fn json_text(target: &str, body: String) -> Request<Bytes> {
    request::json(target, body)
}

fn call(target: &str, body: &Value) -> Request<Bytes> {
    json_text(target, body.to_string())
}

fn cbor(open: &[u8], levels: usize) -> Request<Bytes> {
    let mut body = b"\xa1\x6aMetricData".to_vec();
    body.extend(open.repeat(levels));
    body.push(0x01);
    request::cbor("GraniteServiceVersion20100801", "PutMetricData", body)
}

fn form(service: &str, action: &str, version: &str, key: &str, levels: usize) -> Request<Bytes> {
    let key = format!("{key}{}", ".1".repeat(levels));
    request::query(service, format!("Action={action}&Version={version}&{key}=1"))
}

fn members(service: &str, head: &str, members: &[(&str, &str)]) -> Request<Bytes> {
    let encoded =
        |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let pairs = members.iter().map(|(name, value)| format!("&{name}={}", encoded(value)));
    request::query(service, format!("{head}{}", pairs.collect::<String>()))
}

fn sns(action: &str, given: &[(&str, &str)]) -> Request<Bytes> {
    members("sns", &format!("Action={action}&Version=2010-03-31"), given)
}

fn sts(action: &str, given: &[(&str, &str)]) -> Request<Bytes> {
    members("sts", &format!("Action={action}&Version=2011-06-15"), given)
}

fn pattern(text: &str) -> Request<Bytes> {
    call("AWSEvents.PutRule", &json!({"Name": "p", "EventPattern": text}))
}

fn event(detail: &str) -> Request<Bytes> {
    let entry = json!({"Source": "s", "DetailType": "d", "Detail": detail});
    call("AWSEvents.PutEvents", &json!({"Entries": [entry]}))
}

fn target(member: &str, value: &Value) -> Request<Bytes> {
    let mut target = json!({"Id": "i", "Arn": "arn:aws:sqs:us-east-1:000000000000:q"});
    target[member] = value.clone();
    call("AWSEvents.PutTargets", &json!({"Rule": "r", "Targets": [target]}))
}

fn filter(scope: &str, policy: &str) -> Request<Bytes> {
    let queue = "arn:aws:sqs:us-east-1:000000000000:q2";
    let attributes = [
        ("Attributes.entry.1.key", "FilterPolicyScope"),
        ("Attributes.entry.1.value", scope),
        ("Attributes.entry.2.key", "FilterPolicy"),
        ("Attributes.entry.2.value", policy),
    ];
    let named = [("TopicArn", TOPIC), ("Protocol", "sqs"), ("Endpoint", queue)];
    sns("Subscribe", &[&named[..], &attributes[..]].concat())
}

fn publish(message: &str) -> Request<Bytes> {
    sns("Publish", &[("TopicArn", TOPIC), ("Message", message)])
}

fn topic(attribute: &str, value: &str) -> Request<Bytes> {
    let named = [("TopicArn", TOPIC), ("AttributeName", attribute), ("AttributeValue", value)];
    sns("SetTopicAttributes", &named)
}

fn queue(attribute: &str, value: &str) -> Request<Bytes> {
    let attributes = json!({"QueueUrl": "q", "Attributes": {attribute: value}});
    call("AmazonSQS.SetQueueAttributes", &attributes)
}

/// A policy whose one statement has that member too.
fn policy(member: &str) -> String {
    format!(
        "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Principal\":\"*\",\
         \"Action\":\"*\",\"Resource\":\"*\",{member}}}]}}"
    )
}

fn item(value: &str) -> Request<Bytes> {
    let body =
        format!("{{\"TableName\":\"tab\",\"Item\":{{\"pk\":{{\"S\":\"1\"}},\"v\":{value}}}}}");
    json_text("DynamoDB_20120810.PutItem", body)
}

fn condition(text: &str) -> Request<Bytes> {
    let put = json!({
        "TableName": "tab", "Item": {"pk": {"S": "1"}}, "ConditionExpression": text,
    });
    call("DynamoDB_20120810.PutItem", &put)
}

fn update(text: &str) -> Request<Bytes> {
    let key = json!({"pk": {"S": "1"}});
    let update = json!({"TableName": "tab", "Key": key, "UpdateExpression": text});
    call("DynamoDB_20120810.UpdateItem", &update)
}

fn query(condition: &str, projection: &str) -> Request<Bytes> {
    let query = json!({
        "TableName": "tab", "KeyConditionExpression": condition, "ProjectionExpression": projection,
        "ExpressionAttributeValues": {":p": {"S": "1"}},
    });
    call("DynamoDB_20120810.Query", &query)
}

fn saml(xml: &str) -> Request<Bytes> {
    let (provider, assertion) = ("arn:aws:iam::000000000000:saml-provider/p", STANDARD.encode(xml));
    let named = [("RoleArn", ROLE), ("PrincipalArn", provider)];
    sts("AssumeRoleWithSAML", &[&named[..], &[("SAMLAssertion", &assertion)]].concat())
}
