//! PurgeQueue: removes every message, those in flight included.
//!
//! Limits: once in 60 seconds. De-duplication ids stay remembered.
//! Errors: `QueueDoesNotExist`, `PurgeQueueInProgress`.
//! Source: API reference "PurgeQueue"; recordings of 2024-04-30.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::queue::PURGE_INTERVAL;
use crate::services::sqs::state::Sqs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_url: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
    let now = ctx.now();
    let too_early = queue.purged.is_some_and(|purged| now < purged + PURGE_INTERVAL);
    if too_early && !ctx.settings().relaxed {
        return Err(SqsError::PurgeQueueInProgress(queue.name.to_string()));
    }
    queue.purge(ctx);
    queue.purged = Some(now);
    Ok(Response {})
}
