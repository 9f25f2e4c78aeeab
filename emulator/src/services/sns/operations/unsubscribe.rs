//! Unsubscribe: ends a subscription; one that is not there is no error.
//!
//! Errors: `InvalidParameter`, `AuthorizationError` where a signature is wanted.
//! Source: API reference "Unsubscribe"; recordings of 2024-01-29.

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
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    sns.unsubscribe(ctx, request.subscription_arn.as_deref())?;
    Ok(Response {})
}
