//! Statements that are added to a policy and taken out again, one by one, under a `Sid`.
//!
//! Knows AWS's order of a policy's members, not which service asks. What else a document holds
//! stays as it is.

use serde_json::{Map, Value, json};

use super::document::Policy;

/// A statement that allows accounts some actions on one resource.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    pub sid: &'a str,
    /// Account ids of twelve digits; each stands for its `root`.
    pub accounts: &'a [String],
    /// With the service's prefix: `SQS:SendMessage`.
    pub actions: &'a [String],
    /// The ARN that may be acted on.
    pub resource: &'a str,
}

/// The members of a document and of a statement, in AWS's order.
const DOCUMENT: [&str; 3] = ["Version", "Id", "Statement"];
const STATEMENT: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

impl Policy {
    /// A policy that has no statement yet.
    pub fn empty(id: &str) -> Self {
        let document = json!({"Version": "2008-10-17", "Id": id, "Statement": []});
        Self::parse(&document.to_string()).expect("a document without statements is a policy")
    }

    /// Whether a statement has this `Sid`.
    pub fn has_statement(&self, sid: &str) -> bool {
        self.statements.iter().any(|statement| statement.sid.as_deref() == Some(sid))
    }

    /// How many statements there are.
    pub fn statement_count(&self) -> usize {
        self.statements.len()
    }

    /// The policy with `grant` as its last statement.
    pub fn with(&self, grant: &Grant<'_>) -> Self {
        self.rewritten(|statements| statements.push(grant.statement()))
    }

    /// The policy with a whole statement as its last one.
    ///
    /// # Panics
    /// When it is none.
    pub fn with_statement(&self, statement: Value) -> Self {
        self.rewritten(|statements| statements.push(statement))
    }

    /// The policy without the statements of this `Sid`.
    pub fn without(&self, sid: &str) -> Self {
        self.rewritten(|statements| statements.retain(|statement| statement["Sid"] != sid))
    }

    fn rewritten(&self, change: impl FnOnce(&mut Vec<Value>)) -> Self {
        // The default policy has no text at all.
        let mut document: Map<String, Value> = serde_json::from_str(&self.text).unwrap_or_default();
        let mut statements = match document.remove("Statement") {
            Some(Value::Array(statements)) => statements,
            Some(one) => vec![one],
            None => Vec::new(),
        };
        change(&mut statements);
        let statements: Vec<String> = statements.iter().map(statement_text).collect();
        let statements = format!("[{}]", statements.join(","));
        document.insert("Statement".to_owned(), Value::Null);
        let text = ordered(&document, &DOCUMENT, |name, value| match name {
            "Statement" => statements.clone(),
            _ => value.to_string(),
        });
        Self::parse(&text).expect("statements that were read before, and a grant, can be read")
    }
}

impl Grant<'_> {
    fn statement(&self) -> Value {
        let partition = self.resource.split(':').nth(1).unwrap_or("aws");
        let root = |account: &String| format!("arn:{partition}:iam::{account}:root");
        let roots = self.accounts.iter().map(root);
        json!({
            "Sid": self.sid,
            "Effect": "Allow",
            "Principal": {"AWS": one_or_list(roots.collect())},
            "Action": one_or_list(self.actions.to_vec()),
            "Resource": self.resource,
        })
    }
}

fn one_or_list(mut texts: Vec<String>) -> Value {
    if texts.len() == 1 { texts.remove(0).into() } else { texts.into() }
}

fn statement_text(statement: &Value) -> String {
    match statement {
        Value::Object(members) => ordered(members, &STATEMENT, |_, value| value.to_string()),
        other => other.to_string(),
    }
}

/// An object's text with the members of `order` first.
fn ordered(
    members: &Map<String, Value>,
    order: &[&str],
    text: impl Fn(&str, &Value) -> String,
) -> String {
    let known = order.iter().filter_map(|name| members.get_key_value(*name));
    let others = members.iter().filter(|(name, _)| !order.contains(&name.as_str()));
    let members = known.chain(others);
    let members: Vec<String> =
        members.map(|(name, value)| format!("{}:{}", json!(name), text(name, value))).collect();
    format!("{{{}}}", members.join(","))
}
