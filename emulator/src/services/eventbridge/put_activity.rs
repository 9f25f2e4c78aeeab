//! What CloudWatch learns of PutEvents: figures of an account and region, without dimensions.
//!
//! Source: user guide "Monitoring Amazon EventBridge", "EventBridge PutEvents metrics".

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::activity::{MINUTE, NAMESPACE, beginning_of_minute};
use crate::kernel::{Context, MetricUnit, Observation, Observed, RefusedRequest, WantedMetrics};
use crate::wire::Timestamp;

/// Every request takes so long, as virtual time stands still in it.
const LATENCY_MILLIS: f64 = 1.0;

/// What happened since a minute began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct PutActivity {
    minute: Timestamp,
    succeeded: u64,
    failed: u64,
    throttled: u64,
    entries: Option<Observation>,
    failed_entries: Option<Observation>,
    bytes: Option<Observation>,
}

fn observe(what: &mut Option<Observation>, value: usize) {
    let value = Observation::of(value as f64);
    match what {
        Some(known) => known.merge(value),
        None => *what = Some(value),
    }
}

impl PutActivity {
    /// A request was answered: it had so many entries of so many bytes, and so many failed.
    ///
    /// Unverified: whether AWS's size is that of the entries, as here, or of the body.
    pub(super) fn answered(
        &mut self,
        ctx: &mut Context<'_>,
        (entries, failed): (usize, usize),
        bytes: usize,
    ) {
        self.begin(ctx);
        self.succeeded += 1;
        observe(&mut self.entries, entries);
        observe(&mut self.failed_entries, failed);
        observe(&mut self.bytes, bytes);
    }

    /// A request was answered with an error: one that was slowed down has not failed.
    ///
    /// Unverified: that AWS counts it in one of the two alone.
    pub(super) fn refused(&mut self, ctx: &mut Context<'_>, refused: &RefusedRequest<'_>) {
        if refused.operation != "PutEvents" {
            return;
        }
        self.begin(ctx);
        match refused.is_throttled {
            true => self.throttled += 1,
            false => self.failed += 1,
        }
    }

    /// The present minute is to hold something; whoever waits for it is told.
    fn begin(&mut self, ctx: &mut Context<'_>) {
        self.publish(ctx);
        if self.calls() == 0 {
            let (whole, none) = WantedMetrics::WHOLE;
            ctx.begin_metrics(NAMESPACE, (whole, &Arc::from(none)));
        }
    }

    fn calls(&self) -> u64 {
        self.succeeded + self.failed + self.throttled
    }

    /// Publishes the minute that has passed, if one has.
    pub(super) fn publish(&mut self, ctx: &mut Context<'_>) {
        if self.minute + MINUTE > ctx.now() {
            return;
        }
        let done = std::mem::take(self);
        self.minute = beginning_of_minute(ctx.now());
        let latency = Observation::of(LATENCY_MILLIS).times(done.succeeded);
        let (count, at) = (MetricUnit::Count, done.minute);
        for (name, unit, observed) in [
            ("PutEventsApproximateCallCount", count, Observation::ones(done.calls())),
            ("PutEventsApproximateFailedCount", count, Observation::ones(done.failed)),
            ("PutEventsApproximateSuccessCount", count, Observation::ones(done.succeeded)),
            ("PutEventsApproximateThrottledCount", count, Observation::ones(done.throttled)),
            ("PutEventsEntriesCount", count, done.entries),
            ("PutEventsFailedEntriesCount", count, done.failed_entries),
            ("PutEventsLatency", MetricUnit::Milliseconds, latency),
            ("PutEventsRequestSize", MetricUnit::Bytes, done.bytes),
        ] {
            if let Some(observed) = observed {
                let observed = Observed::Samples(observed);
                ctx.publish_metric_of(NAMESPACE, name, &[], at, unit, observed);
            }
        }
    }
}
