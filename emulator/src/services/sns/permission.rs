//! Whether whoever calls may do what it asks of a topic, and what a policy may be added.

use super::error::SnsError;
use super::policy_text::default_policy;
use super::subscription::Subscription;
use super::topic::Topic;
use crate::kernel::{Account, Context, PolicyMode};
use crate::services::shared::policy::{Decision, Policy, PolicyRequest, let_through};

/// The topic's own account may do what no statement denies, another only what one allows.
///
/// # Errors
/// `AuthorizationError`, with the statement that is missing or denies. Where policies only warn,
/// the call passes; the reason is logged and kept in the lineage.
pub(super) fn check_caller(ctx: &mut Context<'_>, topic: &Topic) -> Result<(), SnsError> {
    let foreign = ctx.is_foreign();
    let denies = || topic.attributes.policy.as_ref().is_some_and(Policy::denies);
    if !foreign && !denies() {
        return Ok(());
    }
    let Some(caller) = ctx.caller() else { return Ok(()) };
    let (principal, resource) = (caller.principal_name(), topic.arn.as_str());
    let action = ctx.action();
    let request = PolicyRequest {
        principal: &principal,
        session: caller.session.as_deref(),
        action,
        resource,
        source_arn: None,
        source_account: None,
        source_owner: Some(&caller.scope.account.0),
        own_keys: &[],
        now: ctx.now(),
    };
    let decision = policy(topic).evaluate(&request);
    let reason = match decision {
        Decision::Denied { reason, explicit } if explicit || foreign => reason,
        _ => return Ok(()),
    };
    let action = action.replacen("sns:", "SNS:", 1);
    if ctx.settings().policies == PolicyMode::Enforce {
        let (principal, resource) = (principal.into_owned(), resource.to_owned());
        return Err(SnsError::Unauthorized { principal, action, resource, reason });
    }
    let denial = format!("{principal} may not {action} {resource}: {reason}");
    let cause = ctx.cause();
    let_through(ctx, "done", (cause, &topic.lineage), denial);
    Ok(())
}

/// Only who owns a subscription and who owns its topic may see, change and end it. Links in
/// messages, which nobody signs, are no business of this.
///
/// # Errors
/// `AuthorizationError`, unless policies only warn.
pub(super) fn check_subscriber(ctx: &Context<'_>, it: &Subscription) -> Result<(), SnsError> {
    let Some(caller) = ctx.caller() else { return Ok(()) };
    let account = &*caller.scope.account.0;
    let is_owner = account == it.owner || account == ctx.account();
    if is_owner || ctx.settings().policies == PolicyMode::Warn {
        return Ok(());
    }
    let action = ctx.action().replacen("sns:", "SNS:", 1);
    Err(SnsError::unauthorized(&caller.principal_name(), action, it.arn.clone()))
}

/// Longest policy in bytes.
///
/// Source: "Amazon SNS endpoints and quotas".
const POLICY_BYTES_MAX: usize = 30_720;
const LABEL_CHARACTERS_MAX: usize = 80;

/// What may be granted.
///
/// Source: developer guide "Actions, resources, and condition keys for Amazon SNS".
const ACTIONS: [&str; 10] = [
    "AddPermission",
    "DeleteTopic",
    "GetDataProtectionPolicy",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "Publish",
    "Receive",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
];

/// The label of a statement, which becomes its `Sid`.
pub(super) fn label(label: Option<String>) -> Result<String, SnsError> {
    let label = label.filter(|label| !label.is_empty());
    let label = label.ok_or_else(|| SnsError::missing("Label"))?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let good = label.len() <= LABEL_CHARACTERS_MAX && label.chars().all(allowed);
    if good { Ok(label) } else { Err(SnsError::parameter("Label")) }
}

/// The accounts that are allowed something.
// Differs from AWS: any twelve digits are an account.
pub(super) fn accounts(accounts: Option<Vec<String>>) -> Result<Vec<String>, SnsError> {
    let accounts = accounts.filter(|accounts| !accounts.is_empty());
    let accounts = accounts.ok_or_else(|| SnsError::missing("AWSAccountId"))?;
    let good = accounts.iter().all(|id| Account::is_number(id));
    if good { Ok(accounts) } else { Err(SnsError::parameter("AWSAccountId")) }
}

/// The actions as a policy names them: `SNS:Publish`.
pub(super) fn actions(actions: Option<Vec<String>>) -> Result<Vec<String>, SnsError> {
    let actions = actions.filter(|actions| !actions.is_empty());
    let actions = actions.ok_or_else(|| SnsError::missing("ActionName"))?;
    match actions.iter().find(|action| !ACTIONS.contains(&action.as_str())) {
        Some(_) => Err(SnsError::parameter("Policy statement action out of service scope!")),
        None => Ok(actions.iter().map(|action| format!("SNS:{action}")).collect()),
    }
}

/// A policy may speak of what is granted on topics only.
///
/// Unverified: whether AWS takes patterns; here those of SNS are.
pub(super) fn check_actions(policy: &Policy) -> Result<(), SnsError> {
    let in_scope = |action: &str| match action.split_once(':') {
        None => action == "*",
        Some((service, name)) => {
            let known = ACTIONS.iter().any(|it| it.eq_ignore_ascii_case(name));
            service.eq_ignore_ascii_case("sns") && (known || name.contains(['*', '?']))
        }
    };
    match policy.actions().all(in_scope) {
        true => Ok(()),
        false => Err(SnsError::parameter("Policy statement action out of service scope!")),
    }
}

/// A topic's policy, the default one if it has none of its own.
pub(super) fn policy(topic: &Topic) -> Policy {
    let default = || Policy::parse(&default_policy(&topic.arn)).expect("it is a policy");
    topic.attributes.policy.clone().unwrap_or_else(default)
}

/// Sets a topic's policy.
pub(super) fn set(topic: &mut Topic, policy: Policy) -> Result<(), SnsError> {
    if policy.as_str().len() > POLICY_BYTES_MAX {
        return Err(SnsError::parameter("Policy too long"));
    }
    topic.attributes.set_policy(policy);
    Ok(())
}
