//! Changes of provisioned capacity: what AWS refuses, and when a table was changed last.
//!
//! Source: Developer Guide, "Service quotas": decreases; texts from users' reports.

use std::cmp::Ordering;
use std::time::Duration;

use super::describe::decreases_today;
use super::error::DynamoDbError;
use super::shapes::ProvisionedThroughput;
use super::store::{Table, TableSettings};
use crate::kernel::Context;
use crate::wire::Timestamp;

/// Decreases of one day that may come at any time; each other one waits for an hour after the last.
const DECREASES: i64 = 4;
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

/// A change that may be made so many times within a period that moves on.
pub(super) struct Limited {
    what: &'static str,
    times: usize,
    period: Duration,
}

impl Limited {
    /// Source: API reference "UpdateTable", `BillingMode`. Unverified: the words since it is four
    /// times a day, not once.
    pub(super) const SWITCHES: Self =
        Self { what: "Update to PayPerRequest mode", times: 4, period: DAY };
    /// Source: Developer Guide, "Considerations when choosing a table class". Unverified: the
    /// words.
    pub(super) const CLASSES: Self =
        Self { what: "Table class updates", times: 2, period: Duration::from_secs(30 * 86_400) };

    fn check(&self, ctx: &Context<'_>, made: &[Timestamp]) -> Result<(), DynamoDbError> {
        let counted: Vec<Timestamp> =
            made.iter().copied().filter(|at| *at + self.period > ctx.now()).collect();
        let (Some(first), Some(last)) = (counted.first(), counted.last()) else { return Ok(()) };
        if counted.len() < self.times {
            return Ok(());
        }
        Err(DynamoDbError::LimitExceeded(format!(
            "Subscriber limit exceeded: {} are limited to {} times in {} day(s). Last update at \
             {}. Next update can be made at {}",
            self.what,
            self.times,
            self.period.as_secs() / 86_400,
            told(*last),
            told(*first + self.period),
        )))
    }

    /// Notes that it was made; what counts no more is forgotten.
    pub(super) fn note(&self, ctx: &Context<'_>, made: &mut Vec<Timestamp>) {
        made.retain(|at| *at + self.period > ctx.now());
        made.push(ctx.now());
    }
}

/// Refuses what was changed too often lately.
///
/// # Errors
/// `LimitExceededException`.
pub(super) fn check_often(
    ctx: &Context<'_>,
    table: &Table,
    new: &TableSettings,
) -> Result<(), DynamoDbError> {
    let (old, changes) = (&table.settings, &table.options.throughput_changes);
    if new.pay_per_request && !old.pay_per_request {
        Limited::SWITCHES.check(ctx, &changes.switches)?;
    }
    if new.table_class != old.table_class {
        Limited::CLASSES.check(ctx, &changes.classes)?;
    }
    Ok(())
}

/// A time as AWS tells it: `Wednesday, July 25, 2018 12:50:41 AM UTC`.
fn told(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_second(at.seconds()).unwrap_or_default();
    at.strftime("%A, %B %-d, %Y %-I:%M:%S %p UTC").to_string()
}

/// Refuses capacities that are the ones that there are; `what` is `table` or `index NAME`.
pub(super) fn check_changes(
    what: &str,
    old: Option<&ProvisionedThroughput>,
    new: &ProvisionedThroughput,
) -> Result<(), DynamoDbError> {
    let Some(old) = old.filter(|old| *old == new) else { return Ok(()) };
    let (read, write) = units(Some(old));
    Err(DynamoDbError::validation(format!(
        "The provisioned throughput for the {what} will not change. The requested value equals the \
         current value. Current ReadCapacityUnits provisioned for the {what}: {read}. Requested \
         ReadCapacityUnits: {read}. Current WriteCapacityUnits provisioned for the {what}: \
         {write}. Requested WriteCapacityUnits: {write}. Refer to the Amazon DynamoDB Developer \
         Guide for current limits and how to request higher limits."
    )))
}

/// Notes when the table's capacities grow or shrink.
///
/// # Errors
/// `LimitExceededException`: they were decreased too often today.
pub(super) fn note_change(
    ctx: &Context<'_>,
    table: &mut Table,
    new: &ProvisionedThroughput,
) -> Result<(), DynamoDbError> {
    let (old, new) = (units(table.settings.throughput.as_ref()), units(Some(new)));
    if table.settings.throughput.is_none() {
        return Ok(());
    }
    let orders = [new.0.cmp(&old.0), new.1.cmp(&old.1)];
    if orders.contains(&Ordering::Less) {
        let today = decreases_today(ctx, table);
        let last = table.options.throughput_changes.decreased;
        let last = last.filter(|last| today >= DECREASES && *last + HOUR > ctx.now());
        if let Some(last) = last {
            return Err(DynamoDbError::LimitExceeded(format!(
                "Subscriber limit exceeded: Provisioned throughput decreases are limited within a \
                 given UTC day. After the first 4 decreases, each subsequent decrease in the same \
                 UTC day can be performed at most once every 3600 seconds. Number of decreases \
                 today: {today}. Last decrease at {}. Next decrease can be made at {}",
                told(last),
                told(last + HOUR)
            )));
        }
        let changes = &mut table.options.throughput_changes;
        changes.decreased = Some(ctx.now());
        changes.decreases = (ctx.now().seconds() / 86_400, today + 1);
    }
    if orders.contains(&Ordering::Greater) {
        table.options.throughput_changes.increased = Some(ctx.now());
    }
    Ok(())
}

fn units(throughput: Option<&ProvisionedThroughput>) -> (i64, i64) {
    let of = |units: Option<i64>| units.unwrap_or(0);
    throughput.map_or((0, 0), |it| (of(it.read_capacity_units), of(it.write_capacity_units)))
}
