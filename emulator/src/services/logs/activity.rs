//! What CloudWatch learns of a log group: what came in, by the minutes in which something did.
//!
//! Nobody watches the clock for this: whatever comes in next, or whoever asks, publishes the minute
//! that has passed.
//!
//! Source: user guide "Monitoring with CloudWatch metrics" of CloudWatch Logs.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::{Context, MetricUnit, Observation, Observed};
use crate::wire::Timestamp;

/// The namespace, and the dimension that names a group.
pub(super) const METRICS: (&str, &str) = ("AWS/Logs", "LogGroupName");
const MINUTE: Duration = Duration::from_secs(60);

/// What came into a group since a minute began: one sample a call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Activity {
    minute: Timestamp,
    bytes: Option<Observation>,
    events: Option<Observation>,
    forwarded_events: Option<Observation>,
    forwarded_bytes: Option<Observation>,
    delivery_errors: Option<Observation>,
}

impl Activity {
    /// Counts a batch.
    pub(super) fn came_in(
        &mut self,
        ctx: &mut Context<'_>,
        group: &Arc<str>,
        events: usize,
        bytes: usize,
    ) {
        self.begin(ctx, group);
        add(&mut self.bytes, bytes as f64);
        add(&mut self.events, events as f64);
    }

    /// Counts a batch that went to a subscriber.
    pub(super) fn forwarded(
        &mut self,
        ctx: &mut Context<'_>,
        group: &Arc<str>,
        events: usize,
        bytes: usize,
    ) {
        self.begin(ctx, group);
        add(&mut self.forwarded_bytes, bytes as f64);
        add(&mut self.forwarded_events, events as f64);
    }

    /// Counts a batch that a subscriber did not take.
    pub(super) fn failed(&mut self, ctx: &mut Context<'_>, group: &Arc<str>) {
        self.begin(ctx, group);
        add(&mut self.delivery_errors, 1.0);
    }

    /// Publishes the minute that has passed, if one has.
    pub(super) fn publish(&mut self, ctx: &mut Context<'_>, group: &Arc<str>) {
        if self.minute + MINUTE > ctx.now() {
            return;
        }
        let at = self.minute;
        let samples = [
            ("IncomingBytes", MetricUnit::Bytes, self.bytes.take()),
            ("IncomingLogEvents", MetricUnit::Count, self.events.take()),
            ("ForwardedBytes", MetricUnit::Bytes, self.forwarded_bytes.take()),
            ("ForwardedLogEvents", MetricUnit::Count, self.forwarded_events.take()),
            ("DeliveryErrors", MetricUnit::Count, self.delivery_errors.take()),
        ];
        for (name, unit, samples) in samples {
            if let Some(samples) = samples {
                let of = (METRICS.1, group);
                ctx.publish_metric(METRICS.0, name, of, at, unit, Observed::Samples(samples));
            }
        }
        let into_minute = ctx.now().millis().rem_euclid(MINUTE.as_millis() as i64);
        self.minute = Timestamp::from_millis(ctx.now().millis() - into_minute);
    }

    /// The present minute is to hold something; whoever waits for it is told.
    fn begin(&mut self, ctx: &mut Context<'_>, group: &Arc<str>) {
        self.publish(ctx, group);
        if self.bytes.is_none() && self.forwarded_bytes.is_none() && self.delivery_errors.is_none()
        {
            ctx.begin_metrics(METRICS.0, (METRICS.1, group));
        }
    }
}

fn add(to: &mut Option<Observation>, value: f64) {
    let sample = Observation::of(value);
    match to {
        Some(samples) => samples.merge(sample),
        none => *none = Some(sample),
    }
}
