//! The good client: it sends, receives and deletes, on one connection that it keeps and now and
//! then on a new one. A connection that is lost is opened anew, as SDKs do.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

/// A pause between turns: this client is not in a hurry.
const PAUSE: Duration = Duration::from_millis(2);
/// After so many turns, one is made on a connection of its own.
const NEW_EVERY: usize = 10;
/// How long a call may take before it is given up.
const GIVE_UP: Duration = Duration::from_secs(20);
const ATTEMPTS: usize = 3;
/// The long messages of one answer.
const LONG_MESSAGES: usize = 10;

/// Milliseconds that calls took.
#[derive(Default)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    /// The nearest-rank percentile; 0 of nothing.
    pub(crate) fn at(&mut self, percent: f64) -> f64 {
        self.0.sort_unstable_by(f64::total_cmp);
        let rank = (percent / 100.0 * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}

pub(crate) struct Client {
    address: String,
    kept: Option<TcpStream>,
    turns: usize,
    pub(crate) calls: Times,
    /// Calls on new connections, connecting included.
    pub(crate) new: Times,
    /// Connections that were lost.
    pub(crate) lost: usize,
}

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        let (calls, new) = Default::default();
        Self { address: address.to_owned(), kept: None, turns: 0, calls, new, lost: 0 }
    }

    /// Makes its queue, and one with long messages if they are wanted.
    ///
    /// # Errors
    /// When a call fails.
    pub(crate) async fn prepare(&mut self, long_messages: bool) -> io::Result<()> {
        self.call("CreateQueue", &json!({"QueueName": "good"})).await?;
        self.call("CreateQueue", &json!({"QueueName": "long"})).await?;
        let long = json!({"QueueUrl": "long", "MessageBody": "b".repeat(1 << 20)});
        for _ in 0..if long_messages { LONG_MESSAGES } else { 0 } {
            self.call("SendMessage", &long).await?;
        }
        (self.calls, self.new) = Default::default();
        Ok(())
    }

    /// Sends, receives and deletes a message.
    ///
    /// # Errors
    /// When a call fails.
    pub(crate) async fn turn(&mut self) -> io::Result<()> {
        sleep(PAUSE).await;
        self.turns += 1;
        if self.turns.is_multiple_of(NEW_EVERY) {
            let begun = Instant::now();
            let mut stream = None;
            let list = request("ListQueues", &json!({}));
            self.attempt(&mut stream, &list).await?;
            self.new.0.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        let body = format!("message {}", self.turns);
        self.call("SendMessage", &json!({"QueueUrl": "good", "MessageBody": body})).await?;
        let received = self.call("ReceiveMessage", &json!({"QueueUrl": "good"})).await?;
        let message = &received["Messages"][0];
        if message["Body"] != body {
            return Err(io::Error::other(format!("received {received} instead of {body}")));
        }
        let handle = &message["ReceiptHandle"];
        self.call("DeleteMessage", &json!({"QueueUrl": "good", "ReceiptHandle": handle})).await?;
        Ok(())
    }

    async fn call(&mut self, operation: &str, body: &Value) -> io::Result<Value> {
        let begun = Instant::now();
        let mut kept = self.kept.take();
        let answer = self.attempt(&mut kept, &request(operation, body)).await?;
        self.kept = kept;
        self.calls.0.push(begun.elapsed().as_secs_f64() * 1000.0);
        Ok(answer)
    }

    async fn attempt(
        &mut self,
        stream: &mut Option<TcpStream>,
        request: &[u8],
    ) -> io::Result<Value> {
        let mut failed = io::Error::other("not tried");
        for _ in 0..ATTEMPTS {
            let once = async {
                if stream.is_none() {
                    let connected = TcpStream::connect(&self.address).await?;
                    connected.set_nodelay(true)?;
                    *stream = Some(connected);
                }
                exchange(stream.as_mut().expect("opened above"), request).await
            };
            match timeout(GIVE_UP, once)
                .await
                .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            {
                Ok((200, answer)) if answer.is_empty() => return Ok(Value::Null),
                Ok((200, answer)) => {
                    return serde_json::from_slice(&answer).map_err(io::Error::other);
                }
                Ok((status, answer)) => {
                    let answer = String::from_utf8_lossy(&answer).into_owned();
                    return Err(io::Error::other(format!("answered {status}: {answer}")));
                }
                Err(error) => {
                    self.lost += 1;
                    *stream = None;
                    failed = error;
                }
            }
        }
        Err(failed)
    }
}

/// The bytes of a call.
pub(crate) fn request(operation: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-amz-json-1.0\r\n\
         x-amz-target: AmazonSQS.{operation}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head, body].concat().into_bytes()
}

/// Status and body of the answer.
async fn exchange(stream: &mut TcpStream, request: &[u8]) -> io::Result<(u16, Vec<u8>)> {
    stream.write_all(request).await?;
    let mut answer = Vec::new();
    loop {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
        let length = head.split_once("\r\ncontent-length: ").map_or("0", |(_, rest)| rest);
        let length = length.lines().next().unwrap_or_default().parse().unwrap_or(0);
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut body = answer.split_off(end + 4);
        while body.len() < length {
            if stream.read_buf(&mut body).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        return Ok((status.unwrap_or(0), body));
    }
}
