//! What CloudWatch learns of tables: units, counts and latencies of the minutes in which something
//! happened.
//!
//! Nobody watches the clock for this: whatever happens next at a table, or whoever asks, publishes
//! the minute that has passed. Minutes without anything are not published, as on AWS.
//!
//! Source: developer guide "DynamoDB Metrics and dimensions".

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::capacity::{Units, Usage};
use super::error::DynamoDbError;
use super::state::DynamoDb;
use crate::kernel::{Context, MetricUnit, Observation, Observed, WantedMetrics};
use crate::wire::Timestamp;

const NAMESPACE: &str = "AWS/DynamoDB";
const TABLE: &str = "TableName";
const OPERATION: &str = "Operation";
const MINUTE: Duration = Duration::from_secs(60);
/// Every request takes so long, as virtual time stands still in it.
const LATENCY_MILLIS: f64 = 1.0;

/// What happened at one table since a minute began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Activity {
    minute: Timestamp,
    read_units: Option<Observation>,
    write_units: Option<Observation>,
    failed_conditions: u64,
    operations: BTreeMap<Arc<str>, Operation>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Operation {
    latencies: Option<Observation>,
    returned: Option<Observation>,
}

/// The activity of every table that was used, by its name.
pub(super) type Activities = BTreeMap<Arc<str>, Activity>;

fn observe(what: &mut Option<Observation>, value: f64) {
    match what {
        Some(known) => known.merge(Observation::of(value)),
        None => *what = Some(Observation::of(value)),
    }
}

impl Activity {
    fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.failed_conditions == 0
    }

    /// Publishes the minute that has passed, if one has.
    fn publish(&mut self, ctx: &mut Context<'_>, table: &Arc<str>) {
        if self.minute + MINUTE > ctx.now() {
            return;
        }
        let done = std::mem::take(self);
        let into_minute = ctx.now().millis().rem_euclid(MINUTE.as_millis() as i64);
        self.minute = Timestamp::from_millis(ctx.now().millis() - into_minute);
        let conditions = (0..done.failed_conditions).map(|_| Observation::of(1.0));
        let failed = conditions.reduce(|mut all, one| {
            all.merge(one);
            all
        });
        let of_table = [
            ("ConsumedReadCapacityUnits", done.read_units),
            ("ConsumedWriteCapacityUnits", done.write_units),
            ("ConditionalCheckFailedRequests", failed),
        ];
        let mut publish = |name, second, unit, observed: Option<Observation>| {
            if let Some(observed) = observed {
                let dimensions = ((TABLE, table), second);
                let observed = Observed::Samples(observed);
                ctx.publish_metric_of(NAMESPACE, name, dimensions, done.minute, unit, observed);
            }
        };
        for (name, observed) in of_table {
            publish(name, None, MetricUnit::Count, observed);
        }
        for (operation, Operation { latencies, returned }) in &done.operations {
            let second = Some((OPERATION, operation));
            let (milliseconds, latencies) = (MetricUnit::Milliseconds, latencies.clone());
            publish("SuccessfulRequestLatency", second, milliseconds, latencies);
            publish("ReturnedItemCount", second, MetricUnit::Count, returned.clone());
        }
    }
}

impl DynamoDb {
    /// Counts a request that was answered: the units that it took of a table, and how many items it
    /// returned if it returns several.
    pub(super) fn answered(
        &mut self,
        ctx: &mut Context<'_>,
        operation: &str,
        (table, usage): (&str, Usage),
        (units, returned): (&Units, Option<usize>),
    ) {
        let activity = self.activity(ctx, table);
        let of_usage = match usage {
            Usage::Read => &mut activity.read_units,
            Usage::Write => &mut activity.write_units,
        };
        observe(of_usage, units.total());
        let operations = &mut activity.operations;
        if !operations.contains_key(operation) {
            operations.insert(operation.into(), Operation::default());
        }
        if let Some(of_operation) = operations.get_mut(operation) {
            observe(&mut of_operation.latencies, LATENCY_MILLIS);
            if let Some(returned) = returned {
                observe(&mut of_operation.returned, returned as f64);
            }
        }
    }

    /// The same of each table of a batch.
    pub(super) fn answered_all(
        &mut self,
        ctx: &mut Context<'_>,
        operation: &str,
        usage: Usage,
        units: &BTreeMap<String, Units>,
    ) {
        for (table, units) in units {
            self.answered(ctx, operation, (table, usage), (units, None));
        }
    }

    /// Counts a write that is refused, if its condition did not hold.
    pub(super) fn refused(
        &mut self,
        ctx: &mut Context<'_>,
        table: &str,
        error: DynamoDbError,
    ) -> DynamoDbError {
        if matches!(error, DynamoDbError::ConditionalCheckFailed { .. }) {
            self.activity(ctx, table).failed_conditions += 1;
        }
        error
    }

    fn activity(&mut self, ctx: &mut Context<'_>, table: &str) -> &mut Activity {
        let name = match self.activities.get_key_value(table) {
            Some((name, _)) => Arc::clone(name),
            None => table.into(),
        };
        let activity = self.activities.entry(Arc::clone(&name)).or_default();
        activity.publish(ctx, &name);
        if activity.is_empty() {
            ctx.begin_metrics(NAMESPACE, (TABLE, &name));
        }
        activity
    }

    /// Publishes what is due of the tables that somebody looks at.
    pub(super) fn publish(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        let wanted = wanted.resources(NAMESPACE, TABLE);
        self.activities.retain(|name, activity| {
            if wanted.as_ref().is_none_or(|names| names.contains(&&**name)) {
                activity.publish(ctx, name);
            }
            !activity.is_empty()
        });
    }
}
