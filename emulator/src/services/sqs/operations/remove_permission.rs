//! RemovePermission: takes the statements of a label out of the queue's policy.
//!
//! Errors: `QueueDoesNotExist`, `MissingParameter`, `InvalidParameterValue` for unknown labels.
//! Source: API reference "RemovePermission"; recordings of 2024-04-30.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::state::Sqs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_url: Option<String>,
    pub label: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
    let label = request.label.filter(|label| !label.is_empty());
    let label = label.ok_or_else(|| SqsError::MissingParameter("Label".to_owned()))?;
    let policy = queue.attributes.policy.as_ref().filter(|policy| policy.has_statement(&label));
    let Some(policy) = policy else {
        return Err(SqsError::value(label, "Label", "can't find label."));
    };
    let left = policy.without(&label);
    queue.attributes.policy = (left.statement_count() > 0).then_some(left);
    queue.modified = ctx.now();
    Ok(Response {})
}
