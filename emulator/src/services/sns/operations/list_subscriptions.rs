//! ListSubscriptions: all subscriptions of the account and region, in pages of 100.
//!
//! Errors: none.
//! Source: API reference "ListSubscriptions".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::error::SnsError;
use crate::services::sns::shapes::SubscriptionSummary;
use crate::services::sns::state::{PAGE, Sns};
use crate::services::sns::subscription::Subscription;

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
    pub subscriptions: Option<Vec<SubscriptionSummary>>,
    pub next_token: Option<String>,
}

pub fn run(_ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let all = sns.topics.values().flat_map(|topic| topic.subscriptions.values());
    Ok(page(all, request.next_token))
}

/// Where a subscription stands among all: by its topic's name, then by its id.
fn place(arn: &str) -> (&str, &str) {
    let mut parts = arn.rsplitn(3, ':');
    let id = parts.next().unwrap_or_default();
    (parts.next().unwrap_or_default(), id)
}

/// One page of subscriptions that come in the order of their places. The token is the ARN after
/// which it begins.
pub(in crate::services::sns) fn page<'s>(
    all: impl Iterator<Item = &'s Subscription>,
    token: Option<String>,
) -> Response {
    let after = token.unwrap_or_default();
    // By their place in the order, so that a page begins there also when the last one of the page
    // before it is gone.
    let mut rest = all.filter(|it| after.is_empty() || place(&it.arn) > place(&after));
    let shown: Vec<_> = rest.by_ref().take(PAGE).collect();
    let more = rest.next().is_some();
    let next_token = shown.last().filter(|_| more).map(|last| last.arn.clone());
    let subscriptions = shown.into_iter().map(|subscription| SubscriptionSummary {
        subscription_arn: Some(subscription.arn.clone()),
        owner: Some(subscription.owner.clone()),
        protocol: Some(subscription.protocol.clone()),
        endpoint: Some(subscription.endpoint.to_string()),
        topic_arn: Some(subscription.topic_arn.clone()),
    });
    Response { subscriptions: Some(subscriptions.collect()), next_token }
}
