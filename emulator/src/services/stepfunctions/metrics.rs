//! What CloudWatch learns of a state machine: counts and durations of minutes in which something
//! happened.
//!
//! Source: developer guide, "Monitoring Step Functions metrics using Amazon CloudWatch".

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::state::StepFunctions;
use crate::kernel::{Context, MetricUnit, Minutes, Observation, Observed, WantedMetrics};
use crate::wire::Timestamp;

/// The namespace, and the dimension that names a state machine.
pub(super) const METRICS: (&str, &str) = ("AWS/States", "StateMachineArn");
const MINUTE: Duration = Duration::from_secs(60);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Started,
    Succeeded,
    Failed,
    Aborted,
    TimedOut,
}

/// Their names in CloudWatch, in the order of [`Count`].
const NAMES: [&str; 5] = [
    "ExecutionsStarted",
    "ExecutionsSucceeded",
    "ExecutionsFailed",
    "ExecutionsAborted",
    "ExecutionsTimedOut",
];

/// What happened to a machine's executions since a minute began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Activity {
    minute: Timestamp,
    counts: [u64; NAMES.len()],
    times: Option<Observation>,
}

impl Activity {
    pub(super) fn count(&mut self, ctx: &mut Context<'_>, machine: &Arc<str>, what: Count) {
        self.publish(ctx, machine);
        if self.counts == [0; NAMES.len()] {
            ctx.begin_metrics(METRICS.0, (METRICS.1, machine));
        }
        self.counts[what as usize] += 1;
    }

    /// An execution that took so long has ended; count it before.
    pub(super) fn ended(&mut self, took: Duration) {
        let observation = Observation::of(took.as_millis() as f64);
        match &mut self.times {
            Some(times) => times.merge(observation),
            none => *none = Some(observation),
        }
    }

    /// Publishes the minute that has passed, if one has.
    pub(super) fn publish(&mut self, ctx: &mut Context<'_>, machine: &Arc<str>) {
        if self.minute + MINUTE > ctx.now() {
            return;
        }
        let of = (METRICS.1, machine);
        for (name, count) in NAMES.into_iter().zip(self.counts).filter(|(_, count)| *count > 0) {
            let mut minutes = Minutes::default();
            minutes.push(count as f64, 1);
            let observed = Observed::Minutes(minutes);
            ctx.publish_metric(METRICS.0, name, of, self.minute, MetricUnit::Count, observed);
        }
        if let Some(times) = self.times.take() {
            let (name, observed) = ("ExecutionTime", Observed::Samples(times));
            let unit = MetricUnit::Milliseconds;
            ctx.publish_metric(METRICS.0, name, of, self.minute, unit, observed);
        }
        let into_minute = ctx.now().millis().rem_euclid(MINUTE.as_millis() as i64);
        self.minute = Timestamp::from_millis(ctx.now().millis() - into_minute);
        self.counts = Default::default();
    }
}

impl StepFunctions {
    pub(super) fn publish_activity(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        let wanted = wanted.resources(METRICS.0, METRICS.1);
        let is_wanted = |name: &str| wanted.as_ref().is_none_or(|names| names.contains(&name));
        for machine in self.machines.values_mut().filter(|it| is_wanted(&it.metric_name)) {
            machine.activity.publish(ctx, &machine.metric_name);
        }
    }
}
