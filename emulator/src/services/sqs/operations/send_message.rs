//! SendMessage: puts one message into a queue.
//!
//! Limits: 1 byte to the queue's `MaximumMessageSize` (body, attribute names, types and values);
//! delays of 0 to 900 seconds.
//! Errors: `QueueDoesNotExist`, `InvalidMessageContents`, `InvalidParameterValue`,
//! `MissingParameter`, `UnsupportedOperation`.
//! Source: API reference "SendMessage"; recordings of 2024-04-30.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::message_attributes::MessageAttributes;
use crate::services::sqs::sending::Outgoing;
use crate::services::sqs::state::Sqs;
use crate::services::sqs::waiting::sequence_number;
use crate::wire::hex;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_url: Option<String>,
    pub message_body: Option<String>,
    pub delay_seconds: Option<i32>,
    pub message_attributes: Option<MessageAttributes>,
    pub message_system_attributes: Option<MessageAttributes>,
    pub message_deduplication_id: Option<String>,
    pub message_group_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    #[serde(rename = "MD5OfMessageBody")]
    pub md5_of_message_body: Option<String>,
    #[serde(rename = "MD5OfMessageAttributes")]
    pub md5_of_message_attributes: Option<String>,
    #[serde(rename = "MD5OfMessageSystemAttributes")]
    pub md5_of_message_system_attributes: Option<String>,
    pub message_id: Option<String>,
    pub sequence_number: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let name = sqs.by_url(ctx, request.queue_url.as_deref())?.name.clone();
    let outgoing = Outgoing {
        body: request.message_body,
        delay_seconds: request.delay_seconds,
        attributes: request.message_attributes,
        system_attributes: request.message_system_attributes,
        deduplication_id: request.message_deduplication_id,
        group_id: request.message_group_id,
    };
    let (message, system_md5) = outgoing.validate(ctx)?;
    let body_md5 = message.body_md5;
    let sent = sqs.send(ctx, &name, message)?;
    Ok(Response {
        md5_of_message_body: body_md5.as_ref().map(|md5| hex(md5)),
        md5_of_message_attributes: sent.attributes_md5,
        md5_of_message_system_attributes: system_md5,
        message_id: Some(sent.id.to_string()),
        sequence_number: sent.sequence.map(sequence_number),
    })
}
