//! SetSubscriptionAttributes: sets one attribute of a subscription.
//!
//! Limits: see `FilterPolicy`.
//! Errors: `InvalidParameter`, `NotFound`, `FilterPolicyLimitExceeded`.
//! Source: API reference "SetSubscriptionAttributes"; recordings of 2024-12-03.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::error::SnsError;
use crate::services::sns::state::Sns;

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
    let name = request.attribute_name.unwrap_or_default();
    let value = request.attribute_value.unwrap_or_default();
    let arn = request.subscription_arn;
    sns.set_subscription_attribute(ctx, arn.as_deref(), (&name, &value))?;
    Ok(Response {})
}
