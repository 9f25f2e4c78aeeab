//! Behaviour of SNS, driven as a client drives it: over the query protocol.

mod batches;
mod conservation;
mod delivery_status;
mod fifo;
mod metrics;
mod people;
mod policies;
mod publishing;
mod replays;
mod servers;
mod signatures;
mod subscriptions;
mod topics;

use std::fmt::Write as _;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::cloud::testing::World;
use crate::kernel::Letter;

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

    /// Follows a link, as a browser does.
    fn get(&mut self, url: &str) -> (u16, String) {
        let request = Request::get(url).header("host", "localhost:4566").body(Bytes::new());
        self.sent(request.unwrap())
    }

    /// A form that a client of another account or region signs.
    fn signed(&mut self, account: &str, region: &str, form: &str) -> (u16, String) {
        let scope = format!("Credential={account}/20260101/{region}/sns/aws4_request");
        let request = Request::post("/")
            .header("host", "localhost:4566")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", format!("AWS4-HMAC-SHA256 {scope}"))
            .body(Bytes::from(form.to_owned()));
        self.sent(request.unwrap())
    }

    fn sent(&mut self, request: Request<Bytes>) -> (u16, String) {
        let response = self.0.send(request).expect("it answers at once");
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        (response.status().as_u16(), body)
    }

    /// What would have left the cloud for people.
    fn letters(&self) -> Vec<Letter> {
        self.0.cloud.letters().iter().cloned().collect()
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

    /// A function that topics may invoke.
    fn function(&mut self, name: &str) {
        let function = json!({
            "FunctionName": name, "PackageType": "Image",
            "Role": "arn:aws:iam::000000000000:role/r",
            "Code": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/i:1"},
        });
        let permission = json!({
            "StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com",
        });
        let functions = "/2015-03-31/functions";
        let policy = format!("{functions}/{name}/policy");
        for (uri, body) in [(functions, function), (policy.as_str(), permission)] {
            let request = crate::cloud::request::rest("lambda", ("POST", uri), body.to_string());
            assert!(self.0.send(request).unwrap().status().is_success());
        }
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

/// The first link in a letter.
fn link(body: &str) -> String {
    let found = body.split_whitespace().find(|word| word.starts_with("http://"));
    found.unwrap_or_else(|| panic!("no link in {body}")).to_owned()
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
