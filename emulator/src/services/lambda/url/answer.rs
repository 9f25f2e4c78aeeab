//! What a client is answered: the response that a function describes, or that its result is.
//!
//! Source: developer guide "Invoking Lambda function URLs", response payload format.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::invoke::Response;
use crate::kernel::CallId;
use crate::wire::Blob;

/// Who waits for a run over HTTP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::lambda) struct Caller {
    pub(in crate::services::lambda) call: CallId,
    /// What a browser has to read in the answer.
    pub(in crate::services::lambda) headers: Vec<(String, String)>,
}

const CONTENT_TYPE: &str = "content-type";
const JSON: &str = "application/json";
/// What is the connection's, so that no function may say it.
const NOT_A_FUNCTIONS: [&str; 6] =
    ["connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade"];

impl Caller {
    /// The answer to a run that returned `payload`; `None` when it has failed.
    pub(in crate::services::lambda) fn answer(&self, payload: Option<&[u8]>) -> Response {
        let described = payload.and_then(response);
        let mut response = described.unwrap_or_else(bad_gateway);
        let is_replaced = |name: &str| self.headers.iter().any(|(it, _)| it == name);
        response.headers.retain(|(name, _)| !is_replaced(name));
        response.headers.extend(self.headers.iter().cloned());
        response
    }
}

/// The answer to a browser that asks whether a page may send a request.
pub(super) fn preflight(headers: Vec<(String, String)>) -> Response {
    Response { status: 200, headers, body: Blob::default() }
}

/// What a client sees of a function that has failed, or that answered what is no response.
fn bad_gateway() -> Response {
    let headers = vec![(CONTENT_TYPE.to_owned(), JSON.to_owned())];
    Response { status: 502, headers, body: Blob(b"Internal Server Error".to_vec()) }
}

/// A result as a response; `None` when it describes none that HTTP has.
fn response(payload: &[u8]) -> Option<Response> {
    let result: Value = serde_json::from_slice(payload).ok()?;
    match result.as_object().filter(|it| it.contains_key("statusCode")) {
        Some(described) => described_by(described),
        None => {
            let headers = vec![(CONTENT_TYPE.to_owned(), JSON.to_owned())];
            Some(Response { status: 200, headers, body: Blob(payload.to_vec()) })
        }
    }
}

fn described_by(response: &Map<String, Value>) -> Option<Response> {
    let status = match &response["statusCode"] {
        Value::Number(number) => number.as_u64().and_then(|number| u16::try_from(number).ok())?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    if !(200..600).contains(&status) {
        return None;
    }
    let member = |name: &str| response.get(name).filter(|value| !value.is_null());
    let mut headers = Vec::new();
    for (name, value) in member("headers").map_or(Some(&Map::new()), Value::as_object)? {
        let name = name.to_ascii_lowercase();
        if !NOT_A_FUNCTIONS.contains(&&*name) {
            headers.push((name, scalar(value)?));
        }
    }
    for cookie in member("cookies").map_or(Some(&Vec::new()), Value::as_array)? {
        headers.push(("set-cookie".to_owned(), cookie.as_str()?.to_owned()));
    }
    if headers.iter().all(|(name, _)| name != CONTENT_TYPE) {
        headers.push((CONTENT_TYPE.to_owned(), JSON.to_owned()));
    }
    let body = member("body").map_or(Some(""), Value::as_str)?;
    let is_encoded = member("isBase64Encoded").is_some_and(|it| *it == Value::Bool(true));
    let body = match is_encoded {
        true => STANDARD.decode(body).ok()?,
        false => body.as_bytes().to_vec(),
    };
    Some(Response { status, headers, body: Blob(body) })
}

/// A header's value: text, or what is written as such.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
