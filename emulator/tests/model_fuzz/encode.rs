//! A drawn value in the form of each protocol. Whatever was drawn is written, valid or not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use skyrig::Timestamp;
use skyrig::wire::rest::{Place, Route};
use skyrig::wire::{MemberName, Service};

/// A value of a request.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Integer(i128),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    /// Seconds since 1970.
    Time(f64),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
    Structure(Vec<(String, Tree)>),
}

/// As awsJson writes it.
pub(crate) fn json(tree: &Tree, out: &mut String) {
    match tree {
        Tree::Null => out.push_str("null"),
        Tree::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Tree::Integer(value) => out.push_str(&value.to_string()),
        Tree::Float(value) | Tree::Time(value) => match serde_json::Number::from_f64(*value) {
            Some(number) => out.push_str(&number.to_string()),
            None => quoted(&number_text(*value), out),
        },
        Tree::Text(text) => quoted(text, out),
        Tree::Bytes(bytes) => quoted(&STANDARD.encode(bytes), out),
        Tree::List(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                out.push_str(if place > 0 { "," } else { "" });
                json(item, out);
            }
            out.push(']');
        }
        Tree::Map(entries) | Tree::Structure(entries) => {
            out.push('{');
            for (place, (name, value)) in entries.iter().enumerate() {
                out.push_str(if place > 0 { "," } else { "" });
                quoted(name, out);
                out.push(':');
                json(value, out);
            }
            out.push('}');
        }
    }
}

fn quoted(text: &str, out: &mut String) {
    out.push_str(&serde_json::to_string(text).expect("a text can be written"));
}

fn number_text(value: f64) -> String {
    match value {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        value => value.to_string(),
    }
}

/// A request of a REST service.
pub(crate) struct Placed {
    pub(crate) method: http::Method,
    pub(crate) uri: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// As restJson1 writes it: scalars go where the route says, everything else into the body.
pub(crate) fn rest(route: &Route, tree: &Tree) -> Placed {
    let mut members = match tree {
        Tree::Structure(members) => members.clone(),
        _ => Vec::new(),
    };
    let mut uri = route.uri.to_owned();
    let (mut query, mut headers, mut payload) = (Vec::new(), Vec::new(), None);
    for binding in &route.request {
        let at = members.iter().position(|(name, _)| name == binding.member);
        let value = at.map(|at| members.remove(at).1);
        let texts: Vec<String> = match &value {
            Some(Tree::List(items)) => items.iter().filter_map(scalar).collect(),
            Some(value) => scalar(value).into_iter().collect(),
            None => Vec::new(),
        };
        let first = texts.first().cloned();
        match binding.place {
            Place::Label => {
                let mut encoded = String::new();
                percent_encoded(&first.unwrap_or_default(), &mut encoded);
                uri = uri.replace(&format!("{{{}}}", binding.member), &encoded);
            }
            Place::Query(name) => query.extend(texts.into_iter().map(|text| (name, text))),
            Place::Header(name) => {
                let plain = first.filter(|text| text.bytes().all(|it| (32..127).contains(&it)));
                headers.extend(plain.map(|text| (name, text)));
            }
            Place::Payload => {
                payload = match value {
                    Some(Tree::Bytes(bytes)) => Some(bytes),
                    other => other.as_ref().and_then(scalar).map(String::into_bytes),
                }
            }
            Place::Status | Place::Headers => {}
        }
    }
    for (name, value) in query {
        uri.push(if uri.contains('?') { '&' } else { '?' });
        uri.push_str(name);
        uri.push('=');
        percent_encoded(&value, &mut uri);
    }
    let mut body = String::new();
    json(&Tree::Structure(members), &mut body);
    let body = payload.unwrap_or_else(|| body.into_bytes());
    Placed { method: route.method.clone(), uri, headers, body }
}

/// A value in a URL or a header.
fn scalar(tree: &Tree) -> Option<String> {
    match tree {
        Tree::Null | Tree::List(_) | Tree::Map(_) | Tree::Structure(_) => None,
        Tree::Bool(value) => Some(value.to_string()),
        Tree::Integer(value) => Some(value.to_string()),
        Tree::Float(value) | Tree::Time(value) => Some(number_text(*value)),
        Tree::Text(text) => Some(text.clone()),
        Tree::Bytes(bytes) => Some(STANDARD.encode(bytes)),
    }
}

/// As rpcv2Cbor writes it.
///
/// Source: RFC 8949, section 3.
pub(crate) fn cbor(tree: &Tree, out: &mut Vec<u8>) {
    match tree {
        Tree::Null => out.push(0xf6),
        Tree::Bool(value) => out.push(0xf4 + u8::from(*value)),
        Tree::Integer(value) => match u64::try_from(*value) {
            Ok(value) => head(0, value, out),
            Err(_) => head(1, u64::try_from(-1 - *value).unwrap_or(u64::MAX), out),
        },
        Tree::Float(value) => float(*value, out),
        Tree::Text(text) => {
            head(3, text.len() as u64, out);
            out.extend_from_slice(text.as_bytes());
        }
        Tree::Bytes(bytes) => {
            head(2, bytes.len() as u64, out);
            out.extend_from_slice(bytes);
        }
        Tree::Time(seconds) => {
            head(6, 1, out);
            float(*seconds, out);
        }
        Tree::List(items) => {
            head(4, items.len() as u64, out);
            items.iter().for_each(|item| cbor(item, out));
        }
        // Of indefinite length, as some SDKs write them.
        Tree::Map(entries) | Tree::Structure(entries) if entries.len() % 2 == 1 => {
            out.push(0xbf);
            pairs(entries, out);
            out.push(0xff);
        }
        Tree::Map(entries) | Tree::Structure(entries) => {
            head(5, entries.len() as u64, out);
            pairs(entries, out);
        }
    }
}

fn pairs(entries: &[(String, Tree)], out: &mut Vec<u8>) {
    for (name, value) in entries {
        head(3, name.len() as u64, out);
        out.extend_from_slice(name.as_bytes());
        cbor(value, out);
    }
}

fn head(major: u8, value: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    match value {
        0..24 => out.push(major | value as u8),
        24..0x100 => out.extend_from_slice(&[major | 24, value as u8]),
        0x100..0x1_0000 => {
            out.push(major | 25);
            out.extend_from_slice(&(value as u16).to_be_bytes());
        }
        0x1_0000..0x1_0000_0000 => {
            out.push(major | 26);
            out.extend_from_slice(&(value as u32).to_be_bytes());
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&value.to_be_bytes());
        }
    }
}

