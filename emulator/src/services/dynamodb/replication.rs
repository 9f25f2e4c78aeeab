//! Global tables of version 2019.11.21: what replicas tell one another.
//!
//! Each message is a delivery from a table to its replica. A write takes some time, drawn for each;
//! what makes and removes replicas takes none. The last writer wins, whatever comes when. A write
//! says which regions it was sent to, and who takes it sends it on to those that its sender did not
//! know of yet.
//! Source: Developer Guide, "Global tables" and "How global tables work".

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::attribute_value::Item;
use super::state::DynamoDb;
use super::store::{DELETING, PASSING_TIME, PrimaryKey, Replica, StoredItem, Table, Version};
use super::streaming;
use super::streams::ViewType;
use super::time_to_live;
use crate::kernel::{
    Arn, Context, Delivery, DeliveryError, DeliveryTarget, Passing, Principal, Region,
    RetrySchedule, Scope,
};

pub(super) const PRINCIPAL: Principal = Principal::of("dynamodb.amazonaws.com");

/// How long a write is on its way. AWS says that it is usually within a second.
const DELAY_MIN: Duration = Duration::from_millis(400);
const DELAY_DRAWN: Duration = Duration::from_millis(1_600);

/// What a replica is told.
#[derive(Debug, Serialize, Deserialize)]
enum Message {
    /// An item was written; without `item`, removed.
    Write { keys: Item, item: Option<Item>, version: Version, sent_to: BTreeSet<Region> },
    /// It begins as a copy of this table, of which a stream is kept in this view.
    Create { table: Box<Table>, view: Option<ViewType> },
    /// The table has one more replica.
    Joined { region: Region, replica: Box<Replica> },
    /// The replica in this region is no more.
    Left { region: Region },
    /// It is removed itself.
    Remove,
}

/// Tells all replicas what stands at `key` now.
pub(super) fn tell(ctx: &mut Context<'_>, table: &mut Table, key: &PrimaryKey) {
    if !table.options.replication.counts_versions {
        return;
    }
    let stored = table.get(key).cloned();
    let (now, region) = (ctx.now(), ctx.scope().region.clone());
    let replication = &mut table.options.replication;
    let version = replication.next_version((now, &region), key, stored.is_none());
    for replica in replication.replicas.values_mut().filter(|replica| !replica.is_ready) {
        if replica.failed.is_none() && !replica.is_deleted() {
            replica.missed.insert(key.clone());
        }
    }
    let mut sent_to: BTreeSet<Region> = replication.ready().cloned().collect();
    let to: Vec<Region> = sent_to.iter().cloned().collect();
    if to.is_empty() {
        return;
    }
    sent_to.insert(region);
    let item = stored.map(|stored| stored.item.clone());
    let keys = table.schema.item_of(key);
    send_write(ctx, &table.name, &to, &Message::Write { keys, item, version, sent_to });
}

/// Makes a replica of the table in `region`: a copy as it is now.
pub(super) fn create(ctx: &mut Context<'_>, table: &Table, region: &Region, replica: &Replica) {
    let mut copy = Table {
        id: table.id.clone(),
        settings: table.settings.clone(),
        indexes: table.indexes.clone(),
        view: table.view.clone(),
        ..Table::new(table.name.clone(), ctx.now(), table.schema.clone(), table.definitions.clone())
    };
    copy.settings.deletion_protection = false;
    copy.settings.table_class =
        replica.given.table_class_override.clone().or(copy.settings.table_class);
    for index in copy.indexes.values_mut() {
        index.passing = None;
    }
    copy.options.time_to_live.attribute = table.options.time_to_live.attribute.clone();
    copy.options.replication = table.options.replication.clone();
    let replication = &mut copy.options.replication;
    replication.source_at = None;
    let own = Replica { is_ready: true, ..Replica::default() };
    replication.replicas.retain(|other, it| other != region && it.is_ready && !it.is_deleted());
    replication.replicas.insert(ctx.scope().region.clone(), own);
    let view = table.stream.as_ref().map(|stream| stream.view);
    send(ctx, &table.name, region, &Message::Create { table: Box::new(copy), view });
}

