//! SetTopicAttributes: sets one attribute of a topic.
//!
//! Errors: `InvalidParameter`, `NotFound`.
//! Source: API reference "SetTopicAttributes"; recordings of 2024-05-14.

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
    pub attribute_name: Option<String>,
    pub attribute_value: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let topic = sns.topic(ctx, "TopicArn", request.topic_arn.as_deref())?;
    let name = request.attribute_name.filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| SnsError::missing("AttributeName"))?;
    let value = request.attribute_value.unwrap_or_default();
    topic.attributes.set(ctx, &name, &value)?;
    topic.keep_archive(ctx.now());
    Ok(Response {})
}
