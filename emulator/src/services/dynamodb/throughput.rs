//! Changes of provisioned capacity, billing mode and table class: what AWS refuses, how often each
//! may happen, and what is told while one is under way.
//!
//! Source: Developer Guide, "Service quotas"; texts and what is told from users' reports of AWS's
//! answers, most of them of October 2026.

use std::cmp::Ordering;
use std::time::Duration;

use super::error::DynamoDbError;
use super::shapes::{ProvisionedThroughput, ProvisionedThroughputDescription};
use super::store::{Before, ThroughputChanges};
use crate::kernel::Context;
use crate::wire::Timestamp;

/// Decreases of one day of UTC that may come at any time; each further one comes an hour after
/// the last.
const DECREASES_AT_ONCE: i64 = 4;
const DECREASES_APART: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);
/// Switches to be paid by request, in a day.
const SWITCHES_MAX: usize = 4;
/// Changes of a table's class, in 30 days.
const CLASS_CHANGES_MAX: usize = 2;

/// Refuses capacities that are the ones that there are; `what` is `table` or `index NAME`.
pub(super) fn check_changes(
    what: &str,
    old: Option<&ProvisionedThroughput>,
    new: &ProvisionedThroughput,
) -> Result<(), DynamoDbError> {
    let Some(old) = old.filter(|old| *old == new) else { return Ok(()) };
    let (read, write) = units(old);
    Err(DynamoDbError::validation(format!(
        "The provisioned throughput for the {what} will not change. The requested value equals the \
         current value. Current ReadCapacityUnits provisioned for the {what}: {read}. Requested \
         ReadCapacityUnits: {read}. Current WriteCapacityUnits provisioned for the {what}: \
         {write}. Requested WriteCapacityUnits: {write}. Refer to the Amazon DynamoDB Developer \
         Guide for current limits and how to request higher limits."
    )))
}

/// Refuses to decrease the capacities of a table or of an index too often in a day.
///
/// # Errors
/// `LimitExceededException`, with when it may be done.
pub(super) fn check_decrease(
    ctx: &Context<'_>,
    changes: &ThroughputChanges,
    old: Option<&ProvisionedThroughput>,
    new: &ProvisionedThroughput,
) -> Result<(), DynamoDbError> {
    let shrinks = old.is_some_and(|old| orders(old, new).contains(&Ordering::Less));
    let today = decreases_on(ctx, changes.decreases);
    let Some(last) = changes.decreased.filter(|_| shrinks && today >= DECREASES_AT_ONCE) else {
        return Ok(());
    };
    let next = last + DECREASES_APART;
    if ctx.now() >= next {
        return Ok(());
    }
    let midnight = Timestamp::from_millis((day(ctx) + 1) * 86_400_000);
    Err(DynamoDbError::LimitExceeded(format!(
        "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given \
         UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be \
         performed at most once every 3600 seconds. Number of decreases today: {today}. Last \
         decrease at {}. Next decrease can be made at {}",
        last.in_long_words(),
        next.min(midnight).in_long_words()
    )))
}

/// Notes that the capacities of a table or of an index change, from what they are.
pub(super) fn note_change(
    ctx: &Context<'_>,
    changes: &mut ThroughputChanges,
    old: Option<&ProvisionedThroughput>,
    new: &ProvisionedThroughput,
) {
    let Some(old) = old else { return };
    changes.before = Some(Before { throughput: old.clone(), decreases: changes.decreases });
    let orders = orders(old, new);
    if orders.contains(&Ordering::Less) {
        changes.decreased = Some(ctx.now());
        changes.decreases = (day(ctx), decreases_on(ctx, changes.decreases) + 1);
    }
    if orders.contains(&Ordering::Greater) {
        changes.increased = Some(ctx.now());
    }
}

