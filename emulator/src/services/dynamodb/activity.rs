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
use super::state::DynamoDb;
use super::store::{IndexKind, Table};
use super::throttling::is_throttled;
use crate::kernel::{
    Context, MetricUnit, Observation, Observed, RefusedRequest, WantedMetrics, resource_name,
};
use crate::wire::Timestamp;

const NAMESPACE: &str = "AWS/DynamoDB";
const TABLE: &str = "TableName";
const INDEX: &str = "GlobalSecondaryIndexName";
const OPERATION: &str = "Operation";
const MINUTE: Duration = Duration::from_secs(60);
/// Every request takes so long, as virtual time stands still in it.
const LATENCY_MILLIS: f64 = 1.0;

/// What is counted at a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    FailedCondition,
    TransactionConflict,
    ReadThrottle,
    WriteThrottle,
    Expired,
}

const COUNTED: [&str; 5] = [
    "ConditionalCheckFailedRequests",
    "TransactionConflict",
    "ReadThrottleEvents",
    "WriteThrottleEvents",
    "TimeToLiveDeletedItemCount",
];

/// What happened at one table since a minute began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Activity {
    minute: Timestamp,
    units: UsedUnits,
    /// Of global secondary indexes, by name.
    indexes: BTreeMap<Arc<str>, UsedUnits>,
    counts: [u64; COUNTED.len()],
    operations: BTreeMap<Arc<str>, Operation>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct UsedUnits {
    read: Option<Observation>,
    write: Option<Observation>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Operation {
    latencies: Option<Observation>,
    returned: Option<Observation>,
    throttled: u64,
    system_errors: u64,
}

/// The activity of every table that was used, by its name.
pub(super) type Activities = BTreeMap<Arc<str>, Activity>;

/// What is counted for a whole account and region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct UserErrors {
    minute: Timestamp,
    count: u64,
}

fn observe(what: &mut Option<Observation>, value: f64) {
    match what {
        Some(known) => known.merge(Observation::of(value)),
        None => *what = Some(Observation::of(value)),
    }
}

fn beginning_of_minute(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.millis() - now.millis().rem_euclid(MINUTE.as_millis() as i64))
}

impl UsedUnits {
    fn of(&mut self, usage: Usage) -> &mut Option<Observation> {
        match usage {
            Usage::Read => &mut self.read,
            Usage::Write => &mut self.write,
        }
    }

    fn named(self) -> [(&'static str, Option<Observation>); 2] {
        [("ConsumedReadCapacityUnits", self.read), ("ConsumedWriteCapacityUnits", self.write)]
    }
}

impl Activity {
    fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.counts.iter().all(|count| *count == 0)
    }

    fn operation(&mut self, name: &str) -> &mut Operation {
        let name = match self.operations.get_key_value(name) {
            Some((name, _)) => Arc::clone(name),
            None => name.into(),
        };
        self.operations.entry(name).or_default()
    }

    /// Publishes the minute that has passed, if one has, and what the table has as `settings`.
    fn publish(&mut self, ctx: &mut Context<'_>, table: &Arc<str>, settings: Option<&Table>) {
        if self.minute + MINUTE > ctx.now() {
            return;
        }
        let Self { minute, units, indexes, counts, operations } = std::mem::take(self);
        self.minute = beginning_of_minute(ctx.now());
        let mut publish = |name, second: Option<(_, &Arc<str>)>, unit, observed| {
            let Some(observed) = observed else { return };
            let of: Vec<_> = std::iter::once((TABLE, table)).chain(second).collect();
            let observed = Observed::Samples(observed);
            ctx.publish_metric_of(NAMESPACE, name, &of, minute, unit, observed);
        };
        for (index, name, units) in settings.into_iter().flat_map(capacities) {
            let second = index.as_ref().map(|index| (INDEX, index));
            publish(name, second, MetricUnit::Count, Some(Observation::of(units as f64)));
        }
        for (name, observed) in units.named() {
            publish(name, None, MetricUnit::Count, observed);
        }
        for (index, units) in indexes {
            for (name, observed) in units.named() {
                publish(name, Some((INDEX, &index)), MetricUnit::Count, observed);
            }
        }
        for (name, count) in COUNTED.into_iter().zip(counts) {
            publish(name, None, MetricUnit::Count, Observation::ones(count));
        }
        for (operation, counted) in operations {
            let second = Some((OPERATION, &operation));
            let Operation { latencies, returned, throttled, system_errors } = counted;
            publish("SuccessfulRequestLatency", second, MetricUnit::Milliseconds, latencies);
            publish("ReturnedItemCount", second, MetricUnit::Count, returned);
            let (throttled, errors) =
                (Observation::ones(throttled), Observation::ones(system_errors));
            publish("ThrottledRequests", second, MetricUnit::Count, throttled);
            publish("SystemErrors", second, MetricUnit::Count, errors);
        }
    }
}

