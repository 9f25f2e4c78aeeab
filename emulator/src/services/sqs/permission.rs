//! What a statement in a queue's policy may grant, and how large the policy may become.
//!
//! Source: API reference "AddPermission"; developer guide "Amazon SQS policy quotas" and
//! "Limitations of Amazon SQS custom policies".
//! Unverified: the reason given for actions of the owner, and the message about statements.

use super::error::SqsError;
use super::queue::Queue;
use crate::kernel::{Context, PolicyMode};
use crate::services::shared::policy::{Decision, Policy, PolicyRequest, let_through};

const ACTIONS_MAX: usize = 7;
const STATEMENTS_MAX: usize = 20;
pub(super) const POLICY_BYTES_MAX: usize = 8192;

/// What may be granted. A batch operation is covered by the action of its single form.
const ACTIONS: [&str; 9] = [
    "*",
    "ChangeMessageVisibility",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "SendMessage",
];
/// What only the account of the queue may do.
const ACTIONS_OF_OWNER: [&str; 12] = [
    "AddPermission",
    "CancelMessageMoveTask",
    "CreateQueue",
    "DeleteQueue",
    "ListMessageMoveTasks",
    "ListQueueTags",
    "ListQueues",
    "RemovePermission",
    "SetQueueAttributes",
    "StartMessageMoveTask",
    "TagQueue",
    "UntagQueue",
];

/// The actions as a policy names them: `SQS:SendMessage`.
///
/// # Errors
/// `InvalidParameterValue` for actions that can't be granted, `OverLimit` for more than 7.
pub(super) fn check_actions(actions: &[String]) -> Result<Vec<String>, SqsError> {
    let refused = |action: &str, reason: &str| {
        Err(SqsError::value(format!("SQS:{action}"), "ActionName", reason))
    };
    for action in actions {
        if ACTIONS_OF_OWNER.contains(&action.as_str()) {
            return refused(action, "Only the queue owner is allowed to invoke this action.");
        }
        if !ACTIONS.contains(&action.as_str()) {
            let reason = "Please refer to the appropriate WSDL for a list of valid actions.";
            return refused(action, reason);
        }
    }
    if actions.len() > ACTIONS_MAX {
        return Err(SqsError::PolicyOverLimit(format!(
            "{} actions were found in a statement from the submitted policy, max allowed is \
             {ACTIONS_MAX}",
            actions.len()
        )));
    }
    Ok(actions.iter().map(|action| format!("SQS:{action}")).collect())
}

/// Whether whoever calls may do what it asks of `queue`. The queue's own account may do what no
/// statement denies, another only what one allows, and some things never.
///
/// # Errors
/// `AccessDenied`, with the statement that is missing or denies. Where policies only warn, the
/// call passes; the reason is logged and kept in the lineage.
pub(super) fn check_caller(ctx: &mut Context<'_>, queue: &Queue) -> Result<(), SqsError> {
    let foreign = ctx.is_foreign();
    let denies = || queue.attributes.policy.as_ref().is_some_and(Policy::denies);
    if !foreign && !denies() {
        return Ok(());
    }
    let Some(caller) = ctx.caller() else { return Ok(()) };
    let (principal, resource) = (caller.principal_name(), queue.arn.as_str());
    let action = ctx.action();
    let request = PolicyRequest {
        principal: &principal,
        session: caller.session.as_deref(),
        action,
        resource,
        source_arn: None,
        source_account: None,
        source_owner: None,
        own_keys: &[],
        now: ctx.now(),
    };
    let nothing_allowed = Policy::default();
    let policy = queue.attributes.policy.as_ref().unwrap_or(&nothing_allowed);
    let of_owner = ACTIONS_OF_OWNER.iter().any(|own| action.ends_with(&format!(":{own}")));
    let reason = match policy.evaluate(&request) {
        Decision::Denied { reason, explicit } if explicit || foreign => reason,
        _ if foreign && of_owner => "only the account of a queue may do this".to_owned(),
        _ => return Ok(()),
    };
    let action = action.to_ascii_lowercase();
    if ctx.settings().policies == PolicyMode::Enforce {
        let (principal, resource) = (principal.into_owned(), resource.to_owned());
        return Err(SqsError::AccessDenied { principal, action, resource, reason });
    }
    let denial = format!("{principal} may not {action} {resource}: {reason}");
    let cause = ctx.cause();
    let_through(ctx, "done", (cause, &queue.lineage), denial);
    Ok(())
}

/// Whether the policy is within AWS's quotas.
///
/// # Errors
/// `OverLimit` for more than 20 statements or 8,192 bytes.
pub(super) fn check_quotas(policy: &Policy) -> Result<(), SqsError> {
    let over = |reason: String| Err(SqsError::PolicyOverLimit(reason));
    let statements = policy.statement_count();
    if statements > STATEMENTS_MAX {
        return over(format!(
            "{statements} statements were found in the submitted policy, max allowed is \
             {STATEMENTS_MAX}"
        ));
    }
    if policy.as_str().len() > POLICY_BYTES_MAX {
        return Err(policy_too_long());
    }
    Ok(())
}

/// The refusal of a policy for its length.
pub(super) fn policy_too_long() -> SqsError {
    SqsError::PolicyOverLimit("Submitted policy is over max allowed size.".to_owned())
}
