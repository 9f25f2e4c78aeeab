//! ListQueues: the URLs of queues, by prefix, in pages.
//!
//! Limits: 1 to 1,000 a page; without `MaxResults` the first 1,000 and no token.
//! Errors: `InvalidParameterValue`.
//! Source: API reference "ListQueues".

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
    pub queue_name_prefix: Option<String>,
    /// The name after which the page begins; opaque to clients.
    pub next_token: Option<String>,
    pub max_results: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub queue_urls: Option<Vec<String>>,
    pub next_token: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let page = Page::new(ctx, request.max_results, request.next_token)?;
    let prefix = request.queue_name_prefix.unwrap_or_default();
    let names = sqs.queues.keys().filter(|name| name.starts_with(&*prefix));
    let (urls, next_token) = page.of(ctx, names);
    Ok(Response { queue_urls: (!urls.is_empty()).then_some(urls), next_token })
}