fn float(value: f64, out: &mut Vec<u8>) {
    out.push(0xfb);
    out.extend_from_slice(&value.to_be_bytes());
}

/// As a form of the query protocol.
pub(crate) fn form(service: &Service, operation: &str, tree: &Tree) -> String {
    let version = service.query_version.unwrap_or_default();
    let text = format!("Action={operation}&Version={version}");
    let mut form = Form { service, operation, text };
    form.value("", MemberName::DEFAULT, tree);
    form.text
}

struct Form<'a> {
    service: &'a Service,
    operation: &'a str,
    text: String,
}

impl Form<'_> {
    fn value(&mut self, key: &str, spelt: MemberName, tree: &Tree) {
        match tree {
            Tree::Null => {}
            Tree::Bool(value) => self.pair(key, &value.to_string()),
            Tree::Integer(value) => self.pair(key, &value.to_string()),
            Tree::Float(value) => self.pair(key, &number_text(*value)),
            Tree::Text(text) => self.pair(key, text),
            Tree::Bytes(bytes) => self.pair(key, &STANDARD.encode(bytes)),
            Tree::Time(seconds) => {
                self.pair(key, &Timestamp::from_seconds(*seconds).iso_seconds());
            }
            Tree::List(items) if items.is_empty() => self.pair(key, ""),
            Tree::List(items) => {
                let prefix = if spelt.flattened { key.to_owned() } else { joined(key, "member") };
                for (number, item) in (1..).zip(items) {
                    self.value(&joined(&prefix, &number.to_string()), MemberName::DEFAULT, item);
                }
            }
            Tree::Map(entries) => {
                let prefix = if spelt.flattened { key.to_owned() } else { joined(key, "entry") };
                for (number, (name, value)) in (1..).zip(entries) {
                    let entry = joined(&prefix, &number.to_string());
                    self.pair(&joined(&entry, spelt.key), name);
                    self.value(&joined(&entry, spelt.value), MemberName::DEFAULT, value);
                }
            }
            Tree::Structure(members) => {
                for (name, value) in members {
                    let spelt = (self.service.naming)(self.operation, name);
                    self.value(&joined(key, spelt.name.unwrap_or(name)), spelt, value);
                }
            }
        }
    }

    fn pair(&mut self, key: &str, value: &str) {
        self.text.push('&');
        percent_encoded(key, &mut self.text);
        self.text.push('=');
        percent_encoded(value, &mut self.text);
    }
}

fn percent_encoded(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(byte.into());
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

fn joined(outer: &str, name: &str) -> String {
    if outer.is_empty() { name.to_owned() } else { format!("{outer}.{name}") }
}
