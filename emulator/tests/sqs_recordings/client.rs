//! A client of SQS that speaks one protocol and reads answers as AWS's Python SDK does.
//!
//! That is the form of the recordings: members by name, and of an error its code, message and
//! who is to blame.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Map, Value, json};
use skyrig::Settings;
use skyrig::cloud::Driver;

use crate::{form, xml};

const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 \
     Credential=111111111111/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Json,
    Query,
}

pub(crate) struct Client {
    pub(crate) protocol: Protocol,
    driver: Driver,
}

impl Client {
    pub(crate) fn new(protocol: Protocol) -> Self {
        Self { protocol, driver: Driver::new(Settings::default()) }
    }

    pub(crate) fn advance(&mut self, seconds: u64) {
        self.driver.advance(std::time::Duration::from_secs(seconds));
    }

    /// Calls an operation; time passes while it waits.
    pub(crate) fn call(&mut self, operation: &str, request: &Value) -> Value {
        self.call_at("/", operation, request)
    }

    /// Calls an operation at a path other than the root.
    pub(crate) fn call_at(&mut self, path: &str, operation: &str, request: &Value) -> Value {
        let builder = Request::post(path)
            .header("host", "localhost:4566")
            .header("authorization", AUTHORIZATION);
        let (builder, body) = match self.protocol {
            Protocol::Json => {
                let target = format!("AmazonSQS.{operation}");
                let builder = builder.header("x-amz-target", target);
                (builder.header("content-type", "application/x-amz-json-1.0"), request.to_string())
            }
            Protocol::Query => {
                let kind = "application/x-www-form-urlencoded; charset=utf-8";
                (builder.header("content-type", kind), form::write(operation, request))
            }
        };
        let request = builder.body(Bytes::from(body)).expect("a valid request");
        let response = self.driver.send_and_wait(request);
        let mut answer = match self.protocol {
            Protocol::Json => from_json(&response),
            Protocol::Query => from_xml(&response),
        };
        show_binary(&mut answer);
        answer["ResponseMetadata"] = json!({"HTTPStatusCode": response.status().as_u16()});
        answer
    }

    /// Calls an operation that must succeed.
    pub(crate) fn ok(&mut self, operation: &str, request: &Value) -> Value {
        let answer = self.call(operation, request);
        assert!(answer.get("Error").is_none(), "{operation} {request}: {answer}");
        answer
    }

    /// Creates a queue; returns its URL.
    pub(crate) fn queue(&mut self, name: &str, attributes: &Value) -> String {
        let request = json!({"QueueName": name, "Attributes": attributes});
        self.ok("CreateQueue", &request)["QueueUrl"].as_str().expect("a URL").to_owned()
    }

    pub(crate) fn arn(&mut self, url: &str) -> String {
        let request = json!({"QueueUrl": url, "AttributeNames": ["QueueArn"]});
        let answer = self.ok("GetQueueAttributes", &request);
        answer["Attributes"]["QueueArn"].as_str().expect("an ARN").to_owned()
    }

    pub(crate) fn send_message(&mut self, url: &str, body: &str) {
        self.ok("SendMessage", &json!({"QueueUrl": url, "MessageBody": body}));
    }

    /// Receives one message; returns its receipt handle.
    pub(crate) fn receive_handle(&mut self, url: &str) -> String {
        let received = self.ok("ReceiveMessage", &json!({"QueueUrl": url}));
        handle(&received).to_owned()
    }
}

/// The receipt handle of the first message in the answer of a receive.
pub(crate) fn handle(received: &Value) -> &str {
    received["Messages"][0]["ReceiptHandle"].as_str().expect("a message was received")
}

fn from_json(response: &Response<Bytes>) -> Value {
    let body: Value = match response.body().len() {
        0 => json!({}),
        _ => serde_json::from_slice(response.body()).expect("an answer in JSON"),
    };
    if response.status().is_success() {
        return body;
    }
    let shape = body["__type"].as_str().and_then(|kind| kind.rsplit('#').next());
    let header = response.headers().get("x-amzn-query-error").expect("SQS sends the query error");
    let (code, kind) =
        header.to_str().ok().and_then(|text| text.split_once(';')).expect("code and fault");
    let error = json!({
        "Code": code, "Message": body["message"], "QueryErrorCode": shape, "Type": kind,
    });
    let mut answer = json!({"Error": error});
    if shape == Some(code) {
        // The SDK finds the error's shape by the code; then the members of the shape come too.
        answer["message"] = body["message"].clone();
    }
    answer
}

fn from_xml(response: &Response<Bytes>) -> Value {
    let text = std::str::from_utf8(response.body()).expect("an answer in UTF-8");
    let root = xml::parse(text);
    if let Some(error) = root.child("Error") {
        let member = |node: &xml::Node| {
            let text = if node.text.is_empty() { Value::Null } else { node.text.as_str().into() };
            (node.name.clone(), text)
        };
        let error: Map<_, _> = error.children.iter().map(member).collect();
        return json!({"Error": error});
    }
    let result = root.children.iter().find(|node| node.name.ends_with("Result"));
    result.map_or_else(|| json!({}), form::read)
}

/// Bytes as Python prints them.
fn show_binary(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str().filter(|_| name == "BinaryValue") {
                    Some(text) => {
                        let bytes = STANDARD.decode(text).expect("base64");
                        let shown = bytes.iter().map(|byte| match byte {
                            b' '..=b'~' => char::from(*byte).to_string(),
                            _ => format!("\\x{byte:02x}"),
                        });
                        *member = format!("b'{}'", shown.collect::<String>()).into();
                    }
                    None => show_binary(member),
                }
            }
        }
        Value::Array(members) => members.iter_mut().for_each(show_binary),
        _ => {}
    }
}
