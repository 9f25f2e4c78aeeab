//! A topic, and the one door through which messages enter it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::activity::{Activity, Count};
use super::archive::{Archive, Archived};
use super::attributes::TopicAttributes;
use super::delivery_status;
use super::envelope::{Notice, links_begin};
use super::message::NewMessage;
use super::message_attributes;
use super::policy_text::default_policy;
use super::recent::Recent;
use super::subscription::{ASKED, Made, Subscription};
use crate::kernel::{Answered, Arn, CallError, Context, MessageId, Name, NodeId, What};
use crate::services::shared::deduplication::{Deduplication, Key};
use crate::wire::{Timestamp, hex};

/// The first sequence number less one; AWS shows 20 digits.
const SEQUENCE_BASE: u64 = 10_000_000_000_000_000_000;

/// A topic with its subscriptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Topic {
    pub(super) name: Arc<str>,
    pub(super) arn: Arn,
    pub(super) attributes: TopicAttributes,
    pub(super) data_protection_policy: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    /// Where links begin if no client acts: where its creator knew this emulator.
    pub(super) endpoint: String,
    /// By the last part of their ARNs.
    pub(super) subscriptions: BTreeMap<String, Subscription>,
    /// Those that ended and that their endpoints may take up again.
    pub(super) ended: BTreeMap<String, Subscription>,
    /// When the first of those that wait for an answer has waited long enough, at the earliest.
    pub(super) asks_until: Option<Timestamp>,
    pub(super) subscriptions_deleted: u64,
    pub(super) archive: Option<Archive>,
    #[serde(default)]
    pub(super) recent: Recent,
    pub(super) activity: Activity,
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
        let archive = attributes.archive_days.map(|days| Archive::new(ctx.now(), days));
        Self {
            name,
            attributes,
            data_protection_policy: None,
            tags,
            endpoint: links_begin(ctx, "http://localhost"),
            subscriptions: BTreeMap::new(),
            ended: BTreeMap::new(),
            asks_until: None,
            subscriptions_deleted: 0,
            archive,
            recent: Recent::default(),
            activity: Activity::default(),
            deduplication: Deduplication::default(),
            sequence: 0,
            lineage: ctx.name(&arn.to_string()),
            arn,
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
        self.activity.published(ctx, &self.name, message.bytes());
        self.hand_out(ctx, &message, published, cause);
        let archived = Archived { at: ctx.now(), published, message };
        if let Some(archive) = &mut self.archive {
            archive.keep(archived.clone());
        }
        self.recent.keep(archived);
        published
    }

    /// To every subscription that gets what is published now.
    fn hand_out(
        &mut self,
        ctx: &mut Context<'_>,
        message: &NewMessage,
        published: Published,
        cause: NodeId,
    ) {
        let attributes = message_attributes::for_filters(&message.attributes);
        let (endpoint, signer) = (links_begin(ctx, &self.endpoint), ctx.signer());
        let at = ctx.now();
        let notice = Notice {
            topic: &self.arn,
            display_name: self.attributes.display_name(),
            endpoint: &endpoint,
            signer: &signer,
            signature_version: self.attributes.signature_version(),
            message,
            published,
            at,
            cause,
            replayed: false,
        };
        let of_topic = &self.attributes;
        let (activity, name) = (&mut self.activity, &self.name);
        let mut made = Made::default();
        for subscription in self.subscriptions.values_mut() {
            if let Some(why) = subscription.obstacle(at) {
                ctx.record_note(cause, What::Withheld, &subscription.lineage, published.id, why);
                continue;
            }
            let counts = (&mut *activity, name);
            offer(ctx, counts, (subscription, of_topic), (&notice, &attributes, &mut made));
        }
    }

    /// Brings messages of the archive to a subscription once more.
    pub(super) fn replay(&mut self, ctx: &mut Context<'_>, id: &str, archived: &[Archived]) {
        let (endpoint, signer) = (links_begin(ctx, &self.endpoint), ctx.signer());
        let of_topic = &self.attributes;
        let Some(subscription) = self.subscriptions.get_mut(id) else { return };
        for Archived { at, published, message } in archived {
            let attributes = message_attributes::for_filters(&message.attributes);
            let note = "replayed from the archive";
            let cause = message.cause;
            let cause = ctx.record_note(cause, What::Published, &self.lineage, published.id, note);
            let notice = Notice {
                topic: &self.arn,
                display_name: self.attributes.display_name(),
                endpoint: &endpoint,
                signer: &signer,
                signature_version: self.attributes.signature_version(),
                message,
                published: *published,
                at: *at,
                cause,
                replayed: true,
            };
            let counts = (&mut self.activity, &self.name);
            let what = (&notice, &attributes, &mut Made::default());
            offer(ctx, counts, (subscription, of_topic), what);
        }
    }

    /// Begins, keeps or ends the archive, as the attributes say now.
    pub(super) fn keep_archive(&mut self, now: Timestamp) {
        match (self.attributes.archive_days, &mut self.archive) {
            (None, archive) => {
                *archive = None;
                self.fail_replays();
            }
            (Some(days), Some(archive)) => archive.set_days(days),
            (Some(days), none) => *none = Some(Archive::new(now, days)),
        }
    }

    /// A delivery to a subscription was taken, or given up.
    pub(super) fn delivered(
        &mut self,
        ctx: &mut Context<'_>,
        (id, remembered): (&str, Option<&str>),
        answer: &Result<Answered, CallError>,
    ) {
        if remembered == Some(ASKED) {
            let found = self.subscriptions.get_mut(id);
            let why = answer.as_ref().err().map(|error| error.to_string().into());
            found.into_iter().for_each(|it| it.unasked = why.clone());
            return;
        }
        // Each failed try of an HTTP server has been counted.
        let counts =
            answer.is_ok() || !self.subscriptions.get(id).is_some_and(|it| it.protocol.is_http());
        let what = if answer.is_ok() { Count::Delivered } else { Count::Failed };
        if counts {
            self.activity.count(ctx, &self.name, what);
        }
        if let (Some(remembered), Some(subscription)) = (remembered, self.subscriptions.get(id)) {
            let topic = (&self.arn, &self.attributes);
            delivery_status::tell(ctx, topic, subscription, remembered, answer);
        }
    }

    /// What GetTopicAttributes shows.
    pub(super) fn describe(&self, now: Timestamp) -> BTreeMap<String, String> {
        let mut shown = self.attributes.given.clone();
        let mut show = |name: &str, value: String| {
            shown.entry(name.to_owned()).or_insert(value);
        };
        let flag = |flag: bool| flag.to_string();
        let policy = self.attributes.delivery_policy.clone().unwrap_or_default();
        let pending = self.subscriptions.values().filter(|it| it.confirmation.is_pending());
        let pending = pending.count();
        show("DisplayName", String::new());
        show("EffectiveDeliveryPolicy", policy.effective_text());
        show("Owner", self.arn.account().to_owned());
        show("Policy", default_policy(&self.arn));
        show("SubscriptionsConfirmed", (self.subscriptions.len() - pending).to_string());
        show("SubscriptionsDeleted", self.subscriptions_deleted.to_string());
        show("SubscriptionsPending", pending.to_string());
        show("TopicArn", self.arn.to_string());
        if self.attributes.fifo {
            show("FifoTopic", flag(true));
            show("ContentBasedDeduplication", flag(false));
        }
        if let Some(archive) = &self.archive {
            show("BeginningArchiveTime", archive.begins(now).iso_millis());
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

/// Leaves the delivery of a message to a subscription, unless its filter policy stops it.
fn offer(
    ctx: &mut Context<'_>,
    (activity, topic): (&mut Activity, &Arc<str>),
    (subscription, of_topic): (&mut Subscription, &TopicAttributes),
    (notice, attributes, made): (&Notice<'_>, &Value, &mut Made),
) {
    if let Some(filter) = subscription.stopped_by(attributes, notice.message) {
        let body = subscription.text(notice.message);
        activity.filtered_out(ctx, topic, (filter.scope(), body), notice.message);
        // Why is found out when somebody asks: the topic remembers the message for a while.
        let at = &subscription.lineage;
        ctx.record(notice.cause, What::FilteredOut, at, notice.published.id);
        return;
    }
    let policy = of_topic.delivery_policy.as_ref();
    let mut delivery = subscription.delivery(notice, made, policy);
    let protocol = subscription.protocol;
    let remembered = delivery_status::to_remember(of_topic, protocol, &delivery, ctx.now());
    if let (Some(remembered), Some(token)) = (remembered, &delivery.answer_to) {
        delivery.answer_to = Some(format!("{token}/{remembered}").into());
    }
    let (now, at) = (ctx.now(), subscription.slot(ctx.now(), policy));
    if at > now {
        ctx.deliver_at(at, delivery);
    } else {
        ctx.deliver(delivery);
    }
}

/// SHA-256 in lower-case hexadecimal.
fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}
