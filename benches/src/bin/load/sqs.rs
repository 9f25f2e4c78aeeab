//! SQS's JSON protocol as an AWS SDK speaks it: the same headers in the same sizes, bodies
//! written by hand, answers read into borrowed texts.

use std::borrow::Cow;
use std::io::{self, Write as _};

use serde::Deserialize;
use serde_json::{Value, json};

use super::functions;
use super::http::{Answer, Connection};
use super::metrics;
use super::tables;

/// A connection that speaks SQS.
pub(crate) struct Client {
    connection: Connection,
    /// The request's head up to the target, and from behind it to the invocation's id.
    before: String,
    target: &'static str,
    between: String,
    request: Vec<u8>,
    invocation: u64,
}

/// A signature's shape; nobody here checks signatures.
const SIGNED: &str = "\r\nx-amzn-query-mode: true\r\n\
    user-agent: aws-sdk-rust/1.3.10 os/linux lang/rust/1.94.1\r\n\
    x-amz-user-agent: aws-sdk-rust/1.3.10 ua/2.1 api/sqs/1.86.0 os/linux lang/rust/1.94.1\r\n\
    x-amz-date: 20260101T000000Z\r\n\
    authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/sqs/aws4_request, \
    SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-target;\
    x-amz-user-agent;x-amzn-query-mode, \
    Signature=98e2e5a3c1ab1c2b0a2b8d5a0f1e6f4b6a4ed9d0d3c1a7a1b5f0c2d3e4f5a6b7\r\n\
    amz-sdk-request: attempt=1; max=3\r\namz-sdk-invocation-id: ";

/// How the requests of a connection are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Speech {
    /// awsJson of version 1.0, to SQS.
    Sqs,
    /// awsJson of version 1.1, to EventBridge.
    Events,
    /// Forms of the query protocol to SNS, which name the operation themselves.
    Sns,
    /// restJson, to the one function that is invoked.
    Lambda,
}

impl Client {
    /// Opens a connection to `host:port`.
    ///
    /// # Errors
    /// When nobody listens there.
    pub(crate) async fn open(address: &str) -> io::Result<Self> {
        Self::speaking(address, Speech::Sqs).await
    }

    /// The same to another service.
    ///
    /// # Errors
    /// As [`Client::open`].
    pub(crate) async fn speaking(address: &str, speech: Speech) -> io::Result<Self> {
        let (head, target, service) = match speech {
            Speech::Sqs => ("application/x-amz-json-1.0\r\nx-amz-target: ", "AmazonSQS.", "/sqs/"),
            Speech::Events => {
                ("application/x-amz-json-1.1\r\nx-amz-target: ", "AWSEvents.", "/events/")
            }
            Speech::Lambda => ("application/json\r\nx-load-operation: ", "", "/lambda/"),
            Speech::Sns => ("application/x-www-form-urlencoded\r\nx-load-operation: ", "", "/sns/"),
        };
        let path = if speech == Speech::Lambda { functions::INVOCATIONS } else { "/" };
        let before = format!("POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: {head}");
        let connection = Connection::open(address).await?;
        Ok(Self {
            connection,
            before,
            target,
            between: SIGNED.replace("/sqs/", service),
            request: Vec::new(),
            invocation: 0,
        })
    }

    /// Sends a request and reads its answer, whatever its status.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(crate) async fn call(&mut self, operation: &str, body: &[u8]) -> io::Result<Answer<'_>> {
        self.send(operation, body).await?;
        self.receive().await
    }

    /// Sends a request without waiting for its answer.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(crate) async fn send(&mut self, operation: &str, body: &[u8]) -> io::Result<()> {
        self.invocation += 1;
        self.request.clear();
        let target = match operation {
            "GetMetricData" | "PutMetricData" => metrics::TARGET,
            "BatchWriteItem" | "CreateTable" | "GetItem" | "PutItem" | "Query"
            | "TransactWriteItems" => tables::TARGET,
            _ => self.target,
        };
        for part in [self.before.as_str(), target, operation, self.between.as_str()] {
            self.request.extend_from_slice(part.as_bytes());
        }
        write!(
            self.request,
            "53cb9f0c-747e-42ea-ac82-{:012x}\r\ncontent-length: {}\r\n\r\n",
            self.invocation,
            body.len()
        )?;
        self.request.extend_from_slice(body);
        self.connection.send(&self.request).await
    }

    /// Reads the answer to the last request.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(crate) async fn receive(&mut self) -> io::Result<Answer<'_>> {
        self.connection.receive().await
    }

    /// A call whose answer must be 200, for what is not measured.
    ///
    /// # Errors
    /// When the connection is lost or the answer is another.
    pub(crate) async fn ask(&mut self, operation: &str, body: &Value) -> io::Result<Value> {
        let answer = self.call(operation, body.to_string().as_bytes()).await?;
        if answer.status == 200 {
            return Ok(serde_json::from_slice(answer.body).unwrap_or(Value::Null));
        }
        let text = String::from_utf8_lossy(answer.body);
        Err(io::Error::other(format!("{operation} was answered {}: {text}", answer.status)))
    }

    /// Makes a queue; a name that ends in `.fifo` makes a FIFO queue. Answers its URL.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub(crate) async fn create_queue(&mut self, name: &str) -> io::Result<String> {
        let attributes = match name.ends_with(".fifo") {
            true => json!({"FifoQueue": "true", "VisibilityTimeout": "300"}),
            false => json!({"VisibilityTimeout": "300"}),
        };
        let body = json!({"QueueName": name, "Attributes": attributes});
        let made = self.ask("CreateQueue", &body).await?;
        let url = made["QueueUrl"].as_str().ok_or_else(|| io::Error::other("no QueueUrl"))?;
        Ok(url.to_owned())
    }

    /// Messages of a queue, waiting and in flight, by its own account.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub(crate) async fn count(&mut self, url: &str) -> io::Result<u64> {
        let names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
        let body = json!({"QueueUrl": url, "AttributeNames": names});
        let answer = self.ask("GetQueueAttributes", &body).await?;
        let read = |name| answer["Attributes"][name].as_str()?.parse::<u64>().ok();
        Ok(names.into_iter().filter_map(read).sum())
    }
}

/// Asks a page of skyrig's own; status and body.
///
/// # Errors
/// When the connection is lost.
pub(crate) async fn get(address: &str, path: &str) -> io::Result<(u16, String)> {
    let mut connection = Connection::open(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    connection.send(request.as_bytes()).await?;
    let answer = connection.receive().await?;
    Ok((answer.status, String::from_utf8_lossy(answer.body).into_owned()))
}

/// The answer to SendMessage, and an entry of the answer to SendMessageBatch.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent<'a> {
    #[serde(rename = "MD5OfMessageBody", borrow)]
    pub(crate) md5: Cow<'a, str>,
    #[serde(rename = "MessageId", borrow)]
    pub(crate) id: Cow<'a, str>,
}

/// The answer to SendMessageBatch.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SentBatch<'a> {
    #[serde(borrow, default)]
    pub(crate) successful: Vec<Sent<'a>>,
}

/// The answer to ReceiveMessage.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Received<'a> {
    #[serde(borrow, default)]
    pub(crate) messages: Vec<Message<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Message<'a> {
    #[serde(borrow)]
    pub(crate) receipt_handle: Cow<'a, str>,
    #[serde(rename = "MD5OfBody", borrow)]
    pub(crate) md5_of_body: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) body: Cow<'a, str>,
}

/// The answer to DeleteMessageBatch.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeletedBatch {
    #[serde(default)]
    pub(crate) successful: Vec<Value>,
}
