//! The policies that a session is given. They are checked; no permission follows from them here.

use serde_json::{Map, Value};

use super::error::StsError;
use super::shapes::PolicyDescriptorType;
use crate::kernel::Context;

/// How many managed policies a session may have.
///
/// Source: API reference "AssumeRole", `PolicyArns`.
const POLICY_ARNS_MAX: usize = 10;

/// Checks the policies of a session, and reports that they have no effect.
///
/// # Errors
/// `MalformedPolicyDocument`; `ValidationError` for too many; what strict mode says. Unverified:
/// the texts.
pub(super) fn take(
    ctx: &mut Context<'_>,
    policy: Option<&str>,
    arns: &[PolicyDescriptorType],
) -> Result<(), StsError> {
    if arns.len() > POLICY_ARNS_MAX {
        let text = format!("Too many managed session policies: at most {POLICY_ARNS_MAX}");
        return Err(StsError::Validation(text));
    }
    policy.map_or(Ok(()), document)?;
    report(ctx, &[("Policy", policy.is_some()), ("PolicyArns", !arns.is_empty())])
}

/// Reports the members that were used and have no effect.
///
/// # Errors
/// In strict mode.
pub(super) fn report(ctx: &mut Context<'_>, members: &[(&str, bool)]) -> Result<(), StsError> {
    let used = members.iter().filter(|(_, used)| *used);
    used.map(|(member, _)| *member).try_for_each(|member| Ok(ctx.not_honoured(member)?))
}

fn document(text: &str) -> Result<(), StsError> {
    let malformed = StsError::MalformedPolicyDocument;
    let document: Value =
        serde_json::from_str(text).map_err(|_| malformed("This policy contains invalid Json"))?;
    let syntax = || malformed("Syntax errors in policy.");
    match document.get("Statement").ok_or_else(syntax)? {
        Value::Object(one) => statement(one),
        Value::Array(all) if !all.is_empty() => {
            all.iter().try_for_each(|one| statement(one.as_object().ok_or_else(syntax)?))
        }
        _ => Err(syntax()),
    }
}

fn statement(statement: &Map<String, Value>) -> Result<(), StsError> {
    let has = |name: &str| statement.contains_key(name);
    let either = |name: &str| has(name) != has(&format!("Not{name}"));
    if has("Principal") || has("NotPrincipal") {
        let text = "Policy document should not specify a principal.";
        return Err(StsError::MalformedPolicyDocument(text));
    }
    let effect = statement.get("Effect").and_then(Value::as_str);
    if matches!(effect, Some("Allow" | "Deny")) && either("Action") && either("Resource") {
        Ok(())
    } else {
        Err(StsError::MalformedPolicyDocument("Syntax errors in policy."))
    }
}
