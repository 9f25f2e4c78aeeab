//! The members of a request, put together from everywhere they stand.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use serde_json::Value;

use super::{Binding, Kind, Place, Route};
use crate::wire::{Rejection, form};

/// The request as the JSON of one structure: what stands outside of the body, then the body's own
/// members, as they came.
///
/// # Errors
/// [`Rejection::Malformed`] when a member outside of the body has no value of its kind.
pub fn members(route: &Route, parts: &Parts, body: &[u8]) -> Result<Vec<u8>, Rejection> {
    let labels = route.labels(parts.uri.path()).unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default();
    let mut found: Vec<(&str, Value)> = Vec::new();
    let mut is_payload = false;
    for binding in &route.request {
        let text = match binding.place {
            Place::Label => {
                let label = labels.iter().find(|(name, _)| *name == binding.member);
                label.map(|(_, sent)| Cow::Owned(decoded(sent)))
            }
            Place::Query(name) if binding.kind == Kind::List => {
                let list = all_of(query, name);
                if !list.is_empty() {
                    found.push((binding.member, list.into()));
                }
                continue;
            }
            Place::Query(name) => form::parameter(query.as_bytes(), name),
            Place::Header(name) => {
                parts.headers.get(name).and_then(|it| it.to_str().ok()).map(Cow::Borrowed)
            }
            Place::Payload => {
                is_payload = true;
                Some(Cow::Owned(STANDARD.encode(body)))
            }
            Place::Status | Place::Headers => None,
        };
        if let Some(text) = text {
            found.push((binding.member, value_of(*binding, text)?));
        }
    }
    Ok(joined(&found, if is_payload { b"" } else { body }))
}

fn value_of(binding: Binding, text: Cow<'_, str>) -> Result<Value, Rejection> {
    let wrong = |what: &str| {
        let member = binding.member;
        Rejection::Malformed(format!("'{text}' is not {what}, which {member} has to be"))
    };
    match binding.kind {
        Kind::Text | Kind::Blob | Kind::List => Ok(Value::String(text.into_owned())),
        Kind::Integer => {
            text.parse::<i64>().map(Value::from).map_err(|_| wrong("an integer of 64 bits"))
        }
        Kind::Boolean => {
            text.parse::<bool>().map(Value::from).map_err(|_| wrong("`true` or `false`"))
        }
    }
}

/// Puts members before those of a body. What is no structure stays as it is, so that its reader
/// says what is wrong with it.
fn joined(found: &[(&str, Value)], body: &[u8]) -> Vec<u8> {
    let body = body.trim_ascii();
    let Some(rest) = body.strip_prefix(b"{").or_else(|| body.is_empty().then_some(&b"}"[..]))
    else {
        return body.to_vec();
    };
    let mut out = Vec::with_capacity(body.len() + 64 * found.len() + 2);
    out.push(b'{');
    for (at, (member, value)) in found.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend(Value::from(*member).to_string().into_bytes());
        out.push(b':');
        out.extend(value.to_string().into_bytes());
    }
    if !found.is_empty() && rest.trim_ascii_start().first() != Some(&b'}') {
        out.push(b',');
    }
    out.extend(rest);
    out
}

/// All values of a parameter.
fn all_of(query: &str, name: &str) -> Vec<String> {
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let of_name = pairs.filter(|(key, _)| decoded(key) == name);
    of_name.map(|(_, value)| decoded(&value.replace('+', " "))).collect()
}

/// A text without its percent-encoding. What is no UTF-8 is replaced, as names cannot have it.
fn decoded(sent: &str) -> String {
    let mut bytes = Vec::with_capacity(sent.len());
    let mut rest = sent.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| byte == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