/// Removes the replica in `region`, and tells the others.
pub(super) fn remove(ctx: &mut Context<'_>, table: &Table, region: &Region) {
    send(ctx, &table.name, region, &Message::Remove);
    tell_left(ctx, table, region);
}

/// Tells the other replicas that the one in `region` is no more.
pub(super) fn tell_left(ctx: &mut Context<'_>, table: &Table, region: &Region) {
    let others: Vec<Region> = table.options.replication.ready().cloned().collect();
    for other in others.iter().filter(|other| *other != region) {
        send(ctx, &table.name, other, &Message::Left { region: region.clone() });
    }
}

fn send_write(ctx: &mut Context<'_>, name: &str, to: &[Region], message: &Message) {
    for region in to {
        let drawn = DELAY_DRAWN.mul_f64(ctx.ids().fraction());
        let at = ctx.now() + DELAY_MIN + Duration::from_millis(drawn.as_millis() as u64);
        if let Some(delivery) = delivery(ctx, name, region, message) {
            ctx.deliver_at(at, delivery);
        }
    }
}

fn send(ctx: &mut Context<'_>, name: &str, region: &Region, message: &Message) {
    if let Some(delivery) = delivery(ctx, name, region, message) {
        ctx.deliver(delivery);
    }
}

fn delivery(ctx: &Context<'_>, name: &str, region: &Region, message: &Message) -> Option<Delivery> {
    let resource = format!("table/{name}");
    let there = Scope { region: region.clone(), ..ctx.scope().clone() };
    let to = there.arn("dynamodb", resource.clone());
    let body = serde_json::to_string(message).ok()?;
    let delivery = Delivery::new((ctx.arn(resource), PRINCIPAL), to, body, ctx.cause());
    Some(delivery.tried_again(RetrySchedule::EVENTS))
}

/// Takes in what a replica says.
///
/// # Errors
/// There is no such table here, or there is one where a replica is to be made.
pub(super) fn take_in(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    to: &Arn,
    delivery: &Delivery,
) -> Result<(), DeliveryError> {
    let name = to.resource.strip_prefix("table/").filter(|_| delivery.principal == PRINCIPAL);
    let name = name.ok_or_else(|| DeliveryError::NotImplemented(to.to_string()))?;
    let message: Message = serde_json::from_str(&delivery.body)
        .map_err(|error| DeliveryError::Invalid(error.to_string()))?;
    let from = &delivery.from.scope.region;
    db.forget_deleted(ctx);
    if let Message::Create { table, view } = message {
        return created(ctx, db, *table, view);
    }
    let table = db.tables.get_mut(name).filter(|table| !table.is_deleted());
    let table = table.filter(|table| table.options.replication.counts_versions);
    let table = table.ok_or_else(|| DeliveryError::NoResource(to.to_string()))?;
    match message {
        Message::Create { .. } => {}
        Message::Write { keys, item, version, sent_to } => {
            return written(ctx, table, (keys, item), version, sent_to);
        }
        Message::Joined { region, replica } => {
            if region != *from && region != ctx.scope().region {
                table.options.replication.replicas.insert(region, *replica);
            }
        }
        Message::Left { region } => {
            table.options.replication.replicas.remove(&region);
        }
        Message::Remove => {
            table.passing = Some(Passing::begin(ctx, DELETING, PASSING_TIME));
            table.options.replication.replicas.clear();
            streaming::close(ctx, table, &mut db.closed_streams);
            table.empty();
        }
    }
    Ok(())
}

fn created(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    table: Table,
    view: Option<ViewType>,
) -> Result<(), DeliveryError> {
    let name = table.name.clone();
    if db.tables.contains_key(&name) {
        return Err(DeliveryError::Invalid(already_there(&name)));
    }
    let mut table = Table { arn: ctx.arn(format!("table/{name}")).to_string(), ..table };
    if let Some(view) = view {
        streaming::open(ctx.now(), &mut table, &db.closed_streams, view);
    }
    time_to_live::wake(ctx, &mut table);
    db.tables.insert(name, table);
    Ok(())
}

