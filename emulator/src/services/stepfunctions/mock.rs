//! Whether a mocked result is what the mocked service could answer.
//!
//! Source: API reference "MockInput"; recorded on AWS, 2025-12-03; the services' models.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use skyrig_asl::definition::{Pattern, Resource};

use super::error::StepFunctionsError;
use super::integration::sdk_service;
// Differs from AWS: of mocked results neither lengths are judged nor what other services answer.

/// Operations and their answers' shapes, as the file itself explains.
const ANSWERS: &str = include_str!("answers.txt");

/// How much a mocked result must have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mode {
    /// All that is required.
    Strict,
    /// What it has must fit.
    Present,
}

/// The shapes of a service, by name: the kind, and what follows it.
struct Shapes {
    by_name: BTreeMap<&'static str, &'static str>,
    mode: Mode,
    /// Members that may be anything.
    free: &'static [&'static str],
}

/// Checks the mocked result of the state that is tried. Services whose answers are not known, and
/// what comes from a job or with a task token, are not judged.
///
/// # Errors
/// `ValidationException`.
pub(super) fn check(
    definition: &str,
    state_name: Option<&str>,
    result: &str,
    mode: Mode,
) -> Result<(), StepFunctionsError> {
    let (Some(resource), Ok(result)) =
        (resource(definition, state_name), serde_json::from_str::<Value>(result))
    else {
        return Ok(());
    };
    let Resource::Service { service, action, pattern: Pattern::RequestResponse } = resource else {
        return Ok(());
    };
    let sdk = service.strip_prefix("aws-sdk:");
    let Some(shapes) = Shapes::of(sdk.map_or(&*service, sdk_service), mode) else { return Ok(()) };
    // The optimised integration reads what a function returns.
    let free: &[&str] = if sdk.is_none() && service == "lambda" { &["Payload"] } else { &[] };
    let Some(answer) = shapes.answer(&action) else { return Ok(()) };
    Shapes { free, ..shapes }.fits("Result", &result, answer)
}

impl Shapes {
    fn of(service: &str, mode: Mode) -> Option<Self> {
        let (_, rest) = ANSWERS.split_once(&format!("\n[{service}]\n"))?;
        let section = rest.split("\n[").next().unwrap_or(rest);
        let by_name = section.lines().filter_map(|line| line.split_once(' ')).collect();
        Some(Self { by_name, mode, free: &[] })
    }

