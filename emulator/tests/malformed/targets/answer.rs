//! What every answer must be: one of the statuses that may come, and well formed in its protocol.

use std::ops::Range;

use bytes::Bytes;
use http::Response;
use http::header::CONTENT_TYPE;
use skyrig::wire::cbor;

/// # Panics
/// When the answer is not one that a client could read.
pub(crate) fn check(response: &Response<Bytes>, statuses: Range<u16>) {
    let status = response.status().as_u16();
    let body = response.body();
    assert!(statuses.contains(&status), "status {status}: {}", body.escape_ascii());
    if status == 204 {
        return assert!(body.is_empty(), "no content: {}", body.escape_ascii());
    }
    let content_type = response.headers()[CONTENT_TYPE].to_str().expect("a text");
    if content_type.contains("json") {
        let parsed: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(body);
        assert!(parsed.is_ok(), "{parsed:?}: {}", body.escape_ascii());
    } else if content_type.contains("cbor") {
        let parsed: Result<serde::de::IgnoredAny, _> = cbor::from_slice(body);
        assert!(parsed.is_ok(), "{}", body.escape_ascii());
    } else if content_type.contains("eventstream") {
        assert!(are_frames(body), "no frames: {}", body.escape_ascii());
    } else {
        let text = std::str::from_utf8(body).expect("XML in UTF-8");
        assert!(is_well_formed(text), "not well formed: {text}");
    }
}

/// Whether a stream of events is frames, each as long as it says and with JSON in it.
fn are_frames(mut bytes: &[u8]) -> bool {
    while let Some(head) = bytes.first_chunk::<12>() {
        let number = |at: usize| u32::from_be_bytes([0, 1, 2, 3].map(|it| head[at + it])) as usize;
        let (length, headers) = (number(0), number(4));
        let Some(frame) = bytes.get(..length) else { return false };
        let payload = frame.get(12 + headers..length.saturating_sub(4));
        let parsed = payload.map(serde_json::from_slice::<serde::de::IgnoredAny>);
        if !matches!(parsed, Some(Ok(_))) {
            return false;
        }
        bytes = &bytes[length..];
    }
    bytes.is_empty()
}

/// Whether `text` is XML as the emulator writes it: one element, without comments and the like.
fn is_well_formed(text: &str) -> bool {
    // The second is S3's.
    const BEGINNINGS: [&str; 2] =
        ["<?xml version=\"1.0\"?>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"];
    let begun = BEGINNINGS.iter().find_map(|beginning| text.strip_prefix(beginning));
    let Some(mut rest) = begun else { return false };
    let mut open = Vec::new();
    let mut elements = 0;
    while let Some(at) = rest.find('<') {
        let (content, markup) = rest.split_at(at);
        let Some((tag, after)) = markup[1..].split_once('>') else {
            return false;
        };
        if !is_content(content) || (open.is_empty() && !content.is_empty()) {
            return false;
        }
        rest = after;
        let (tag, is_closed) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        elements += usize::from(open.is_empty());
        if !is_name(name) || !is_content(attributes) {
            return false;
        }
        if !is_closed {
            open.push(name);
        }
    }
    open.is_empty() && rest.is_empty() && elements == 1
}

fn is_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_allowed)
}

/// Characters that XML 1.0 has, and references to such.
fn is_content(text: &str) -> bool {
    let mut parts = text.split('&');
    let plain = parts.next().unwrap_or_default();
    let referenced = parts.all(|part| {
        let Some((reference, _)) = part.split_once(';') else {
            return false;
        };
        let number = reference.strip_prefix('#').and_then(|digits| digits.parse().ok());
        match number.map(char::from_u32) {
            Some(character) => character.is_some_and(is_character),
            None => matches!(reference, "amp" | "lt" | "gt" | "quot" | "apos"),
        }
    });
    referenced && !plain.contains('>') && text.chars().all(is_character)
}

/// Source: XML 1.0, production 2.
fn is_character(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'
    )
}
