//! Invocations as clients and other services make them; who runs the code is played by the test.

mod deliveries;
mod destinations;
mod events;
mod logs;
mod metrics;
mod properties;
mod stories;
mod urls;
mod waiting;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use crate::cloud::Input;
use crate::cloud::testing::World;
use crate::kernel::{
    CallId, FunctionEnd, FunctionRun, Invocation, OutsideId, OutsideRequest, Settings,
};

const ROLE: &str = "arn:aws:iam::000000000000:role/r";

fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:us-east-1:000000000000:{resource}")
}

fn function_arn(name: &str) -> String {
    arn("lambda", &format!("function:{name}"))
}

struct Lambda {
    world: World,
}

/// What a run is asked for.
struct Asked {
    id: OutsideId,
    invocation: Box<Invocation>,
}

impl Asked {
    fn payload(&self) -> Value {
        serde_json::from_slice(&self.invocation.payload).unwrap()
    }
}

impl Lambda {
    /// With the function `f`.
    fn new() -> Self {
        let mut lambda = Self { world: World::with(Settings::default()) };
        lambda.create("f", &json!({}));
        lambda
    }

    fn create(&mut self, name: &str, more: &Value) {
        let mut body = json!({
            "FunctionName": name, "Role": ROLE, "PackageType": "Image",
            "Code": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/i:1"},
        });
        let members = more.as_object().into_iter().flatten();
        members.for_each(|(name, value)| body[name] = value.clone());
        self.ok("POST", "/2015-03-31/functions", &body);
    }

    fn send(
        &mut self,
        (method, uri): (&str, &str),
        headers: &[(&'static str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Response<Bytes>, CallId> {
        let mut request = crate::cloud::request::rest("lambda", (method, uri), body);
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        self.world.send(request)
    }

    /// An operation of the control plane.
    fn ok(&mut self, method: &str, uri: &str, body: &Value) -> Value {
        let response = self.send((method, uri), &[], body.to_string()).unwrap();
        let told = String::from_utf8_lossy(response.body()).into_owned();
        assert!(response.status().is_success(), "{method} {uri}: {told}");
        serde_json::from_str(&told).unwrap_or_default()
    }

    fn invoke(
        &mut self,
        name: &str,
        headers: &[(&'static str, &str)],
        payload: impl Into<Bytes>,
    ) -> Result<Response<Bytes>, CallId> {
        let uri = format!("/2015-03-31/functions/{name}/invocations");
        self.send(("POST", &uri), headers, payload)
    }

    /// An invocation that waits.
    fn call(&mut self, name: &str, payload: &Value) -> CallId {
        self.invoke(name, &[], payload.to_string()).expect_err("it waits")
    }

    /// An event.
    fn event(&mut self, name: &str, payload: &Value) {
        let headers = [("x-amz-invocation-type", "Event")];
        let response = self.invoke(name, &headers, payload.to_string()).unwrap();
        assert_eq!((response.status().as_u16(), response.body().len()), (202, 0));
    }

    /// An invocation that is refused: status, error, text, body.
    fn refused(&mut self, name: &str, headers: &[(&'static str, &str)], payload: &str) -> Refused {
        let response = self.invoke(name, headers, payload.to_owned()).expect("it is refused");
        refused(&response)
    }

    /// All runs that were asked for since this was last called.
    fn asked(&mut self) -> Vec<Asked> {
        let asked = self.world.take_asked().into_iter().map(|call| match call.request {
            OutsideRequest::Function(invocation) => Asked { id: call.id, invocation },
            OutsideRequest::Http { target, .. } => panic!("no server is asked: {target:?}"),
        });
        asked.collect()
    }

    /// The one run that was asked for.
    fn one(&mut self) -> Asked {
        let mut asked = self.asked();
        assert_eq!(asked.len(), 1);
        asked.remove(0)
    }

    fn done(&mut self, asked: &Asked, end: FunctionEnd) {
        self.ran(asked, Ok(FunctionRun::of(end)));
    }

    fn ran(&mut self, asked: &Asked, run: Result<FunctionRun, String>) {
        self.world.feed(Input::FunctionDone(asked.id, run)).unwrap();
    }

    /// Ends the one run that was asked for.
    fn end(&mut self, end: FunctionEnd) -> Asked {
        let asked = self.one();
        self.done(&asked, end);
        asked
    }

    fn answer(&mut self, call: CallId) -> Response<Bytes> {
        self.world.take_answer(call).expect("it was answered")
    }

    fn queue(&mut self, name: &str) -> String {
        self.world.ok("AmazonSQS.CreateQueue", json!({"QueueName": name}));
        arn("sqs", name)
    }

    /// The messages in a queue, taken out of it.
    fn messages(&mut self, queue: &str) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let request = json!({
                "QueueUrl": queue, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"],
            });
            let answer = self.world.ok("AmazonSQS.ReceiveMessage", request);
            let Some(messages) = answer["Messages"].as_array() else { return all };
            for message in messages {
                let handle = &message["ReceiptHandle"];
                let request = json!({"QueueUrl": queue, "ReceiptHandle": handle});
                self.world.ok("AmazonSQS.DeleteMessage", request);
                all.push(message.clone());
            }
        }
    }

    fn event_config(&mut self, name: &str, body: &Value) {
        let uri = format!("/2019-09-25/functions/{name}/event-invoke-config");
        self.ok("PUT", &uri, body);
    }

    fn reserve(&mut self, name: &str, concurrency: u32) {
        let uri = format!("/2017-10-31/functions/{name}/concurrency");
        self.ok("PUT", &uri, &json!({"ReservedConcurrentExecutions": concurrency}));
    }

    /// Lets a service invoke a function.
    fn permit(&mut self, name: &str, service: &str) {
        let uri = format!("/2015-03-31/functions/{name}/policy");
        let statement = json!({
            "StatementId": service.replace('.', "-"), "Action": "lambda:InvokeFunction",
            "Principal": service,
        });
        self.ok("POST", &uri, &statement);
    }

    /// The events of all streams of a log group.
    fn logged(&mut self, group: &str) -> Vec<String> {
        let input = json!({"logGroupName": group});
        let answer = self.world.ok("Logs_20140328.FilterLogEvents", input);
        let events = answer["events"].as_array().unwrap().iter();
        events.map(|event| event["message"].as_str().unwrap().to_owned()).collect()
    }
}

struct Refused {
    status: u16,
    shape: String,
    body: Value,
}

fn refused(response: &Response<Bytes>) -> Refused {
    Refused {
        status: response.status().as_u16(),
        shape: response.headers()["x-amzn-errortype"].to_str().unwrap().to_owned(),
        body: serde_json::from_slice(response.body()).unwrap(),
    }
}

fn header<'r>(response: &'r Response<Bytes>, name: &str) -> Option<&'r str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

fn returned(payload: &'static str) -> FunctionEnd {
    FunctionEnd::Returned { payload: Bytes::from_static(payload.as_bytes()) }
}

fn failed() -> FunctionEnd {
    let payload = Bytes::from_static(br#"{"errorType":"E","errorMessage":"no"}"#);
    FunctionEnd::Failed { payload, error_type: Some("E".to_owned()) }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn decoded(text: &str) -> String {
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}
