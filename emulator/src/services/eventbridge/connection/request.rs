//! The HTTP request to an API destination: address, headers and body.
//!
//! Source: user guide "API destinations", "Headers included in requests"; API reference
//! "HttpParameters": values of the connection take precedence over those of the target.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shapes::ConnectionParameter;
use super::{API_KEY, BASIC, Connection, ConnectionState};
use crate::kernel::{Context, DeliveryError, HttpTarget};
use crate::services::eventbridge::target_parameters::HttpParameters;
use crate::services::shared::json_text;

/// AWS waits so long for a server.
pub(super) const TIMEOUT_SECONDS: u32 = 5;
pub(super) const USER_AGENT: &str = "Amazon/EventBridge/ApiDestinations";

/// Headers that no parameter replaces.
const FIXED: [&str; 2] = ["user-agent", "range"];
/// Headers that whoever sends the request writes itself.
const OF_THE_SENDER: [&str; 4] = ["connection", "content-length", "host", "transfer-encoding"];

/// Headers in the order in which they were set first; a later value replaces an earlier one.
#[derive(Default)]
pub(super) struct Headers(Vec<(String, String)>);

impl Headers {
    pub(super) fn set(&mut self, name: &str, value: &str) {
        let name = name.to_ascii_lowercase();
        if OF_THE_SENDER.contains(&name.as_str()) {
            return;
        }
        match self.0.iter_mut().find(|(set, _)| *set == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.0.push((name, value.to_owned())),
        }
    }

    pub(super) fn into_list(self) -> Vec<(String, String)> {
        self.0
    }
}

/// The parameters of a rule's target, with paths into the event followed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::eventbridge) struct Parameters {
    headers: BTreeMap<String, String>,
    path: Vec<String>,
    query: BTreeMap<String, String>,
}

impl Parameters {
    /// Those of a target for the event `envelope`. A value such as `$.detail.id` is a path.
    pub(in crate::services::eventbridge) fn of(target: &HttpParameters, envelope: &str) -> Self {
        let followed = |text: &String| match text.starts_with("$.") && json_text::is_path(text) {
            true => plain(json_text::find(envelope, text).unwrap_or_default()),
            false => text.clone(),
        };
        let map = |map: &Option<BTreeMap<String, String>>| {
            let mut all = BTreeMap::new();
            for (name, value) in map.iter().flatten() {
                all.insert(name.clone(), followed(value));
            }
            all
        };
        Self {
            headers: map(&target.header_parameters),
            path: target.path_parameter_values.iter().flatten().map(followed).collect(),
            query: map(&target.query_string_parameters),
        }
    }
}

impl Parameters {
    /// Of these headers alone; a later one replaces one of the same name.
    pub(super) fn with_headers(headers: Vec<(String, String)>) -> Self {
        let mut parameters = Self::default();
        for (name, value) in headers {
            parameters.headers.insert(name.to_ascii_lowercase(), value);
        }
        parameters
    }
}

/// A JSON value as plain text.
fn plain(json: String) -> String {
    serde_json::from_str::<String>(&json).unwrap_or(json)
}

