//! The JSON that a subscription gets unless it wants raw messages.

use std::collections::BTreeMap;

use serde::Serialize;

use super::message::NewMessage;
use super::topic::Published;
use crate::kernel::{Arn, Caller, Context};
use crate::wire::Gather as _;

/// What a message's notifications have in common: they differ in the subscription that they name.
pub(super) struct Notification {
    before: String,
    after: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute<'a> {
    #[serde(rename = "Type")]
    kind: &'a str,
    value: String,
}

impl Notification {
    /// The notifications of `message` to subscriptions of `protocol`.
    pub(super) fn of(
        ctx: &Context<'_>,
        topic: &Arn,
        message: &NewMessage,
        protocol: &str,
        published: Published,
    ) -> Self {
        let endpoint = ctx.caller().map_or_else(|| "http://localhost".to_owned(), Caller::endpoint);
        let text = message.text.of(protocol);
        let mut members = Members::with_capacity(text.len() + ROOM);
        // In AWS's order.
        members.plain("Type", "Notification");
        members.plain("MessageId", &published.id.to_string());
        let sequence = published.sequence_number();
        sequence.iter().for_each(|number| members.plain("SequenceNumber", number));
        members.text("TopicArn", topic.as_str());
        message.subject.iter().for_each(|subject| members.text("Subject", subject));
        members.text("Message", text);
        members.plain("Timestamp", &ctx.now().iso_millis());
        // FIFO topics do not sign. Recorded on 2023-10-20.
        if published.sequence.is_none() {
            members.plain("SignatureVersion", "1");
            // Differs from AWS: notifications are not signed, so the signature is empty.
            members.plain("Signature", "");
            members.text("SigningCertURL", &format!("{endpoint}/SimpleNotificationService.pem"));
        }
        let url = format!("{endpoint}/?Action=Unsubscribe&SubscriptionArn=");
        members.text("UnsubscribeURL", &url);
        let mut before = members.0;
        // The subscription follows, and then the quotation mark.
        before.pop();
        let attributes = match message.attributes.is_empty() {
            true => "\"}".to_owned(),
            false => format!("\",\"MessageAttributes\":{}}}", attributes(message)),
        };
        Self { before: text_of(before), after: attributes }
    }

    /// The body for one subscription, by its ARN.
    pub(super) fn to_subscription(&self, arn: &str) -> String {
        [&self.before, arn, &self.after].concat()
    }
}

/// What all but the message itself takes.
const ROOM: usize = 700;

/// An object's members, written one after the other.
struct Members(Vec<u8>);

impl Members {
    fn with_capacity(bytes: usize) -> Self {
        let mut text = Vec::with_capacity(bytes);
        text.push(b'{');
        Self(text)
    }

    /// A value in which nothing needs an escape.
    fn plain(&mut self, name: &str, value: &str) {
        self.name(name);
        for part in ["\"", value, "\""] {
            self.0.extend_from_slice(part.as_bytes());
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        serde_json::to_writer(&mut self.0, value).expect("text has a form in JSON");
    }

    fn name(&mut self, name: &str) {
        let before = if self.0.len() > 1 { ",\"" } else { "\"" };
        for part in [before, name, "\":"] {
            self.0.extend_from_slice(part.as_bytes());
        }
    }
}

fn text_of(json: Vec<u8>) -> String {
    String::from_utf8(json).expect("JSON is text")
}

fn attributes(message: &NewMessage) -> String {
    let attributes = message.attributes.iter().map(|(name, value)| {
        let text = match &value.binary_value {
            Some(blob) => blob.to_base64(),
            None => value.string_value.clone().unwrap_or_default(),
        };
        let kind = value.data_type.as_deref().unwrap_or_default();
        (name.as_str(), Attribute { kind, value: text })
    });
    let attributes = attributes.into_map();
    let attributes: &BTreeMap<&str, Attribute<'_>> = &attributes;
    serde_json::to_string(attributes).expect("maps of text have a form in JSON")
}
