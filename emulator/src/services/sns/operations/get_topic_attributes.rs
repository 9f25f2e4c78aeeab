//! GetTopicAttributes: a topic's attributes, the computed ones included.
//!
//! Errors: `InvalidParameter`, `NotFound`.
//! Source: API reference "GetTopicAttributes"; recordings of 2024-05-14.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::error::SnsError;
use crate::services::sns::state::Sns;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub topic_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub attributes: Option<BTreeMap<String, String>>,
}

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let topic = sns.topic(ctx, "TopicArn", request.topic_arn.as_deref())?;
    Ok(Response { attributes: Some(topic.describe(ctx.now())) })
}
