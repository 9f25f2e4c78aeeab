//! All topics of one account and region.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::error::SnsError;
use super::subscription::Subscription;
use super::topic::Topic;
use crate::kernel::{Arn, Context};

/// Most entries of one page of a list.
pub(super) const PAGE: usize = 100;
/// How many parts an ARN has at least.
const ARN_PARTS: usize = 6;
/// Most subscriptions of deleted topics that are remembered.
const ORPHANS_MAX: usize = 1000;

/// SNS in one account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sns {
    pub(super) topics: BTreeMap<Arc<str>, Topic>,
    /// Subscriptions whose topic was deleted, by ARN: AWS still shows them for a while.
    orphans: BTreeMap<String, Subscription>,
}

impl Sns {
    /// The topic that an ARN names; `member` is the request's member that holds it.
    ///
    /// # Errors
    /// `InvalidParameter` for what is no ARN of this region, `NotFound`.
    pub(super) fn topic(
        &mut self,
        ctx: &Context<'_>,
        member: &str,
        arn: Option<&str>,
    ) -> Result<&mut Topic, SnsError> {
        let arn = topic_arn(ctx, member, arn)?;
        let topic = self.topics.get_mut(arn.resource.as_str());
        topic.filter(|topic| topic.arn == arn).ok_or(SnsError::TopicNotFound)
    }

    /// The topic that a tagging request names.
    pub(super) fn tagged(
        &mut self,
        ctx: &Context<'_>,
        arn: Option<&str>,
    ) -> Result<&mut Topic, SnsError> {
        self.topic(ctx, "ResourceArn", arn).map_err(|error| match error {
            SnsError::TopicNotFound => SnsError::ResourceNotFound,
            other => other,
        })
    }

    /// Removes a topic; its subscriptions stay visible by their ARNs.
    pub(super) fn delete_topic(&mut self, name: &str) {
        let Some(topic) = self.topics.remove(name) else {
            return;
        };
        let orphans = topic.subscriptions.into_values();
        self.orphans.extend(orphans.map(|orphan| (orphan.arn.clone(), orphan)));
        while self.orphans.len() > ORPHANS_MAX {
            self.orphans.pop_first();
        }
    }

    /// The subscription with this ARN, and whether its topic is FIFO.
    pub(super) fn subscription(
        &mut self,
        arn: Option<&str>,
    ) -> Result<(&mut Subscription, bool), SnsError> {
        let (topic, id) = subscription_arn(arn)?;
        if let Some(topic) = self.topics.get_mut(&*topic) {
            let fifo = topic.attributes.fifo;
            if let Some(subscription) = topic.subscriptions.get_mut(&id) {
                return Ok((subscription, fifo));
            }
        }
        let orphan = self.orphans.get_mut(arn.unwrap_or_default());
        orphan
            .map(|orphan| (orphan, topic.ends_with(".fifo")))
            .ok_or(SnsError::SubscriptionNotFound)
    }

    /// Ends a subscription; one that is not there is ended already.
    pub(super) fn unsubscribe(&mut self, arn: Option<&str>) -> Result<(), SnsError> {
        let (topic, id) = subscription_arn(arn)?;
        if let Some(topic) = self.topics.get_mut(&*topic)
            && topic.subscriptions.remove(&id).is_some()
        {
            topic.subscriptions_deleted += 1;
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

/// Reads a subscription's ARN: the topic's name and the subscription's id.
fn subscription_arn(arn: Option<&str>) -> Result<(String, String), SnsError> {
    let arn = checked_arn("SubscriptionArn", arn)?;
    let is_id = |id: &str| {
        id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    match arn.resource.split_once(':') {
        Some((topic, id)) if is_id(id) => Ok((topic.to_owned(), id.to_owned())),
        _ => Err(SnsError::parameter("SubscriptionId")),
    }
}

fn checked_arn(member: &str, arn: Option<&str>) -> Result<Arn, SnsError> {
    let text = arn.filter(|arn| !arn.is_empty()).ok_or_else(|| SnsError::missing(member))?;
    let parts = text.split(':').count();
    if parts < ARN_PARTS {
        return Err(SnsError::parameter(format!(
            "{member} Reason: An ARN must have at least {ARN_PARTS} elements, not {parts}"
        )));
    }
    text.parse().map_err(|_| SnsError::parameter(member))
}
