//! PutPermission: lets another account put events on a bus, or replaces the bus's whole policy.
//!
//! Limits: policies of 10,240 characters.
//! Errors: `ResourceNotFoundException`, `PolicyLengthExceededException`, `ValidationException`.
//! Source: API reference "PutPermission"; recordings of 2024-06-19.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::bus::Bus;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;
use crate::services::shared::policy::{Policy, PolicyError};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub event_bus_name: Option<String>,
    pub action: Option<String>,
    pub principal: Option<String>,
    pub statement_id: Option<String>,
    pub condition: Option<Condition>,
    pub policy: Option<String>,
}

/// What must hold of the caller, such as the organisation that it belongs to.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Condition {
    #[serde(rename = "Type")]
    pub kind: Option<String>,
    pub key: Option<String>,
    pub value: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

const POLICY_CHARACTERS_MAX: usize = 10_240;

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    mut request: Request,
) -> Result<Response, EventsError> {
    let bus = events.bus(ctx, request.event_bus_name.as_deref())?;
    let text = match request.policy.take() {
        Some(text) => text,
        None => {
            let statement = statement(bus, request)?;
            let mut statements = statements(bus);
            statements.retain(|old| old["Sid"] != statement["Sid"]);
            statements.push(statement);
            document(&statements)
        }
    };
    if text.chars().count() > POLICY_CHARACTERS_MAX {
        return Err(EventsError::PolicyLengthExceeded);
    }
    // Unverified: the words, which are no reader's of JSON.
    let invalid = |error| {
        let told = match error {
            PolicyError::Json(_) => "it must be a JSON document".to_owned(),
            other => other.to_string(),
        };
        EventsError::Validation(format!("Parameter Policy is not valid. {told}"))
    };
    bus.policy = Some(Policy::parse(&text).map_err(invalid)?);
    Ok(Response {})
}

/// The statements of a bus's policy.
pub(super) fn statements(bus: &Bus) -> Vec<Value> {
    let text = bus.policy.as_ref().map_or("", Policy::as_str);
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    match &document["Statement"] {
        Value::Array(statements) => statements.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    }
}

/// A policy of these statements.
pub(super) fn document(statements: &[Value]) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

fn statement(bus: &Bus, request: Request) -> Result<Value, EventsError> {
    let action = constraint::required("action", request.action)?;
    let principal = constraint::required("principal", request.principal)?;
    let sid = constraint::required("statementId", request.statement_id)?;
    let principal = match principal.as_str() {
        "*" => json!("*"),
        account => json!({"AWS": bus.arn.scope.region.root_arn(account)}),
    };
    let mut statement = json!({
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": bus.arn.to_string(),
    });
    if let Some(condition) = request.condition {
        let kind = constraint::required("condition.type", condition.kind)?;
        let key = constraint::required("condition.key", condition.key)?;
        let value = constraint::required("condition.value", condition.value)?;
        statement["Condition"] = json!({kind: {key: value}});
    }
    Ok(statement)
}
