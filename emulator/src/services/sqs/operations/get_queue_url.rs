//! GetQueueUrl: the URL of a queue by its name.
//!
//! Errors: `QueueDoesNotExist`, `MissingParameter`, `AccessDenied`.
//! Source: API reference "GetQueueUrl".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::permission;
use crate::services::sqs::state::Sqs;
use crate::services::sqs::url;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_name: Option<String>,
    #[serde(rename = "QueueOwnerAWSAccountId")]
    pub queue_owner_aws_account_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub queue_url: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let name = request.queue_name.filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| SqsError::MissingParameter("QueueName".to_owned()))?;
    if let Some(owner) = request.queue_owner_aws_account_id.filter(|it| it != ctx.account()) {
        ctx.belongs_to(&owner);
        return Err(SqsError::QueueDoesNotExist);
    }
    let queue = sqs.queues.get(&*name).ok_or(SqsError::QueueDoesNotExist)?;
    permission::check_caller(ctx, queue)?;
    Ok(Response { queue_url: Some(url(ctx, &name)) })
}
