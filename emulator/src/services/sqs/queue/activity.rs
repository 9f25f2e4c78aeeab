//! What CloudWatch learns of a queue: counts and gauges, once a minute while it is in use.
//!
//! Nobody watches the clock for this: whatever looks at a queue next publishes the minutes that
//! have passed, each as the queue was at its end. So an idle queue costs nothing here either.
//!
//! Source: developer guide "Available CloudWatch metrics for Amazon SQS".

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Queue;
use crate::kernel::{Context, MetricUnit, Observation};
use crate::services::sqs::message::Message;
use crate::wire::Timestamp;

const NAMESPACE: &str = "AWS/SQS";
const DIMENSION: &str = "QueueName";
const MINUTE: Duration = Duration::from_secs(60);
/// A queue that nobody used for so long publishes nothing.
const ACTIVE: Duration = Duration::from_secs(6 * 3600);
/// A message of a standard queue received so often is left out of the age of the oldest.
const RECEIVES_OF_POISON: u32 = 3;

/// What happened since the minute began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::sqs) struct Activity {
    minute: Timestamp,
    last_used: Timestamp,
    sent_sizes: Option<Observation>,
    received: u64,
    deleted: u64,
    empty_receives: u64,
}

impl Activity {
    pub(super) fn new(now: Timestamp) -> Self {
        let into_minute = now.millis().rem_euclid(MINUTE.as_millis() as i64);
        Self {
            minute: Timestamp::from_millis(now.millis() - into_minute),
            last_used: now,
            sent_sizes: None,
            received: 0,
            deleted: 0,
            empty_receives: 0,
        }
    }

    pub(super) fn sent(&mut self, bytes: usize) {
        let size = Observation::of(bytes as f64);
        match &mut self.sent_sizes {
            Some(sizes) => sizes.merge(size),
            none => *none = Some(size),
        }
    }

    /// A receive was answered with `messages`.
    pub(in crate::services::sqs) fn received(&mut self, messages: usize) {
        self.received += messages as u64;
        self.empty_receives += u64::from(messages == 0);
    }

    pub(super) fn deleted(&mut self) {
        self.deleted += 1;
    }

    fn is_silent(&self, now: Timestamp) -> bool {
        now > self.last_used + ACTIVE
    }

    fn next_minute(&self) -> Timestamp {
        self.minute + MINUTE
    }
}

impl Queue {
    /// Publishes the minutes that have passed.
    pub(super) fn publish_metrics(&mut self, ctx: &mut Context<'_>) {
        let now = ctx.now();
        while self.activity.next_minute() <= now {
            let (minute, end) = (self.activity.minute, self.activity.next_minute());
            if self.activity.is_silent(minute) {
                let last_used = self.activity.last_used;
                self.activity = Activity { last_used, ..Activity::new(now) };
                return;
            }
            self.settle_at(ctx, end);
            self.publish_minute(ctx, minute, end);
            let last_used = self.activity.last_used;
            self.activity = Activity { last_used, ..Activity::new(end) };
        }
    }

    /// The queue, brought to the present, for a client or another service that uses it.
    pub(in crate::services::sqs) fn in_use(&mut self, ctx: &mut Context<'_>) -> &mut Self {
        self.settle(ctx);
        if self.activity.is_silent(ctx.now()) {
            self.begin_metrics(ctx);
        }
        self.activity.last_used = ctx.now();
        self
    }

    /// Metrics follow from now on.
    pub(super) fn begin_metrics(&self, ctx: &mut Context<'_>) {
        ctx.begin_metrics(NAMESPACE, (DIMENSION, &self.name));
    }

    fn publish_minute(&self, ctx: &mut Context<'_>, minute: Timestamp, end: Timestamp) {
        let Activity { sent_sizes, received, deleted, empty_receives, .. } = &self.activity;
        let [visible, in_flight, delayed] = self.counts();
        let sent = sent_sizes.as_ref().map_or(0, |sizes| sizes.count);
        let age = self.oldest_of_interest().map_or(0, |from| end.since(from).as_secs());
        let mut publish = |name, unit, value| {
            let dimension = (DIMENSION, &self.name);
            ctx.publish_metric(NAMESPACE, name, dimension, minute, unit, value);
        };
        let counts = [
            ("NumberOfMessagesSent", sent),
            ("NumberOfMessagesReceived", *received),
            ("NumberOfMessagesDeleted", *deleted),
            ("NumberOfEmptyReceives", *empty_receives),
            ("ApproximateNumberOfMessagesVisible", visible as u64),
            ("ApproximateNumberOfMessagesNotVisible", in_flight as u64),
            ("ApproximateNumberOfMessagesDelayed", delayed as u64),
        ];
        for (name, count) in counts {
            publish(name, MetricUnit::Count, Observation::of(count as f64));
        }
        let age = Observation::of(age as f64);
        publish("ApproximateAgeOfOldestMessage", MetricUnit::Seconds, age);
        if let Some(sizes) = sent_sizes {
            publish("SentMessageSize", MetricUnit::Bytes, sizes.clone());
        }
        if let Some(groups) = self.order.groups_in_flight() {
            let name = "ApproximateNumberOfGroupsWithInflightMessages";
            publish(name, MetricUnit::Count, Observation::of(groups as f64));
        }
    }

    /// From when the oldest message is retained that consumers have not given up on.
    fn oldest_of_interest(&self) -> Option<Timestamp> {
        let counts =
            |message: &Message| self.is_fifo() || message.receives_here < RECEIVES_OF_POISON;
        let in_order = self.messages.iter().map(|(_, message)| message).find(|m| counts(m));
        let older = self.older.iter().filter_map(|(_, sequence)| self.messages.get(*sequence));
        let older = older.into_iter().find(|message| counts(message));
        in_order.into_iter().chain(older).map(|message| message.retained_from).min()
    }
}
