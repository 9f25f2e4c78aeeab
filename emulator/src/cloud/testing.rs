//! How tests of services drive a cloud: through the same entry as the socket, in virtual time.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use serde_json::Value;

use super::{Call, Cloud, Handled, Registry, ReplyFormat};
use crate::kernel::{CallId, Settings};
use crate::wire::Timestamp;

/// A cloud with a registry, called in awsJson; `target` is `AmazonSQS.SendMessage` and the like.
pub(crate) struct World {
    pub(crate) cloud: Cloud,
    registry: Registry,
    waiting: BTreeMap<CallId, ReplyFormat>,
    answered: BTreeMap<CallId, Response<Bytes>>,
}

/// An error answer: `__type` without its namespace, the query code if there is one, the message.
#[derive(Debug, PartialEq)]
pub(crate) struct Refused {
    pub(crate) shape: String,
    pub(crate) message: String,
    pub(crate) body: Value,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        Self {
            cloud: Cloud::new(settings),
            registry: Registry::new(),
            waiting: BTreeMap::new(),
            answered: BTreeMap::new(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.cloud.now()
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        let now = self.now() + by;
        self.cloud.advance(now);
        self.collect();
    }

    pub(crate) fn advance_seconds(&mut self, seconds: u64) {
        self.advance(Duration::from_secs(seconds));
    }

    /// Calls an operation and expects success.
    pub(crate) fn ok(&mut self, target: &str, body: Value) -> Value {
        match self.call(target, body) {
            Ok(answer) => answer,
            Err(refused) => panic!("{target}: {refused:?}"),
        }
    }

    /// Calls an operation and expects an error.
    pub(crate) fn err(&mut self, target: &str, body: Value) -> Refused {
        match self.call(target, body) {
            Ok(answer) => panic!("{target} succeeded: {answer}"),
            Err(refused) => refused,
        }
    }

    /// Calls an operation that answers at once.
    pub(crate) fn call(&mut self, target: &str, body: Value) -> Result<Value, Refused> {
        match self.start(target, body) {
            Ok(response) => parse(&response),
            Err(call) => panic!("{target} waits as {call:?}"),
        }
    }

    /// Calls an operation that may wait; `Err` holds the number of the waiting call.
    pub(crate) fn start(&mut self, target: &str, body: Value) -> Result<Response<Bytes>, CallId> {
        let request = Request::post("/")
            .header("host", "localhost:4566")
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0");
        self.send(request.body(Bytes::from(body.to_string())).unwrap())
    }

    /// Calls an operation over the query protocol; returns status and XML.
    pub(crate) fn query(&mut self, service: &str, form: &str) -> (u16, String) {
        let scope =
            format!("AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request");
        let request = Request::post("/")
            .header("host", "localhost:4566")
            .header("authorization", scope)
            .header("content-type", "application/x-www-form-urlencoded");
        let response = self.send(request.body(Bytes::from(form.to_owned())).unwrap());
        let response = response.expect("it answers at once");
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        (response.status().as_u16(), body)
    }

    /// Any request.
    pub(crate) fn send(&mut self, request: Request<Bytes>) -> Result<Response<Bytes>, CallId> {
        let (parts, body): (Parts, Bytes) = request.into_parts();
        let call: Call = match self.registry.prepare(&parts, &body) {
            Ok(call) => call,
            Err(response) => return Ok(*response),
        };
        let handled = self.cloud.handle(self.cloud.now(), call);
        let result = match handled {
            Handled::Done(format, answer) => Ok(format.write(answer)),
            Handled::Parked(call, format) => {
                self.waiting.insert(call, format);
                Err(call)
            }
        };
        self.collect();
        result
    }

    /// The answer to a call that waited, if it has come.
    pub(crate) fn answer(&mut self, call: CallId) -> Option<Result<Value, Refused>> {
        self.answered.remove(&call).map(|response| parse(&response))
    }

    /// The client of a waiting call is gone.
    pub(crate) fn hang_up(&mut self, call: CallId) {
        self.waiting.remove(&call);
        self.cloud.hang_up(self.cloud.now(), call);
    }

    /// The same state from its bytes: what a restart from a snapshot finds.
    pub(crate) fn restart(&mut self) {
        self.cloud = Cloud::restore(&self.cloud.snapshot()).unwrap();
    }

    fn collect(&mut self) {
        for completed in self.cloud.take_completed() {
            if let Some(format) = self.waiting.remove(&completed.call) {
                self.answered.insert(completed.call, format.write(completed.answer));
            }
        }
    }
}

fn parse(response: &Response<Bytes>) -> Result<Value, Refused> {
    let body: Value = match response.body().len() {
        0 => Value::Null,
        _ => serde_json::from_slice(response.body()).unwrap(),
    };
    if response.status().is_success() {
        return Ok(body);
    }
    let shape = body["__type"].as_str().unwrap().rsplit('#').next().unwrap().to_owned();
    Err(Refused { shape, message: body["message"].as_str().unwrap().to_owned(), body })
}
