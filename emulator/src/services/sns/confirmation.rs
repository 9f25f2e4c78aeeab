//! Whether whoever has an endpoint has agreed to a subscription, and the messages that ask.
//!
//! Source: developer guide "HTTP/HTTPS subscription confirmation JSON format" and "HTTP/HTTPS
//! unsubscribe confirmation JSON format"; recordings of 2024-10-03.

use std::fmt::Write as _;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::kernel::{Arn, Context, MessageId, SignatureVersion, Signer};
use crate::services::shared::notification::Signed;
use crate::wire::{Timestamp, hex};

/// How long a token counts.
///
/// Source: API reference "Subscribe".
const TOKEN_VALID: Duration = Duration::from_secs(2 * 86_400);
/// How many times 64 digits a token has.
const TOKEN_PARTS: u8 = 4;

/// The state of a subscription's confirmation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Confirmation {
    /// Nobody had to be asked.
    AtOnce,
    Pending {
        token: String,
        until: Timestamp,
    },
    Confirmed {
        token: String,
        /// Whether the request that confirmed it was signed.
        authenticated: bool,
        /// Whether only signed requests may end it.
        authenticate_on_unsubscribe: bool,
    },
}

impl Confirmation {
    /// Asks; the token is new.
    pub(super) fn ask(ctx: &mut Context<'_>) -> Self {
        Self::Pending { token: token(ctx), until: ctx.now() + TOKEN_VALID }
    }

    pub(super) fn is_pending(&self) -> bool {
        matches!(self, Self::Pending { .. })
    }

    /// When a subscription that nobody confirms is forgotten.
    pub(super) fn ends(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { until, .. } => Some(*until),
            _ => None,
        }
    }

    /// What was sent to the endpoint to answer with.
    pub(super) fn token(&self) -> Option<&str> {
        match self {
            Self::AtOnce => None,
            Self::Pending { token, .. } | Self::Confirmed { token, .. } => Some(token),
        }
    }

    /// `ConfirmationWasAuthenticated`.
    pub(super) fn was_authenticated(&self) -> bool {
        match self {
            Self::AtOnce => true,
            Self::Pending { .. } => false,
            Self::Confirmed { authenticated, .. } => *authenticated,
        }
    }

    /// Whether only signed requests may end the subscription.
    pub(super) fn is_guarded(&self) -> bool {
        matches!(self, Self::Confirmed { authenticate_on_unsubscribe: true, .. })
    }
}

fn token(ctx: &mut Context<'_>) -> String {
    let seed = ctx.ids().uuid().0.to_be_bytes();
    (0..TOKEN_PARTS)
        .map(|part| hex(&Sha256::new().chain_update(seed).chain_update([part]).finalize()))
        .collect()
}

/// What an endpoint is told: that somebody subscribed it, or that it was unsubscribed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Subscription,
    Unsubscription,
}

impl Asked {
    /// The message's `Type`.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Subscription => "SubscriptionConfirmation",
            Self::Unsubscription => "UnsubscribeConfirmation",
        }
    }

    fn text(self, topic: &Arn) -> String {
        match self {
            Self::Subscription => format!(
                "You have chosen to subscribe to the topic {topic}.\nTo confirm the \
                 subscription, visit the SubscribeURL included in this message."
            ),
            Self::Unsubscription => format!(
                "You have chosen to deactivate subscription to the topic {topic}.\nTo cancel \
                 this operation and restore the subscription, visit the SubscribeURL included \
                 in this message."
            ),
        }
    }
}

/// In AWS's order of members.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'a> {
    #[serde(rename = "Type")]
    kind: &'static str,
    message_id: String,
    token: &'a str,
    topic_arn: String,
    message: String,
    #[serde(rename = "SubscribeURL")]
    subscribe_url: String,
    timestamp: String,
    signature_version: &'static str,
    signature: String,
    #[serde(rename = "SigningCertURL")]
    signing_cert_url: String,
}

/// The link that confirms, as it stands in messages.
pub(super) fn link(endpoint: &str, topic: &Arn, token: &str) -> String {
    format!("{endpoint}/?Action=ConfirmSubscription&TopicArn={topic}&Token={token}")
}

/// The message in JSON, signed.
pub(super) fn json(
    (asked, id): (Asked, MessageId),
    (endpoint, topic, token): (&str, &Arn, &str),
    (signer, version): (&Signer, SignatureVersion),
    now: Timestamp,
) -> String {
    let mut envelope = Envelope {
        kind: asked.kind(),
        message_id: id.to_string(),
        token,
        topic_arn: topic.to_string(),
        message: asked.text(topic),
        subscribe_url: link(endpoint, topic, token),
        timestamp: now.iso_millis(),
        signature_version: version.as_str(),
        signature: String::new(),
        signing_cert_url: [endpoint, signer.certificate_path()].concat(),
    };
    let signed = Signed {
        kind: envelope.kind.into(),
        message_id: envelope.message_id.as_str().into(),
        topic_arn: envelope.topic_arn.as_str().into(),
        subject: None,
        message: envelope.message.as_str().into(),
        timestamp: envelope.timestamp.as_str().into(),
        token: Some(token.into()),
        subscribe_url: Some(envelope.subscribe_url.as_str().into()),
    };
    envelope.signature = signer.sign(version, &signed.text()).unwrap_or_default();
    serde_json::to_string(&envelope).expect("text has a form in JSON")
}

/// The message as a mail's subject and text.
pub(super) fn mail(asked: Asked, endpoint: &str, topic: &Arn, token: &str) -> (String, String) {
    let link = link(endpoint, topic, token);
    let mut text = String::new();
    let subject = match asked {
        Asked::Subscription => {
            let _ = write!(
                text,
                "You have chosen to subscribe to the topic:\n{topic}\n\nTo confirm this \
                 subscription, click or visit the link below (If this was in error no action is \
                 necessary):\n{link}\n"
            );
            "AWS Notification - Subscription Confirmation"
        }
        Asked::Unsubscription => {
            let _ = write!(
                text,
                "Your subscription to the topic below has been deactivated:\n{topic}\n\nIf this \
                 was in error, click or visit the link below to subscribe again:\n{link}\n"
            );
            "AWS Notification - Unsubscribe Confirmation"
        }
    };
    (subject.to_owned(), text)
}
