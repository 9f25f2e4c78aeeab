//! What a task's parameters become: an operation and its members.

use serde_json::{Map, Value, json};
use skyrig_asl::Json;
use skyrig_asl::definition::Resource;

use super::Failure;
use super::casing;
use super::sdk::SdkService;
use crate::wire::Blob;

/// An operation to be called.
pub(super) struct Called {
    pub(super) service: String,
    pub(super) operation: String,
    pub(super) input: Value,
}

/// The optimised integrations that are here, and the parameters that each must have.
const REQUIRED: [(&str, &str, &[&str]); 10] = [
    ("dynamodb", "deleteItem", &["Key", "TableName"]),
    ("dynamodb", "getItem", &["Key", "TableName"]),
    ("dynamodb", "putItem", &["Item", "TableName"]),
    ("dynamodb", "updateItem", &["Key", "TableName"]),
    ("events", "putEvents", &["Entries"]),
    ("http", "invoke", &["ApiEndpoint", "Method"]),
    ("lambda", "invoke", &["FunctionName"]),
    ("sns", "publish", &["Message"]),
    ("sqs", "sendMessage", &["MessageBody", "QueueUrl"]),
    ("states", "startExecution", &["StateMachineArn"]),
];

/// The action's name without what is waited for.
fn plain(action: &str) -> &str {
    action.split('.').next().unwrap_or(action)
}

/// Whether the parameters have what the action needs.
pub(super) fn judge(service: &str, action: &str, input: &Json) -> Result<(), String> {
    let row = REQUIRED.iter().find(|row| row.0 == service && row.1 == plain(action));
    let Some((_, _, required)) = row else { return Ok(()) };
    let missing = required.iter().filter(|name| input.value().get(**name).is_none());
    // Unverified: how several are listed.
    let words: Vec<String> =
        missing.map(|name| format!("The field '{name}' is required but was missing")).collect();
    if words.is_empty() {
        return Ok(());
    }
    Err(format!(
        "The Parameters '{}' could not be used to start the Task: [{}]",
        input.text(),
        words.join(", ")
    ))
}

/// A value as a member that is a text: others are written as JSON.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The call that a task stands for; `of` are ARNs that events are about.
///
/// # Errors
/// There is no such integration here.
pub(super) fn of(resource: &Resource, input: &Json, of: &[&str]) -> Result<Called, Failure> {
    let value = input.value();
    let called = |service: &str, operation: &str, input: Value| {
        Ok(Called { service: service.to_owned(), operation: operation.to_owned(), input })
    };
    let (service, action) = match resource {
        Resource::Lambda { arn } => {
            let payload = Blob(input.text().as_bytes().to_vec()).to_base64();
            let invoked = json!({"FunctionName": arn, "Payload": payload});
            return called("lambda", "Invoke", invoked);
        }
        Resource::Activity { .. } => unreachable!("an activity is offered to workers"),
        Resource::Service { service, action, .. } => (service.as_str(), plain(action)),
    };
    if let Some(name) = service.strip_prefix("aws-sdk:") {
        let operation = capitalised(action);
        return Ok(match SdkService::of(name) {
            Some(row) => {
                let input = if row.camel { casing::small(value.clone()) } else { value.clone() };
                Called { service: row.service.to_owned(), operation, input }
            }
            // Whoever is called says that it is not here.
            None => Called { service: name.to_owned(), operation, input: value.clone() },
        });
    }
    let mut members = value.as_object().cloned().unwrap_or_default();
    match (service, action) {
        ("sqs", "sendMessage") => {
            reach(value["QueueUrl"].as_str().unwrap_or_default())?;
            write_text(&mut members, "MessageBody");
            called("sqs", "SendMessage", Value::Object(members))
        }
        ("sns", "publish") => {
            write_text(&mut members, "Message");
            write_attributes(&mut members);
            called("sns", "Publish", Value::Object(members))
        }
        ("events", "putEvents") => {
            write_entries(&mut members, of);
            called("events", "PutEvents", Value::Object(members))
        }
        ("dynamodb", "getItem" | "putItem" | "deleteItem" | "updateItem") => {
            called("dynamodb", &capitalised(action), Value::Object(members))
        }
        ("lambda", "invoke") => {
            if let Some(payload) = members.get("Payload") {
                let bytes = payload.to_string().into_bytes();
                members.insert("Payload".to_owned(), Blob(bytes).to_base64().into());
            }
            called("lambda", "Invoke", Value::Object(members))
        }
        ("states", "startExecution") => {
            match members.get("Input") {
                Some(Value::Null) => drop(members.remove("Input")),
                _ => write_text(&mut members, "Input"),
            }
            called("states", "StartExecution", casing::small(Value::Object(members)))
        }
        _ => Err(Failure {
            error: "States.TaskFailed".to_owned(),
            cause: format!(
                "The integration {service}:{action} is not implemented by this emulator"
            ),
        }),
    }
}

/// A queue's URL that names a host alone leads to nobody. Recorded, 2023-06-22.
///
/// # Errors
/// The task's failure.
fn reach(url: &str) -> Result<(), Failure> {
    let (_, rest) = url.split_once("://").unwrap_or_default();
    if rest.is_empty() || rest.contains('/') {
        return Ok(());
    }
    Err(Failure {
        error: "SQS.SdkClientException".to_owned(),
        cause: format!("Unable to execute HTTP request: {rest}: Name or service not known"),
    })
}

/// `putItem` to `PutItem`.
fn capitalised(action: &str) -> String {
    let mut letters = action.chars();
    letters.next().map(|it| it.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// A member that may be any JSON becomes a text.
fn write_text(members: &mut Map<String, Value>, name: &str) {
    if let Some(value) = members.get_mut(name) {
        *value = text(value).into();
    }
}

/// Values of attributes may be any JSON, too.
fn write_attributes(members: &mut Map<String, Value>) {
    let attributes = members.get_mut("MessageAttributes").and_then(Value::as_object_mut);
    for attribute in attributes.into_iter().flat_map(Map::values_mut) {
        if let Some(value) = attribute.get_mut("StringValue") {
            *value = text(value).into();
        }
    }
}

/// Details become texts, and every event is about the execution and its machine, too.
fn write_entries(members: &mut Map<String, Value>, of: &[&str]) {
    let entries = members.get_mut("Entries").and_then(Value::as_array_mut);
    for entry in entries.into_iter().flatten().filter_map(Value::as_object_mut) {
        write_text(entry, "Detail");
        let resources = entry.entry("Resources").or_insert_with(|| json!([]));
        if let Some(resources) = resources.as_array_mut() {
            resources.extend(of.iter().map(|arn| json!(arn)));
        }
    }
}
