//! A subscription's attributes: which there are and what values they take.
//!
//! Source: API reference "SetSubscriptionAttributes"; recordings of 2024-05-14 and 2024-12-03.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::archive::ReplayPolicy;
use super::attributes::{VALUE_BYTES_MAX, too_long};
use super::delivery_policy::SubscriptionPolicy;
use super::error::SnsError;
use super::json_attribute::read;
use super::protocol::Protocol;
use crate::kernel::{Arn, Context};
use crate::services::shared::pattern::{FilterPolicy, FilterPolicyScope};

/// Attributes that are stored and shown but change nothing here.
const WITHOUT_EFFECT: [&str; 1] = ["SubscriptionRoleArn"];

/// Largest filter policy, in bytes.
///
/// Source: developer guide "Filter policy constraints".
const FILTER_BYTES_MAX: usize = 262_144;

/// The attributes of one subscription.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct SubscriptionAttributes {
    pub(super) raw_message_delivery: bool,
    pub(super) filter_policy: Option<FilterPolicy>,
    filter_policy_scope: Option<FilterPolicyScope>,
    redrive_policy: Option<String>,
    pub(super) dead_letter_target: Option<Arn>,
    pub(super) delivery_policy: Option<SubscriptionPolicy>,
    pub(super) replay_policy: Option<ReplayPolicy>,
    others: BTreeMap<String, String>,
}

/// What a subscription connects, as far as its attributes depend on it.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub(super) topic_is_fifo: bool,
    pub(super) queue_is_fifo: bool,
    pub(super) protocol: Protocol,
}

impl Ends {
    /// Whether the topic may have such a subscriber.
    pub(super) fn check(self) -> Result<(), SnsError> {
        if self.queue_is_fifo && !self.topic_is_fifo {
            return Err(SnsError::parameter(
                "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to \
                 standard SNS topics",
            ));
        }
        if self.topic_is_fifo && self.protocol != Protocol::Sqs {
            // Unverified: AWS's words for it.
            let word = self.protocol.as_str();
            return Err(SnsError::parameter(format!(
                "Invalid protocol type: {word}. FIFO topics deliver to Amazon SQS queues only"
            )));
        }
        Ok(())
    }
}

impl SubscriptionAttributes {
    /// The attributes of a new subscription.
    pub(super) fn from_map(
        ctx: &mut Context<'_>,
        given: &BTreeMap<String, String>,
        ends: Ends,
    ) -> Result<Self, SnsError> {
        let mut attributes = Self::default();
        // The scope decides how the policy is read.
        let scope = given.get_key_value("FilterPolicyScope");
        for (name, value) in scope.into_iter().chain(given) {
            attributes.set(ctx, name, value, ends)?;
        }
        Ok(attributes)
    }

    /// Sets one attribute; an empty value unsets it where there is nothing else it can mean.
    pub(super) fn set(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
        value: &str,
        ends: Ends,
    ) -> Result<(), SnsError> {
        let longest = if name == "FilterPolicy" { FILTER_BYTES_MAX } else { VALUE_BYTES_MAX };
        if value.len() > longest {
            return Err(too_long(name));
        }
        match name {
            "RawMessageDelivery" => self.raw_message_delivery = raw(value, ends.protocol)?,
            "FilterPolicyScope" => self.set_scope(value)?,
            "FilterPolicy" => self.filter_policy = filter_policy(value, self.scope())?,
            "RedrivePolicy" => self.set_redrive_policy(ctx, value, ends)?,
            "DeliveryPolicy" => {
                if !ends.protocol.is_http() && !value.is_empty() {
                    ctx.not_honoured("Attributes.DeliveryPolicy")?;
                }
                self.delivery_policy = match value {
                    "" => None,
                    text => Some(SubscriptionPolicy::parse(text)?),
                };
            }
            "ReplayPolicy" if !ends.topic_is_fifo => {
                return Err(SnsError::parameter("ReplayPolicy: only FIFO topics can be replayed"));
            }
            "ReplayPolicy" => {
                self.replay_policy = ReplayPolicy::parse(value)?;
                self.keep(name, if self.replay_policy.is_some() { value } else { "" });
            }
            _ if WITHOUT_EFFECT.contains(&name) => {
                ctx.not_honoured(&format!("Attributes.{name}"))?;
                self.keep(name, value);
            }
            _ => return Err(SnsError::parameter("AttributeName")),
        }
        Ok(())
    }

