//! A subscription: what it lets pass, and the delivery it makes of a message.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::archive::Replay;
use super::confirmation::Confirmation;
use super::delivery_policy::{SubscriptionPolicy, TopicPolicy};
use super::envelope::{Notice, Notification};
use super::message::NewMessage;
use super::message_attributes;
use super::platforms::platform_of;
use super::protocol::{Endpoint, Protocol};
use super::subscription_attributes::SubscriptionAttributes;
use crate::kernel::{
    Delivery, DeliveryTarget, HttpTarget, Mismatch, Name, Pause, Principal, RetryPhase,
    RetrySchedule, SignatureVersion,
};
use crate::services::shared::notification;
use crate::services::shared::pattern::FilterPolicy;
use crate::wire::Timestamp;

/// SNS as policies name it.
pub(super) const PRINCIPAL: Principal = Principal::of("sns.amazonaws.com");
/// How long an HTTP server may take.
///
/// Source: developer guide "Amazon SNS message delivery status", HTTP endpoints.
const TIMEOUT_SECONDS: u32 = 15;
const SECOND: Duration = Duration::from_secs(1);
const AGENT: &str = "Amazon Simple Notification Service Agent";

/// SNS's phases for AWS endpoints: at once, before the back-off, the back-off, after it.
///
/// Source: developer guide "Amazon SNS message delivery retries".
const RETRIES: RetrySchedule = schedule(&[
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
]);

/// The same for mail, texts and devices: 50 tries in six hours.
///
/// Source: developer guide "Amazon SNS message delivery retries".
pub(super) const RETRIES_OF_PEOPLE: RetrySchedule = schedule(&[
    seconds(2, 10),
    RetryPhase { retries: 10, pause: Pause::Doubling { first_seconds: 10, longest_seconds: 600 } },
    seconds(38, 600),
]);

const fn seconds(retries: u32, seconds: u32) -> RetryPhase {
    RetryPhase { retries, pause: Pause::Seconds(seconds) }
}

const fn schedule(phases: &'static [RetryPhase]) -> RetrySchedule {
    RetrySchedule {
        phases: Cow::Borrowed(phases),
        jitter: 0.0,
        attempts_max: u32::MAX,
        age_max: None,
    }
}

/// How the token of a message ends that asks for a confirmation.
pub(super) const ASKED: &str = "asked";

/// A subject, a text, and how that is to be signed.
type Body = (Option<String>, Arc<str>, Option<SignatureVersion>);

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
    pub(super) protocol: Protocol,
    pub(super) endpoint: Endpoint,
    pub(super) attributes: SubscriptionAttributes,
    pub(super) confirmation: Confirmation,
    /// Why the last message that asked for a confirmation did not arrive.
    #[serde(default)]
    pub(super) unasked: Option<Box<str>>,
    pub(super) replay: Option<Replay>,
    /// The second in which a throttled endpoint is called, from its beginning on, and how often.
    second: Timestamp,
    in_second: u32,
    /// The topic's name, a slash and the id: what SNS calls its deliveries.
    token: Arc<str>,
    pub(super) lineage: Name,
}

impl Subscription {
    /// A subscription without attributes; `arn` is the topic's, a colon and `id`.
    pub(super) fn new(
        (topic_arn, topic, id): (String, &str, &str),
        (owner, principal): (String, String),
        (protocol, endpoint): (Protocol, Endpoint),
        confirmation: Confirmation,
    ) -> Self {
        let arn = format!("{topic_arn}:{id}");
        Self {
            lineage: Name::of(&arn),
            arn,
            topic_arn,
            owner,
            principal,
            protocol,
            endpoint,
            attributes: SubscriptionAttributes::default(),
            confirmation,
            unasked: None,
            replay: None,
            second: Timestamp::default(),
            in_second: 0,
            token: format!("{topic}/{id}").into(),
        }
    }

