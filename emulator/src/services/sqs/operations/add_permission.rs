//! AddPermission: lets other accounts call some actions, by one more statement in the policy.
//!
//! Limits: labels of 1 to 80 letters, digits, hyphens and underscores; 7 actions a statement, 20
//! statements and 8,192 bytes a policy.
//! Errors: `QueueDoesNotExist`, `MissingParameter`, `InvalidParameterValue`, `OverLimit`.
//! Source: API reference "AddPermission"; developer guide "Amazon SQS policy quotas"; recordings of
//! 2024-04-30.
//! Unverified: the reason given for a bad label, and what empty lists are called.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Account, Context};
use crate::services::shared::policy::{Grant, Policy};
use crate::services::sqs::error::SqsError;
use crate::services::sqs::permission;
use crate::services::sqs::state::Sqs;

const LABEL_CHARACTERS_MAX: usize = 80;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_url: Option<String>,
    pub label: Option<String>,
    #[serde(rename = "AWSAccountIds")]
    pub aws_account_ids: Option<Vec<String>>,
    pub actions: Option<Vec<String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
    let label = check_label(request.label)?;
    let accounts = check_accounts(request.aws_account_ids)?;
    let actions = check_actions(request.actions)?;
    let arn = queue.arn.to_string();
    let policy = match &queue.attributes.policy {
        Some(policy) => policy.clone(),
        None => Policy::empty(&format!("{arn}/SQSDefaultPolicy")),
    };
    if policy.has_statement(&label) {
        return Err(SqsError::value(label, "Label", "Already exists."));
    }
    let grant = Grant { sid: &label, accounts: &accounts, actions: &actions, resource: &arn };
    let policy = policy.with(&grant);
    permission::check_quotas(&policy)?;
    queue.attributes.policy = Some(policy);
    queue.modified = ctx.now();
    Ok(Response {})
}

fn check_label(label: Option<String>) -> Result<String, SqsError> {
    let label = label.filter(|label| !label.is_empty());
    let label = label.ok_or_else(|| SqsError::MissingParameter("Label".to_owned()))?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if label.len() > LABEL_CHARACTERS_MAX || !label.chars().all(allowed) {
        let reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 \
                      in length";
        return Err(SqsError::value(label, "Label", reason));
    }
    Ok(label)
}

fn check_accounts(accounts: Option<Vec<String>>) -> Result<Vec<String>, SqsError> {
    let accounts = accounts.filter(|accounts| !accounts.is_empty());
    let accounts =
        accounts.ok_or_else(|| SqsError::MissingParameter("AWSAccountIds".to_owned()))?;
    // Differs from AWS: any twelve digits are an account.
    match accounts.iter().find(|id| !Account::is_number(id)) {
        Some(id) => Err(SqsError::value(id, "PrincipalId", "Unable to verify principal.")),
        None => Ok(accounts),
    }
}

fn check_actions(actions: Option<Vec<String>>) -> Result<Vec<String>, SqsError> {
    let actions = actions.filter(|actions| !actions.is_empty());
    let actions = actions.ok_or_else(|| SqsError::MissingParameter("Actions".to_owned()))?;
    permission::check_actions(&actions)
}
