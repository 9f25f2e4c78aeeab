//! Bytes to sorted pairs of keys and values.

use std::borrow::Cow;
use std::iter;

use memchr::{memchr, memchr2};

use super::FormError;
use super::node::{Node, compare_paths};

/// How many parts a key may have between its dots.
pub const DEPTH_MAX: usize = 32;
/// How many parameters a body may have.
pub const PARAMETERS_MAX: usize = 65_536;

/// A parsed body.
#[derive(Clone, Debug)]
pub struct Form<'a> {
    /// Ordered so that what is under one key part stands together, indexes by their number.
    parameters: Vec<Parameter<'a>>,
}

/// One decoded `key=value`.
#[derive(Clone, Debug)]
pub(super) struct Parameter<'a> {
    pub(super) key: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
}

impl<'a> Form<'a> {
    /// Parses `key=value&...` with percent escapes and `+` for a space.
    ///
    /// Fails when an escape is broken, text is not UTF-8 or a limit is exceeded.
    pub fn parse(body: &'a [u8]) -> Result<Self, FormError> {
        let mut parameters = Vec::new();
        for (key, value) in split(body) {
            if parameters.len() == PARAMETERS_MAX {
                let problem = format!("more than {PARAMETERS_MAX} parameters");
                return Err(FormError::new("", problem));
            }
            let Some(key) = decode(key) else {
                let key = String::from_utf8_lossy(key);
                return Err(FormError::new(key, "expected a key in UTF-8"));
            };
            let Some(value) = decode(value) else {
                return Err(FormError::new(key, "expected text in UTF-8"));
            };
            if key.bytes().filter(|&byte| byte == b'.').count() >= DEPTH_MAX {
                let problem = format!("more than {DEPTH_MAX} parts in a key");
                return Err(FormError::new("", problem));
            }
            parameters.push(Parameter { key, value });
        }
        parameters.sort_by(|a, b| compare_paths(&a.key, &b.key));
        Ok(Self { parameters })
    }

    pub(super) fn root(&self) -> Node<'_> {
        Node::root(&self.parameters)
    }
}

/// The value of the plain parameter `name` (`Action`), without parsing what comes after it.
///
/// `None` when it is absent or not UTF-8. Like elsewhere, the first of several counts.
pub fn parameter<'a>(body: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    split(body)
        .find(|(key, _)| decode(key).is_some_and(|key| key == name))
        .and_then(|(_, value)| decode(value))
}

/// The decoded pairs of a query; what cannot be decoded stays as it was sent.
pub fn pairs(query: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let decoded = |text| decode(text).unwrap_or_else(|| String::from_utf8_lossy(text));
    split(query).map(move |(key, value)| (decoded(key), decoded(value)))
}

fn split(mut body: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let pairs = iter::from_fn(move || {
        let (pair, rest) = halves(body, b'&');
        (!body.is_empty()).then(|| {
            body = rest;
            pair
        })
    });
    pairs.filter(|pair| !pair.is_empty()).map(|pair| halves(pair, b'='))
}

/// What is before and behind the first `sign`.
fn halves(text: &[u8], sign: u8) -> (&[u8], &[u8]) {
    match memchr(sign, text) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &[]),
    }
}

/// Undoes percent escapes and `+`; `None` for a broken escape or text that is not UTF-8.
fn decode(text: &[u8]) -> Option<Cow<'_, str>> {
    let Some(mut plain) = memchr2(b'%', b'+', text) else {
        return std::str::from_utf8(text).ok().map(Cow::Borrowed);
    };
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        decoded.extend_from_slice(&rest[..plain]);
        rest = match &rest[plain..] {
            [b'+', after @ ..] => {
                decoded.push(b' ');
                after
            }
            [b'%', high, low, after @ ..] => {
                decoded.push(hex_digit(*high)? << 4 | hex_digit(*low)?);
                after
            }
            [] => break,
            _ => return None,
        };
        plain = memchr2(b'%', b'+', rest).unwrap_or(rest.len());
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
