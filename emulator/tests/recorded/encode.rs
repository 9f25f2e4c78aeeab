//! Requests as AWS's Python SDK writes them, from the model.

use serde_json::{Map, Value};
use skyrig::wire::Timestamp;

use crate::model::{Model, Shape};
use crate::query_names::{Spelling, of_sqs};

/// The parameters in JSON's form: bytes in base64, times in seconds.
pub(crate) fn json(model: &Model, shape: Option<&str>, value: &Value) -> Value {
    let Some(name) = shape else { return value.clone() };
    let shape = model.shape(name);
    match (shape.kind.as_str(), value) {
        ("structure", Value::Object(members)) => {
            let member = |(name, value): (&String, &Value)| {
                let inner = shape.members.get(name);
                let value = json(model, inner.map(|inner| inner.shape.as_str()), value);
                (inner.map_or(name.as_str(), |inner| inner.name_or(name)).to_owned(), value)
            };
            members.iter().map(member).collect::<Map<_, _>>().into()
        }
        ("list", Value::Array(items)) => {
            let inner = shape.member.as_ref().map(|member| member.shape.as_str());
            items.iter().map(|item| json(model, inner, item)).collect::<Vec<_>>().into()
        }
        ("map", Value::Object(entries)) => {
            let inner = shape.value.as_ref().map(|value| value.shape.as_str());
            let entry =
                |(name, value): (&String, &Value)| (name.clone(), json(model, inner, value));
            entries.iter().map(entry).collect::<Map<_, _>>().into()
        }
        ("blob", value) => base64_of(value).into(),
        ("timestamp", Value::String(text)) => {
            let time = Timestamp::parse_iso(text).expect("a time");
            (time.millis() as f64 / 1000.0).into()
        }
        _ => value.clone(),
    }
}

/// The body of a request of the query protocol.
pub(crate) fn query(model: &Model, operation: &str, params: &Value) -> String {
    let version = &model.metadata.api_version;
    let text = format!("Action={operation}&Version={version}");
    let mut form = Form { model, operation, text };
    if let Some(input) = &model.operations[operation].input {
        form.value(model.shape(input), "", None, params);
    }
    form.text
}

struct Form<'a> {
    model: &'a Model,
    operation: &'a str,
    text: String,
}

impl Form<'_> {
    /// Writes a value under `key`; `spelt` is how SQS spells it.
    fn value(&mut self, shape: &Shape, key: &str, spelt: Option<Spelling>, value: &Value) {
        let model = self.model;
        match (shape.kind.as_str(), value) {
            ("structure", Value::Object(members)) => {
                for (name, value) in members {
                    let member = shape.members.get(name);
                    let member = member.unwrap_or_else(|| panic!("the model has no {name}"));
                    let inner = model.shape(&member.shape);
                    let spelt = of_sqs(model, self.operation, name);
                    let own = spelt.as_ref().map_or(member.name_or(name), |spelt| spelt.name);
                    self.value(inner, &joined(key, own), spelt, value);
                }
            }
            ("list", Value::Array(items)) => self.list(shape, key, spelt, items),
            ("map", Value::Object(entries)) => self.map(shape, key, spelt, entries),
            ("blob", value) => self.pair(key, &base64_of(value)),
            ("timestamp", Value::Number(seconds)) => {
                let seconds = seconds.as_f64().expect("a number of seconds");
                self.pair(key, &Timestamp::from_seconds(seconds).iso_seconds());
            }
            (_, Value::String(text)) => self.pair(key, text),
            (_, other) => self.pair(key, &other.to_string()),
        }
    }

    fn list(&mut self, shape: &Shape, key: &str, spelt: Option<Spelling>, items: &[Value]) {
        if items.is_empty() {
            return self.pair(key, "");
        }
        let member = shape.member.as_ref().expect("a list has members");
        let prefix = if spelt.is_some() {
            key.to_owned()
        } else if shape.flattened {
            // The member's name stands in place of the list's.
            let outer = key.rsplit_once('.').map_or("", |(outer, _)| outer);
            match &member.location_name {
                Some(name) => joined(outer, name),
                None => key.to_owned(),
            }
        } else {
            joined(key, member.name_or("member"))
        };
        let inner = self.model.shape(&member.shape);
        for (index, item) in items.iter().enumerate() {
            self.value(inner, &format!("{prefix}.{}", index + 1), None, item);
        }
    }

    fn map(
        &mut self,
        shape: &Shape,
        key: &str,
        spelt: Option<Spelling>,
        entries: &Map<String, Value>,
    ) {
        let (named, valued) = (shape.key.as_ref(), shape.value.as_ref());
        let (named, valued) = named.zip(valued).expect("a map has keys and values");
        let inner = self.model.shape(&valued.shape);
        let flat = shape.flattened || spelt.is_some();
        let prefix = if flat { key.to_owned() } else { joined(key, "entry") };
        let (key_name, value_name) = spelt
            .map_or((named.name_or("key"), valued.name_or("value")), |spelt| {
                (spelt.key, spelt.value)
            });
        for (index, (name, value)) in entries.iter().enumerate() {
            let entry = format!("{prefix}.{}", index + 1);
            self.pair(&joined(&entry, key_name), name);
            self.value(inner, &joined(&entry, value_name), None, value);
        }
    }

    fn pair(&mut self, key: &str, value: &str) {
        self.text.push('&');
        self.text.push_str(key);
        self.text.push('=');
        for byte in value.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    self.text.push(byte.into());
                }
                _ => self.text.push_str(&format!("%{byte:02X}")),
            }
        }
    }
}

fn joined(outer: &str, name: &str) -> String {
    if outer.is_empty() { name.to_owned() } else { format!("{outer}.{name}") }
}

/// Bytes in base64; a text stands for its bytes.
fn base64_of(value: &Value) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    match (&value["$base64"], value) {
        (Value::String(text), _) => text.clone(),
        (_, Value::String(text)) => STANDARD.encode(text),
        _ => panic!("{value} is no bytes"),
    }
}
