//! ConfirmSubscription: answers the token that a new subscription was sent.
//!
//! Only queues can subscribe here, and those are confirmed at once, so no token is ever good.
//! Errors: `InvalidParameter`.
//! Source: API reference "ConfirmSubscription"; recordings of 2023-11-07.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::error::SnsError;
use crate::services::sns::state::{Sns, topic_arn};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub topic_arn: Option<String>,
    pub token: Option<String>,
    pub authenticate_on_unsubscribe: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub subscription_arn: Option<String>,
}

/// Tokens are at least this many hexadecimal digits.
const TOKEN_DIGITS_MIN: usize = 64;

pub fn run(ctx: &mut Context<'_>, _sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    topic_arn(ctx, "TopicArn", request.topic_arn.as_deref())?;
    let token = request.token.filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| SnsError::missing("Token"))?;
    let well_formed =
        token.len() >= TOKEN_DIGITS_MIN && token.bytes().all(|b| b.is_ascii_hexdigit());
    Err(if well_formed { SnsError::parameter("Token") } else { SnsError::InvalidToken })
}
