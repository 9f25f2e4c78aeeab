//! DeleteQueue: removes a queue with everything in it; receives that wait there fail.
//!
//! Errors: `QueueDoesNotExist`.
//! Source: API reference "DeleteQueue".

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
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let name = sqs.by_url(ctx, request.queue_url.as_deref())?.name.clone();
    sqs.remove(ctx, &name);
    Ok(Response {})
}
