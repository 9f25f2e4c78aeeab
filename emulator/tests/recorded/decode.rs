//! Answers as AWS's Python SDK reads them, from the model.
//!
//! That is the form of the recordings: members by name; of an error its code, message and who is to
//! blame; the HTTP status.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value, json};
use skyrig::wire::cbor;

use crate::filling::iso;
use crate::model::{Model, Shape};
use crate::query_names::{Spelling, of_sqs};
use crate::xml::{self, Node};

/// The answer to an operation over JSON.
pub(crate) fn from_json(model: &Model, operation: &str, response: &Response<Bytes>) -> Value {
    let body: Value = match response.body().len() {
        0 => json!({}),
        _ => serde_json::from_slice(response.body()).expect("an answer in JSON"),
    };
    of_document(model, operation, response, &body)
}

/// The answer to an operation over CBOR.
pub(crate) fn from_cbor(model: &Model, operation: &str, response: &Response<Bytes>) -> Value {
    let body: Value = match response.body().len() {
        0 => json!({}),
        _ => cbor::from_slice(response.body()).expect("an answer in CBOR"),
    };
    of_document(model, operation, response, &body)
}

fn of_document(model: &Model, operation: &str, response: &Response<Bytes>, body: &Value) -> Value {
    let mut answer = if response.status().is_success() {
        let output = model.operations[operation].output.as_deref();
        output.map_or_else(|| json!({}), |output| of_json(model, output, body))
    } else {
        json_error(model, response, body)
    };
    answer["ResponseMetadata"] = json!({"HTTPStatusCode": response.status().as_u16()});
    answer
}

fn json_error(model: &Model, response: &Response<Bytes>, body: &Value) -> Value {
    let shape = body["__type"].as_str().and_then(|kind| kind.rsplit('#').next());
    let shape = shape.expect("an error has a type");
    let message = [&body["message"], &body["Message"]].into_iter().find(|text| !text.is_null());
    let mut error =
        json!({"Code": shape, "Message": message.cloned().unwrap_or_else(|| "".into())});
    let header = response.headers().get("x-amzn-query-error");
    if let Some((code, kind)) = header.and_then(|header| header.to_str().ok()?.split_once(';')) {
        error["QueryErrorCode"] = shape.into();
        error["Code"] = code.into();
        error["Type"] = kind.into();
    }
    // The SDK finds the error's shape by the code; then the members of the shape come too.
    let code = error["Code"].as_str().unwrap_or_default();
    let mut answer = match model.exception(code) {
        Some(shape) => of_json(model, shape, body),
        None => json!({}),
    };
    answer["Error"] = error;
    answer
}

fn of_json(model: &Model, shape: &str, value: &Value) -> Value {
    let shape = model.shape(shape);
    match (shape.kind.as_str(), value) {
        ("structure", Value::Object(members)) => {
            let mut read = Map::new();
            for (name, member) in &shape.members {
                let value = members.get(member.name_or(name)).filter(|value| !value.is_null());
                if let Some(value) = value {
                    read.insert(name.clone(), of_json(model, &member.shape, value));
                }
            }
            read.into()
        }
        ("list", Value::Array(items)) => {
            let inner = &shape.member.as_ref().expect("a list has members").shape;
            items.iter().map(|item| of_json(model, inner, item)).collect::<Vec<_>>().into()
        }
        ("map", Value::Object(entries)) => {
            let inner = &shape.value.as_ref().expect("a map has values").shape;
            let entry =
                |(name, value): (&String, &Value)| (name.clone(), of_json(model, inner, value));
            entries.iter().map(entry).collect::<Map<_, _>>().into()
        }
        ("blob", Value::String(text)) => shown(text),
        ("timestamp", Value::Number(seconds)) => {
            iso(seconds.as_f64().unwrap_or_default() as i64).into()
        }
        _ => value.clone(),
    }
}

