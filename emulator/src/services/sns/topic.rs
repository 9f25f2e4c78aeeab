//! A topic, and the one door through which messages enter it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::attributes::TopicAttributes;
use super::message::NewMessage;
use super::message_attributes;
use super::policy_text::{EFFECTIVE_DELIVERY_POLICY, default_policy};
use super::subscription::{Made, Subscription};
use crate::kernel::{Arn, Context, MessageId, Name, What};
use crate::services::shared::deduplication::{Deduplication, Key};
use crate::wire::hex;

/// The first sequence number less one; AWS shows 20 digits.
const SEQUENCE_BASE: u64 = 10_000_000_000_000_000_000;

/// A topic with its subscriptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Topic {
    pub(super) name: Arc<str>,
    pub(super) arn: Arn,
    pub(super) attributes: TopicAttributes,
    pub(super) tags: BTreeMap<String, String>,
    /// By the last part of their ARNs.
    pub(super) subscriptions: BTreeMap<String, Subscription>,
    pub(super) subscriptions_deleted: u64,
    deduplication: Deduplication<Published>,
    sequence: u64,
    pub(super) lineage: Name,
}

/// What a publisher is told.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Published {
    pub(super) id: MessageId,
    /// FIFO topics only.
    pub(super) sequence: Option<u64>,
}

impl Published {
    pub(super) fn sequence_number(self) -> Option<String> {
        self.sequence.map(|sequence| (SEQUENCE_BASE + sequence).to_string())
    }
}

impl Topic {
    pub(super) fn new(
        ctx: &mut Context<'_>,
        name: Arc<str>,
        attributes: TopicAttributes,
        tags: BTreeMap<String, String>,
    ) -> Self {
        let arn = ctx.arn(&*name);
        let lineage = ctx.name(&arn.to_string());
        Self {
            name,
            arn,
            attributes,
            tags,
            subscriptions: BTreeMap::new(),
            subscriptions_deleted: 0,
            deduplication: Deduplication::default(),
            sequence: 0,
            lineage,
        }
    }

    /// Publishes: leaves one delivery for each subscription that lets the message pass.
    ///
    /// A FIFO topic answers a duplicate within five minutes as it answered the first.
    pub(super) fn publish(&mut self, ctx: &mut Context<'_>, mut message: NewMessage) -> Published {
        let key = self.attributes.fifo.then(|| self.deduplication_key(&mut message));
        if let Some(first) = key.as_ref().and_then(|k| self.deduplication.find(k, ctx.now())) {
            ctx.record(message.cause, What::Deduplicated, &self.lineage, first.id);
            return first;
        }
        let sequence = self.attributes.fifo.then(|| {
            self.sequence += 1;
            self.sequence
        });
        let published = Published { id: ctx.ids().uuid(), sequence };
        if let Some(key) = key {
            self.deduplication.remember(key, published, ctx.now());
        }
        let cause = ctx.record(message.cause, What::Published, &self.lineage, published.id);
        let attributes = message_attributes::for_filters(&message.attributes);
        let mut made = Made::default();
        for subscription in self.subscriptions.values() {
            let reasons = subscription.mismatches(&attributes, &message);
            if reasons.is_empty() {
                let delivery =
                    subscription.delivery(ctx, &self.arn, &message, &mut made, published, cause);
                ctx.deliver(delivery);
            } else {
                let note = reasons.join("; ");
                let at = &subscription.lineage;
                ctx.record_note(cause, What::FilteredOut, at, published.id, note);
            }
        }
        published
    }

    /// What GetTopicAttributes shows.
    pub(super) fn describe(&self) -> BTreeMap<String, String> {
        let mut shown = self.attributes.given.clone();
        let mut show = |name: &str, value: String| {
            shown.entry(name.to_owned()).or_insert(value);
        };
        let flag = |flag: bool| flag.to_string();
        show("DisplayName", String::new());
        show("EffectiveDeliveryPolicy", EFFECTIVE_DELIVERY_POLICY.to_owned());
        show("Owner", self.arn.account().to_owned());
        show("Policy", default_policy(&self.arn));
        show("SubscriptionsConfirmed", self.subscriptions.len().to_string());
        show("SubscriptionsDeleted", self.subscriptions_deleted.to_string());
        show("SubscriptionsPending", "0".to_owned());
        show("TopicArn", self.arn.to_string());
        if self.attributes.fifo {
            show("FifoTopic", flag(true));
            show("ContentBasedDeduplication", flag(false));
        }
        shown
    }

    /// The id by which a message counts as a duplicate; filled in from the text if need be.
    fn deduplication_key(&self, message: &mut NewMessage) -> Key {
        let text = message.text.of("default");
        let id = message.deduplication_id.clone().unwrap_or_else(|| hash(text));
        message.deduplication_id = Some(id.clone());
        let group = message.group_id.clone().filter(|_| self.attributes.deduplicates_by_group());
        (group.map(Arc::from), id.into())
    }
}

/// SHA-256 in lower-case hexadecimal.
fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}
