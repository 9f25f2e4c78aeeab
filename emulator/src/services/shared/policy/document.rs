//! A policy document: its statements as types, and how they are read from JSON.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::services::shared::json_text::levels;

/// Why a text is not a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    #[error("the policy is not valid JSON: {0}")]
    Json(String),
    #[error("{0} must be {1}")]
    Shape(&'static str, &'static str),
    #[error("a statement has no {0}")]
    Missing(&'static str),
    #[error("a statement has both {0} and Not{0}")]
    Both(&'static str),
}

/// A parsed policy document. The default has no statement and so allows nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Policy {
    pub(super) text: String,
    pub(super) statements: Vec<Statement>,
    /// Only policies of the newer version have variables.
    pub(super) has_variables: bool,
    /// Whether a statement denies something.
    pub(super) denies: bool,
}
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    pub(super) sid: Option<String>,
    pub(super) allows: bool,
    pub(super) principal: Match<Principals>,
    pub(super) action: Match<Vec<String>>,
    /// Absent in a policy that hangs on one resource: then it covers that resource.
    pub(super) resource: Option<Match<Vec<String>>>,
    pub(super) conditions: Vec<Condition>,
}

impl Statement {
    fn actions(&self) -> impl Iterator<Item = &str> {
        let (Match::Is(actions) | Match::IsNot(actions)) = &self.action;
        actions.iter().map(String::as_str)
    }
}

/// An element or its `Not` form.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Match<T> {
    Is(T),
    IsNot(T),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Principals {
    pub(super) everyone: bool,
    pub(super) services: Vec<String>,
    pub(super) accounts: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) operator: String,
    pub(super) key: String,
    pub(super) values: Vec<String>,
}

/// Levels of a statement. What AWS knows nests four deep; more would end at some reader of JSON,
/// which counts what lies around a statement too.
const STATEMENT_LEVELS_MAX: usize = 32;

impl Policy {
    /// Reads a policy document.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let document: Value =
            serde_json::from_str(text).map_err(|e| PolicyError::Json(e.to_string()))?;
        let document = document.as_object().ok_or(PolicyError::Shape("the policy", "an object"))?;
        let statements = match document.get("Statement") {
            Some(Value::Array(statements)) => statements.iter().map(statement).collect(),
            Some(one @ Value::Object(_)) => statement(one).map(|one| vec![one]),
            _ => Err(PolicyError::Shape("Statement", "a list of statements")),
        }?;
        let version = document.get("Version").and_then(Value::as_str);
        let has_variables = version == Some("2012-10-17");
        let denies = statements.iter().any(|statement| !statement.allows);
        Ok(Self { text: text.to_owned(), statements, has_variables, denies })
    }

    /// What its statements are about, or leave out.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().flat_map(Statement::actions)
    }

    /// The document as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl TryFrom<String> for Policy {
    type Error = PolicyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        Self::parse(&text)
    }
}

impl From<Policy> for String {
    fn from(policy: Policy) -> Self {
        policy.text
    }
}

fn statement(value: &Value) -> Result<Statement, PolicyError> {
    if levels(value) > STATEMENT_LEVELS_MAX {
        return Err(PolicyError::Shape("a statement", "nested in at most 32 levels"));
    }
    let value = value.as_object().ok_or(PolicyError::Shape("a statement", "an object"))?;
    let allows = match value.get("Effect").and_then(Value::as_str) {
        Some("Allow") => true,
        Some("Deny") => false,
        Some(_) => return Err(PolicyError::Shape("Effect", "Allow or Deny")),
        None => return Err(PolicyError::Missing("Effect")),
    };
    let sid = value.get("Sid").and_then(Value::as_str);
    Ok(Statement {
        sid: sid.filter(|sid| !sid.is_empty()).map(str::to_owned),
        allows,
        principal: either(value, "Principal", "NotPrincipal", principals)?
            .ok_or(PolicyError::Missing("Principal"))?,
        action: either(value, "Action", "NotAction", |v| strings("Action", v))?
            .ok_or(PolicyError::Missing("Action"))?,
        resource: either(value, "Resource", "NotResource", |v| strings("Resource", v))?,
        conditions: value.get("Condition").map_or(Ok(Vec::new()), conditions)?,
    })
}

fn either<T>(
    statement: &Map<String, Value>,
    name: &'static str,
    not_name: &'static str,
    read: impl Fn(&Value) -> Result<T, PolicyError>,
) -> Result<Option<Match<T>>, PolicyError> {
    match (statement.get(name), statement.get(not_name)) {
        (Some(_), Some(_)) => Err(PolicyError::Both(name)),
        (Some(value), None) => read(value).map(|value| Some(Match::Is(value))),
        (None, Some(value)) => read(value).map(|value| Some(Match::IsNot(value))),
        (None, None) => Ok(None),
    }
}

fn principals(value: &Value) -> Result<Principals, PolicyError> {
    let mut principals = Principals::default();
    match value {
        Value::String(all) if all == "*" => principals.everyone = true,
        Value::Object(kinds) => {
            for (kind, value) in kinds {
                let named = strings("Principal", value)?;
                match kind.as_str() {
                    "AWS" => {
                        principals.everyone |= named.iter().any(|n| n == "*");
                        principals.accounts.extend(named);
                    }
                    "Service" => principals.services.extend(named),
                    // Federated and canonical users never call from inside the emulator.
                    "Federated" | "CanonicalUser" => {}
                    _ => {
                        let kinds = "made of AWS, Service, Federated or CanonicalUser";
                        return Err(PolicyError::Shape("Principal", kinds));
                    }
                }
            }
        }
        _ => return Err(PolicyError::Shape("Principal", "\"*\" or an object")),
    }
    Ok(principals)
}

fn conditions(value: &Value) -> Result<Vec<Condition>, PolicyError> {
    let shape = PolicyError::Shape("Condition", "an object of operators and keys");
    let mut conditions = Vec::new();
    for (operator, keys) in value.as_object().ok_or(shape.clone())? {
        for (key, values) in keys.as_object().ok_or(shape.clone())? {
            conditions.push(Condition {
                operator: operator.clone(),
                key: key.clone(),
                values: strings("Condition", values)?,
            });
        }
    }
    Ok(conditions)
}

/// One value or a list of them; booleans and numbers count as their text.
fn strings(name: &'static str, value: &Value) -> Result<Vec<String>, PolicyError> {
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => Err(PolicyError::Shape(name, "a string or a list of strings")),
    };
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        one => text(one).map(|one| vec![one]),
    }
}
