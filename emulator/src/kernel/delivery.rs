//! A message on its way from one service to another.
//!
//! Handlers leave deliveries in the outbox; `cloud::delivery` takes them from there.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    Arn, HttpTarget, MessageId, NodeId, Principal, Retry, RetrySchedule, SignatureVersion,
};
use crate::wire::Blob;

/// A message attribute, as SQS and SNS both have them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryAttribute {
    /// `String`, `Number` or `Binary`, with an optional `.label`.
    pub data_type: String,
    pub value: DeliveryValue,
}

/// The value of a [`DeliveryAttribute`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryValue {
    Text(String),
    Binary(Blob),
}

/// Who receives a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryTarget {
    /// A queue, topic, bus or other resource of a service here.
    Resource(Arn),
    /// A server outside of the emulator; any answer from 200 to 299 takes the message.
    Http(HttpTarget),
}

impl DeliveryTarget {
    /// The name by which fault rules know it: the last part of the ARN, or the URL.
    pub fn name(&self) -> &str {
        match self {
            Self::Resource(arn) => super::resource_name(&arn.resource),
            Self::Http(target) => &target.url,
        }
    }

    /// The ARN, or the URL.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Resource(arn) => arn.as_str(),
            Self::Http(target) => &target.url,
        }
    }
}

impl From<Arn> for DeliveryTarget {
    fn from(arn: Arn) -> Self {
        Self::Resource(arn)
    }
}

impl fmt::Display for DeliveryTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One message for one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// What delivers: a topic's, a rule's or an alarm's ARN. Policies see it as `aws:SourceArn`.
    pub from: Arn,
    pub principal: Principal,
    pub to: DeliveryTarget,
    pub body: Arc<str>,
    /// The body is a notification that is to be signed when somebody receives it.
    #[serde(default)]
    pub unsigned: Option<SignatureVersion>,
    /// A subject line, for topics.
    pub subject: Option<String>,
    pub attributes: BTreeMap<String, DeliveryAttribute>,
    pub message_group_id: Option<String>,
    pub message_deduplication_id: Option<String>,
    /// The id that the publisher was told.
    pub message_id: Option<MessageId>,
    /// The X-Ray trace that it belongs to, as a header has it.
    pub trace_header: Option<Box<str>>,
    /// Where a delivery goes that failed for good: a queue's ARN.
    pub dead_letter: Option<Arn>,
    /// What goes there if not the body (EventBridge: the event as it was put).
    pub dead_letter_body: Option<Arc<str>>,
    /// Whether it says there, in attributes, who sent it to whom and why it failed (EventBridge).
    pub dead_letter_account: bool,
    /// What led to it.
    pub cause: NodeId,
    /// Services passed on the way here; loops end at a limit.
    pub hops: u8,
    pub retry: Retry,
    /// It was given up and goes to a dead-letter queue: fault rules leave it alone.
    pub given_up: bool,
    /// What the target is told beside the message, in the words of its service (EventBridge: the
    /// HTTP parameters of an API destination).
    pub parameters: Option<Arc<str>>,
    /// It has waited for its turn at a target that takes only so many a second.
    pub admitted: bool,
    /// Why the sender knows already that it can't be delivered: it is given up at once.
    pub failed: Option<DeliveryError>,
    /// The sender's word for this delivery, if it wants to be told what the target answered
    /// ([`super::Hooks::on_answer`]).
    pub answer_to: Option<Arc<str>>,
}

impl Delivery {
    /// A plain message that is tried once; the rest is filled in by whoever needs it.
    pub fn new(
        (from, principal): (Arn, Principal),
        to: impl Into<DeliveryTarget>,
        body: impl Into<Arc<str>>,
        cause: NodeId,
    ) -> Self {
        Self {
            from,
            principal,
            to: to.into(),
            body: body.into(),
            unsigned: None,
            subject: None,
            attributes: BTreeMap::new(),
            message_group_id: None,
            message_deduplication_id: None,
            message_id: None,
            trace_header: None,
            dead_letter: None,
            dead_letter_body: None,
            dead_letter_account: false,
            cause,
            hops: 0,
            retry: Retry::on(RetrySchedule::NEVER),
            given_up: false,
            parameters: None,
            admitted: false,
            failed: None,
            answer_to: None,
        }
    }

    /// The same, tried again on this schedule.
    #[must_use]
    pub fn tried_again(self, schedule: RetrySchedule) -> Self {
        Self { retry: Retry::on(schedule), ..self }
    }
}

/// Why a target did not take a delivery.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum DeliveryError {
    /// The target does not exist. Not retried.
    #[error("{0} does not exist")]
    NoResource(String),
    /// The target's policy does not permit it; holds the reason. Not retried.
    #[error("{0}")]
    NoPermissions(String),
    /// The target refused the message itself; holds AWS's text. Not retried.
    #[error("{0}")]
    Invalid(String),
    /// The target could not be reached; holds why. Tried again.
    #[error("{0}")]
    Unreachable(String),
    /// This kind of target is not implemented.
    #[error("deliveries to {0} are not implemented")]
    NotImplemented(String),
}

impl DeliveryError {
    /// EventBridge's `ERROR_CODE`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoResource(_) => "NO_RESOURCE",
            Self::NoPermissions(_) => "NO_PERMISSIONS",
            Self::Invalid(_) | Self::Unreachable(_) => "ERROR_FROM_TARGET",
            Self::NotImplemented(_) => "NOT_IMPLEMENTED",
        }
    }
}
