//! What CloudWatch learns of a function: the values of minutes in which it was invoked.
//!
//! Nobody watches the clock for this: whatever happens next, or whoever asks, publishes the minute
//! that has passed. Each value stands under the function's name, and under that and the resource
//! that was named: the function, a version or an alias.
//!
//! Source: developer guide "Types of metrics for Lambda functions".
// Differs from AWS: metrics have the dimensions `FunctionName`, and `FunctionName` with `Resource`;
// none stand under `ExecutedVersion`, nor under no dimension at all for all functions together.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::{Context, MetricUnit, Observation, Observed, WantedMetrics};
use crate::services::lambda::state::Lambda;
use crate::wire::Timestamp;

/// The namespace, and the dimension that names a function.
const METRICS: (&str, &str) = ("AWS/Lambda", "FunctionName");
const RESOURCE: &str = "Resource";
const MINUTE: Duration = Duration::from_secs(60);

/// What is observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Invocations,
    Errors,
    Throttles,
    Duration,
    ConcurrentExecutions,
    AsyncEventsReceived,
    AsyncEventAge,
    AsyncEventsDropped,
    DeadLetterErrors,
    DestinationDeliveryFailures,
}

/// Their names in CloudWatch, in the order of [`Measure`].
const NAMES: [(&str, MetricUnit); 10] = [
    ("Invocations", MetricUnit::Count),
    ("Errors", MetricUnit::Count),
    ("Throttles", MetricUnit::Count),
    ("Duration", MetricUnit::Milliseconds),
    ("ConcurrentExecutions", MetricUnit::Count),
    ("AsyncEventsReceived", MetricUnit::Count),
    ("AsyncEventAge", MetricUnit::Milliseconds),
    ("AsyncEventsDropped", MetricUnit::Count),
    ("DeadLetterErrors", MetricUnit::Count),
    ("DestinationDeliveryFailures", MetricUnit::Count),
];

type Values = [Option<Observation>; NAMES.len()];

/// What happened to all functions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Activities {
    /// By a function's name.
    functions: BTreeMap<Arc<str>, Activity>,
}

/// What happened to a function since a minute began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Activity {
    minute: Timestamp,
    values: Values,
    /// Those of each resource.
    resources: BTreeMap<Arc<str>, Values>,
}

impl Lambda {
    /// Observes values of a function that was named with `qualifier`.
    pub(super) fn observe(
        &mut self,
        ctx: &mut Context<'_>,
        (function, qualifier): (&Arc<str>, Option<&str>),
        values: &[(Measure, f64)],
    ) {
        let resource: Arc<str> = match qualifier {
            Some(qualifier) => format!("{function}:{qualifier}").into(),
            None => Arc::clone(function),
        };
        let all = &mut self.invocations.activities.functions;
        let activity = all.entry(Arc::clone(function)).or_default();
        activity.publish(ctx, function);
        if activity.is_empty() {
            ctx.begin_metrics(METRICS.0, (METRICS.1, function));
        }
        let of_resource = activity.resources.entry(resource).or_default();
        for (measure, value) in values {
            let seen = Observation::of(*value);
            for into in [&mut activity.values, &mut *of_resource] {
                match &mut into[*measure as usize] {
                    Some(observed) => observed.merge(seen.clone()),
                    none => *none = Some(seen.clone()),
                }
            }
        }
    }

    /// Publishes the minutes that have passed of functions that somebody wants to see.
    pub(in crate::services::lambda) fn publish_activity(
        &mut self,
        ctx: &mut Context<'_>,
        wanted: &WantedMetrics,
    ) {
        let wanted = wanted.resources(METRICS.0, METRICS.1);
        let is_wanted = |name: &str| wanted.as_ref().is_none_or(|names| names.contains(&name));
        self.invocations.activities.functions.retain(|name, activity| {
            if is_wanted(name) {
                activity.publish(ctx, name);
            }
            !activity.is_empty()
        });
    }
}

impl Activity {
    fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// Publishes the minute that has passed, if one has.
    fn publish(&mut self, ctx: &mut Context<'_>, function: &Arc<str>) {
        if self.minute + MINUTE > ctx.now() {
            return;
        }
        let whole = (None, std::mem::take(&mut self.values));
        let of_resources = std::mem::take(&mut self.resources);
        let of_resources = of_resources.into_iter().map(|(name, values)| (Some(name), values));
        for (resource, values) in std::iter::once(whole).chain(of_resources) {
            let of = [Some((METRICS.1, function)), resource.as_ref().map(|name| (RESOURCE, name))];
            let of: Vec<_> = of.into_iter().flatten().collect();
            let named = NAMES.into_iter().zip(values);
            for ((name, unit), value) in named {
                let Some(value) = value else { continue };
                let observed = Observed::Samples(value);
                ctx.publish_metric_of(METRICS.0, name, &of, self.minute, unit, observed);
            }
        }
        let into_minute = ctx.now().millis().rem_euclid(MINUTE.as_millis() as i64);
        self.minute = Timestamp::from_millis(ctx.now().millis() - into_minute);
    }
}
