//! Publish: sends a message to a topic's subscriptions.
//!
//! Limits: 262,144 bytes of message and attributes unless the topic says otherwise; subjects of 1
//! to 100 characters.
//! Errors: `InvalidParameter`, `ParameterValueInvalid`, `NotFound`, `ValidationError`.
//! Source: API reference "Publish"; recordings of 2024-10-09.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::error::SnsError;
use crate::services::sns::message::Outgoing;
use crate::services::sns::message_attributes::MessageAttributes;
use crate::services::sns::state::Sns;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub topic_arn: Option<String>,
    pub target_arn: Option<String>,
    pub phone_number: Option<String>,
    pub message: Option<String>,
    pub subject: Option<String>,
    pub message_structure: Option<String>,
    pub message_attributes: Option<MessageAttributes>,
    pub message_deduplication_id: Option<String>,
    pub message_group_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub message_id: Option<String>,
    pub sequence_number: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    if given(&request.phone_number) {
        return Err(SnsError::NotImplemented("PhoneNumber (publishing to a phone)".to_owned()));
    }
    let (member, arn) = match (given(&request.topic_arn), given(&request.target_arn)) {
        (true, true) => {
            let reason = "TopicArn Reason: Both TopicArn and TargetArn specified, only one allowed";
            return Err(SnsError::parameter(reason));
        }
        (true, false) => ("TopicArn", request.topic_arn),
        (false, true) => ("TargetArn", request.target_arn),
        (false, false) => return Err(SnsError::missing("TopicArn or TargetArn")),
    };
    let topic = sns.topic(ctx, member, arn.as_deref())?;
    let outgoing = Outgoing {
        message: request.message,
        message_structure: request.message_structure,
        subject: request.subject,
        attributes: request.message_attributes,
        group_id: request.message_group_id,
        deduplication_id: request.message_deduplication_id,
    };
    let message = outgoing.validate(&topic.attributes, "", ctx.cause())?;
    let published = topic.publish(ctx, message);
    Ok(Response {
        message_id: Some(published.id.to_string()),
        sequence_number: published.sequence_number(),
    })
}
