//! DeleteTopic: removes a topic and its subscriptions; a topic that is not there is no error.
//!
//! Errors: `InvalidParameter`, `InvalidState` while the topic has an archive, `AuthorizationError`.
//! Source: API reference "DeleteTopic"; recordings of 2023-08-24.

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
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let arn = topic_arn(ctx, "TopicArn", request.topic_arn.as_deref())?;
    match sns.topic(ctx, "TopicArn", request.topic_arn.as_deref()) {
        Ok(topic) if topic.archive.is_some() => return Err(SnsError::ArchiveActive),
        Ok(_) => sns.delete_topic(ctx, &arn.resource),
        Err(SnsError::TopicNotFound) => {}
        Err(refused) => return Err(refused),
    }
    Ok(Response {})
}
