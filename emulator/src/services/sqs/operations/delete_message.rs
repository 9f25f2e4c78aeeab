//! DeleteMessage: removes a received message for good.
//!
//! Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`, `MissingParameter`.
//! Source: API reference "DeleteMessage".

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
    pub receipt_handle: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
    let handle = request.receipt_handle;
    let handle = handle.ok_or_else(|| SqsError::MissingParameter("ReceiptHandle".to_owned()))?;
    queue.delete(ctx, &handle)?;
    let name = queue.name.clone();
    // A FIFO group may be free now.
    sqs.wake(ctx, &name);
    Ok(Response {})
}
