//! A cloud fed by hand, in virtual time: for tests, benchmarks and replays.
//!
//! The host of a server shares a cloud between threads; here one caller has it alone.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use serde::{Deserialize, Serialize};

use super::core::Cloud;
use super::effect::{Effect, Part};
use super::input::Input;
use super::registry::registry;
use crate::kernel::{
    CallId, FaultError, FaultRule, FaultRules, OutsideCall, Settings, SignatureMode,
};
use crate::wire::Timestamp;

/// A cloud and what has left it so far.
#[derive(Clone)]
pub struct Driver {
    pub cloud: Cloud,
    /// Answers that nobody has fetched yet.
    answers: BTreeMap<CallId, Response<Bytes>>,
    /// The answers that are streams, so far.
    streams: BTreeMap<CallId, Response<Vec<u8>>>,
    asked: Vec<OutsideCall>,
    recorded: Option<Vec<Recorded>>,
}

/// An input with its time: what a journal holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recorded {
    pub at: Timestamp,
    pub input: Input,
}

impl Driver {
    pub fn new(settings: Settings) -> Self {
        Self::of(Cloud::new(settings))
    }

    pub fn of(cloud: Cloud) -> Self {
        let (answers, streams) = (BTreeMap::new(), BTreeMap::new());
        Self { cloud, answers, streams, asked: Vec::new(), recorded: None }
    }

    /// Writes down every input from now on; [`Driver::take_recorded`] hands them out.
    pub fn record(&mut self) {
        self.recorded.get_or_insert_default();
    }

    /// The inputs since [`Driver::record`] was called, or since this was last asked.
    pub fn take_recorded(&mut self) -> Vec<Recorded> {
        self.recorded.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Feeds a recorded input again.
    pub fn replay(&mut self, recorded: &Recorded) -> Result<Option<CallId>, Box<Response<Bytes>>> {
        self.feed_at(recorded.at, recorded.input.clone())
    }

    /// Feeds one input now; returns the number of the request if it is one.
    ///
    /// # Errors
    /// The response to a request that reaches no operation.
    pub fn feed(&mut self, input: Input) -> Result<Option<CallId>, Box<Response<Bytes>>> {
        self.feed_at(self.cloud.now(), input)
    }

    fn feed_at(
        &mut self,
        at: Timestamp,
        input: Input,
    ) -> Result<Option<CallId>, Box<Response<Bytes>>> {
        let mut prepared = registry().prepare(&input)?;
        if let (Input::Request(call), Input::Request(request)) = (&mut prepared, &input)
            && self.cloud.settings().signatures == SignatureMode::Verify
        {
            call.read_signature(&request.parts, &request.body);
        }
        if let Some(recorded) = &mut self.recorded {
            recorded.push(Recorded { at, input });
        }
        let effects = self.cloud.apply(at, prepared);
        for effect in effects.list {
            match effect {
                Effect::Reply(reply) => drop(self.answers.insert(reply.call, reply.write())),
                Effect::Part(part) => self.add(&part),
                Effect::Outside(call) => self.asked.push(call),
            }
        }
        Ok(effects.accepted)
    }

    /// Adds to an answer that is a stream. At its end it is an answer as any other.
    fn add(&mut self, part: &Part) {
        let head = || part.head().map(Vec::from);
        let stream = self.streams.entry(part.call).or_insert_with(head);
        stream.body_mut().extend_from_slice(&part.write());
        if part.last
            && let Some(whole) = self.streams.remove(&part.call)
        {
            self.answers.insert(part.call, whole.map(Bytes::from));
        }
    }

    /// Whether a call is being answered with a stream, which lasts for as long as its client wants.
    pub fn is_stream(&self, call: CallId) -> bool {
        self.streams.contains_key(&call)
    }

    /// What a call was told so far of an answer that is a stream.
    pub fn take_told(&mut self, call: CallId) -> Vec<u8> {
        self.streams.get_mut(&call).map(|told| std::mem::take(told.body_mut())).unwrap_or_default()
    }

    /// Sends a request; `Err` holds its number if it waits.
    pub fn send(&mut self, request: Request<Bytes>) -> Result<Response<Bytes>, CallId> {
        match self.feed(Input::Request(request.into())) {
            Err(refusal) => Ok(*refusal),
            Ok(call) => {
                let call = call.expect("a request has a number");
                self.answers.remove(&call).ok_or(call)
            }
        }
    }

    /// Sends a request and lets time pass until it is answered.
    ///
    /// # Panics
    /// When it waits for ever.
    pub fn send_and_wait(&mut self, request: Request<Bytes>) -> Response<Bytes> {
        let call = match self.send(request) {
            Ok(response) => return response,
            Err(call) => call,
        };
        loop {
            let at = self.cloud.next_deadline().expect("a call that waits has a deadline");
            self.advance(at.since(self.cloud.now()));
            if let Some(response) = self.answers.remove(&call) {
                return response;
            }
        }
    }

    /// The answer to a call that waited, if it has come.
    pub fn take_answer(&mut self, call: CallId) -> Option<Response<Bytes>> {
        self.answers.remove(&call)
    }

    /// All answers that have come and were not fetched.
    pub fn take_answers(&mut self) -> BTreeMap<CallId, Response<Bytes>> {
        std::mem::take(&mut self.answers)
    }

    /// What the world outside was asked for since this was last asked.
    pub fn take_asked(&mut self) -> Vec<OutsideCall> {
        std::mem::take(&mut self.asked)
    }

    /// Lets time pass.
    pub fn advance(&mut self, by: Duration) {
        let now = self.cloud.now() + by;
        let fed = self.feed_at(now, Input::Time);
        debug_assert!(fed.is_ok(), "time is never refused");
    }

    /// The client of a waiting call goes away.
    pub fn hang_up(&mut self, call: CallId) {
        self.streams.remove(&call);
        let fed = self.feed(Input::ClientGone(call));
        debug_assert!(fed.is_ok(), "clients may always go");
    }

    /// Replaces the fault rules.
    ///
    /// # Errors
    /// [`FaultError`] with the reason; then the old rules stay.
    pub fn set_faults(&mut self, rules: Vec<FaultRule>) -> Result<(), FaultError> {
        let fed = self.feed(Input::Faults(FaultRules::new(rules)?));
        debug_assert!(fed.is_ok(), "rules that were checked are taken");
        Ok(())
    }
}

/// Requests as clients of each protocol send them.
pub mod request {
    use super::{Bytes, Request};

