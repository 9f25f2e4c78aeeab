//! What SNS writes about deliveries into log groups of the topic's account, where the topic asks
//! for it: `sns/REGION/ACCOUNT/TOPIC`, and the same with `/Failure`.
//!
//! Source: developer guide "Amazon SNS message delivery status".

use md5::{Digest as _, Md5};
use serde_json::{Value, json};
use sha2::Sha256;

use super::attributes::TopicAttributes;
use super::protocol::Protocol;
use super::subscription::{PRINCIPAL, Subscription};
use crate::kernel::{Answered, Arn, CallError, Context, Delivery, MessageId, NodeId};
use crate::wire::{Timestamp, hex};

/// How much of what a server said is written down, in characters.
///
/// Source: developer guide, on HTTP endpoints.
const RESPONSE_CHARACTERS_MAX: usize = 1000;
/// The share of successes that is told where the topic does not say it. Unverified.
const RATE: u32 = 100;

/// What the attributes of a protocol begin with.
fn prefix(protocol: Protocol) -> Option<&'static str> {
    match protocol {
        Protocol::Http | Protocol::Https => Some("HTTP"),
        Protocol::Firehose => Some("Firehose"),
        Protocol::Lambda => Some("Lambda"),
        Protocol::Application => Some("Application"),
        Protocol::Sqs => Some("SQS"),
        Protocol::Email | Protocol::EmailJson | Protocol::Sms => None,
    }
}

/// An attribute of a topic for a protocol, if it is set.
fn setting<'a>(topic: &'a TopicAttributes, protocol: Protocol, name: &str) -> Option<&'a str> {
    let name = format!("{}{name}", prefix(protocol)?);
    topic.given.get(&name).map(String::as_str)
}

/// What has to be known of a delivery when it is over, if the topic asks for that: the words that
/// follow the topic and the subscription in its token.
pub(super) fn to_remember(
    topic: &TopicAttributes,
    protocol: Protocol,
    delivery: &Delivery,
    now: Timestamp,
) -> Option<String> {
    setting(topic, protocol, "SuccessFeedbackRoleArn")
        .or_else(|| setting(topic, protocol, "FailureFeedbackRoleArn"))?;
    let (id, digest) = (delivery.message_id?, hex(&Md5::digest(delivery.body.as_bytes())));
    Some(format!("{id}/{digest}/{}", now.millis()))
}

/// Writes down how a delivery ended; `remembered` is what [`to_remember`] gave.
pub(super) fn tell(
    ctx: &mut Context<'_>,
    (topic, attributes): (&Arn, &TopicAttributes),
    subscription: &Subscription,
    remembered: &str,
    answer: &Result<Answered, CallError>,
) {
    let protocol = subscription.protocol;
    let wanted = match answer {
        Ok(_) => "SuccessFeedbackRoleArn",
        Err(_) => "FailureFeedbackRoleArn",
    };
    if setting(attributes, protocol, wanted).is_none()
        || !is_sampled(ctx, attributes, protocol, answer)
    {
        return;
    }
    let mut parts = remembered.split('/');
    let mut next = || parts.next().unwrap_or_default();
    let (message_id, digest, sent) = (next(), next(), next());
    let sent: i64 = sent.parse().unwrap_or_default();
    let (status_code, response) = told(answer);
    let timestamp = Timestamp::from_millis(sent).iso_millis();
    let event = json!({
        "notification": {
            "messageMD5Sum": digest,
            "messageId": message_id,
            "topicArn": topic.as_str(),
            "timestamp": timestamp.replace('T', " ").trim_end_matches('Z'),
        },
        "delivery": {
            "deliveryId": ctx.ids().uuid().to_string(),
            "destination": subscription.endpoint.text,
            "providerResponse": response,
            "dwellTimeMs": ctx.now().millis() - sent,
            "statusCode": status_code,
        },
        "status": if answer.is_ok() { "SUCCESS" } else { "FAILURE" },
    });
    write(ctx, topic, answer.is_ok(), &event);
}

/// Failures are all told, of successes a share.
fn is_sampled(
    ctx: &mut Context<'_>,
    attributes: &TopicAttributes,
    protocol: Protocol,
    answer: &Result<Answered, CallError>,
) -> bool {
    let rate = setting(attributes, protocol, "SuccessFeedbackSampleRate");
    let rate = rate.and_then(|rate| rate.parse().ok()).unwrap_or(RATE);
    match answer {
        Err(_) => true,
        Ok(_) if rate >= 100 => true,
        Ok(_) => ctx.ids().fraction() * 100.0 < f64::from(rate),
    }
}

/// The status and the words of whoever was to take the message.
fn told(answer: &Result<Answered, CallError>) -> (u16, String) {
    let (status, text) = match answer {
        Ok(Answered::Http(answer)) => {
            (answer.status, String::from_utf8_lossy(&answer.body).into_owned())
        }
        Ok(_) => (200, String::new()),
        Err(error) => {
            let text = error.to_string();
            let status = text.strip_prefix("the server answered ");
            (status.and_then(|status| status.parse().ok()).unwrap_or(400), text)
        }
    };
    (status, text.chars().take(RESPONSE_CHARACTERS_MAX).collect())
}

/// SNS writes with the role that the topic names, so no policy of the group is needed.
fn write(ctx: &mut Context<'_>, topic: &Arn, succeeded: bool, event: &Value) {
    let failure = if succeeded { "" } else { "/Failure" };
    let (region, account, name) = (topic.region(), topic.account(), &topic.resource);
    let digest = Sha256::digest(topic.as_str());
    let stream = MessageId(u128::from_be_bytes(*digest.first_chunk().expect("it has 32 bytes")));
    let group = format!("log-group:sns/{region}/{account}/{name}{failure}");
    let to = topic.scope.arn("logs", format!("{group}:log-stream:{stream}"));
    let body = event.to_string();
    ctx.deliver(Delivery::new((topic.clone(), PRINCIPAL), to, body, NodeId::NONE));
}
