//! ListQueues: the URLs of queues, by prefix, in pages.
//!
//! Limits: 1 to 1,000 a page; without `MaxResults` the first 1,000 and no token.
//! Errors: `InvalidParameterValue`.
//! Source: API reference "ListQueues".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::state::Sqs;
use crate::services::sqs::url;

const PAGE_MAX: usize = 1000;

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
    let page = match request.max_results {
        None => PAGE_MAX,
        Some(page) => usize::try_from(page)
            .ok()
            .filter(|page| (1..=PAGE_MAX).contains(page))
            .ok_or_else(|| SqsError::value(page, "MaxResults", "Must be between 1 and 1000."))?,
    };
    let prefix = request.queue_name_prefix.unwrap_or_default();
    let after = request.next_token.unwrap_or_default();
    let mut names = sqs
        .queues
        .keys()
        .filter(|name| name.starts_with(&*prefix) && (after.is_empty() || ***name > *after));
    let shown: Vec<_> = names.by_ref().take(page).collect();
    let more = names.next().is_some() && request.max_results.is_some();
    let next_token = shown.last().filter(|_| more).map(|name| name.to_string());
    let urls: Vec<String> = shown.into_iter().map(|name| url(ctx, name)).collect();
    Ok(Response { queue_urls: (!urls.is_empty()).then_some(urls), next_token })
}
