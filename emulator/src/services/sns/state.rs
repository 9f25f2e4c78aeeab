//! All topics of one account and region.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::SnsError;
use super::permission;
use super::phones::Phones;
use super::platforms::Platforms;
use super::subscription::Subscription;
use super::subscription_attributes::Ends;
use super::topic::Topic;
use crate::kernel::{Arn, Context};
use crate::wire::Timestamp;

/// Most entries of one page of a list.
pub(super) const PAGE: usize = 100;
/// How many parts an ARN has at least.
const ARN_PARTS: usize = 6;
/// Most subscriptions of deleted topics that are remembered.
const ORPHANS_MAX: usize = 1000;

/// For how long they are.
///
/// Unverified: AWS says "after some days".
const ORPHANED: Duration = Duration::from_secs(3 * 86_400);

/// SNS in one account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sns {
    pub(super) topics: BTreeMap<Arc<str>, Topic>,
    /// Subscriptions whose topic was deleted, by ARN: AWS still shows them for a while.
    /// With the time of its deletion.
    orphans: BTreeMap<String, (Timestamp, Subscription)>,
    pub(super) platforms: Platforms,
    pub(super) phones: Phones,
}

impl Sns {
    /// The topic that an ARN names, if whoever calls may do with it what it asks; `member` is the
    /// request's member that holds it.
    ///
    /// # Errors
    /// `InvalidParameter` for what is no ARN of this region, `NotFound`, `AuthorizationError`.
    pub(super) fn topic(
        &mut self,
        ctx: &mut Context<'_>,
        member: &str,
        arn: Option<&str>,
    ) -> Result<&mut Topic, SnsError> {
        let topic = self.own_topic(ctx, member, arn)?;
        permission::check_caller(ctx, topic)?;
        topic.forget_unconfirmed(ctx.now());
        Ok(topic)
    }

    /// The same, whoever calls.
    pub(super) fn own_topic(
        &mut self,
        ctx: &mut Context<'_>,
        member: &str,
        arn: Option<&str>,
    ) -> Result<&mut Topic, SnsError> {
        let arn = topic_arn(ctx, member, arn)?;
        if arn.account() != ctx.account() {
            ctx.belongs_to(arn.account());
            return Err(SnsError::TopicNotFound);
        }
        let topic = self.topics.get_mut(arn.resource.as_str());
        topic.filter(|topic| topic.arn == arn).ok_or(SnsError::TopicNotFound)
    }

    /// The topic that a tagging request names.
    pub(super) fn tagged(
        &mut self,
        ctx: &mut Context<'_>,
        arn: Option<&str>,
    ) -> Result<&mut Topic, SnsError> {
        self.topic(ctx, "ResourceArn", arn).map_err(|error| match error {
            SnsError::TopicNotFound => SnsError::ResourceNotFound,
            other => other,
        })
    }

    /// Forgets what AWS forgets: subscriptions that nobody confirmed, and old ones without a topic.
    pub(super) fn forget(&mut self, now: Timestamp) {
        self.topics.values_mut().for_each(|topic| topic.forget_unconfirmed(now));
        self.orphans.retain(|_, (since, _)| now < *since + ORPHANED);
    }

    /// Removes a topic; its subscriptions stay visible by their ARNs, if they were confirmed.
    pub(super) fn delete_topic(&mut self, ctx: &Context<'_>, name: &str) {
        let Some(topic) = self.topics.remove(name) else {
            return;
        };
        let confirmed = |orphan: &Subscription| !orphan.confirmation.is_pending();
        let orphans = topic.subscriptions.into_values().filter(confirmed);
        self.orphans.extend(orphans.map(|orphan| (orphan.arn.clone(), (ctx.now(), orphan))));
        while self.orphans.len() > ORPHANS_MAX {
            self.orphans.pop_first();
        }
    }

    /// What GetSubscriptionAttributes shows.
    pub(super) fn describe_subscription(
        &mut self,
        ctx: &mut Context<'_>,
        arn: Option<&str>,
    ) -> Result<BTreeMap<String, String>, SnsError> {
        let (name, id) = subscription_arn(ctx, arn)?;
        if let Some(topic) = self.topics.get_mut(&*name) {
            topic.forget_unconfirmed(ctx.now());
            if let Some(subscription) = topic.subscriptions.get(&id) {
                permission::check_subscriber(ctx, subscription)?;
                return Ok(subscription.describe(topic.attributes.delivery_policy.as_ref()));
            }
        }
        self.forget(ctx.now());
        let orphan = self.orphans.get(arn.unwrap_or_default());
        orphan.map(|(_, orphan)| orphan.describe(None)).ok_or(SnsError::SubscriptionNotFound)
    }

