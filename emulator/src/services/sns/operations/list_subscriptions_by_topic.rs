//! ListSubscriptionsByTopic: a topic's subscriptions, in pages of 100.
//!
//! Errors: `InvalidParameter`, `NotFound`.
//! Source: API reference "ListSubscriptionsByTopic"; recordings of 2023-08-24.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::error::SnsError;
use crate::services::sns::operations::list_subscriptions;
use crate::services::sns::shapes::SubscriptionSummary;
use crate::services::sns::state::Sns;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub topic_arn: Option<String>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub subscriptions: Option<Vec<SubscriptionSummary>>,
    pub next_token: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let topic = sns.topic(ctx, "TopicArn", request.topic_arn.as_deref())?;
    let page = list_subscriptions::page(ctx, std::iter::once(&*topic), request.next_token)?;
    Ok(Response { subscriptions: page.subscriptions, next_token: page.next_token })
}
