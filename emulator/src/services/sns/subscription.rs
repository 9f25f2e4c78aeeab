//! A subscription: what it lets pass, and the delivery it makes of a message.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::envelope::Notification;
use super::message::NewMessage;
use super::message_attributes;
use super::subscription_attributes::SubscriptionAttributes;
use super::topic::Published;
use crate::kernel::{
    Arn, Context, Delivery, Name, NodeId, Pause, Principal, RetryPhase, RetrySchedule,
};

/// SNS as policies name it.
const PRINCIPAL: Principal = Principal::of("sns.amazonaws.com");

/// SNS's phases for AWS endpoints: at once, before the back-off, the back-off, after it.
///
/// Source: developer guide "Amazon SNS message delivery retries".
const RETRIES: RetrySchedule = RetrySchedule {
    phases: Cow::Borrowed(&[
        seconds(3, 0),
        seconds(2, 1),
        seconds(2, 1),
        seconds(1, 2),
        seconds(1, 3),
        seconds(1, 4),
        seconds(1, 5),
        seconds(1, 7),
        seconds(1, 10),
        seconds(1, 14),
        seconds(1, 20),
        seconds(100_000, 20),
    ]),
    jitter: 0.0,
    attempts_max: u32::MAX,
    age_max: None,
};

const fn seconds(retries: u32, seconds: u32) -> RetryPhase {
    RetryPhase { retries, pause: Pause::Seconds(seconds) }
}

/// What deliveries of one message share, by the protocol of the subscription.
#[derive(Default)]
pub(super) struct Made {
    raw: ByProtocol<Arc<str>>,
    notifications: ByProtocol<Notification>,
}

/// Few: a list is found through faster than a map.
struct ByProtocol<T>(Vec<(String, T)>);

impl<T> Default for ByProtocol<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByProtocol<T> {
    fn get(&mut self, protocol: &str, make: impl FnOnce() -> T) -> &T {
        let found = self.0.iter().position(|(of, _)| of == protocol);
        let place = found.unwrap_or_else(|| {
            self.0.push((protocol.to_owned(), make()));
            self.0.len() - 1
        });
        &self.0[place].1
    }
}

/// One subscription of a topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Subscription {
    /// The topic's ARN, a colon and an id.
    pub(super) arn: String,
    pub(super) topic_arn: String,
    pub(super) owner: String,
    /// The ARN of who subscribed.
    pub(super) principal: String,
    pub(super) protocol: String,
    /// The queue. Other protocols are not implemented.
    pub(super) endpoint: Arn,
    pub(super) attributes: SubscriptionAttributes,
    pub(super) lineage: Name,
}

impl Subscription {
    /// Why the filter policy stops a message; empty if it does not.
    pub(super) fn mismatches(&self, attributes: &Value, message: &NewMessage) -> Vec<String> {
        let policy = self.attributes.filter_policy.as_ref();
        policy.map_or(Vec::new(), |policy| {
            policy.mismatches(attributes, message.text.of(&self.protocol))
        })
    }

    pub(super) fn delivery(
        &self,
        ctx: &Context<'_>,
        topic: &Arn,
        message: &NewMessage,
        made: &mut Made,
        published: Published,
        cause: NodeId,
    ) -> Delivery {
        let protocol = &self.protocol;
        let (body, attributes) = if self.attributes.raw_message_delivery {
            let attributes = message_attributes::for_delivery(&message.attributes);
            let text = || message.text.of(protocol).into();
            (Arc::clone(made.raw.get(protocol, text)), attributes)
        } else {
            let notification = || Notification::of(ctx, topic, message, protocol, published);
            let notification = made.notifications.get(protocol, notification);
            (notification.to_subscription(&self.arn).into(), BTreeMap::new())
        };
        // A standard queue behind a FIFO topic sees neither group nor de-duplication id; behind a
        // standard topic it sees the group.
        let to_fifo = self.endpoint.resource.ends_with(".fifo");
        let from_fifo = published.sequence.is_some();
        let sender = (topic.clone(), PRINCIPAL);
        Delivery {
            attributes,
            message_group_id: message.group_id.clone().filter(|_| to_fifo || !from_fifo),
            message_deduplication_id: message.deduplication_id.clone().filter(|_| to_fifo),
            dead_letter: self.attributes.dead_letter_target.clone(),
            hops: message.hops,
            ..Delivery::new(sender, self.endpoint.clone(), body, cause).tried_again(RETRIES)
        }
    }

    /// What GetSubscriptionAttributes shows.
    pub(super) fn describe(&self) -> BTreeMap<String, String> {
        let mut shown = self.attributes.describe();
        let rows = [
            ("ConfirmationWasAuthenticated", "true".to_owned()),
            ("Endpoint", self.endpoint.to_string()),
            ("Owner", self.owner.clone()),
            ("PendingConfirmation", "false".to_owned()),
            ("Protocol", self.protocol.clone()),
            ("SubscriptionArn", self.arn.clone()),
            ("SubscriptionPrincipal", self.principal.clone()),
            ("TopicArn", self.topic_arn.clone()),
        ];
        shown.extend(rows.map(|(name, value)| (name.to_owned(), value)));
        shown
    }
}