    /// Why no messages come to it that are published at `now`, if none do.
    pub(super) fn obstacle(&self, now: Timestamp) -> Option<Cow<'static, str>> {
        if self.confirmation.is_pending() {
            return Some(match &self.unasked {
                None => "it waits to be confirmed".into(),
                Some(why) => {
                    format!("it waits to be confirmed, and could not be asked: {why}").into()
                }
            });
        }
        let passes = self.replay.as_ref().is_none_or(|replay| replay.lets_new_ones_pass(now));
        (!passes).then_some("it gets nothing new before its replay is over".into())
    }

    /// What SNS calls the message that asks for a confirmation.
    pub(super) fn asking_token(&self) -> Arc<str> {
        format!("{}/{ASKED}", self.token).into()
    }

    /// The text that it gets of a message.
    pub(super) fn text<'m>(&self, message: &'m NewMessage) -> &'m str {
        message.text.of(self.texts())
    }

    /// Which of a message's texts it gets: a device that of its platform.
    fn texts(&self) -> &str {
        match (self.protocol, &self.endpoint.arn) {
            (Protocol::Application, Some(device)) => platform_of(&device.resource),
            (protocol, _) => protocol.as_str(),
        }
    }

    /// The filter policy that stops a message, if one does.
    pub(super) fn stopped_by(
        &self,
        attributes: &Value,
        message: &NewMessage,
    ) -> Option<&FilterPolicy> {
        let policy = self.attributes.filter_policy.as_ref();
        policy.filter(|policy| !policy.matches(attributes, self.text(message)))
    }

    /// Why the filter policy stops a message; empty if it does not.
    pub(super) fn mismatches(&self, attributes: &Value, message: &NewMessage) -> Vec<Mismatch> {
        let policy = self.attributes.filter_policy.as_ref();
        policy.map_or(Vec::new(), |policy| policy.mismatches(attributes, self.text(message)))
    }

    /// The delivery of a message.
    pub(super) fn delivery(
        &self,
        notice: &Notice<'_>,
        made: &mut Made,
        topic: Option<&TopicPolicy>,
    ) -> Delivery {
        let message = notice.message;
        let (subject, body, unsigned) = self.body(notice, made);
        let raw_queue = self.attributes.raw_message_delivery && self.protocol == Protocol::Sqs;
        let attributes = match raw_queue {
            true => message_attributes::for_delivery(&message.attributes),
            false => BTreeMap::new(),
        };
        let (to, schedule) = self.target(notice, topic);
        // A standard queue behind a FIFO topic sees neither group nor de-duplication id; behind a
        // standard topic it sees the group.
        let to_fifo = self.endpoint.is_fifo();
        let from_fifo = notice.published.sequence.is_some();
        let sender = (notice.topic.clone(), PRINCIPAL);
        Delivery {
            subject,
            unsigned,
            attributes,
            message_group_id: message.group_id.clone().filter(|_| to_fifo || !from_fifo),
            message_deduplication_id: message.deduplication_id.clone().filter(|_| to_fifo),
            message_id: Some(notice.published.id),
            trace_header: message.trace_header.clone(),
            dead_letter: self.attributes.dead_letter_target.clone(),
            dead_letter_body: self.dead_letter_body(notice, made),
            hops: message.hops,
            answer_to: Some(Arc::clone(&self.token)),
            ..Delivery::new(sender, to, body, notice.cause).tried_again(schedule)
        }
    }

    /// The subject, where there is one apart from the text, the text, and how it is to be signed
    /// if it is not yet: what waits in a queue is when somebody receives it.
    fn body(&self, notice: &Notice<'_>, made: &mut Made) -> Body {
        let raw = self.attributes.raw_message_delivery;
        let message = notice.message;
        let texts = self.texts();
        let mut plain = || Arc::clone(made.raw.get(texts, || message.text.of(texts).into()));
        match self.protocol {
            Protocol::Sqs | Protocol::Http | Protocol::Https | Protocol::Firehose if raw => {
                (None, plain(), None)
            }
            Protocol::Application => (message.subject.clone(), plain(), None),
            Protocol::Lambda => (None, notice.function_event(&self.arn).into(), None),
            Protocol::Email => {
                let (subject, text) = notice.mail(&self.arn);
                (Some(subject), text.into(), None)
            }
            Protocol::Sms => (None, notice.text_message().into(), None),
            Protocol::Sqs => (None, self.notification(notice, made), notice.unsigned()),
            _ => (None, self.signed_notification(notice, made), None),
        }
    }

    fn notification(&self, notice: &Notice<'_>, made: &mut Made) -> Arc<str> {
        let texts = self.texts();
        let found = made.notifications.get(texts, || Notification::of(notice, texts));
        found.to_subscription(&self.arn).into()
    }

    fn signed_notification(&self, notice: &Notice<'_>, made: &mut Made) -> Arc<str> {
        let text = self.notification(notice, made);
        notification::sign(notice.signer, notice.signature_version, &text).unwrap_or(text)
    }

    /// What comes to the dead-letter queue instead of what was delivered: the notification, where
    /// that was a function's event or a letter.
    ///
    /// Source: recording of 2023-08-24 for functions. Unverified: for people.
    fn dead_letter_body(&self, notice: &Notice<'_>, made: &mut Made) -> Option<Arc<str>> {
        self.attributes.dead_letter_target.as_ref()?;
        let otherwise = matches!(
            self.protocol,
            Protocol::Lambda | Protocol::Application | Protocol::Sms | Protocol::Email
        );
        otherwise.then(|| self.signed_notification(notice, made))
    }

    fn target(
        &self,
        notice: &Notice<'_>,
        topic: Option<&TopicPolicy>,
    ) -> (DeliveryTarget, RetrySchedule) {
        match (self.protocol, &self.endpoint.arn) {
            (Protocol::Sqs | Protocol::Lambda | Protocol::Firehose, Some(arn)) => {
                (arn.clone().into(), RETRIES)
            }
            (_, Some(arn)) => (arn.clone().into(), RETRIES_OF_PEOPLE),
            (_, None) => {
                let policy = self.effective_policy(topic);
                let mut headers = headers("Notification", &notice.published.id.to_string());
                let mut add = |name: &str, value: &str| {
                    headers.push((name.to_owned(), value.to_owned()));
                };
                add("content-type", policy.content_type());
                add("x-amz-sns-topic-arn", &self.topic_arn);
                add("x-amz-sns-subscription-arn", &self.arn);
                if self.attributes.raw_message_delivery {
                    add("x-amz-sns-rawdelivery", "true");
                }
                // A bus may have brought text that is no header.
                let trace = notice.message.trace_header.as_deref();
                if let Some(trace) = trace.filter(|it| !it.contains(char::is_control)) {
                    add("x-amzn-trace-id", trace);
                }
                (self.server(headers), policy.schedule())
            }
        }
    }

    /// The message that asks the endpoint whether it agrees, or tells it that it was unsubscribed.
    pub(super) fn server(&self, headers: Vec<(String, String)>) -> DeliveryTarget {
        DeliveryTarget::Http(HttpTarget {
            url: self.endpoint.text.clone(),
            method: "POST".to_owned(),
            headers,
            timeout_seconds: TIMEOUT_SECONDS,
        })
    }

    /// What counts of the delivery policies of subscription and topic.
    pub(super) fn effective_policy(&self, topic: Option<&TopicPolicy>) -> SubscriptionPolicy {
        SubscriptionPolicy::effective(self.attributes.delivery_policy.as_ref(), topic)
    }

    /// When a message that is published at `now` may be sent: an endpoint may be throttled.
    pub(super) fn slot(&mut self, now: Timestamp, topic: Option<&TopicPolicy>) -> Timestamp {
        if !self.protocol.is_http() {
            return now;
        }
        let Some(rate) = self.effective_policy(topic).receives_per_second() else {
            return now;
        };
        if now >= self.second + SECOND {
            (self.second, self.in_second) = (now, 0);
        } else if self.in_second >= rate {
            (self.second, self.in_second) = (self.second + SECOND, 0);
        }
        self.in_second += 1;
        self.second.max(now)
    }

    /// What GetSubscriptionAttributes shows.
    pub(super) fn describe(&self, topic: Option<&TopicPolicy>) -> BTreeMap<String, String> {
        let mut shown = self.attributes.describe();
        let mut show = |name: &str, value: String| drop(shown.insert(name.to_owned(), value));
        let was_authenticated = self.confirmation.was_authenticated();
        show("ConfirmationWasAuthenticated", was_authenticated.to_string());
        show("Endpoint", self.endpoint.text.clone());
        show("Owner", self.owner.clone());
        show("PendingConfirmation", self.confirmation.is_pending().to_string());
        show("Protocol", self.protocol.as_str().to_owned());
        show("SubscriptionArn", self.arn.clone());
        show("SubscriptionPrincipal", self.principal.clone());
        show("TopicArn", self.topic_arn.clone());
        if self.protocol.is_http() {
            show("EffectiveDeliveryPolicy", self.effective_policy(topic).text());
        }
        if let Some(replay) = &self.replay {
            show("ReplayStatus", replay.status.as_str().to_owned());
        }
        shown
    }
}

/// The headers of every request to an HTTP server.
pub(super) fn headers(kind: &str, message_id: &str) -> Vec<(String, String)> {
    let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![
        row("user-agent", AGENT),
        row("x-amz-sns-message-type", kind),
        row("x-amz-sns-message-id", message_id),
    ]
}
