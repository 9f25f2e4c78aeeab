//! What a notification's signature is of, and how a notification gets it that has none yet.
//!
//! A signature costs more than all else that becomes of a message. So what waits in a queue is
//! signed when somebody receives it; until then its `Signature` is empty.
//!
//! Source: developer guide "Verifying the signatures of Amazon SNS messages".

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;

use crate::kernel::{SignatureVersion, Signer};

/// The member that is empty so far. In a text a quotation mark has a backslash before it, so no
/// message can hold these characters.
const EMPTY: &str = ",\"Signature\":\"\"";

/// The members that are signed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Signed<'a> {
    #[serde(rename = "Type", borrow)]
    pub(crate) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) message_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) topic_arn: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) subject: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(crate) message: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) timestamp: Cow<'a, str>,
    /// Confirmations only.
    #[serde(borrow, default)]
    pub(crate) token: Option<Cow<'a, str>>,
    #[serde(rename = "SubscribeURL", borrow, default)]
    pub(crate) subscribe_url: Option<Cow<'a, str>>,
}

impl Signed<'_> {
    /// What is signed: names and values in the order of the names, each on a line of its own.
    pub(crate) fn text(&self) -> String {
        let rows = [
            ("Message", Some(&self.message)),
            ("MessageId", Some(&self.message_id)),
            ("Subject", self.subject.as_ref()),
            ("SubscribeURL", self.subscribe_url.as_ref()),
            ("Timestamp", Some(&self.timestamp)),
            ("Token", self.token.as_ref()),
            ("TopicArn", Some(&self.topic_arn)),
            ("Type", Some(&self.kind)),
        ];
        let mut text = String::with_capacity(self.message.len() + 400);
        for (name, value) in rows {
            if let Some(value) = value {
                for part in [name, "\n", value, "\n"] {
                    text.push_str(part);
                }
            }
        }
        text
    }
}

/// The notification `body` with its signature, if one is wanted and its place is empty.
pub(crate) fn sign(signer: &Signer, version: SignatureVersion, body: &str) -> Option<Arc<str>> {
    if !signer.is_on() {
        return None;
    }
    let place = body.find(EMPTY)? + EMPTY.len() - 1;
    let signed: Signed<'_> = serde_json::from_str(body).ok()?;
    let signature = signer.sign(version, &signed.text())?;
    Some([&body[..place], &signature, &body[place..]].concat().into())
}

#[cfg(test)]
mod tests {
    use super::Signed;

    /// The guide's examples of what is signed.
    #[test]
    fn what_is_signed_is_as_documented() {
        let notification = r#"{"Type":"Notification","MessageId":"m","TopicArn":"t","Subject":"s",
            "Message":"a\nb","Timestamp":"now","SignatureVersion":"1","Signature":"",
            "UnsubscribeURL":"u","MessageAttributes":{"Token":{"Type":"String","Value":"x"}}}"#;
        let text = |json: &str| serde_json::from_str::<Signed<'_>>(json).unwrap().text();
        assert_eq!(
            text(notification),
            "Message\na\nb\nMessageId\nm\nSubject\ns\nTimestamp\nnow\nTopicArn\nt\nType\n\
             Notification\n"
        );
        let without_subject = notification.replace(r#""Subject":"s","#, "");
        assert_eq!(
            text(&without_subject),
            "Message\na\nb\nMessageId\nm\nTimestamp\nnow\nTopicArn\nt\nType\nNotification\n"
        );
        let confirmation = r#"{"Type":"SubscriptionConfirmation","MessageId":"m","Token":"k",
            "TopicArn":"t","Message":"x","SubscribeURL":"https://s","Timestamp":"now"}"#;
        assert_eq!(
            text(confirmation),
            "Message\nx\nMessageId\nm\nSubscribeURL\nhttps://s\nTimestamp\nnow\nToken\nk\n\
             TopicArn\nt\nType\nSubscriptionConfirmation\n"
        );
    }
}
