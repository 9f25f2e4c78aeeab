//! A message on its way from one service to another.
//!
//! Handlers leave deliveries in the outbox; `cloud::delivery` takes them from there. So no service
//! holds another, and deliveries are queued, never nested.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Arn, NodeId};
use crate::wire::{Blob, Timestamp};

/// The service that delivers, as resource policies name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Principal {
    Sns,
    Events,
    CloudWatch,
}

impl Principal {
    /// `sns.amazonaws.com` and the like.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sns => "sns.amazonaws.com",
            Self::Events => "events.amazonaws.com",
            Self::CloudWatch => "cloudwatch.amazonaws.com",
        }
    }

    /// The service's name in ARNs.
    pub fn service(self) -> &'static str {
        match self {
            Self::Sns => "sns",
            Self::Events => "events",
            Self::CloudWatch => "cloudwatch",
        }
    }
}

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

/// One message for one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// What delivers: a topic's, a rule's or an alarm's ARN. Policies see it as `aws:SourceArn`.
    pub from: Arn,
    pub principal: Principal,
    /// The queue, topic or bus that receives.
    pub to: Arn,
    pub body: String,
    /// A subject line, for topics.
    pub subject: Option<String>,
    pub attributes: BTreeMap<String, DeliveryAttribute>,
    pub message_group_id: Option<String>,
    pub message_deduplication_id: Option<String>,
    /// Where a delivery goes that failed for good: a queue's ARN.
    pub dead_letter: Option<Arn>,
    /// What goes there if not the body (EventBridge: the event as it was put).
    pub dead_letter_body: Option<Arc<str>>,
    /// Attributes added when it goes there (EventBridge's `RULE_ARN` and others).
    pub dead_letter_attributes: BTreeMap<String, String>,
    /// What led to it.
    pub cause: NodeId,
    /// Services passed on the way here; loops end at a limit.
    pub hops: u8,
    pub retry: Retry,
    /// It was given up and goes to a dead-letter queue: fault rules leave it alone.
    pub given_up: bool,
}

/// How often a delivery was tried, and how often it may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// Tries that failed so far.
    pub failed: u32,
    /// When it was first tried; unset before.
    pub since: Option<Timestamp>,
    /// Most retries, if the target says so (EventBridge's `MaximumRetryAttempts`).
    pub attempts_max: Option<u32>,
    /// Longest time of trying in seconds, if the target says so (`MaximumEventAgeInSeconds`).
    pub age_max: Option<u32>,
}

/// Why a target did not take a delivery.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
