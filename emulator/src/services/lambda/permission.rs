//! Who may do what with a function or a layer: resource policies.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::address::LATEST;
use super::error::LambdaError;
use super::function::Function;
use crate::kernel::{Context, PolicyMode};
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
