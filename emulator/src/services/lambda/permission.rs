//! Who may do what with a function or a layer: resource policies.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::address::LATEST;
use super::error::LambdaError;
use super::function::Function;
use super::version::{check_revision, revision};
use crate::kernel::{Account, Context, PolicyMode};
use crate::services::shared::constraint::Constraints;
use crate::services::shared::policy::{Decision, Policy, PolicyRequest, let_through};

/// A policy and its revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ResourcePolicy {
    pub(super) policy: Policy,
    pub(super) revision: Arc<str>,
}

impl Function {
    /// The policy that counts for a request that names `qualifier`.
    ///
    /// Source: developer guide "Viewing resource-based IAM policies in Lambda": that of a version
    /// or an alias counts for it alone.
    pub(super) fn policy(&self, qualifier: Option<&str>) -> Option<&Policy> {
        self.policies.get(qualifier.unwrap_or(LATEST)).map(|it| &it.policy)
    }
}

/// A caller of the function's own account may do everything, another what the policy allows.
///
/// # Errors
/// `AccessDeniedException`, with the statement that is missing. Where policies only warn, the call
/// passes; the reason is logged and kept in the lineage.
pub(super) fn check_caller(
    ctx: &mut Context<'_>,
    function: &Function,
    qualifier: Option<&str>,
) -> Result<(), LambdaError> {
    let Some(caller) = ctx.caller().filter(|_| ctx.is_foreign()) else { return Ok(()) };
    let resource = function.qualified(qualifier);
    let principal = caller.principal_name();
    // The action that permits `Invoke` is in its row.
    let action = ctx.action().to_owned();
    let request = PolicyRequest {
        principal: &principal,
        session: caller.session.as_deref(),
        action: &action,
        resource: resource.as_str(),
        source_arn: None,
        source_account: None,
        source_owner: None,
        own_keys: &[],
        now: ctx.now(),
    };
    let policy = function.policy(qualifier).cloned().unwrap_or_default();
    let Decision::Denied { reason, .. } = policy.evaluate(&request) else { return Ok(()) };
    if ctx.settings().policies == PolicyMode::Enforce {
        let (principal, resource) = (principal.into_owned(), resource.to_string());
        return Err(LambdaError::AccessDenied { principal, action, resource, reason });
    }
    let denial = format!("{principal} may not {action} {resource}: {reason}");
    let (cause, at) = (ctx.cause(), ctx.name(resource.as_str()));
    let_through(ctx, "done", (cause, &at), denial);
    Ok(())
}

/// Longest policy in bytes.
///
/// Source: "Lambda quotas".
const POLICY_BYTES_MAX: usize = 20_480;
const SID: &str = "([a-zA-Z0-9-_]+)";
const SID_CHARACTERS: (usize, usize) = (1, 100);
const ACTION: &str = "(lambda:[*]|lambda:[a-zA-Z]+|[*])";

/// A statement that is added to a policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Statement {
    pub(super) sid: String,
    pub(super) principal: String,
    pub(super) action: String,
    /// An operator, a key, a value.
    pub(super) conditions: Vec<(&'static str, &'static str, Value)>,
}

impl Statement {
    /// As AWS writes it.
    ///
    /// # Errors
    /// `InvalidParameterValueException` for a principal that is none.
    fn written(&self, resource: &str) -> Result<Value, LambdaError> {
        let principal = principal(&self.principal, resource)?;
        let mut statement = json!({
            "Sid": self.sid,
            "Effect": "Allow",
            "Principal": principal,
            "Action": self.action,
            "Resource": resource,
        });
        let mut conditions = Map::new();
        for (operator, key, value) in &self.conditions {
            conditions.entry(*operator).or_insert_with(|| json!({}))[*key] = value.clone();
        }
        if !conditions.is_empty() {
            statement["Condition"] = conditions.into();
        }
        Ok(statement)
    }
}

/// # Errors
/// `InvalidParameterValueException`.
fn principal(text: &str, resource: &str) -> Result<Value, LambdaError> {
    let partition = resource.split(':').nth(1).unwrap_or("aws");
    let is_service = |it: &str| {
        it.ends_with(".amazonaws.com")
            || it.ends_with(".amazonaws.com.cn")
            || it.ends_with(".internal")
    };
    match text {
        "*" => Ok(json!("*")),
        text if Account::is_number(text) => {
            Ok(json!({"AWS": format!("arn:{partition}:iam::{text}:root")}))
        }
        text if text.starts_with("arn:") && text.split(':').count() >= 6 => {
            Ok(json!({"AWS": text}))
        }
        text if is_service(text) => Ok(json!({"Service": text})),
        _ => Err(LambdaError::parameter(
            "The provided principal was invalid. Please check the principal and try again.",
        )),
    }
}

