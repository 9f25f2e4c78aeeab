//! CreateQueue: makes a queue, or finds the one of the same name and attributes.
//!
//! Limits: names of 1 to 80 letters, digits, `-` and `_`; FIFO names end in `.fifo`.
//! Errors: `QueueNameExists`, `QueueDeletedRecently`, `InvalidAttributeName`,
//! `InvalidAttributeValue`, `InvalidParameterValue`, `MissingParameter`.
//! Source: API reference "CreateQueue"; recordings of 2024-04-30.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::attributes::{QueueAttributes, is_true};
use crate::services::sqs::error::SqsError;
use crate::services::sqs::queue::Queue;
use crate::services::sqs::state::Sqs;
use crate::services::sqs::tagging;
use crate::services::sqs::url;

/// Longest queue name in characters, `.fifo` included.
const NAME_CHARACTERS_MAX: usize = 80;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_name: Option<String>,
    pub attributes: Option<BTreeMap<String, String>>,
    #[serde(rename = "tags")]
    pub tags: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub queue_url: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let name = request.queue_name.unwrap_or_default();
    let given = request.attributes.unwrap_or_default();
    let fifo = check_name(&name, given.get("FifoQueue").is_some_and(|value| is_true(value)))?;
    let mut attributes = QueueAttributes::new(fifo);
    attributes.set(&given)?;
    let queue_url = Some(url(ctx, &name));
    if let Some(existing) = sqs.queues.get(&*name) {
        let (new, old) = (attributes.describe(), existing.attributes.describe());
        let differs = |name: &&String| new.get(name.as_str()) != old.get(name.as_str());
        return match given.keys().find(differs) {
            Some(name) => Err(SqsError::QueueNameExists(name.clone())),
            None => Ok(Response { queue_url }),
        };
    }
    sqs.check_recreation(ctx, &name)?;
    sqs.check_redrive(ctx, &name, &attributes)?;
    let tags = tagging::merged(&name, &BTreeMap::new(), request.tags.unwrap_or_default())?;
    let name: Arc<str> = name.into();
    let queue = Queue::new(ctx, Arc::clone(&name), attributes, tags);
    sqs.queues.insert(name, queue);
    Ok(Response { queue_url })
}

/// Checks the name; returns whether the queue is FIFO.
fn check_name(name: &str, fifo_attribute: bool) -> Result<bool, SqsError> {
    if name.is_empty() {
        return Err(SqsError::MissingParameter("QueueName".to_owned()));
    }
    let fifo_name = name.ends_with(".fifo");
    let stem = name.strip_suffix(".fifo").unwrap_or(name);
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let wrong = stem.is_empty()
        || name.len() > NAME_CHARACTERS_MAX
        || !stem.chars().all(allowed)
        || (fifo_name && !fifo_attribute);
    if wrong {
        return Err(SqsError::InvalidParameterValue(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
                .to_owned(),
        ));
    }
    if !fifo_name && fifo_attribute {
        return Err(SqsError::InvalidParameterValue(
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or \
             underscores, must end with .fifo suffix and be 1 to 80 in length."
                .to_owned(),
        ));
    }
    Ok(fifo_name)
}
