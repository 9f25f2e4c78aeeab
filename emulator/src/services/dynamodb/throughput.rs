//! Changes of provisioned capacity: what AWS refuses, and when a table was changed last.
//!
//! Source: Developer Guide, "Service quotas": decreases; texts from users' reports.

use std::cmp::Ordering;

use super::describe::decreases_today;
use super::error::DynamoDbError;
use super::shapes::ProvisionedThroughput;
use super::store::Table;
use crate::kernel::Context;

/// Decreases of one day: four at any time, and one an hour without another.
const DECREASES_MAX: i64 = 27;

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
        if today >= DECREASES_MAX {
            return Err(DynamoDbError::LimitExceeded(format!(
                "Subscriber limit exceeded: Provisioned throughput decreases are limited within a \
                 given UTC day. After the first 4 decreases, each subsequent decrease in the same \
                 UTC day can be performed at most once every 3600 seconds. Number of decreases \
                 today: {today}."
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
