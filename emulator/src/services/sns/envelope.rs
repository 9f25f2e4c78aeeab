//! What a subscription gets unless it wants raw messages: JSON, a function's event, or a letter.

use std::collections::BTreeMap;

use serde::Serialize;

use super::message::NewMessage;
use super::topic::Published;
use crate::kernel::{Arn, Caller, Context, NodeId, SignatureVersion, Signer};
use crate::services::shared::notification::Signed;
use crate::wire::{Gather as _, Timestamp};

/// A message on its way to the subscriptions of a topic.
pub(super) struct Notice<'a> {
    pub(super) topic: &'a Arn,
    pub(super) display_name: &'a str,
    /// `http://host:port` by which clients know this emulator: links begin with it.
    pub(super) endpoint: &'a str,
    pub(super) signer: &'a Signer,
    pub(super) signature_version: SignatureVersion,
    pub(super) message: &'a NewMessage,
    pub(super) published: Published,
    pub(super) at: Timestamp,
    pub(super) cause: NodeId,
    /// It comes from the topic's archive.
    pub(super) replayed: bool,
}

/// The address in links: where the client that acts now knows this emulator, or else `known`.
pub(super) fn links_begin(ctx: &Context<'_>, known: &str) -> String {
    let client = ctx.caller().filter(|caller| caller.principal.is_none());
    client.map_or_else(|| known.to_owned(), Caller::endpoint)
}

/// What a message's notifications have in common: they differ in the subscription that they name.
pub(super) struct Notification {
    before: String,
    after: String,
}

impl Notification {
    /// The notifications of a message to subscriptions of `protocol`.
    pub(super) fn of(notice: &Notice<'_>, protocol: &str) -> Self {
        let Notice { message, published, endpoint, .. } = notice;
        let text = message.text.of(protocol);
        let mut members = Members::with_capacity(text.len() + ROOM);
        // In AWS's order.
        members.plain("Type", "Notification");
        members.plain("MessageId", &published.id.to_string());
        let sequence = published.sequence_number();
        sequence.iter().for_each(|number| members.plain("SequenceNumber", number));
        members.text("TopicArn", notice.topic.as_str());
        message.subject.iter().for_each(|subject| members.text("Subject", subject));
        members.text("Message", text);
        members.plain("Timestamp", &notice.at.iso_millis());
        // FIFO topics do not sign. Recorded on 2023-10-20.
        if published.sequence.is_none() {
            members.plain("SignatureVersion", notice.signature_version.as_str());
            // It comes later, or never.
            members.plain("Signature", "");
            let path = notice.signer.certificate_path();
            members.text("SigningCertURL", &[endpoint, path].concat());
        }
        members.text("UnsubscribeURL", &notice.unsubscribe_url(""));
        let mut before = members.0;
        // The subscription follows, and then the quotation mark.
        before.pop();
        let mut after = "\"".to_owned();
        if !message.attributes.is_empty() {
            let attributes = serde_json::to_string(&notice.attributes());
            after.push_str(",\"MessageAttributes\":");
            after.push_str(&attributes.expect("maps of text have a form in JSON"));
        }
        if notice.replayed {
            after.push_str(",\"Replayed\":true");
        }
        after.push('}');
        Self { before: text_of(before), after }
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

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute<'a> {
    #[serde(rename = "Type")]
    kind: &'a str,
    value: String,
}

impl<'a> Notice<'a> {
    fn attributes(&self) -> BTreeMap<&'a str, Attribute<'a>> {
        let attributes = self.message.attributes.iter().map(|(name, value)| {
            let text = match &value.binary_value {
                Some(blob) => blob.to_base64(),
                None => value.string_value.clone().unwrap_or_default(),
            };
            let kind = value.data_type.as_deref().unwrap_or_default();
            (name.as_str(), Attribute { kind, value: text })
        });
        attributes.into_map()
    }

    /// How what waits in a queue is to be signed, if at all. FIFO topics do not sign.
    pub(super) fn unsigned(&self) -> Option<SignatureVersion> {
        let is_signed = self.signer.is_on() && self.published.sequence.is_none();
        is_signed.then_some(self.signature_version)
    }

    fn signed_for_functions(&self) -> Option<String> {
        let signed = Signed {
            kind: "Notification".into(),
            message_id: self.published.id.to_string().into(),
            topic_arn: self.topic.as_str().into(),
            subject: self.message.subject.as_deref().map(Into::into),
            message: self.message.text.of("lambda").into(),
            timestamp: self.at.iso_millis().into(),
            token: None,
            subscribe_url: None,
        };
        self.unsigned().and_then(|version| self.signer.sign(version, &signed.text()))
    }

    /// The link that ends a subscription.
    fn unsubscribe_url(&self, subscription: &str) -> String {
        format!("{}/?Action=Unsubscribe&SubscriptionArn={subscription}", self.endpoint)
    }

    /// The event of a function.
    ///
    /// Source: Lambda's developer guide "Invoking Lambda functions with Amazon SNS notifications";
    /// recordings of 2024-01-03.
    pub(super) fn function_event(&self, subscription: &str) -> String {
        let event = FunctionEvent {
            records: [Record {
                event_source: "aws:sns",
                event_version: "1.0",
                event_subscription_arn: subscription,
                sns: Sns {
                    kind: "Notification",
                    message_id: self.published.id.to_string(),
                    topic_arn: self.topic.to_string(),
                    subject: self.message.subject.as_deref(),
                    message: self.message.text.of("lambda"),
                    timestamp: self.at.iso_millis(),
                    signature_version: self.signature_version.as_str(),
                    signature: self.signed_for_functions().unwrap_or_default(),
                    signing_cert_url: [self.endpoint, self.signer.certificate_path()].concat(),
                    unsubscribe_url: self.unsubscribe_url(subscription),
                    message_attributes: self.attributes(),
                },
            }],
        };
        serde_json::to_string(&event).expect("text and maps of text have a form in JSON")
    }

    /// The subject and text of a mail.
    pub(super) fn mail(&self, subscription: &str) -> (String, String) {
        let subject = self.message.subject.clone();
        let text = self.message.text.of("email");
        let link = self.unsubscribe_url(subscription);
        let text = format!(
            "{text}\n\n--\nIf you wish to stop receiving notifications from this topic, please \
             click or visit the link below to unsubscribe:\n{link}\n\nPlease do not reply \
             directly to this email.\n"
        );
        (subject.unwrap_or_else(|| "AWS Notification Message".to_owned()), text)
    }

    /// A text message: the topic's display name stands before it.
    pub(super) fn text_message(&self) -> String {
        let text = self.message.text.of("sms");
        match self.display_name {
            "" => text.to_owned(),
            name => format!("{name}> {text}"),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FunctionEvent<'a> {
    records: [Record<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Record<'a> {
    event_source: &'static str,
    event_version: &'static str,
    event_subscription_arn: &'a str,
    sns: Sns<'a>,
}

/// As functions get it: every member is there, and `Url` is spelt otherwise than in HTTP.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Sns<'a> {
    #[serde(rename = "Type")]
    kind: &'static str,
    message_id: String,
    topic_arn: String,
    subject: Option<&'a str>,
    message: &'a str,
    timestamp: String,
    signature_version: &'static str,
    signature: String,
    signing_cert_url: String,
    unsubscribe_url: String,
    message_attributes: BTreeMap<&'a str, Attribute<'a>>,
}