    /// Sets an attribute of a subscription.
    pub(super) fn set_subscription_attribute(
        &mut self,
        ctx: &mut Context<'_>,
        arn: Option<&str>,
        (name, value): (&str, &str),
    ) -> Result<(), SnsError> {
        let (topic_name, id) = subscription_arn(ctx, arn)?;
        let mut topic = self.topics.get_mut(&*topic_name);
        if let Some(topic) = topic.as_mut() {
            topic.forget_unconfirmed(ctx.now());
        }
        let filters = topic.as_ref().map(|topic| topic.check_filter_policies());
        let there = topic.as_mut().and_then(|topic| topic.subscriptions.get_mut(&id));
        let subscription = match there {
            Some(subscription) => subscription,
            None => {
                let orphan = self.orphans.get_mut(arn.unwrap_or_default());
                orphan.map(|(_, orphan)| orphan).ok_or(SnsError::SubscriptionNotFound)?
            }
        };
        permission::check_subscriber(ctx, subscription)?;
        if name.is_empty() {
            return Err(SnsError::missing("AttributeName"));
        }
        let ends = Ends {
            topic_is_fifo: topic_name.ends_with(".fifo"),
            queue_is_fifo: subscription.endpoint.is_fifo(),
            protocol: subscription.protocol,
        };
        let mut attributes = subscription.attributes.clone();
        attributes.set(ctx, name, value, ends)?;
        let had_filter = subscription.attributes.filter_policy.is_some();
        if attributes.filter_policy.is_some() && !had_filter {
            filters.unwrap_or(Ok(()))?;
        }
        let before = std::mem::replace(&mut subscription.attributes, attributes);
        if name == "ReplayPolicy"
            && let Some(topic) = self.topics.get_mut(&*topic_name)
            && let Err(refused) = topic.set_replay(ctx, &id)
        {
            if let Some(subscription) = topic.subscriptions.get_mut(&id) {
                subscription.attributes = before;
            }
            return Err(refused);
        }
        Ok(())
    }

    /// Ends a subscription; one that is not there has ended already.
    pub(super) fn unsubscribe(
        &mut self,
        ctx: &mut Context<'_>,
        arn: Option<&str>,
    ) -> Result<(), SnsError> {
        let (topic, id) = subscription_arn(ctx, arn)?;
        if let Some(topic) = self.topics.get_mut(&*topic) {
            topic.unsubscribe(ctx, &id)?;
        }
        self.orphans.remove(arn.unwrap_or_default());
        Ok(())
    }
}

/// Reads a topic's ARN.
pub(super) fn topic_arn(
    ctx: &Context<'_>,
    member: &str,
    arn: Option<&str>,
) -> Result<Arn, SnsError> {
    let arn = checked_arn(member, arn)?;
    let ours = &*arn.service == "sns" && arn.region() == ctx.region();
    if !ours || arn.resource.contains(':') {
        return Err(SnsError::parameter(member));
    }
    Ok(arn)
}

/// Reads a subscription's ARN: the topic's name and the subscription's id. One of another account
/// is looked for there.
fn subscription_arn(
    ctx: &mut Context<'_>,
    arn: Option<&str>,
) -> Result<(String, String), SnsError> {
    let arn = checked_arn("SubscriptionArn", arn)?;
    let is_id = |id: &str| {
        id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    match arn.resource.split_once(':') {
        Some((topic, id)) if is_id(id) => {
            if arn.account() != ctx.account() {
                ctx.belongs_to(arn.account());
            }
            Ok((topic.to_owned(), id.to_owned()))
        }
        _ => Err(SnsError::parameter("SubscriptionId")),
    }
}

/// Reads an ARN of any kind; `member` is the request's member that holds it.
pub(super) fn checked_arn(member: &str, arn: Option<&str>) -> Result<Arn, SnsError> {
    let text = arn.filter(|arn| !arn.is_empty()).ok_or_else(|| SnsError::missing(member))?;
    let parts = text.split(':').count();
    if parts < ARN_PARTS {
        return Err(SnsError::parameter(format!(
            "{member} Reason: An ARN must have at least {ARN_PARTS} elements, not {parts}"
        )));
    }
    text.parse().map_err(|_| SnsError::parameter(member))
}
