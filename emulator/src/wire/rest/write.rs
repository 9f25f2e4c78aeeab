//! An answer taken apart into status, headers and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::{Place, Route};

/// The parts of an answer whose members are the JSON in `members`.
pub(in crate::wire) fn answer(route: &Route, members: Vec<u8>) -> (u16, HeaderMap, Bytes) {
    let mut headers = HeaderMap::new();
    if route.status == StatusCode::NO_CONTENT.as_u16() {
        return (route.status, headers, Bytes::new());
    }
    if route.response.is_empty() {
        return (route.status, headers, members.into());
    }
    let mut status = route.status;
    let mut payload = None;
    let mut members: Map<String, Value> = serde_json::from_slice(&members).unwrap_or_default();
    for binding in &route.response {
        let Some(value) = members.remove(binding.member) else { continue };
        match binding.place {
            Place::Status => {
                let number = value.as_u64().and_then(|number| u16::try_from(number).ok());
                status = number.unwrap_or(status);
            }
            Place::Payload => {
                let text = value.as_str().unwrap_or_default();
                payload = STANDARD.decode(text).ok();
            }
            Place::Header(name) => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                if let Ok(value) = HeaderValue::from_str(&text)
                    && let Ok(name) = HeaderName::from_bytes(name.as_bytes())
                {
                    headers.insert(name, value);
                }
            }
            Place::Headers => {
                let pairs = value.as_array().into_iter().flatten();
                headers.extend(pairs.filter_map(pair));
            }
            Place::Label | Place::Query(_) => {}
        }
    }
    let has_payload = route.response.iter().any(|it| it.place == Place::Payload);
    let body = match payload {
        Some(payload) => payload,
        None if has_payload => Vec::new(),
        None => Value::Object(members).to_string().into_bytes(),
    };
    (status, headers, body.into())
}

/// A header's name and value, if HTTP can have them.
fn pair(pair: &Value) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_bytes(pair[0].as_str()?.as_bytes()).ok()?;
    Some((name, HeaderValue::from_str(pair[1].as_str()?).ok()?))
}
