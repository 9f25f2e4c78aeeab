//! The JSON that a subscription gets unless it wants raw messages.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_with::skip_serializing_none;

use super::message::NewMessage;
use super::topic::Published;
use crate::kernel::{Arn, Caller, Context};
use crate::wire::Gather as _;

/// In AWS's order of members.
#[skip_serializing_none]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'a> {
    #[serde(rename = "Type")]
    kind: &'static str,
    message_id: String,
    sequence_number: Option<String>,
    topic_arn: String,
    subject: Option<&'a str>,
    message: &'a str,
    timestamp: String,
    signature_version: Option<&'static str>,
    signature: Option<&'static str>,
    #[serde(rename = "SigningCertURL")]
    signing_cert_url: Option<String>,
    #[serde(rename = "UnsubscribeURL")]
    unsubscribe_url: String,
    message_attributes: Option<BTreeMap<&'a str, Attribute<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute<'a> {
    #[serde(rename = "Type")]
    kind: &'a str,
    value: String,
}

/// The body of a notification of `message` to `subscription`.
pub(super) fn notification(
    ctx: &Context<'_>,
    topic: &Arn,
    subscription: &str,
    message: &NewMessage,
    published: Published,
) -> String {
    let endpoint = ctx.caller().map_or_else(|| "http://localhost".to_owned(), Caller::endpoint);
    let is_fifo = published.sequence.is_some();
    let attributes = message.attributes.iter().map(|(name, value)| {
        let text = match &value.binary_value {
            Some(blob) => blob.to_base64(),
            None => value.string_value.clone().unwrap_or_default(),
        };
        let kind = value.data_type.as_deref().unwrap_or_default();
        (name.as_str(), Attribute { kind, value: text })
    });
    let attributes = attributes.into_map();
    let envelope = Envelope {
        kind: "Notification",
        message_id: published.id.to_string(),
        sequence_number: published.sequence_number(),
        topic_arn: topic.to_string(),
        subject: message.subject.as_deref(),
        message: message.text.of("sqs"),
        timestamp: ctx.now().iso_millis(),
        // FIFO topics do not sign. Recorded on 2023-10-20.
        signature_version: (!is_fifo).then_some("1"),
        // Differs from AWS: notifications are not signed, so the signature is empty.
        signature: (!is_fifo).then_some(""),
        signing_cert_url: (!is_fifo).then(|| format!("{endpoint}/SimpleNotificationService.pem")),
        unsubscribe_url: format!("{endpoint}/?Action=Unsubscribe&SubscriptionArn={subscription}"),
        message_attributes: (!attributes.is_empty()).then_some(attributes),
    };
    serde_json::to_string(&envelope).expect("text and maps of text have a form in JSON")
}
