//! `States.Format`, `StringSplit`, `Base64...`, `Hash` and `StringToJson`.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Characters that base64 and hash functions take.
const INPUT_MAX: usize = 10_000;
/// Bytes that `Format` may make.
const FORMATTED_MAX: usize = 1 << 20;

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("{value} is not a string"))
}

fn short(value: &Value) -> Result<&str, String> {
    let text = text(value)?;
    if text.chars().count() > INPUT_MAX {
        return Err(format!("The input is longer than {INPUT_MAX} characters"));
    }
    Ok(text)
}

/// The text of an argument, its escapes undone.
pub(super) fn plain(escaped: &str) -> String {
    let mut plain = String::with_capacity(escaped.len());
    let mut characters = escaped.chars();
    while let Some(it) = characters.next() {
        plain.push(if it == '\\' { characters.next().unwrap_or(it) } else { it });
    }
    plain
}

/// Puts the values where the template has `{}`.
pub(super) fn fill(template: &str, values: &[Value]) -> Result<String, String> {
    let mut filled = String::new();
    let mut values = values.iter();
    let mut characters = template.chars().peekable();
    while let Some(it) = characters.next() {
        match it {
            '\\' => filled.extend(characters.next()),
            '{' if characters.peek() == Some(&'}') => {
                characters.next();
                let value = values.next();
                let value =
                    value.ok_or("The template of Format has more {} than there are arguments")?;
                show(value, &mut filled);
            }
            _ => filled.push(it),
        }
        if filled.len() > FORMATTED_MAX {
            return Err("The formatted string is too long".into());
        }
    }
    if values.next().is_some() {
        return Err("The template of Format has less {} than there are arguments".into());
    }
    Ok(filled)
}

/// As Java shows values: `{Id=1, Tags=[a, b]}`.
fn show(value: &Value, into: &mut String) {
    match value {
        Value::String(text) => into.push_str(text),
        Value::Array(items) => {
            into.push('[');
            for (index, item) in items.iter().enumerate() {
                into.push_str(if index > 0 { ", " } else { "" });
                show(item, into);
            }
            into.push(']');
        }
        Value::Object(members) => {
            into.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                into.push_str(if index > 0 { ", " } else { "" });
                let _ = write!(into, "{name}=");
                show(member, into);
            }
            into.push('}');
        }
        other => {
            let _ = write!(into, "{other}");
        }
    }
}

/// Each character of the second text splits; nothing empty is left.
pub(super) fn split(arguments: &[Value]) -> Result<Value, String> {
    let (whole, splitter) = (text(&arguments[0])?, text(&arguments[1])?);
    let parts = whole.split(|it| splitter.contains(it)).filter(|part| !part.is_empty());
    Ok(parts.map(Value::from).collect())
}

pub(super) fn encode(arguments: &[Value]) -> Result<Value, String> {
    Ok(Value::String(STANDARD.encode(short(&arguments[0])?)))
}

pub(super) fn decode(arguments: &[Value]) -> Result<Value, String> {
    let bytes = STANDARD.decode(short(&arguments[0])?);
    let decoded = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.map(Value::String).ok_or_else(|| "The input is not valid Base64".into())
}

pub(super) fn hash(arguments: &[Value]) -> Result<Value, String> {
    let data = match &arguments[0] {
        Value::String(_) => short(&arguments[0])?.to_owned(),
        other => other.to_string(),
    };
    let algorithm = text(&arguments[1])?;
    let hashed = digest(algorithm, data.as_bytes());
    hashed.map(Value::String).ok_or_else(|| format!("{algorithm} is not a known algorithm"))
}

/// The hash in hexadecimal digits; nothing, if the algorithm is unknown.
pub(crate) fn digest(algorithm: &str, data: &[u8]) -> Option<String> {
    use sha2::Digest;
    let bytes = match algorithm {
        "MD5" => md5::Md5::digest(data).to_vec(),
        "SHA-1" => sha1::Sha1::digest(data).to_vec(),
        "SHA-256" => sha2::Sha256::digest(data).to_vec(),
        "SHA-384" => sha2::Sha384::digest(data).to_vec(),
        "SHA-512" => sha2::Sha512::digest(data).to_vec(),
        _ => return None,
    };
    Some(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// An empty text is null, as on AWS.
pub(super) fn to_json(arguments: &[Value]) -> Result<Value, String> {
    let text = text(&arguments[0])?;
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    let value: Result<Value, _> = serde_json::from_str(text);
    value.map(no_negative_zero).map_err(|error| format!("The input is not valid JSON: {error}"))
}

/// Java's whole numbers have no negative zero.
fn no_negative_zero(value: Value) -> Value {
    match value.as_f64() {
        Some(zero) if zero == 0.0 && zero.is_sign_negative() => Value::from(0),
        _ => value,
    }
}
