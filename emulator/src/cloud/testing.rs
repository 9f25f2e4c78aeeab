//! How tests of services drive a cloud: through the same entry as the socket, in virtual time.

pub(crate) mod probe;

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use serde_json::Value;

use super::{Cloud, Driver, Waiting, request};
use crate::kernel::{CallId, Settings};
use crate::wire::Timestamp;

/// A driver that calls in awsJson; `target` is `AmazonSQS.SendMessage` and the like.
pub(crate) struct World(Driver);

impl Deref for World {
    type Target = Driver;

    fn deref(&self) -> &Driver {
        &self.0
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Driver {
        &mut self.0
    }
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
        Self(Driver::new(settings))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.cloud.now()
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
        self.send(request::json(target, body.to_string()))
    }

    /// Calls an operation that answers at once as a client of `account`.
    pub(crate) fn call_as(
        &mut self,
        account: &str,
        target: &str,
        body: Value,
    ) -> Result<Value, Refused> {
        self.call_at((account, "us-east-1"), target, body)
    }

    /// The same in another region.
    pub(crate) fn call_in(
        &mut self,
        region: &str,
        target: &str,
        body: Value,
    ) -> Result<Value, Refused> {
        self.call_at(("000000000000", region), target, body)
    }

    fn call_at(
        &mut self,
        (account, region): (&str, &str),
        target: &str,
        body: Value,
    ) -> Result<Value, Refused> {
        let mut request = request::json(target, body.to_string());
        let scope = format!("Credential={account}/20260101/{region}/sqs/aws4_request");
        let signed = format!("AWS4-HMAC-SHA256 {scope}").parse().unwrap();
        request.headers_mut().insert("authorization", signed);
        match self.send(request) {
            Ok(response) => parse(&response),
            Err(call) => panic!("{target} waits as {call:?}"),
        }
    }

    /// Calls an operation over the query protocol; returns status and XML.
    pub(crate) fn query(&mut self, service: &str, form: &str) -> (u16, String) {
        let response = self.send(request::query(service, form.to_owned()));
        let response = response.expect("it answers at once");
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        (response.status().as_u16(), body)
    }

    /// The bytes of the answer to a call that waited, if it is whole.
    pub(crate) fn answer_bytes(&mut self, call: CallId) -> Option<Bytes> {
        self.take_answer(call).map(Response::into_body)
    }

    /// The answer to a call that waited, if it has come.
    pub(crate) fn answer(&mut self, call: CallId) -> Option<Result<Value, Refused>> {
        self.take_answer(call).map(|response| parse(&response))
    }

    /// The same state from its bytes: what a restart from a snapshot finds.
    pub(crate) fn restart(&mut self) {
        self.cloud = Cloud::restore(&self.cloud.snapshot(), Waiting::Gone).unwrap();
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
