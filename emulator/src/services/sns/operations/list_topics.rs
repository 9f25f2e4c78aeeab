//! ListTopics: the ARNs of topics, in pages of 100.
//!
//! Errors: `InvalidParameter`.
//! Source: API reference "ListTopics".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::error::SnsError;
use crate::services::sns::paging::page;
use crate::services::sns::state::Sns;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub topics: Option<Vec<TopicSummary>>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TopicSummary {
    pub topic_arn: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let (page, next_token) = page(ctx, sns.topics.iter(), request.next_token)?;
    let topics =
        page.iter().map(|(_, topic)| TopicSummary { topic_arn: Some(topic.arn.to_string()) });
    Ok(Response { topics: Some(topics.collect()), next_token })
}
