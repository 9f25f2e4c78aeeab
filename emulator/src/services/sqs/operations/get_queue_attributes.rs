//! GetQueueAttributes: the attributes that were asked for; none when none were.
//!
//! Errors: `QueueDoesNotExist`, `InvalidAttributeName`.
//! Source: API reference "GetQueueAttributes"; recordings of 2024-04-30.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::queue::Queue;
use crate::services::sqs::state::Sqs;
use crate::wire::Gather as _;

/// Attributes that may be asked for although they are not always set.
const SOMETIMES: [&str; 8] = [
    "Policy",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "FifoQueue",
    "ContentBasedDeduplication",
    "DeduplicationScope",
];

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_url: Option<String>,
    pub attribute_names: Option<Vec<String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub attributes: Option<BTreeMap<String, String>>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
    let names = request.attribute_names.unwrap_or_default();
    let all = describe(queue);
    let known = |name: &str| {
        all.contains_key(name) || SOMETIMES.contains(&name) || name == "FifoThroughputLimit"
    };
    if let Some(unknown) = names.iter().find(|name| *name != "All" && !known(name)) {
        return Err(SqsError::InvalidAttributeName(unknown.clone()));
    }
    let wants_all = names.iter().any(|name| name == "All");
    let shown: BTreeMap<String, String> = all
        .into_iter()
        .filter(|(name, _)| wants_all || names.iter().any(|wanted| wanted == name))
        .map(|(name, value)| (name.to_owned(), value))
        .into_map();
    Ok(Response { attributes: (!shown.is_empty()).then_some(shown) })
}

fn describe(queue: &Queue) -> BTreeMap<&'static str, String> {
    let mut all = queue.attributes.describe();
    let [visible, in_flight, delayed] = queue.counts();
    all.extend([
        ("QueueArn", queue.arn.to_string()),
        ("CreatedTimestamp", queue.created.seconds().to_string()),
        ("LastModifiedTimestamp", queue.modified.seconds().to_string()),
        ("ApproximateNumberOfMessages", visible.to_string()),
        ("ApproximateNumberOfMessagesNotVisible", in_flight.to_string()),
        ("ApproximateNumberOfMessagesDelayed", delayed.to_string()),
    ]);
    all
}