/// AWS's sentence about a replica where there is a table.
pub(super) fn already_there(name: &str) -> String {
    format!(
        "Failed to create a the new replica of table with name: ‘{name}’ because one or more \
         replicas already existed as tables."
    )
}

fn written(
    ctx: &mut Context<'_>,
    table: &mut Table,
    (keys, item): (Item, Option<Item>),
    version: Version,
    mut sent_to: BTreeSet<Region>,
) -> Result<(), DeliveryError> {
    let key = table.schema.key_of_key(&keys);
    let key = key.map_err(|error| DeliveryError::Invalid(error.to_string()))?;
    let now = ctx.now();
    if table.options.replication.admits(now, &key, &version, item.is_none()) {
        let stored = item.clone().map(|item| Arc::new(StoredItem::new(item)));
        table.replace(now, &key, stored);
        streaming::wake(ctx, table);
        time_to_live::wake(ctx, table);
    }
    let replication = &mut table.options.replication;
    for replica in replication.replicas.values_mut().filter(|replica| !replica.is_ready) {
        replica.missed.insert(key.clone());
    }
    let unknown: Vec<Region> =
        replication.ready().filter(|region| !sent_to.contains(*region)).cloned().collect();
    sent_to.extend(unknown.iter().cloned());
    send_write(ctx, &table.name, &unknown, &Message::Write { keys, item, version, sent_to });
    Ok(())
}

/// A replica has taken something: if it was made by it, the others are told, and it what it missed.
pub(super) fn taken(ctx: &mut Context<'_>, db: &mut DynamoDb, delivery: &Delivery) {
    let Some((table, region)) = made(ctx, db, delivery) else { return };
    let Some(replica) = table.options.replication.replicas.get_mut(&region) else { return };
    replica.is_ready = true;
    let missed = std::mem::take(&mut replica.missed);
    let replica = Box::new(Replica { passing: None, ..replica.clone() });
    let others: Vec<Region> = table.options.replication.ready().cloned().collect();
    for other in others.iter().filter(|other| **other != region) {
        let message = Message::Joined { region: region.clone(), replica: replica.clone() };
        send(ctx, &table.name, other, &message);
    }
    let sent_to: BTreeSet<Region> =
        others.iter().cloned().chain([ctx.scope().region.clone()]).collect();
    for key in missed {
        let Some(version) = table.options.replication.version(&key).cloned() else { continue };
        let item = table.get(&key).map(|stored| stored.item.clone());
        let keys = table.schema.item_of(&key);
        let message = Message::Write { keys, item, version, sent_to: sent_to.clone() };
        send_write(ctx, &table.name, std::slice::from_ref(&region), &message);
    }
}

/// A replica did not take something, for good: if it was to be made by it, that failed.
pub(super) fn given_up(ctx: &mut Context<'_>, db: &mut DynamoDb, delivery: &Delivery) {
    let Some((table, region)) = made(ctx, db, delivery) else { return };
    let why = already_there(&table.name);
    if let Some(replica) = table.options.replication.replicas.get_mut(&region) {
        replica.failed = Some(why);
        replica.missed.clear();
    }
}

/// The table, and the region of the replica that this delivery makes, if it makes one.
fn made<'d>(
    ctx: &Context<'_>,
    db: &'d mut DynamoDb,
    delivery: &Delivery,
) -> Option<(&'d mut Table, Region)> {
    if !delivery.body.starts_with("{\"Create\"") {
        return None;
    }
    let DeliveryTarget::Resource(to) = &delivery.to else { return None };
    let name = delivery.from.resource.strip_prefix("table/")?;
    let table = db.tables.get_mut(name).filter(|table| table.is_usable(ctx))?;
    Some((table, to.scope.region.clone()))
}
