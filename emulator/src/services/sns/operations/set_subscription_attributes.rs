//! SetSubscriptionAttributes: sets one attribute of a subscription.
//!
//! Limits: see `FilterPolicy`.
//! Errors: `InvalidParameter`, `NotFound`.
//! Source: API reference "SetSubscriptionAttributes"; recordings of 2024-12-03.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::error::SnsError;
use crate::services::sns::state::Sns;
use crate::services::sns::subscription_attributes::Ends;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub subscription_arn: Option<String>,
    pub attribute_name: Option<String>,
    pub attribute_value: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let (subscription, topic_is_fifo) = sns.subscription(request.subscription_arn.as_deref())?;
    let name = request.attribute_name.filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| SnsError::missing("AttributeName"))?;
    let value = request.attribute_value.unwrap_or_default();
    let queue_is_fifo = subscription.endpoint.resource.ends_with(".fifo");
    let mut attributes = subscription.attributes.clone();
    attributes.set(ctx, &name, &value, Ends { topic_is_fifo, queue_is_fifo })?;
    subscription.attributes = attributes;
    Ok(Response {})
}
