//! What CloudWatch learns of a pipe: counts of minutes in which something happened.
//!
//! Source: user guide, "Monitoring EventBridge Pipes".

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::{Context, MetricUnit, Minutes, Observed};
use crate::wire::Timestamp;

/// The namespace, and the dimension that names a pipe.
pub(super) const METRICS: (&str, &str) = ("AWS/EventBridge/Pipes", "PipeName");
const MINUTE: Duration = Duration::from_secs(60);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Events,
    Invocations,
    Failed,
    PartlyFailed,
}

/// Their names in CloudWatch, in the order of [`Count`].
const NAMES: [&str; 4] =
    ["EventCount", "Invocations", "ExecutionFailed", "ExecutionPartiallyFailed"];

/// What happened to a pipe since a minute began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Activity {
    minute: Timestamp,
    counts: [u64; NAMES.len()],
}

impl Activity {
    pub(super) fn count(&mut self, ctx: &mut Context<'_>, pipe: &Arc<str>, what: Count, by: u64) {
        self.publish(ctx, pipe);
        if self.counts == [0; NAMES.len()] {
            ctx.begin_metrics(METRICS.0, (METRICS.1, pipe));
        }
        self.counts[what as usize] += by;
    }

    /// Publishes the minute that has passed, if one has.
    pub(super) fn publish(&mut self, ctx: &mut Context<'_>, pipe: &Arc<str>) {
        if self.minute + MINUTE > ctx.now() {
            return;
        }
        for (name, count) in NAMES.into_iter().zip(self.counts).filter(|(_, count)| *count > 0) {
            let mut minutes = Minutes::default();
            minutes.push(count as f64, 1);
            let (of, observed) = ((METRICS.1, pipe), Observed::Minutes(minutes));
            ctx.publish_metric(METRICS.0, name, of, self.minute, MetricUnit::Count, observed);
        }
        let into_minute = ctx.now().millis().rem_euclid(MINUTE.as_millis() as i64);
        self.minute = Timestamp::from_millis(ctx.now().millis() - into_minute);
        self.counts = Default::default();
    }
}
