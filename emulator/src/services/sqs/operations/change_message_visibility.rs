//! ChangeMessageVisibility: hides a received message for longer, or shows it sooner.
//!
//! Limits: 0 to 43,200 seconds from now, and no more than 12 hours from the receive.
//! Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`, `InvalidParameterValue`,
//! `MissingParameter`.
//! Source: API reference "ChangeMessageVisibility"; recordings of 2024-04-30.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::state::Sqs;

const SECONDS_MAX: i32 = 43_200;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_url: Option<String>,
    pub receipt_handle: Option<String>,
    pub visibility_timeout: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
    let missing = |name: &str| SqsError::MissingParameter(name.to_owned());
    let handle = request.receipt_handle.ok_or_else(|| missing("ReceiptHandle"))?;
    let seconds = request.visibility_timeout.ok_or_else(|| missing("VisibilityTimeout"))?;
    let reason = "Must be between 0 and 43200 inclusive";
    let timeout = u64::try_from(seconds)
        .ok()
        .filter(|_| seconds <= SECONDS_MAX)
        .ok_or_else(|| SqsError::value(seconds, "VisibilityTimeout", reason))?;
    queue.change_visibility(ctx, &handle, Duration::from_secs(timeout))?;
    let name = queue.name.clone();
    sqs.wake(ctx, &name);
    Ok(Response {})
}