/// What is provisioned, and the bounds of what is paid by request, of a table and of its global
/// indexes: the index, the metric and the units.
fn capacities(table: &Table) -> Vec<(Option<Arc<str>>, &'static str, i64)> {
    let settings = &table.settings;
    let of_table = (None, settings.throughput.as_ref(), settings.on_demand.as_ref());
    let of_indexes = table
        .indexes
        .values()
        .filter(|index| index.kind == IndexKind::Global)
        .map(|index| (Some(&index.name), index.throughput.as_ref(), index.on_demand.as_ref()));
    let mut capacities = Vec::new();
    for (index, provisioned, bounds) in std::iter::once(of_table).chain(of_indexes) {
        let index: Option<Arc<str>> = index.map(|name| name.as_str().into());
        for (name, units) in [
            ("ProvisionedReadCapacityUnits", provisioned.and_then(|it| it.read_capacity_units)),
            ("ProvisionedWriteCapacityUnits", provisioned.and_then(|it| it.write_capacity_units)),
            ("OnDemandMaxReadRequestUnits", bounds.and_then(|it| it.max_read_request_units)),
            ("OnDemandMaxWriteRequestUnits", bounds.and_then(|it| it.max_write_request_units)),
        ] {
            capacities.extend(units.map(|units| (index.clone(), name, units)));
        }
    }
    capacities
}

impl UserErrors {
    fn count(&mut self, ctx: &mut Context<'_>) {
        self.publish(ctx);
        if self.count == 0 {
            let (whole, none) = WantedMetrics::WHOLE;
            ctx.begin_metrics(NAMESPACE, (whole, &none.into()));
        }
        self.count += 1;
    }

    fn publish(&mut self, ctx: &mut Context<'_>) {
        if self.minute + MINUTE > ctx.now() {
            return;
        }
        let done = std::mem::take(self);
        self.minute = beginning_of_minute(ctx.now());
        if let Some(errors) = Observation::ones(done.count) {
            let (unit, errors) = (MetricUnit::Count, Observed::Samples(errors));
            ctx.publish_metric_of(NAMESPACE, "UserErrors", &[], done.minute, unit, errors);
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
        observe(activity.units.of(usage), units.of_table_and_local());
        for (index, used) in units.of_global() {
            let name = match activity.indexes.get_key_value(index) {
                Some((name, _)) => Arc::clone(name),
                None => index.into(),
            };
            observe(activity.indexes.entry(name).or_default().of(usage), used);
        }
        let of_operation = activity.operation(operation);
        observe(&mut of_operation.latencies, LATENCY_MILLIS);
        if let Some(returned) = returned {
            observe(&mut of_operation.returned, returned as f64);
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

    /// Something happened so many times at the table of this name, or of this ARN.
    pub(super) fn count(
        &mut self,
        ctx: &mut Context<'_>,
        table: &str,
        what: Counted,
        times: usize,
    ) {
        if times > 0 {
            self.activity(ctx, resource_name(table)).counts[what as usize] += times as u64;
        }
    }

    /// Counts a request that is answered with an error, at the tables that it names: what nobody
    /// knows has no metrics.
    pub(super) fn count_refused(&mut self, ctx: &mut Context<'_>, refused: &RefusedRequest<'_>) {
        let shape = &*refused.error.shape;
        let is_throttled = is_throttled(refused.error);
        let is_condition = shape == "ConditionalCheckFailedException";
        let is_user_error = (400..500).contains(&refused.error.status);
        let of_user = is_user_error && !is_throttled && !is_condition;
        if of_user {
            self.user_errors.count(ctx);
        }
        let is_conflict = shape == "TransactionConflictException";
        if of_user && !is_conflict {
            return;
        }
        let usage = usage_of(refused.operation);
        for table in (refused.resources)() {
            if !self.tables.contains_key(&table) {
                continue;
            }
            let activity = self.activity(ctx, &table);
            if is_throttled {
                activity.operation(refused.operation).throttled += 1;
            } else if !is_user_error {
                activity.operation(refused.operation).system_errors += 1;
            }
            let counted = match usage {
                _ if is_condition => Counted::FailedCondition,
                _ if is_conflict => Counted::TransactionConflict,
                Some(Usage::Read) if is_throttled => Counted::ReadThrottle,
                Some(Usage::Write) if is_throttled => Counted::WriteThrottle,
                _ => continue,
            };
            activity.counts[counted as usize] += 1;
        }
    }

    fn activity(&mut self, ctx: &mut Context<'_>, table: &str) -> &mut Activity {
        let name = match self.activities.get_key_value(table) {
            Some((name, _)) => Arc::clone(name),
            None => table.into(),
        };
        let activity = self.activities.entry(Arc::clone(&name)).or_default();
        activity.publish(ctx, &name, self.tables.get(&*name));
        if activity.is_empty() {
            ctx.begin_metrics(NAMESPACE, (TABLE, &name));
        }
        activity
    }

    /// Publishes what is due of the tables that somebody looks at, or of the whole account.
    pub(super) fn publish(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        if wanted.whole(NAMESPACE) {
            self.user_errors.publish(ctx);
        }
        let wanted = wanted.resources(NAMESPACE, TABLE);
        self.activities.retain(|name, activity| {
            if wanted.as_ref().is_none_or(|names| names.contains(&&**name)) {
                activity.publish(ctx, name, self.tables.get(&**name));
            }
            !activity.is_empty()
        });
    }
}

/// What an operation on items does with its table.
pub(super) fn usage_of(operation: &str) -> Option<Usage> {
    match operation {
        "BatchGetItem" | "GetItem" | "Query" | "Scan" | "TransactGetItems" => Some(Usage::Read),
        "BatchWriteItem" | "DeleteItem" | "PutItem" | "TransactWriteItems" | "UpdateItem" => {
            Some(Usage::Write)
        }
        _ => None,
    }
}
