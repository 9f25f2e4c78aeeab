//! Functions of the recorded cases, whose code was left out.
//!
//! A function answers what AWS's histories say that it answered, in their order. Where they say
//! nothing, it gives back the event that it got.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use skyrig::kernel::{FunctionEnd, FunctionRun, Invocation};

use crate::ordered::Ordered;
use crate::recording::Case;

/// A zip archive with an empty file `handler.py`.
const CODE: &str = "UEsDBBQAAAAAAAAAIVgAAAAAAAAAAAAAAAAKAAAAaGFuZGxlci5weVBLAQIUAxQAAAAAAA\
                    AAIVgAAAAAAAAAAAAAAAAKAAAAAAAAAAAAAACkAQAAAABoYW5kbGVyLnB5UEsFBgAAAAAB\
                    AAEAOAAAACgAAAAAAA==";
/// What cases may call of Lambda's interface.
pub(crate) const OPERATIONS: [&str; 7] = [
    "AddPermission",
    "CreateFunction",
    "CreateFunctionUrlConfig",
    "DeleteFunction",
    "GetFunction",
    "Invoke",
    "PutFunctionEventInvokeConfig",
];
const FUNCTIONS: &str = "/2015-03-31/functions";
/// What was too large to be passed on was larger than this.
const PAYLOAD_BYTES_MAX: usize = 262_144;

/// What a function does next.
#[derive(Clone, Debug)]
enum Act {
    Return(Value),
    /// The error document but for the request's id, and the name of the error.
    Fail(Value, String),
    ReturnTooMuch,
    Hang,
}

/// What the functions of a case do, in the order in which they are called.
#[derive(Default)]
pub(crate) struct Functions {
    acts: VecDeque<Act>,
    /// After that, or if no history tells.
    always: Option<Act>,
}

impl Functions {
    pub(crate) fn of(case: &Case) -> Self {
        let mut functions = Self::default();
        for answer in case.answers.values() {
            if let Some(events) = answer["events"].as_array() {
                functions.acts.extend(events.iter().filter_map(act_of_event));
            }
            functions.always = functions.always.or_else(|| act_within(answer));
        }
        functions
    }

    /// Nothing, if it never answers.
    pub(crate) fn run(&mut self, invocation: &Invocation) -> Option<FunctionRun> {
        let act = self.acts.pop_front().or_else(|| self.always.clone());
        let end = match act {
            None => FunctionEnd::Returned { payload: invocation.payload.clone() },
            Some(Act::Return(value)) => FunctionEnd::Returned { payload: value.to_string().into() },
            Some(Act::ReturnTooMuch) => {
                let payload = Value::from("ä".repeat(PAYLOAD_BYTES_MAX / 2 + 1));
                FunctionEnd::Returned { payload: payload.to_string().into() }
            }
            Some(Act::Fail(mut document, error)) => {
                document["requestId"] = invocation.request_id.as_str().into();
                // Functions write their errors with blanks.
                let text = serde_json::from_value::<Ordered>(document)
                    .map_or_else(|_| String::new(), |it| it.spaced());
                FunctionEnd::Failed { payload: text.into(), error_type: Some(error) }
            }
            Some(Act::Hang) => return None,
        };
        Some(FunctionRun::of(end))
    }
}

fn act_of_event(event: &Value) -> Option<Act> {
    let kind = event["type"].as_str()?;
    let details = event.as_object()?.values().find(|it| it.is_object())?;
    let of_task = kind.starts_with("Task") && details["resourceType"] == "lambda";
    if !of_task && !kind.starts_with("LambdaFunction") {
        return None;
    }
    if kind.ends_with("Succeeded") {
        let output = &details["output"];
        let returned = if of_task { &output["Payload"] } else { output };
        // A text that holds an object is shown as that object; everything else is a text.
        let parsed = returned.as_str().filter(|_| !of_task).map(serde_json::from_str);
        let returned = parsed.and_then(Result::ok).unwrap_or_else(|| returned.clone());
        return Some(Act::Return(returned));
    }
    if kind.ends_with("TimedOut") {
        return Some(Act::Hang);
    }
    let error = details["error"].as_str().filter(|_| kind.ends_with("Failed"))?;
    failing(error, &details["cause"])
}

