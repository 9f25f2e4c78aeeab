//! ListDeadLetterSourceQueues: the queues whose redrive policy names this queue, in pages.
//!
//! Limits: 1 to 1,000 a page; without `MaxResults` the first 1,000 and no token.
//! Errors: `QueueDoesNotExist`, `InvalidParameterValue`.
//! Source: API reference "ListDeadLetterSourceQueues".
//! Unverified: the list is present when it is empty, as the model requires it.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::paging::Page;
use crate::services::sqs::state::Sqs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_url: Option<String>,
    /// The name after which the page begins; opaque to clients.
    pub next_token: Option<String>,
    pub max_results: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    /// AWS begins this one member with a small letter.
    #[serde(rename = "queueUrls")]
    pub queue_urls: Option<Vec<String>>,
    pub next_token: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let arn = sqs.by_url(ctx, request.queue_url.as_deref())?.arn.clone();
    let page = Page::new(ctx, request.max_results, request.next_token)?;
    let (urls, next_token) = page.of(ctx, sqs.sources_of(&arn));
    Ok(Response { queue_urls: Some(urls), next_token })
}
