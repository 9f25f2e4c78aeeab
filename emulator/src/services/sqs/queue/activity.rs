//! What CloudWatch learns of a queue: counts and gauges, once a minute while it is in use.
//!
//! Nobody watches the clock for this: whatever looks at a queue next publishes the minutes that
//! have passed, each as the queue was at its end. So an idle queue costs nothing here either.
//!
//! Source: developer guide "Available CloudWatch metrics for Amazon SQS".

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Queue;
use crate::kernel::{Context, MetricUnit, Minutes, Observation, Observed};
use crate::services::sqs::message::Message;
use crate::wire::Timestamp;

/// The namespace, and the dimension that names a queue.
pub(in crate::services::sqs) const METRICS: (&str, &str) = (NAMESPACE, DIMENSION);
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

    /// Whole minutes until `now`, without those in which the queue is silent.
    fn minutes_until(&self, now: Timestamp) -> u32 {
        let minute = MINUTE.as_millis() as i64;
        let published = (now.millis() - self.minute.millis()).div_euclid(minute);
        let last = (self.last_used + ACTIVE).millis() - self.minute.millis();
        u32::try_from(published.min(last.div_euclid(minute) + 1)).unwrap_or(0)
    }
}

/// A queue's figures, minute by minute.
#[derive(Default)]
struct Figures {
    counts: [Minutes; COUNTS.len()],
    age: Minutes,
    /// Of a FIFO queue.
    groups: Option<Minutes>,
}

const COUNTS: [&str; 7] = [
    "NumberOfMessagesSent",
    "NumberOfMessagesReceived",
    "NumberOfMessagesDeleted",
    "NumberOfEmptyReceives",
    "ApproximateNumberOfMessagesVisible",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
];

impl Figures {
    /// The queue has been for so many minutes as it is now.
    fn push(&mut self, queue: &Queue, end: Timestamp, minutes: u32) {
        let Activity { sent_sizes, received, deleted, empty_receives, .. } = &queue.activity;
        let sent = sent_sizes.as_ref().map_or(0, |sizes| sizes.count);
        let [visible, in_flight, delayed] = queue.counts().map(|count| count as u64);
        let counts = [sent, *received, *deleted, *empty_receives, visible, in_flight, delayed];
        for (column, count) in self.counts.iter_mut().zip(counts) {
            column.push(count as f64, minutes);
        }
        let age = queue.oldest_of_interest().map_or(0, |from| end.since(from).as_secs());
        self.age.push(age as f64, minutes);
        if let Some(groups) = queue.order.groups_in_flight() {
            self.groups.get_or_insert_default().push(groups as f64, minutes);
        }
    }

    fn publish(self, ctx: &mut Context<'_>, queue: &Arc<str>, from: Timestamp) {
        let mut publish = |name, unit, minutes| {
            let (dimension, observed) = ((DIMENSION, queue), Observed::Minutes(minutes));
            ctx.publish_metric(NAMESPACE, name, dimension, from, unit, observed);
        };
        for (name, minutes) in COUNTS.into_iter().zip(self.counts) {
            publish(name, MetricUnit::Count, minutes);
        }
        publish("ApproximateAgeOfOldestMessage", MetricUnit::Seconds, self.age);
        if let Some(minutes) = self.groups {
            let name = "ApproximateNumberOfGroupsWithInflightMessages";
            publish(name, MetricUnit::Count, minutes);
        }
    }
}

impl Queue {
    /// Publishes the minutes that have passed.
    pub(super) fn publish_metrics(&mut self, ctx: &mut Context<'_>) {
        let now = ctx.now();
        if self.activity.next_minute() > now {
            return;
        }
        let from = self.activity.minute;
        // Of the first minute: nobody has sent anything since, or there would be none to publish.
        let sizes = self.activity.sent_sizes.clone();
        let mut figures = Figures::default();
        while self.activity.next_minute() <= now && !self.activity.is_silent(self.activity.minute) {
            let end = self.activity.next_minute();
            self.settle_at(ctx, end);
            figures.push(self, end, 1);
            self.begin_minute(end);
            if self.messages.len() == 0 {
                let idle = self.activity.minutes_until(now);
                figures.push(self, end, idle);
                self.begin_minute(end + MINUTE * idle);
            }
        }
        if self.activity.next_minute() <= now {
            self.begin_minute(now);
        }
        if figures.age.is_empty() {
            return;
        }
        figures.publish(ctx, &self.name, from);
        if let Some(sizes) = sizes {
            let (dimension, observed) = ((DIMENSION, &self.name), Observed::Samples(sizes));
            let unit = MetricUnit::Bytes;
            ctx.publish_metric(NAMESPACE, "SentMessageSize", dimension, from, unit, observed);
        }
    }

    fn begin_minute(&mut self, at: Timestamp) {
        let last_used = self.activity.last_used;
        self.activity = Activity { last_used, ..Activity::new(at) };
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