fn failing(error: &str, cause: &Value) -> Option<Act> {
    if error == "States.DataLimitExceeded" {
        return Some(Act::ReturnTooMuch);
    }
    // Lambda's own errors are no function's.
    let parsed = cause.as_str().and_then(|text| serde_json::from_str(text).ok());
    let document = parsed.unwrap_or_else(|| cause.clone());
    document.get("errorType").is_some().then(|| Act::Fail(document, error.to_owned()))
}

/// What an answer shows of a call without its event.
fn act_within(answer: &Value) -> Option<Act> {
    match answer {
        Value::Object(members) => {
            if members.contains_key("events") {
                return None;
            }
            if members.contains_key("ExecutedVersion") {
                let payload = members.get("Payload").cloned()?;
                let error = members.contains_key("FunctionError").then(|| &payload["errorType"]);
                return Some(match error.and_then(Value::as_str).map(str::to_owned) {
                    Some(error) => Act::Fail(payload, error),
                    None => Act::Return(payload),
                });
            }
            let error = members.get("Error").and_then(Value::as_str);
            let failure = error.and_then(|it| failing(it, members.get("Cause")?));
            failure.or_else(|| members.values().find_map(act_within))
        }
        Value::Array(items) => items.iter().find_map(act_within),
        _ => None,
    }
}

/// A call of Lambda's interface, as far as the cases make them.
pub(crate) fn request(
    operation: &str,
    params: &Value,
    head: http::request::Builder,
) -> Request<Bytes> {
    let mut members = params.clone();
    let named = members.as_object_mut().expect("parameters are an object");
    if operation == "CreateFunction" {
        named.insert("Code".to_owned(), json!({"ZipFile": CODE}));
    }
    let name = match operation {
        "CreateFunction" => String::new(),
        _ => named.remove("FunctionName").as_ref().and_then(Value::as_str).unwrap_or("").to_owned(),
    };
    let path = match operation {
        "CreateFunctionUrlConfig" => format!("/2021-10-31/functions/{name}/url"),
        "PutFunctionEventInvokeConfig" => {
            format!("/2019-09-25/functions/{name}/event-invoke-config")
        }
        "CreateFunction" => FUNCTIONS.to_owned(),
        "AddPermission" => format!("{FUNCTIONS}/{name}/policy"),
        "Invoke" => format!("{FUNCTIONS}/{name}/invocations"),
        "DeleteFunction" | "GetFunction" => format!("{FUNCTIONS}/{name}"),
        other => panic!("no case calls Lambda's {other}"),
    };
    let (method, body) = match operation {
        "GetFunction" => ("GET", Bytes::new()),
        "DeleteFunction" => ("DELETE", Bytes::new()),
        "Invoke" => ("POST", payload(params)),
        "PutFunctionEventInvokeConfig" => ("PUT", members.to_string().into()),
        _ => ("POST", members.to_string().into()),
    };
    let head = head.method(method).uri(path).header("content-type", "application/json");
    head.body(body).expect("a valid request")
}

fn payload(params: &Value) -> Bytes {
    let base64 = params["Payload"]["$base64"].as_str().unwrap_or_default();
    STANDARD.decode(base64).expect("base64").into()
}

/// An answer as boto3 shows it: what the headers say stands among the members.
pub(crate) fn answer(operation: &str, response: &Response<Bytes>) -> Value {
    let status = response.status();
    let header = |name: &str| response.headers().get(name).and_then(|it| it.to_str().ok());
    let metadata = json!({"HTTPStatusCode": status.as_u16()});
    let body: Value = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
    let mut members = match body {
        _ if operation == "Invoke" && status.is_success() => {
            let mut members = json!({"Payload": body, "StatusCode": status.as_u16()});
            for (name, member) in [
                ("x-amz-executed-version", "ExecutedVersion"),
                ("x-amz-function-error", "FunctionError"),
            ] {
                if let Some(value) = header(name) {
                    members[member] = value.into();
                }
            }
            members
        }
        Value::Object(_) => body,
        _ => json!({}),
    };
    if let Some(kind) = header("x-amzn-errortype") {
        members["Error"] = json!({"Code": kind, "Message": members["Message"]});
    }
    members["ResponseMetadata"] = metadata;
    members
}
