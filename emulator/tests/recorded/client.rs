//! Calls operations of a cloud in virtual time, over the protocol that a step names.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use skyrig::Settings;
use skyrig::cloud::{Driver, Input};
use skyrig::kernel::{OutsideRequest, SigningMode};
use skyrig::wire::cbor;

use crate::functions::{self, Functions};
use crate::model::Model;
use crate::{decode, encode};

pub(crate) const ACCOUNT: &str = "111111111111";
pub(crate) const HOST: &str = "localhost:4566";
pub(crate) const REGION: &str = "us-east-1";

pub(crate) struct Client {
    pub(crate) driver: Driver,
    functions: Functions,
}

/// One call of an operation.
pub(crate) struct Call<'a> {
    pub(crate) service: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) params: &'a Value,
    pub(crate) region: Option<&'a str>,
    /// The access key; an account's number chooses the account.
    pub(crate) access_key: Option<&'a str>,
    pub(crate) token: Option<&'a str>,
    pub(crate) unsigned: bool,
    pub(crate) protocol: Option<&'a str>,
    pub(crate) headers: &'a [(String, String)],
}

impl Client {
    pub(crate) fn new(functions: Functions) -> Self {
        let settings = Settings { signing: SigningMode::On, ..Settings::default() };
        Self { driver: Driver::new(settings), functions }
    }

    /// Lets time pass. Functions answer when they are called.
    pub(crate) fn advance(&mut self, seconds: f64) {
        let end = self.driver.cloud.now() + Duration::from_secs_f64(seconds);
        while let Some(at) = self.driver.cloud.next_deadline().filter(|at| *at < end) {
            self.driver.advance(at.since(self.driver.cloud.now()));
            self.run_functions();
        }
        self.driver.advance(end.since(self.driver.cloud.now()));
        self.run_functions();
    }

    fn run_functions(&mut self) {
        loop {
            let asked = self.driver.take_asked();
            if asked.is_empty() {
                return;
            }
            for call in asked {
                if let OutsideRequest::Function(invocation) = call.request
                    && let Some(run) = self.functions.run(&invocation)
                {
                    let fed = self.driver.feed(Input::FunctionDone(call.id, Ok(run)));
                    assert!(fed.is_ok(), "the end of a run is never refused");
                }
            }
        }
    }

    /// Sends a request and lets time pass until it is answered.
    fn send_and_wait(&mut self, request: Request<Bytes>) -> Response<Bytes> {
        let sent = self.driver.send(request);
        self.run_functions();
        let call = match sent {
            Ok(response) => return response,
            Err(call) => call,
        };
        loop {
            if let Some(response) = self.driver.take_answer(call) {
                return response;
            }
            let at = self.driver.cloud.next_deadline().expect("a call that waits has a deadline");
            self.driver.advance(at.since(self.driver.cloud.now()));
            self.run_functions();
        }
    }

    /// Calls an operation and lets time pass while it waits.
    pub(crate) fn call(&mut self, call: &Call<'_>) -> Value {
        let model = Model::of(call.service);
        let of_service = &model.metadata.protocols;
        let protocol = call.protocol.unwrap_or(if of_service.iter().any(|p| p == "json") {
            "json"
        } else {
            "query"
        });
        let response = self.send_and_wait(request(model, protocol, call));
        if call.service == "lambda" {
            return functions::answer(call.operation, &response);
        }
        match protocol {
            "json" => decode::from_json(model, call.operation, &response),
            "query" => decode::from_query(model, call.operation, &response),
            "smithy-rpc-v2-cbor" => decode::from_cbor(model, call.operation, &response),
            other => panic!("cases over {other} are not replayed"),
        }
    }
}

fn request(model: &Model, protocol: &str, call: &Call<'_>) -> Request<Bytes> {
    let operation = call.operation;
    let target = || model.metadata.target_prefix.as_deref().expect("it has a target");
    let mut head = match protocol {
        "smithy-rpc-v2-cbor" => {
            Request::post(format!("/service/{}/operation/{operation}", target()))
        }
        _ => Request::post("/"),
    }
    .header("host", HOST);
    if !call.unsigned {
        let (key, region) = (call.access_key.unwrap_or(ACCOUNT), call.region.unwrap_or(REGION));
        let scope = format!("{key}/20260101/{region}/{}/aws4_request", model.signing_name());
        let signed =
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
        head = head.header("authorization", signed);
    }
    if model.metadata.aws_query_compatible.is_some() {
        head = head.header("x-amzn-query-mode", "true");
    }
    if let Some(token) = call.token {
        head = head.header("x-amz-security-token", token);
    }
    for (name, value) in call.headers {
        head = head.header(name, value);
    }
    if call.service == "lambda" {
        return functions::request(operation, call.params, head);
    }
    let input = model.operations[operation].input.as_deref();
    let body = match protocol {
        "query" => {
            head = head.header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
            encode::query(model, operation, call.params).into_bytes()
        }
        "smithy-rpc-v2-cbor" => {
            head = head
                .header("smithy-protocol", "rpc-v2-cbor")
                .header("content-type", "application/cbor");
            let params = encode::json(model, input, call.params);
            cbor::to_vec(&params).expect("JSON has a form in CBOR")
        }
        _ => {
            let version = model.metadata.json_version.as_deref().unwrap_or("1.0");
            head = head
                .header("x-amz-target", format!("{}.{operation}", target()))
                .header("content-type", format!("application/x-amz-json-{version}"));
            encode::json(model, input, call.params).to_string().into_bytes()
        }
    };
    head.body(Bytes::from(body)).expect("a valid request")
}