    /// Shows an attribute as it was given; an empty one is not shown.
    fn keep(&mut self, name: &str, value: &str) {
        match value {
            "" => drop(self.others.remove(name)),
            value => drop(self.others.insert(name.to_owned(), value.to_owned())),
        }
    }

    pub(super) fn describe(&self) -> BTreeMap<String, String> {
        let mut shown = self.others.clone();
        let mut show = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                shown.insert(name.to_owned(), value);
            }
        };
        show("RawMessageDelivery", Some(self.raw_message_delivery.to_string()));
        show("RedrivePolicy", self.redrive_policy.clone());
        show("DeliveryPolicy", self.delivery_policy.as_ref().map(SubscriptionPolicy::text));
        let policy = self.filter_policy.as_ref();
        show("FilterPolicy", policy.map(|policy| policy.as_str().to_owned()));
        let scope = policy.map(FilterPolicy::scope).or(self.filter_policy_scope);
        show("FilterPolicyScope", scope.map(|scope| scope.as_str().to_owned()));
        shown
    }

    fn scope(&self) -> FilterPolicyScope {
        self.filter_policy_scope.unwrap_or_default()
    }

    fn set_scope(&mut self, value: &str) -> Result<(), SnsError> {
        let scope = FilterPolicyScope::from_word(value).ok_or_else(|| {
            SnsError::parameter(format!(
                "FilterPolicyScope: Invalid value [{value}]. Please use either MessageBody or \
                 MessageAttributes"
            ))
        })?;
        if let Some(policy) = &self.filter_policy {
            self.filter_policy = filter_policy(policy.as_str(), scope)?;
        }
        self.filter_policy_scope = Some(scope);
        Ok(())
    }

    /// Source: developer guide "Amazon SNS dead-letter queues", whose queue may be one.
    fn set_redrive_policy(
        &mut self,
        ctx: &Context<'_>,
        value: &str,
        ends: Ends,
    ) -> Result<(), SnsError> {
        if value.is_empty() || value == "{}" {
            (self.redrive_policy, self.dead_letter_target) = (None, None);
            return Ok(());
        }
        let invalid = |reason: &str| SnsError::parameter(format!("RedrivePolicy: {reason}"));
        let policy: serde_json::Value = read("RedrivePolicy", value)?;
        let target = policy.get("deadLetterTargetArn").and_then(|arn| arn.as_str());
        let target: Arn = target
            .and_then(|arn| arn.parse().ok())
            .filter(|arn: &Arn| &*arn.service == "sqs")
            .ok_or_else(|| invalid("deadLetterTargetArn is an invalid arn"))?;
        // Unverified: the words of both.
        if (target.account(), target.region()) != (ctx.account(), ctx.region()) {
            return Err(invalid(
                "the dead-letter queue must be in the same account and Region as the subscription",
            ));
        }
        if !ends.topic_is_fifo && target.resource.ends_with(".fifo") {
            return Err(invalid("must use a standard queue as DLQ for a standard topic."));
        }
        if ends.topic_is_fifo && ends.queue_is_fifo && !target.resource.ends_with(".fifo") {
            return Err(invalid(
                "must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.",
            ));
        }
        (self.redrive_policy, self.dead_letter_target) = (Some(value.to_owned()), Some(target));
        Ok(())
    }
}

fn raw(value: &str, protocol: Protocol) -> Result<bool, SnsError> {
    let raw = flag("RawMessageDelivery", value)?;
    let takes = protocol.is_http() || matches!(protocol, Protocol::Sqs | Protocol::Firehose);
    if raw && !takes {
        let word = protocol.as_str();
        return Err(SnsError::parameter(format!(
            "Delivery protocol [{word}] does not support raw message delivery."
        )));
    }
    Ok(raw)
}

fn flag(name: &str, value: &str) -> Result<bool, SnsError> {
    match value.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(SnsError::parameter(format!(
            "{name}: Invalid value [{value}]. Must be true or false."
        ))),
    }
}

/// An empty object lets everything pass again.
fn filter_policy(text: &str, scope: FilterPolicyScope) -> Result<Option<FilterPolicy>, SnsError> {
    if text.is_empty() || text.trim() == "{}" {
        return Ok(None);
    }
    let policy = FilterPolicy::parse(text, scope);
    policy.map(Some).map_err(|error| SnsError::parameter(error.to_string()))
}