/// The answer to an operation over the query protocol.
pub(crate) fn from_query(model: &Model, operation: &str, response: &Response<Bytes>) -> Value {
    let text = std::str::from_utf8(response.body()).expect("an answer in UTF-8");
    let root = xml::parse(text);
    let mut answer = if let Some(error) = root.child("Error") {
        let member = |node: &Node| {
            let text = if node.text.is_empty() { Value::Null } else { node.text.as_str().into() };
            (node.name.clone(), text)
        };
        let error: Map<_, _> = error.children.iter().map(member).collect();
        json!({"Error": error})
    } else {
        let result = root.children.iter().find(|node| node.name.ends_with("Result"));
        match (&model.operations[operation].output, result) {
            (Some(output), Some(result)) => {
                Reader { model, operation }.of_xml(output, &[result], None)
            }
            _ => json!({}),
        }
    };
    answer["ResponseMetadata"] = json!({"HTTPStatusCode": response.status().as_u16()});
    answer
}

/// Reads answers of one operation.
struct Reader<'a> {
    model: &'a Model,
    operation: &'a str,
}

impl Reader<'_> {
    /// Reads a shape from the nodes that hold it: several for a flattened list or map.
    fn of_xml(&self, shape: &str, nodes: &[&Node], spelt: Option<Spelling>) -> Value {
        // boto3 decodes IAM's policy documents, which are URL-encoded.
        if shape == "policyDocumentType" {
            return url_decoded(&nodes[0].text).into();
        }
        let shape = self.model.shape(shape);
        let node = nodes[0];
        match shape.kind.as_str() {
            "structure" => self.structure(shape, node),
            "list" => {
                let member = shape.member.as_ref().expect("a list has members");
                let items = inner(shape, nodes, spelt.as_ref());
                let item = |node: &&Node| self.of_xml(&member.shape, &[node], None);
                items.iter().map(item).collect::<Vec<_>>().into()
            }
            "map" => {
                let (key, value) = shape.key.as_ref().zip(shape.value.as_ref()).expect("a map");
                let (key_name, value_name) = spelt
                    .as_ref()
                    .map_or((key.name_or("key"), value.name_or("value")), |s| (s.key, s.value));
                let mut read = Map::new();
                for entry in inner(shape, nodes, spelt.as_ref()) {
                    let name = entry.child(key_name).expect("an entry has a key");
                    let held = entry.child(value_name).expect("an entry has a value");
                    read.insert(name.text.clone(), self.of_xml(&value.shape, &[held], None));
                }
                read.into()
            }
            "boolean" => (node.text == "true").into(),
            "integer" | "long" => node.text.parse::<i64>().expect("a whole number").into(),
            "float" | "double" => node.text.parse::<f64>().expect("a number").into(),
            "blob" => shown(&node.text),
            _ => node.text.as_str().into(),
        }
    }

    fn structure(&self, shape: &Shape, node: &Node) -> Value {
        let mut read = Map::new();
        for (name, member) in &shape.members {
            let target = self.model.shape(&member.shape);
            let listed = target.member.as_ref().and_then(|item| item.location_name.as_deref());
            let spelt = of_sqs(self.model, self.operation, name);
            let wire = match (&spelt, listed) {
                (Some(spelt), _) => spelt.name,
                (None, Some(listed)) if target.flattened => listed,
                _ => member.name_or(name),
            };
            let nodes: Vec<&Node> =
                node.children.iter().filter(|child| child.name == wire).collect();
            if !nodes.is_empty() {
                read.insert(name.clone(), self.of_xml(&member.shape, &nodes, spelt));
            }
        }
        read.into()
    }
}

/// A text without its percent signs.
fn url_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).filter(|_| *first == b'%');
        let byte = digits.and_then(|it| u8::from_str_radix(std::str::from_utf8(it).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).expect("a document is UTF-8")
}

/// The items of a list or the entries of a map.
fn inner<'n>(shape: &Shape, nodes: &[&'n Node], spelt: Option<&Spelling>) -> Vec<&'n Node> {
    if shape.flattened || spelt.is_some() {
        return nodes.to_vec();
    }
    nodes[0].children.iter().collect()
}

/// Bytes as Python prints them.
fn shown(base64: &str) -> Value {
    let bytes = STANDARD.decode(base64).expect("base64");
    let shown = bytes.iter().map(|byte| match byte {
        b' '..=b'~' => char::from(*byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    });
    format!("b'{}'", shown.collect::<String>()).into()
}