impl ResourcePolicy {
    /// Adds a statement to the policy of `resource`, if there is one; says the policy and the
    /// statement's text.
    ///
    /// # Errors
    /// `ResourceConflictException`, `PreconditionFailedException`, `PolicyLengthExceededException`,
    /// `InvalidParameterValueException`.
    pub(super) fn with(
        ctx: &mut Context<'_>,
        old: Option<&Self>,
        (resource, statement): (&str, &Statement),
        (expected, told): (Option<&str>, &'static str),
    ) -> Result<(Self, String), LambdaError> {
        check_revision(expected, old.map(|it| &*it.revision), told)?;
        let sid = &statement.sid;
        if old.is_some_and(|it| it.policy.has_statement(sid)) {
            return Err(LambdaError::Conflict(format!(
                "The statement id ({sid}) provided already exists. Please provide a new statement \
                 id, or remove the existing statement."
            )));
        }
        let statement = statement.written(resource)?;
        let text = statement.to_string();
        let empty = || {
            let document = json!({"Version": "2012-10-17", "Id": "default", "Statement": []});
            Policy::parse(&document.to_string()).expect("a document without statements is a policy")
        };
        let policy = old.map_or_else(empty, |it| it.policy.clone()).with_statement(statement);
        let length = policy.as_str().len();
        if length > POLICY_BYTES_MAX {
            return Err(LambdaError::PolicyLength(length));
        }
        Ok((Self { policy, revision: revision(ctx) }, text))
    }

    /// Takes a statement out; nothing is left when it was the last one.
    ///
    /// # Errors
    /// `ResourceNotFoundException`, `PreconditionFailedException`.
    pub(super) fn without(
        ctx: &mut Context<'_>,
        old: Option<&Self>,
        sid: &str,
        (expected, told): (Option<&str>, &'static str),
    ) -> Result<Option<Self>, LambdaError> {
        let Some(old) = old else { return Err(no_policy()) };
        check_revision(expected, Some(&old.revision), told)?;
        if !old.policy.has_statement(sid) {
            return Err(LambdaError::NotFound(format!(
                "Statement {sid} is not found in resource policy."
            )));
        }
        let policy = old.policy.without(sid);
        let is_left = policy.statement_count() > 0;
        Ok(is_left.then(|| Self { policy, revision: revision(ctx) }))
    }
}

pub(super) fn no_policy() -> LambdaError {
    LambdaError::NotFound("No policy is associated with the given resource.".to_owned())
}

/// What a look-up of anything says that is not there.
pub(super) fn no_resource() -> LambdaError {
    LambdaError::NotFound("The resource you requested does not exist.".to_owned())
}

impl Constraints {
    /// The parts of a statement.
    pub(in crate::services::lambda) fn statement(
        &mut self,
        sid: Option<&str>,
        action: Option<&str>,
    ) {
        self.required("statementId", sid.as_ref());
        self.length("statementId", sid, SID_CHARACTERS);
        let is_word = |it: &str| it.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        if let Some(sid) = sid.filter(|it| !is_word(it)) {
            self.not_of_pattern("statementId", sid, SID);
        }
        let is_action = |it: &str| {
            let name = it.strip_prefix("lambda:").unwrap_or(if it == "*" { "*" } else { "" });
            name == "*" || (!name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic()))
        };
        if let Some(action) = action.filter(|it| !is_action(it)) {
            self.not_of_pattern("action", action, ACTION);
        }
    }
}

impl Function {
    /// Where the policy of a qualifier is kept.
    ///
    /// # Errors
    /// `ResourceNotFoundException`; `InvalidParameterValueException` for `$LATEST` by its name.
    pub(super) fn policy_key(&self, qualifier: Option<&str>) -> Result<String, LambdaError> {
        match qualifier {
            None => Ok(LATEST.to_owned()),
            Some(LATEST) => Err(LambdaError::parameter(
                "We currently do not support adding policies for $LATEST.",
            )),
            Some(it) if self.has(it) => Ok(it.to_owned()),
            Some(it) => {
                let arn = self.qualified(Some(it));
                Err(LambdaError::FunctionNotFound(arn.to_string()))
            }
        }
    }
}