/// The capacities as they are told: the old ones while they are being updated.
pub(super) fn describe(
    ctx: &Context<'_>,
    changes: &ThroughputChanges,
    current: Option<&ProvisionedThroughput>,
    is_updating: bool,
) -> ProvisionedThroughputDescription {
    let before = changes.before.as_ref().filter(|_| is_updating);
    let told = before.map_or(current, |before| Some(&before.throughput));
    let (read, write) = told.map_or((0, 0), units);
    let decreases = before.map_or(changes.decreases, |before| before.decreases);
    ProvisionedThroughputDescription {
        last_decrease_date_time: changes.decreased,
        last_increase_date_time: changes.increased,
        number_of_decreases_today: Some(decreases_on(ctx, decreases)),
        read_capacity_units: Some(read),
        write_capacity_units: Some(write),
    }
}

/// Refuses to switch a table to be paid by request too often.
///
/// # Errors
/// `LimitExceededException`. Unverified: its text, by that of the time when it was once a day.
pub(super) fn check_switch(ctx: &Context<'_>, earlier: &[Timestamp]) -> Result<(), DynamoDbError> {
    let what = "Update to PayPerRequest mode are limited to 4 times in 1 day(s)";
    check_often(ctx, earlier, (SWITCHES_MAX, DAY), what)
}

/// Refuses to change a table's class too often.
///
/// # Errors
/// `LimitExceededException`. Unverified: its text.
pub(super) fn check_class_change(
    ctx: &Context<'_>,
    earlier: &[Timestamp],
) -> Result<(), DynamoDbError> {
    let what = "Updates of the table class are limited to 2 times in 30 day(s)";
    check_often(ctx, earlier, (CLASS_CHANGES_MAX, 30 * DAY), what)
}

/// Notes a switch; those that no longer count are forgotten.
pub(super) fn note_switch(ctx: &Context<'_>, earlier: &mut Vec<Timestamp>) {
    note(earlier, ctx.now(), SWITCHES_MAX);
}

/// Notes a change of the class; those that no longer count are forgotten.
pub(super) fn note_class_change(ctx: &Context<'_>, earlier: &mut Vec<Timestamp>) {
    note(earlier, ctx.now(), CLASS_CHANGES_MAX);
}

fn note(earlier: &mut Vec<Timestamp>, now: Timestamp, max: usize) {
    earlier.push(now);
    earlier.drain(..earlier.len().saturating_sub(max));
}

fn check_often(
    ctx: &Context<'_>,
    earlier: &[Timestamp],
    (max, within): (usize, Duration),
    what: &str,
) -> Result<(), DynamoDbError> {
    let (Some(first), Some(last)) = (earlier.first(), earlier.last()) else { return Ok(()) };
    if earlier.len() < max || ctx.now() >= *first + within {
        return Ok(());
    }
    Err(DynamoDbError::LimitExceeded(format!(
        "Subscriber limit exceeded: {what}. Last update at {}. Next update can be made at {}",
        java_date(*last),
        java_date(*first + within)
    )))
}

/// `Sat Feb 23 03:07:45 UTC 2019`.
fn java_date(at: Timestamp) -> String {
    let text = at.http_date();
    match text.split(' ').collect::<Vec<_>>().as_slice() {
        [weekday, day, month, year, time, _] => {
            format!("{} {month} {day} {time} UTC {year}", weekday.trim_end_matches(','))
        }
        _ => text,
    }
}

fn day(ctx: &Context<'_>) -> i64 {
    ctx.now().seconds().div_euclid(86_400)
}

/// How often capacities were decreased today.
fn decreases_on(ctx: &Context<'_>, (on, count): (i64, i64)) -> i64 {
    if on == day(ctx) { count } else { 0 }
}

fn orders(old: &ProvisionedThroughput, new: &ProvisionedThroughput) -> [Ordering; 2] {
    let (old, new) = (units(old), units(new));
    [new.0.cmp(&old.0), new.1.cmp(&old.1)]
}

fn units(of: &ProvisionedThroughput) -> (i64, i64) {
    (of.read_capacity_units.unwrap_or(0), of.write_capacity_units.unwrap_or(0))
}
