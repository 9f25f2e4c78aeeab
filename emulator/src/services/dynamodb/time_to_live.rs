//! Items that expire: each goes a minute of virtual time after the time that it names.
//!
//! A table has one timer, for the next of its items that expires.
//! Source: Developer Guide, "Using time to live (TTL) in DynamoDB".

use std::sync::Arc;
use std::time::Duration;

use super::activity::Counted;
use super::replication;
use super::shapes::TimeToLiveDescription;
use super::state::DynamoDb;
use super::store::Table;
use super::streaming;
use crate::kernel::Context;
use crate::wire::Timestamp;

// Differs from AWS: an item goes a minute after it has expired; AWS takes up to some days.
const DELETED_AFTER: Duration = Duration::from_secs(60);
/// Items that have expired for longer are kept: five years of 365 days.
const TOO_OLD: Duration = Duration::from_secs(5 * 365 * 86_400);
/// Items that go in one step.
const STEP_MAX: usize = 1_000;
/// The last second of the year 9999, with which virtual time ends.
const LAST_SECOND: i64 = 253_402_300_799;

/// By which attribute the table's items expire.
pub(super) fn describe(ctx: &Context<'_>, table: &Table) -> TimeToLiveDescription {
    let current = &table.options.time_to_live;
    let passing = current.passing.as_ref().filter(|it| it.lasts(ctx));
    let settled = if current.attribute.is_some() { "ENABLED" } else { "DISABLED" };
    let former = passing.and(current.former.as_ref());
    TimeToLiveDescription {
        attribute_name: current.attribute.as_ref().or(former).cloned(),
        time_to_live_status: Some(passing.map_or(settled, |it| &*it.status).to_owned()),
    }
}

/// Sees to it that a timer rings when the table's next item has to go.
pub(super) fn wake(ctx: &mut Context<'_>, table: &mut Table) {
    let oldest = ctx.now() - TOO_OLD;
    // What is too old already is never asked for again.
    while let Some((at, _)) = table.expiring.first()
        && *at < oldest.seconds()
    {
        table.expiring.pop_first();
    }
    let Some((at, _)) = table.expiring.first() else { return };
    if *at > LAST_SECOND {
        return;
    }
    let due = (Timestamp::from_millis(*at * 1000) + DELETED_AFTER).max(ctx.now());
    let timer = &mut table.options.time_to_live.timer;
    if timer.is_none_or(|set| due < set) {
        *timer = Some(due);
        ctx.set_timer(due, &Arc::from(table.name.as_str()));
    }
}

/// Removes what has to go of the table of this name.
pub(super) fn sweep(ctx: &mut Context<'_>, db: &mut DynamoDb, name: &str) {
    let Some(table) = db.tables.get_mut(name).filter(|table| !table.is_deleted()) else { return };
    let now = ctx.now();
    if table.options.time_to_live.timer.is_none_or(|set| set > now) {
        return;
    }
    table.options.time_to_live.timer = None;
    let (newest, oldest) = ((now - DELETED_AFTER).seconds(), (now - TOO_OLD).seconds());
    let mut expired = 0;
    for _ in 0..STEP_MAX {
        let Some((at, key)) = table.expiring.first().filter(|(at, _)| *at <= newest).cloned()
        else {
            break;
        };
        if at < oldest {
            table.expiring.pop_first();
        } else {
            table.expire(now, &key);
            expired += 1;
            replication::tell(ctx, table, &key);
        }
    }
    streaming::wake(ctx, table);
    wake(ctx, table);
    db.count(ctx, name, Counted::Expired, expired);
}
