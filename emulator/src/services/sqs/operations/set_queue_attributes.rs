//! SetQueueAttributes: changes some attributes; all or none of them.
//!
//! Errors: `QueueDoesNotExist`, `InvalidAttributeName`, `InvalidAttributeValue`,
//! `InvalidParameterValue`, `MissingParameter`.
//! Source: API reference "SetQueueAttributes"; recordings of 2024-04-30.

use std::collections::BTreeMap;

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
    pub attributes: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let given = request
        .attributes
        .ok_or_else(|| SqsError::MissingParameter("Attribute.Name".to_owned()))?;
    let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
    let (name, mut attributes) = (queue.name.clone(), queue.attributes.clone());
    attributes.set(&given)?;
    if given.contains_key("RedrivePolicy") {
        sqs.check_redrive(ctx, &name, &attributes)?;
    }
    let queue = sqs.by_name(ctx, &name)?;
    queue.set_attributes(ctx, attributes);
    if given.contains_key("DelaySeconds") {
        queue.delay_anew(ctx.now());
    }
    // A shorter retention period may end messages at once.
    queue.settle(ctx);
    Ok(Response {})
}
