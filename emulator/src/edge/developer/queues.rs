//! What is in a queue, for somebody who takes none of it: as the answer to a ReceiveMessage.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::http::{Method, Request, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::admin::{Admin, refusal, stopped};
use super::{scope, spaced};
use crate::cloud::{Call, Wanted, registry};
use crate::wire::form;

/// The header that says how many messages did not fit.
const LEFT_OUT: &str = "x-skyrig-left-out";
const OPERATION: &str = "sqs:ReceiveMessage";

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Asked {
    queue_url: Option<String>,
    show_invisible: Option<String>,
    show_delayed: Option<String>,
}

impl Asked {
    fn wanted(&self) -> Wanted {
        let is_true = |flag: &Option<String>| {
            flag.as_deref().is_some_and(|flag| flag.eq_ignore_ascii_case("true") || flag == "1")
        };
        Wanted { in_flight: is_true(&self.show_invisible), delayed: is_true(&self.show_delayed) }
    }
}

/// A GET with the queue's URL.
pub(super) async fn by_url(
    State(admin): State<Admin>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    match asked.queue_url.as_deref() {
        Some(url) => show(&admin, url, asked.wanted(), &headers),
        None => refusal(StatusCode::BAD_REQUEST, "QueueUrl is missing"),
    }
}

/// A GET whose path names the queue.
pub(super) async fn by_name(
    State(admin): State<Admin>,
    Path((region, account, name)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let url = format!("http://localhost/queue/{region}/{account}/{name}");
    show(&admin, &url, asked.wanted(), &headers)
}

/// In XML, or in JSON of the same names where the client says so.
fn show(admin: &Admin, url: &str, wanted: Wanted, headers: &HeaderMap) -> Response {
    let in_json = headers.get(ACCEPT).is_some_and(|accept| {
        accept.to_str().is_ok_and(|accept| accept.starts_with("application/json"))
    });
    if in_json {
        let look = |cloud: &crate::cloud::Cloud| cloud.as_received(url, &scope(None, None), wanted);
        return match admin.host.with_cloud(look) {
            None => stopped(),
            Some(None) => refusal(StatusCode::NOT_FOUND, format!("there is no queue {url}")),
            Some(Some(peeked)) => {
                let shown = serde_json::to_value(&peeked.shown).unwrap_or_default();
                with_left_out(spaced(&as_query_json(&shown)), peeked.left_out)
            }
        };
    }
    let body = format!("Action=ReceiveMessage&Version=2012-11-05&QueueUrl={}", escaped(url));
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    let mut kept = headers.clone();
    kept.insert(CONTENT_TYPE, kind);
    answer(admin, kept, &Bytes::from(body), wanted)
}

/// An AWS client whose endpoint is this page.
pub(super) async fn by_client(
    State(admin): State<Admin>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(&admin, headers, &body, asked.wanted())
}

/// The answer in the protocol in which it was asked.
fn answer(admin: &Admin, headers: HeaderMap, body: &Bytes, wanted: Wanted) -> Response {
    let mut request = Request::new(());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static("/");
    *request.headers_mut() = headers;
    let (parts, ()) = request.into_parts();
    let call: Call = match registry().prepare_request(&parts, body) {
        Ok(call) => call,
        Err(rejected) => return rejected.map(Body::from),
    };
    if call.name() != OPERATION {
        let reason = format!("only ReceiveMessage can be asked here, not {}", call.name());
        return refusal(StatusCode::BAD_REQUEST, reason);
    }
    let url = queue_url(body);
    match admin.host.with_cloud(|cloud| cloud.answer_peek(&call, &url, wanted)) {
        None => stopped(),
        Some((answer, left_out)) => with_left_out(answer.map(Body::from), left_out),
    }
}

fn with_left_out(mut response: Response, left_out: usize) -> Response {
    if left_out > 0 {
        response.headers_mut().insert(LEFT_OUT, HeaderValue::from(left_out));
    }
    response.into_response()
}

/// The member `QueueUrl` of a request in JSON or as a form.
fn queue_url(body: &[u8]) -> Cow<'_, str> {
    if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
        let url = members.get("QueueUrl").and_then(Value::as_str).unwrap_or_default();
        return Cow::Owned(url.to_owned());
    }
    form::parameter(body, "QueueUrl").unwrap_or_default()
}

/// A value of a form.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What XML would say, as JSON.
fn as_query_json(shown: &Value) -> Value {
    let messages = shown["Messages"].as_array().into_iter().flatten();
    let messages: Vec<Value> = messages.map(query_message).collect();
    json!({
        "ReceiveMessageResponse": {
            "ReceiveMessageResult": { "Message": messages },
            "ResponseMetadata": { "RequestId": "00000000-0000-0000-0000-000000000000" },
        }
    })
}

/// A message with its attributes as lists of names and values.
fn query_message(message: &Value) -> Value {
    let mut shown = message.clone();
    let Some(members) = shown.as_object_mut() else { return shown };
    for (from, to) in [("Attributes", "Attribute"), ("MessageAttributes", "MessageAttribute")] {
        let Some(Value::Object(values)) = members.shift_remove(from) else { continue };
        let pairs = values.into_iter().map(|(name, value)| json!({"Name": name, "Value": value}));
        members.insert(to.to_owned(), pairs.collect());
    }
    shown
}
