//! A request in the one form that both sides sign.

use std::fmt::Write as _;

use http::HeaderMap;
use http::header::{HOST, HeaderName};
use http::request::Parts;
use sha2::{Digest as _, Sha256};

use crate::wire::{detect, hex};

/// The canonical request, whose path was sent as `sent_path`.
pub(super) fn request(
    (parts, sent_path): (&Parts, &str),
    body: &[u8],
    signed_headers: &[String],
) -> String {
    let mut text = format!(
        "{}\n{}\n{}\n",
        parts.method,
        path(sent_path),
        query(parts.uri.query().unwrap_or_default())
    );
    for name in signed_headers {
        let _ = writeln!(text, "{name}:{}", header(parts, name));
    }
    let _ = write!(text, "\n{}\n{}", signed_headers.join(";"), hash(body));
    text
}

/// SHA-256 in hexadecimal digits.
pub(super) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The path without `.`, `..` and doubled slashes, each part encoded once more than it was sent.
fn path(sent: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in sent.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let mut text = String::from("/");
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            text.push('/');
        }
        encode(part.as_bytes(), &mut text);
    }
    if text.len() > 1 && (sent.ends_with('/') || sent.ends_with("/.") || sent.ends_with("/..")) {
        text.push('/');
    }
    text
}

/// The parameters in order, without the signature itself.
fn query(sent: &str) -> String {
    let pairs = sent.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> = pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (encoded(name), encoded(value))
        })
        .filter(|(name, _)| name != "X-Amz-Signature")
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<String> =
        pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// A part of a query, decoded and encoded as AWS does it.
fn encoded(sent: &str) -> String {
    let mut decoded = Vec::with_capacity(sent.len());
    let mut rest = sent.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| byte == b'%');
        let escaped = escaped.and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        (decoded, rest) = match escaped {
            Some(escaped) => (pushed(decoded, escaped), &after[2..]),
            None if byte == b'+' => (pushed(decoded, b' '), after),
            None => (pushed(decoded, byte), after),
        };
    }
    let mut text = String::with_capacity(sent.len());
    encode(&decoded, &mut text);
    text
}

fn pushed(mut bytes: Vec<u8>, byte: u8) -> Vec<u8> {
    bytes.push(byte);
    bytes
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn encode(bytes: &[u8], out: &mut String) {
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
}

/// The values of a header, blanks trimmed and drawn together.
fn header(parts: &Parts, name: &str) -> String {
    if name == HOST.as_str() {
        return String::from_utf8_lossy(detect::host(parts).as_bytes()).into_owned();
    }
    let values = HeaderName::try_from(name).map(|name| values(&parts.headers, &name));
    values.unwrap_or_default().join(",")
}

fn values(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let text = |value: &[u8]| {
        let value = String::from_utf8_lossy(value);
        value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    };
    headers.get_all(name).iter().map(|value| text(value.as_bytes())).collect()
}
