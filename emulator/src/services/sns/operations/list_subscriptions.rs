//! ListSubscriptions: all subscriptions of the topics of the account and region, in pages of 100.
//!
//! Errors: `InvalidParameter`.
//! Source: API reference "ListSubscriptions".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::error::SnsError;
use crate::services::sns::paging;
use crate::services::sns::shapes::SubscriptionSummary;
use crate::services::sns::state::Sns;
use crate::services::sns::topic::Topic;

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

// Differs from AWS: ListSubscriptions lists the subscriptions of an account's own topics, not those
// that it has on topics of others
pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    sns.forget(ctx.now());
    page(ctx, sns.topics.values(), request.next_token)
}

/// One page of the subscriptions of topics, which come in the order of their names.
pub(in crate::services::sns) fn page<'s>(
    ctx: &Context<'_>,
    topics: impl Iterator<Item = &'s Topic>,
    token: Option<String>,
) -> Result<Response, SnsError> {
    // A blank is in no name, and comes before all that is.
    let all = topics.flat_map(|topic| {
        let each = topic.subscriptions.iter();
        each.map(|(id, subscription)| (format!("{} {id}", topic.name), subscription))
    });
    let (page, next_token) = paging::page(ctx, all, token)?;
    let subscriptions = page.into_iter().map(|(_, subscription)| SubscriptionSummary {
        subscription_arn: Some(match subscription.confirmation.is_pending() {
            true => "PendingConfirmation".to_owned(),
            false => subscription.arn.clone(),
        }),
        owner: Some(subscription.owner.clone()),
        protocol: Some(subscription.protocol.as_str().to_owned()),
        endpoint: Some(subscription.endpoint.text.clone()),
        topic_arn: Some(subscription.topic_arn.clone()),
    });
    Ok(Response { subscriptions: Some(subscriptions.collect()), next_token })
}
