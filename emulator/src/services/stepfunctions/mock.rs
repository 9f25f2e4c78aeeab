//! Whether a mocked result is what the mocked service could answer.
//!
//! Source: recorded on AWS, 2025-12-03.
// Differs from AWS: mocked results of SDK integrations are not compared with the services' models.

use serde_json::Value;
use skyrig_asl::definition::Resource;

use super::error::StepFunctionsError;

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Array(&'static [(&'static str, Kind)]),
    Object,
}

type Members = &'static [(&'static str, Kind)];

/// The answers of the optimised integrations.
const ANSWERS: [(&str, &str, Members); 9] = [
    (
        "events",
        "putEvents",
        &[
            (
                "Entries",
                Kind::Array(&[
                    ("EventId", Kind::Text),
                    ("ErrorCode", Kind::Text),
                    ("ErrorMessage", Kind::Text),
                ]),
            ),
            ("FailedEntryCount", Kind::Number),
        ],
    ),
    (
        "lambda",
        "invoke",
        &[
            ("StatusCode", Kind::Number),
            ("FunctionError", Kind::Text),
            ("LogResult", Kind::Text),
            ("ExecutedVersion", Kind::Text),
        ],
    ),
    ("sns", "publish", &[("MessageId", Kind::Text), ("SequenceNumber", Kind::Text)]),
    (
        "sqs",
        "sendMessage",
        &[
            ("MD5OfMessageBody", Kind::Text),
            ("MD5OfMessageAttributes", Kind::Text),
            ("MessageId", Kind::Text),
            ("SequenceNumber", Kind::Text),
        ],
    ),
    ("states", "startExecution", &[("ExecutionArn", Kind::Text), ("StartDate", Kind::Text)]),
    ("dynamodb", "getItem", &[("Item", Kind::Object)]),
    ("dynamodb", "putItem", &[("Attributes", Kind::Object)]),
    ("dynamodb", "deleteItem", &[("Attributes", Kind::Object)]),
    ("dynamodb", "updateItem", &[("Attributes", Kind::Object)]),
];

/// # Errors
/// `ValidationException`.
pub(super) fn check(
    definition: &str,
    state_name: Option<&str>,
    result: &str,
) -> Result<(), StepFunctionsError> {
    let (Some(resource), Ok(result)) =
        (resource(definition, state_name), serde_json::from_str::<Value>(result))
    else {
        return Ok(());
    };
    let Resource::Service { service, action, .. } = resource else { return Ok(()) };
    let row = ANSWERS.iter().find(|row| row.0 == service && row.1 == action);
    row.map_or(Ok(()), |(_, _, members)| compare(&result, members))
}

fn compare(result: &Value, members: Members) -> Result<(), StepFunctionsError> {
    for (name, kind) in members {
        let Some(value) = result.get(name).filter(|it| !it.is_null()) else { continue };
        let (fits, wanted) = match kind {
            Kind::Text => (value.is_string(), "a string"),
            Kind::Number => (value.is_number(), "a number"),
            Kind::Array(_) => (value.is_array(), "an array"),
            Kind::Object => (value.is_object(), "an object"),
        };
        if !fits {
            return Err(StepFunctionsError::Validation(format!(
                "Mock result schema validation error: Field '{name}' must be {wanted}"
            )));
        }
        if let Kind::Array(inner) = kind {
            for item in value.as_array().into_iter().flatten() {
                compare(item, inner)?;
            }
        }
    }
    Ok(())
}

/// The resource of the state that is tried.
fn resource(definition: &str, state_name: Option<&str>) -> Option<Resource> {
    let whole: Value = serde_json::from_str(definition).ok()?;
    let state = match (whole.get("States"), state_name) {
        (Some(states), Some(name)) => states.get(name)?,
        _ => &whole,
    };
    Resource::parse(state.get("Resource")?.as_str()?)
}
