//! A cloud driven with whole HTTP requests, and no server.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use skyrig::cloud::{Handled, ReplyFormat};
use skyrig::kernel::CallId;
use skyrig::{Cloud, Registry, Settings};

/// One thing that happens to a cloud.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    Request(Box<Request<Bytes>>),
    HangUp(CallId),
    Advance(Duration),
}

pub(crate) struct World {
    pub(crate) cloud: Cloud,
    registry: Registry,
    waiting: BTreeMap<CallId, ReplyFormat>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self::of(Cloud::new(Settings { seed, ..Settings::default() }))
    }

    pub(crate) fn of(cloud: Cloud) -> Self {
        Self { cloud, registry: Registry::new(), waiting: BTreeMap::new() }
    }

    /// Another world with the same waiting clients around another cloud.
    pub(crate) fn around(&self, cloud: Cloud) -> Self {
        Self { waiting: self.waiting.clone(), ..Self::of(cloud) }
    }

    /// The calls that wait.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = CallId> {
        self.waiting.keys().copied()
    }

    /// Feeds one input; the answers that it brings, to calls that waited too.
    pub(crate) fn feed(&mut self, input: Input) -> Vec<Response<Bytes>> {
        let now = self.cloud.now();
        let mut answers = Vec::new();
        match input {
            Input::Request(request) => answers.extend(self.call(*request)),
            Input::HangUp(call) => {
                self.waiting.remove(&call);
                self.cloud.hang_up(now, call);
            }
            Input::Advance(by) => self.cloud.advance(now + by),
        }
        for completed in self.cloud.take_completed() {
            if let Some(format) = self.waiting.remove(&completed.call) {
                answers.push(format.write(completed.answer));
            }
        }
        answers
    }

    fn call(&mut self, request: Request<Bytes>) -> Option<Response<Bytes>> {
        let (parts, body) = request.into_parts();
        let call = match self.registry.prepare(&parts, &body) {
            Ok(call) => call,
            Err(refusal) => return Some(*refusal),
        };
        match self.cloud.handle(self.cloud.now(), call) {
            Handled::Done(format, answer) => Some(format.write(answer)),
            Handled::Parked(call, format) => {
                self.waiting.insert(call, format);
                None
            }
        }
    }
}

/// An awsJson request; `target` is `AmazonSQS.SendMessage` and the like.
pub(crate) fn json(target: &str, body: &serde_json::Value) -> Request<Bytes> {
    let head = Request::post("/")
        .header("host", "localhost:4566")
        .header("x-amz-target", target)
        .header("content-type", "application/x-amz-json-1.0");
    let request = head.body(Bytes::from(body.to_string()));
    request.expect("the head is valid")
}

/// An rpcv2Cbor request to the service with that prefix.
pub(crate) fn cbor(prefix: &str, operation: &str, body: &serde_json::Value) -> Request<Bytes> {
    let head = Request::post(format!("/service/{prefix}/operation/{operation}"))
        .header("host", "localhost:4566")
        .header("smithy-protocol", "rpc-v2-cbor")
        .header("content-type", "application/cbor");
    let body = skyrig::wire::cbor::to_vec(body).expect("JSON has a form in CBOR");
    head.body(Bytes::from(body)).expect("the head is valid")
}

/// A request of the query protocol, signed for `service`.
pub(crate) fn query(service: &str, form: &str) -> Request<Bytes> {
    let scope = format!("Credential=test/20260101/us-east-1/{service}/aws4_request");
    let head = Request::post("/")
        .header("host", "localhost:4566")
        .header("authorization", format!("AWS4-HMAC-SHA256 {scope}"))
        .header("content-type", "application/x-www-form-urlencoded");
    let request = head.body(Bytes::from(form.to_owned()));
    request.expect("the head is valid")
}
