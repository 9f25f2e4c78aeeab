//! Requests and answers of the query protocol, with the names of SQS's query API.
//!
//! Source: API reference, the query examples of each operation. Written apart from the emulator's
//! own encoder, so that a mistake there shows.

use serde_json::{Map, Value, json};

use crate::xml::Node;

/// The body of a request.
pub(crate) fn write(operation: &str, request: &Value) -> String {
    let mut form = format!("Action={operation}&Version=2012-11-05");
    for (name, value) in request.as_object().expect("a request has members") {
        member(&mut form, operation, name, name, value);
    }
    form
}

fn member(form: &mut String, operation: &str, key: &str, name: &str, value: &Value) {
    let prefix = key.strip_suffix(name).unwrap_or_default();
    match value {
        Value::Array(members) if members.is_empty() => pair(form, key, ""),
        Value::Array(members) => {
            let list = format!("{prefix}{}", list_name(operation, name));
            for (index, value) in members.iter().enumerate() {
                let key = format!("{list}.{}", index + 1);
                match value {
                    Value::Object(entry) => {
                        for (name, value) in entry {
                            member(form, operation, &format!("{key}.{name}"), name, value);
                        }
                    }
                    other => member(form, operation, &key, "", other),
                }
            }
        }
        Value::Object(entries) => {
            let (list, key_name) = match name {
                "Tags" | "tags" => ("Tag", "Key"),
                "Attributes" => ("Attribute", "Name"),
                "MessageAttributes" => ("MessageAttribute", "Name"),
                _ => ("MessageSystemAttribute", "Name"),
            };
            for (index, (name, value)) in entries.iter().enumerate() {
                let key = format!("{prefix}{list}.{}", index + 1);
                pair(form, &format!("{key}.{key_name}"), name);
                match value {
                    Value::Object(parts) => {
                        for (part, value) in parts {
                            let key = format!("{key}.Value.{part}");
                            member(form, operation, &key, part, value);
                        }
                    }
                    other => member(form, operation, &format!("{key}.Value"), "", other),
                }
            }
        }
        Value::String(text) => pair(form, key, text),
        other => pair(form, key, &other.to_string()),
    }
}

fn list_name<'a>(operation: &str, name: &'a str) -> &'a str {
    match (name, operation) {
        ("AttributeNames", _) => "AttributeName",
        ("MessageAttributeNames", _) => "MessageAttributeName",
        ("MessageSystemAttributeNames", _) => "MessageSystemAttributeName",
        ("TagKeys", _) => "TagKey",
        ("AWSAccountIds", _) => "AWSAccountId",
        ("Actions", _) => "ActionName",
        ("Entries", "SendMessageBatch") => "SendMessageBatchRequestEntry",
        ("Entries", "DeleteMessageBatch") => "DeleteMessageBatchRequestEntry",
        ("Entries", _) => "ChangeMessageVisibilityBatchRequestEntry",
        _ => name,
    }
}

fn pair(form: &mut String, key: &str, value: &str) {
    form.push('&');
    form.push_str(key);
    form.push('=');
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                form.push(byte.into());
            }
            _ => form.push_str(&format!("%{byte:02X}")),
        }
    }
}

/// The members of an answer's result.
pub(crate) fn read(node: &Node) -> Value {
    let mut members = Map::new();
    for child in &node.children {
        let part = |name: &str| child.child(name).expect("a map entry has two parts");
        match child.name.as_str() {
            "Attribute" => entry(&mut members, "Attributes", part("Name"), text(part("Value"))),
            "Tag" => entry(&mut members, "Tags", part("Key"), text(part("Value"))),
            "MessageAttribute" => {
                entry(&mut members, "MessageAttributes", part("Name"), read(part("Value")));
            }
            "Message" if !child.children.is_empty() => item(&mut members, "Messages", read(child)),
            "QueueUrl" if node.name.starts_with("List") => {
                item(&mut members, "QueueUrls", text(child));
            }
            "BatchResultErrorEntry" => item(&mut members, "Failed", read(child)),
            name if name.ends_with("BatchResultEntry") => {
                item(&mut members, "Successful", read(child));
            }
            "SenderFault" => {
                members.insert(child.name.clone(), (child.text == "true").into());
            }
            name => {
                members.insert(name.to_owned(), text(child));
            }
        }
    }
    members.into()
}

fn text(node: &Node) -> Value {
    node.text.as_str().into()
}

fn entry(members: &mut Map<String, Value>, name: &str, key: &Node, value: Value) {
    members.entry(name).or_insert_with(|| json!({}))[key.text.as_str()] = value;
}

fn item(members: &mut Map<String, Value>, name: &str, value: Value) {
    let list = members.entry(name).or_insert_with(|| json!([]));
    list.as_array_mut().expect("it was made a list").push(value);
}
