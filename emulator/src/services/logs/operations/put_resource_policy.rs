//! PutResourcePolicy: lets AWS's services, or others, write into groups.
//!
//! Limits: ten policies of the account; documents of 51,200 letters.
//! Errors: `InvalidParameterException`, `LimitExceededException`, `ResourceNotFoundException`,
//! `OperationAbortedException`.
//! Source: API reference "PutResourcePolicy"; recordings of 2026-02-06. Unverified: the texts.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, POLICY, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::resource_policy::{
    ACCOUNT, OF_ACCOUNT_MAX, RESOURCE, ResourcePolicy as Held,
};
use crate::services::logs::shapes::ResourcePolicy;
use crate::services::logs::state::Logs;
use crate::services::logs::state::of_identifier;
use crate::services::shared::policy::Policy;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub expected_revision_id: Option<String>,
    pub policy_document: Option<String>,
    pub policy_name: Option<String>,
    pub resource_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub resource_policy: Option<ResourcePolicy>,
    pub revision_id: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    POLICY.check(&mut check, "policyDocument", request.policy_document.as_deref());
    check.done()?;
    let text = given("policyDocument", request.policy_document)?;
    let document = Policy::parse(&text);
    let invalid = |error| LogsError::parameter(format!("Invalid policy document: {error}"));
    let document = document.map_err(invalid)?;
    let updated = ctx.now().millis();
    if let Some(resource) = request.resource_arn {
        let group = of_identifier(ctx, &resource)?;
        let arn = logs.group(group)?.arn.to_string();
        let old = logs.policies.of_resources.get(&arn);
        check_revision(old, request.expected_revision_id.as_deref())?;
        let revision = Some(ctx.ids().uuid().to_string());
        let policy = Held { document, updated, revision: revision.clone() };
        let described = policy.described(RESOURCE, &arn);
        logs.policies.of_resources.insert(arn, policy);
        return Ok(Response { resource_policy: Some(described), revision_id: revision });
    }
    let name = given("policyName", request.policy_name)?;
    let held = &mut logs.policies.of_account;
    if !held.contains_key(&name) && held.len() >= OF_ACCOUNT_MAX {
        return Err(LogsError::LimitExceeded);
    }
    let policy = Held { document, updated, revision: None };
    let described = policy.described(ACCOUNT, &name);
    held.insert(name, policy);
    Ok(Response { resource_policy: Some(described), revision_id: None })
}

/// Whether a policy is still the one that somebody saw.
///
/// # Errors
/// `InvalidParameterException`. Unverified: the text.
pub(super) fn check_revision(held: Option<&Held>, expected: Option<&str>) -> Result<(), LogsError> {
    let held = held.and_then(|policy| policy.revision.as_deref());
    match expected {
        Some(expected) if held != Some(expected) => {
            Err(LogsError::parameter("The expected revision id does not match the policy's."))
        }
        _ => Ok(()),
    }
}