impl Connection {
    /// The request to `endpoint` with `body`.
    ///
    /// # Errors
    /// `NoPermissions` where the connection is not authorized, `Unreachable` while it is not yet,
    /// `Invalid` for headers that can't be sent.
    pub(in crate::services::eventbridge) fn request(
        &mut self,
        ctx: &mut Context<'_>,
        (endpoint, method): (&str, &str),
        parameters: &Parameters,
        body: &str,
    ) -> Result<(HttpTarget, String), DeliveryError> {
        let authorization = self.authorization(ctx)?;
        let http = self.auth.invocation_http_parameters.clone().unwrap_or_default();
        let mut headers = Headers::default();
        headers.set("user-agent", USER_AGENT);
        headers.set("range", "bytes=0-1048575");
        headers.set("content-type", "application/json; charset=utf-8");
        headers.set("accept-encoding", "gzip,deflate");
        let mut set = |name: &str, value: &str| {
            if !FIXED.contains(&name.to_ascii_lowercase().as_str()) {
                headers.set(name, value);
            }
        };
        parameters.headers.iter().for_each(|(name, value)| set(name, value));
        let own = http.header_parameters.unwrap_or_default();
        own.iter().for_each(|it| set(text(&it.key), text(&it.value)));
        authorization.iter().for_each(|(name, value)| set(name, value));
        let headers = headers.into_list();
        if let Some((name, _)) = headers.iter().find(|(_, value)| value.contains(char::is_control))
        {
            let reason = format!("the value of the header {name} can't be sent");
            return Err(DeliveryError::Invalid(reason));
        }
        let mut query: Vec<_> = parameters
            .query
            .iter()
            .map(|(key, value)| ConnectionParameter {
                is_value_secret: None,
                key: Some(key.clone()),
                value: Some(value.clone()),
            })
            .collect();
        for parameter in http.query_string_parameters.unwrap_or_default() {
            query.retain(|other| other.key != parameter.key);
            query.push(parameter);
        }
        let target = HttpTarget {
            url: with_query(&with_path(endpoint, &parameters.path), &form(&query)),
            method: method.to_owned(),
            headers,
            timeout_seconds: TIMEOUT_SECONDS,
        };
        let added = http.body_parameters.unwrap_or_default();
        Ok((target, with_members(body, &added)))
    }

    /// The header that authorizes a request.
    fn authorization(
        &mut self,
        ctx: &mut Context<'_>,
    ) -> Result<Option<(String, String)>, DeliveryError> {
        if self.state == ConnectionState::Deauthorized {
            let reason = self.reason.as_deref().unwrap_or("It was deauthorized.");
            let name = &self.name;
            return Err(DeliveryError::NoPermissions(format!(
                "the connection {name} is not authorized: {reason}"
            )));
        }
        let bearer = |value: String| Some(("authorization".to_owned(), value));
        Ok(match self.kind.as_str() {
            BASIC => self.auth.basic_auth_parameters.as_ref().and_then(|basic| {
                let pair = format!("{}:{}", text(&basic.username), text(&basic.password));
                bearer(format!("Basic {}", STANDARD.encode(pair)))
            }),
            API_KEY => self.auth.api_key_auth_parameters.as_ref().map(|key| {
                (text(&key.api_key_name).trim().to_owned(), text(&key.api_key_value).to_owned())
            }),
            _ => bearer(format!("Bearer {}", self.token(ctx)?)),
        })
    }
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}

/// The address with each `*` of its path replaced by the next value.
fn with_path(endpoint: &str, values: &[String]) -> String {
    let mut url = String::with_capacity(endpoint.len());
    let mut values = values.iter();
    for part in endpoint.split_inclusive('*') {
        match part.strip_suffix('*').map(|before| (before, values.next())) {
            Some((before, Some(value))) => {
                url.push_str(before);
                encode(&mut url, value);
            }
            _ => url.push_str(part),
        }
    }
    url
}

/// The address with more of a query.
pub(super) fn with_query(url: &str, query: &str) -> String {
    match (query, url.contains('?')) {
        ("", _) => url.to_owned(),
        (query, true) => format!("{url}&{query}"),
        (query, false) => format!("{url}?{query}"),
    }
}

/// `a=1&b=2`, encoded.
pub(super) fn form(parameters: &[ConnectionParameter]) -> String {
    let mut out = String::new();
    for parameter in parameters {
        if !out.is_empty() {
            out.push('&');
        }
        encode(&mut out, text(&parameter.key));
        out.push('=');
        encode(&mut out, text(&parameter.value));
    }
    out
}

/// Percent-encodes all but RFC 3986's unreserved characters.
pub(super) fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(byte.into());
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

/// The body with more members, if it is a JSON object.
fn with_members(body: &str, added: &[ConnectionParameter]) -> String {
    if added.is_empty() {
        return body.to_owned();
    }
    match serde_json::from_str(body) {
        Ok(Value::Object(mut members)) => {
            for it in added {
                members.insert(text(&it.key).to_owned(), text(&it.value).into());
            }
            Value::Object(members).to_string()
        }
        _ => body.to_owned(),
    }
}
