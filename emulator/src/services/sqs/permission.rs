//! What a statement in a queue's policy may grant, and how large the policy may become.
//!
//! Source: API reference "AddPermission"; developer guide "Amazon SQS policy quotas" and
//! "Limitations of Amazon SQS custom policies".
//! Unverified: the reason given for actions of the owner, and the message about statements.

use super::error::SqsError;
use crate::services::shared::policy::Policy;

const ACTIONS_MAX: usize = 7;
const STATEMENTS_MAX: usize = 20;
const POLICY_BYTES_MAX: usize = 8192;

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
        return over("Submitted policy is over max allowed size.".to_owned());
    }
    Ok(())
}
