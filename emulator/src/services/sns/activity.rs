//! What CloudWatch learns of a topic: counts of the minutes in which something happened.
//!
//! Nobody watches the clock for this: whatever happens next at a topic, or whoever asks, publishes
//! the minute that has passed. Minutes without anything are not published, as on AWS.
//!
//! Source: developer guide "Monitoring Amazon SNS topics using CloudWatch".

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::message::NewMessage;
use crate::kernel::{Context, MetricUnit, Minutes, Observation, Observed};
use crate::services::shared::pattern::FilterPolicyScope;
use crate::wire::Timestamp;

/// The namespace, and the dimension that names a topic.
pub(super) const METRICS: (&str, &str) = ("AWS/SNS", "TopicName");
const MINUTE: Duration = Duration::from_secs(60);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Published,
    Delivered,
    Failed,
    RedrivenToDlq,
    FailedToRedriveToDlq,
    FilteredOut,
    FilteredOutMessageAttributes,
    FilteredOutNoMessageAttributes,
    FilteredOutMessageBody,
    FilteredOutInvalidMessageBody,
}

/// Their names in CloudWatch, in the order of [`Count`].
const NAMES: [&str; 10] = [
    "NumberOfMessagesPublished",
    "NumberOfNotificationsDelivered",
    "NumberOfNotificationsFailed",
    "NumberOfNotificationsRedrivenToDlq",
    "NumberOfNotificationsFailedToRedriveToDlq",
    "NumberOfNotificationsFilteredOut",
    "NumberOfNotificationsFilteredOut-MessageAttributes",
    "NumberOfNotificationsFilteredOut-NoMessageAttributes",
    "NumberOfNotificationsFilteredOut-MessageBody",
    "NumberOfNotificationsFilteredOut-InvalidMessageBody",
];

/// What happened at a topic since a minute began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Activity {
    minute: Timestamp,
    sizes: Option<Observation>,
    counts: [u64; NAMES.len()],
}

impl Activity {
    /// Counts something at `topic`.
    pub(super) fn count(&mut self, ctx: &mut Context<'_>, topic: &Arc<str>, what: Count) {
        self.begin(ctx, topic);
        self.counts[what as usize] += 1;
    }

    /// Counts a message of so many bytes.
    pub(super) fn published(&mut self, ctx: &mut Context<'_>, topic: &Arc<str>, bytes: usize) {
        self.count(ctx, topic, Count::Published);
        let size = Observation::of(bytes as f64);
        match &mut self.sizes {
            Some(sizes) => sizes.merge(size),
            none => *none = Some(size),
        }
    }

    /// Counts a message that a filter policy stopped.
    pub(super) fn filtered_out(
        &mut self,
        ctx: &mut Context<'_>,
        topic: &Arc<str>,
        (scope, body): (FilterPolicyScope, &str),
        message: &NewMessage,
    ) {
        let no_attributes = message.attributes.is_empty();
        let why = match scope {
            FilterPolicyScope::MessageAttributes if no_attributes => {
                Count::FilteredOutNoMessageAttributes
            }
            FilterPolicyScope::MessageAttributes => Count::FilteredOutMessageAttributes,
            FilterPolicyScope::MessageBody if body.trim_start().starts_with('{') => {
                Count::FilteredOutMessageBody
            }
            FilterPolicyScope::MessageBody => Count::FilteredOutInvalidMessageBody,
        };
        self.count(ctx, topic, Count::FilteredOut);
        self.count(ctx, topic, why);
    }

    /// Publishes the minute that has passed, if one has.
    pub(super) fn publish(&mut self, ctx: &mut Context<'_>, topic: &Arc<str>) {
        if self.minute + MINUTE > ctx.now() {
            return;
        }
        let (at, (namespace, dimension)) = (self.minute, METRICS);
        for (name, count) in NAMES.into_iter().zip(self.counts) {
            if count > 0 {
                let mut minutes = Minutes::default();
                minutes.push(count as f64, 1);
                let observed = Observed::Minutes(minutes);
                let of = (dimension, topic);
                ctx.publish_metric(namespace, name, of, at, MetricUnit::Count, observed);
            }
        }
        if let Some(sizes) = self.sizes.take() {
            let (observed, of) = (Observed::Samples(sizes), (dimension, topic));
            ctx.publish_metric(namespace, "PublishSize", of, at, MetricUnit::Bytes, observed);
        }
        let into_minute = ctx.now().millis().rem_euclid(MINUTE.as_millis() as i64);
        self.minute = Timestamp::from_millis(ctx.now().millis() - into_minute);
        self.counts = Default::default();
    }

    /// The present minute is to hold something; whoever waits for it is told.
    fn begin(&mut self, ctx: &mut Context<'_>, topic: &Arc<str>) {
        self.publish(ctx, topic);
        if self.counts == [0; NAMES.len()] {
            ctx.begin_metrics(METRICS.0, (METRICS.1, topic));
        }
    }
}
