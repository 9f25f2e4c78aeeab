//! ConfirmSubscription: answers the token that a new subscription was sent.
//!
//! Limits: a token counts for three days; what is confirmed already may be confirmed again.
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

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let arn = topic_arn(ctx, "TopicArn", request.topic_arn.as_deref())?;
    let token = request.token.filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| SnsError::missing("Token"))?;
    let well_formed =
        token.len() >= TOKEN_DIGITS_MIN && token.bytes().all(|b| b.is_ascii_hexdigit());
    if !well_formed {
        return Err(SnsError::InvalidToken);
    }
    if arn.account() != ctx.account() {
        ctx.belongs_to(arn.account());
        return Err(SnsError::parameter("Token"));
    }
    let guarded = request.authenticate_on_unsubscribe.as_deref() == Some("true");
    let topic = sns.topics.get_mut(arn.resource.as_str());
    let confirmed = topic.and_then(|topic| topic.confirm(ctx, &token, guarded));
    let subscription_arn = Some(confirmed.ok_or_else(|| SnsError::parameter("Token"))?);
    Ok(Response { subscription_arn })
}