    /// An awsJson request; `target` is `AmazonSQS.SendMessage` and the like.
    pub fn json(target: &str, body: impl Into<Bytes>) -> Request<Bytes> {
        let head = Request::post("/")
            .header("host", "localhost:4566")
            .header("x-amz-target", target)
            .header("x-amzn-query-mode", "true")
            .header("content-type", "application/x-amz-json-1.0");
        head.body(body.into()).expect("the head is valid")
    }

    /// An rpcv2Cbor request to the service with that prefix; `body` is encoded.
    pub fn cbor(prefix: &str, operation: &str, body: impl Into<Bytes>) -> Request<Bytes> {
        let head = Request::post(format!("/service/{prefix}/operation/{operation}"))
            .header("host", "localhost:4566")
            .header("smithy-protocol", "rpc-v2-cbor")
            .header("x-amzn-query-mode", "true")
            .header("content-type", "application/cbor");
        head.body(body.into()).expect("the head is valid")
    }

    /// A request of the query protocol, signed for `service`.
    pub fn query(service: &str, form: impl Into<Bytes>) -> Request<Bytes> {
        let scope = format!("Credential=test/20260101/us-east-1/{service}/aws4_request");
        let head = Request::post("/")
            .header("host", "localhost:4566")
            .header("authorization", format!("AWS4-HMAC-SHA256 {scope}"))
            .header("content-type", "application/x-www-form-urlencoded");
        head.body(form.into()).expect("the head is valid")
    }

    /// A request of restJson1, as the SDKs send it.
    pub fn rest(
        service: &str,
        (method, uri): (&str, &str),
        body: impl Into<Bytes>,
    ) -> Request<Bytes> {
        let scope = format!("Credential=test/20260101/us-east-1/{service}/aws4_request");
        let head = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", "localhost:4566")
            .header("authorization", format!("AWS4-HMAC-SHA256 {scope}"))
            .header("content-type", "application/json");
        head.body(body.into()).expect("the head is valid")
    }
}
