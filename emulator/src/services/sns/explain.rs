//! What SNS knows of why a message did or did not get somewhere, found out when somebody asks.

use super::delivery::source_owner;
use super::message::Text;
use super::message_attributes;
use super::policy_text::default_policy;
use super::recent::Recent;
use super::state::Sns;
use super::subscription::{PRINCIPAL, Subscription};
use super::topic::Topic;
use crate::kernel::{Arn, Feed, FeedKind, MessageId, Mismatch, Search};
use crate::services::shared::policy::{Decision, Policy, PolicyRequest};
use crate::wire::Timestamp;

/// Most subscriptions of which it is told what keeps messages from them.
const OBSTACLES_MAX: usize = 10;

impl Sns {
    /// Why a subscription's filter policy, as it is now, stops a message.
    pub fn mismatches(&self, subscription: &str, message: MessageId) -> Option<Vec<Mismatch>> {
        let (topic, id) = subscription.rsplit_once(':')?;
        let topic = self.topics.values().find(|it| it.arn.as_str() == topic)?;
        let because = |reason: &str| Some(vec![Mismatch::because(reason)]);
        let Some(subscription) = topic.subscriptions.get(id) else {
            return because("the subscription is gone, and its filter policy with it");
        };
        let Some(archived) = topic.recent.find(message) else {
            return because("the topic no longer remembers the message");
        };
        let attributes = message_attributes::for_filters(&archived.message.attributes);
        let found = subscription.mismatches(&attributes, &archived.message);
        match found.is_empty() {
            true => because("the filter policy has changed since: now it would match"),
            false => Some(found),
        }
    }

    /// The subscriptions whose endpoint, or whose dead-letter queue, is `to`.
    pub fn feeding<'a>(&'a self, to: &'a Arn, now: Timestamp) -> impl Iterator<Item = Feed> + 'a {
        let topics = self.topics.values();
        let all = topics.flat_map(|it| it.subscriptions.values().map(move |one| (it, one)));
        all.flat_map(move |(topic, subscription)| {
            let mut kinds = Vec::new();
            if subscription.endpoint.arn.as_ref() == Some(to) {
                kinds.push(FeedKind::Subscription);
            }
            if subscription.attributes.dead_letter_target.as_ref() == Some(to) {
                kinds.push(FeedKind::DeadLetters);
            }
            kinds.into_iter().map(move |kind| feed(topic, subscription, to, (kind, now)))
        })
    }

    /// Why the policy of the topic `to` does not let `principal` in on behalf of `source`, if it
    /// does not.
    pub fn refusal(
        &self,
        to: &Arn,
        (principal, source): (&str, &Arn),
        now: Timestamp,
    ) -> Option<String> {
        let Some(topic) = self.topics.values().find(|topic| topic.arn == *to) else {
            return Some(format!("{to} does not exist"));
        };
        let request = PolicyRequest {
            principal,
            session: None,
            action: "sns:Publish",
            resource: to.as_str(),
            source_arn: Some(source.as_str()),
            source_account: Some(source.account()),
            source_owner: source_owner(principal, source),
            own_keys: &[],
            now,
        };
        let usual = || Policy::parse(&default_policy(&topic.arn)).unwrap_or_default();
        let policy = topic.attributes.policy.clone().unwrap_or_else(usual);
        match policy.evaluate(&request) {
            Decision::Allowed => None,
            Decision::Denied { reason, .. } => Some(reason),
        }
    }

    /// Looks for a text in the messages that topics still remember, the latest of each first.
    pub fn search(&self, search: &mut Search<'_>) {
        self.topics.values().for_each(|topic| look(&topic.recent, search));
    }

    /// The ARNs of all topics.
    pub fn arns(&self) -> impl Iterator<Item = &Arn> {
        self.topics.values().map(|topic| &topic.arn)
    }

    /// How many subscriptions a topic has, and what keeps messages from which of them.
    pub fn subscribers(&self, topic: &Arn, now: Timestamp) -> Option<Vec<String>> {
        let topic = self.topics.values().find(|it| it.arn == *topic)?;
        let count = match topic.subscriptions.len() {
            1 => "1 subscription".to_owned(),
            count => format!("{count} subscriptions"),
        };
        let kept_from = |it: &Subscription| {
            let why = it.obstacle(now)?;
            Some(format!("NOT SENT to {} ({}): {why}", it.endpoint.text, it.arn))
        };
        let obstacles = topic.subscriptions.values().filter_map(kept_from).take(OBSTACLES_MAX);
        Some([count].into_iter().chain(obstacles).collect())
    }

    /// The topics to which an address that is no ARN is subscribed: a server, a mailbox, a phone.
    pub fn subscribed<'a>(&'a self, address: &'a str) -> impl Iterator<Item = &'a Arn> + 'a {
        let is_it = move |it: &Subscription| it.endpoint.text == address;
        let topics = self.topics.values();
        topics.filter(move |it| it.subscriptions.values().any(is_it)).map(|it| &it.arn)
    }
}

fn look(recent: &Recent, search: &mut Search<'_>) {
    let _enough = recent.iter().rev().all(|archived| {
        let message = &archived.message;
        let mut texts: Vec<&str> = match &message.text {
            Text::Same(text) => vec![text],
            Text::PerProtocol(texts) => texts.values().map(String::as_str).collect(),
        };
        texts.extend(message.subject.as_deref());
        texts.extend(message.attributes.values().filter_map(|it| it.string_value.as_deref()));
        search.look(archived.published.id, &texts)
    });
}

fn feed(topic: &Topic, it: &Subscription, to: &Arn, (kind, now): (FeedKind, Timestamp)) -> Feed {
    Feed {
        by: it.arn.clone(),
        from: topic.arn.to_string(),
        to: to.to_string(),
        source: topic.arn.to_string(),
        principal: PRINCIPAL.as_str().to_owned(),
        kind,
        wants: it.attributes.filter_policy.as_ref().map(|policy| policy.as_str().to_owned()),
        obstacles: it.obstacle(now).map(String::from).into_iter().collect(),
    }
}
