//! Subscribe: makes an endpoint receive what is published to a topic.
//!
//! The endpoint need not exist, but for devices. HTTP servers, mail addresses and the queues of
//! other accounts are asked first, with a token.
//! Limits: see `FilterPolicy`; FIFO topics take queues only.
//! Errors: `InvalidParameter`, `NotFound`, `AuthorizationError`, `SubscriptionLimitExceeded`,
//! `FilterPolicyLimitExceeded`.
//! Source: API reference "Subscribe"; recordings of 2024-12-03.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::error::SnsError;
use crate::services::sns::protocol::{Endpoint, Protocol};
use crate::services::sns::state::Sns;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub topic_arn: Option<String>,
    pub protocol: Option<String>,
    pub endpoint: Option<String>,
    pub attributes: Option<BTreeMap<String, String>>,
    pub return_subscription_arn: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub subscription_arn: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    sns.topic(ctx, "TopicArn", request.topic_arn.as_deref())?;
    let protocol = Protocol::from_word(&request.protocol.unwrap_or_default())?;
    let endpoint = Endpoint::parse(ctx, protocol, request.endpoint.as_deref())?;
    if protocol == Protocol::Application {
        sns.platforms.check_subscriber(ctx, &endpoint.text)?;
    }
    let topic = sns.topic(ctx, "TopicArn", request.topic_arn.as_deref())?;
    let given = request.attributes.unwrap_or_default();
    let (arn, pending) = topic.subscribe(ctx, (protocol, endpoint), &given)?;
    let hidden = pending && request.return_subscription_arn != Some(true);
    let shown = if hidden { "pending confirmation".to_owned() } else { arn };
    Ok(Response { subscription_arn: Some(shown) })
}