    /// The shape of what `action` answers; actions begin with small letters.
    fn answer(&self, action: &str) -> Option<&'static str> {
        let mut letters = action.chars();
        let operation: String =
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        self.by_name.get(&*operation)?.strip_prefix("= ")
    }

    /// Nesting is bounded by that of JSON texts that are read at all.
    fn fits(&self, name: &str, value: &Value, shape: &str) -> Result<(), StepFunctionsError> {
        let Some(described) = self.by_name.get(shape).filter(|_| !value.is_null()) else {
            return Ok(());
        };
        let (kind, rest) = described.split_once(' ').unwrap_or((described, ""));
        match (kind, value) {
            ("structure", Value::Object(members)) => self.has_members(members, rest),
            ("structure" | "map", value) if !value.is_object() => wrong(name, "must be an object"),
            ("map", Value::Object(members)) => {
                members.values().try_for_each(|value| self.fits(name, value, rest))
            }
            ("list", Value::Array(items)) => {
                items.iter().try_for_each(|item| self.fits(name, item, rest))
            }
            ("list", _) => wrong(name, "must be an array"),
            ("number", Value::Number(number)) => {
                in_range(name, number.as_f64().unwrap_or_default(), rest)
            }
            ("number", _) => wrong(name, "must be a number"),
            ("text", Value::String(text)) => {
                let is_known = rest.is_empty() || rest.split(' ').any(|known| known == text);
                if is_known { Ok(()) } else { wrong(name, "is not an expected value") }
            }
            ("text", _) => wrong(name, "must be a string"),
            ("flag", value) if !value.is_boolean() => wrong(name, "must be a boolean"),
            _ => Ok(()),
        }
    }

    /// What is no member of the shape is not judged.
    fn has_members(
        &self,
        members: &Map<String, Value>,
        described: &str,
    ) -> Result<(), StepFunctionsError> {
        for member in described.split(' ') {
            let Some((name, shape)) = member.split_once('=') else { continue };
            let (name, is_required) = match name.strip_prefix('!') {
                Some(name) => (name, true),
                None => (name, false),
            };
            match members.get(name) {
                Some(value) if !self.free.contains(&name) => self.fits(name, value, shape)?,
                // Unverified: the words.
                None if is_required && self.mode == Mode::Strict => {
                    return wrong(name, "is required");
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn in_range(name: &str, number: f64, range: &str) -> Result<(), StepFunctionsError> {
    let (least, most) = range.split_once(' ').unwrap_or(("-", "-"));
    let bound = |text: &str| text.parse::<f64>().ok();
    if bound(least).is_some_and(|least| number < least) {
        return wrong(name, "is less than the minimum value");
    }
    if bound(most).is_some_and(|most| number > most) {
        return wrong(name, "exceeds the maximum value");
    }
    Ok(())
}

fn wrong(name: &str, what: &str) -> Result<(), StepFunctionsError> {
    Err(StepFunctionsError::Validation(format!(
        "Mock result schema validation error: Field '{name}' {what}"
    )))
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

#[cfg(test)]
mod tests {
    use super::{Mode, check};
    use crate::services::stepfunctions::error::StepFunctionsError;

    fn said(resource: &str, result: &str, mode: Mode) -> Option<String> {
        let definition =
            format!(r#"{{"Type":"Task","Resource":"arn:aws:states:::{resource}","End":true}}"#);
        match check(&definition, None, result, mode) {
            Ok(()) => None,
            Err(StepFunctionsError::Validation(text)) => {
                text.strip_prefix("Mock result schema validation error: ").map(str::to_owned)
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_is_there_must_fit() {
        let check = |resource: &str, result: &str, wanted: &str| {
            let said = said(resource, result, Mode::Present);
            assert_eq!(said.as_deref().unwrap_or_default(), wanted, "{resource} {result}");
        };
        let function = "aws-sdk:lambda:getFunction";
        check(function, r#"{"Configuration":{"MemorySize":128}}"#, "");
        let less = "Field 'MemorySize' is less than the minimum value";
        check(function, r#"{"Configuration":{"MemorySize":127}}"#, less);
        let more = "Field 'MemorySize' exceeds the maximum value";
        check(function, r#"{"Configuration":{"MemorySize":99999}}"#, more);
        let unexpected = "Field 'Architectures' is not an expected value";
        check(function, r#"{"Configuration":{"Architectures":["arm64","z80"]}}"#, unexpected);
        check(function, r#"{"Tags":{"a":1}}"#, "Field 'Tags' must be a string");
        check(function, r#"{"Tags":[]}"#, "Field 'Tags' must be an object");
        check(function, r#"{"Unknown":1,"Tags":null}"#, "");
        check("lambda:invoke", r#"{"Payload":{"a":1},"StatusCode":200}"#, "");
        check("aws-sdk:lambda:invoke", r#"{"Payload":{}}"#, "Field 'Payload' must be a string");
        check(
            "aws-sdk:sfn:startExecution",
            r#"{"ExecutionArn":1}"#,
            "Field 'ExecutionArn' must be a string",
        );
        check("dynamodb:getItem", r#"{"Item":{"a":{"N":1}}}"#, "Field 'N' must be a string");
        check("dynamodb:getItem", r#"{"Item":{"a":{"BOOL":1}}}"#, "Field 'BOOL' must be a boolean");
        check(
            "aws-sdk:s3:getObject",
            r#"{"StorageClass":"Papyrus"}"#,
            "Field 'StorageClass' is not an expected value",
        );
        check("events:putEvents", r#"{"Entries":1}"#, "Field 'Entries' must be an array");
        check("events:putEvents", "[]", "Field 'Result' must be an object");
        check("sqs:sendMessage.waitForTaskToken", r#"{"MessageId":1}"#, "");
        check("aws-sdk:ec2:describeInstances", r#"{"Reservations":1}"#, "");
        check("aws-sdk:sqs:noSuchThing", "1", "");
    }

    #[test]
    fn only_strictly_what_is_required_must_be_there() {
        let start = "states:startExecution";
        assert_eq!(said(start, "{}", Mode::Present), None);
        let missing = said(start, "{}", Mode::Strict);
        assert_eq!(missing.as_deref(), Some("Field 'ExecutionArn' is required"));
        let whole = r#"{"ExecutionArn":"a","StartDate":"2026-01-01T00:00:00Z"}"#;
        assert_eq!(said(start, whole, Mode::Strict), None);
        assert_eq!(said("events:putEvents", "{}", Mode::Strict), None);
    }
}
