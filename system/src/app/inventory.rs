//! Stock held for orders, and the stock itself.
//!
//! One transaction covers the reservation and all products it touches: nothing is ever half
//! reserved.

use std::collections::BTreeMap;

use super::context::App;
use super::draft::{ATTEMPTS, Cause, CommandError, Draft, History, contended, once, was_done};
use crate::adapters::event_store::{CommitError, Snapshot, Tip};
use crate::contracts::{Source, from_reservation, from_stock};
use crate::domain::reservation::{self, Event, Reservation};
use crate::domain::stock::{self, Stock, StockError};
use crate::domain::{IdempotencyKey, OrderId, ProductId, Timestamp};
use crate::failure::Failure;

/// Stock as it was read.
struct Shelf {
    stock: Stock,
    tip: Tip,
    recorded_at: Timestamp,
    /// Whether it was read just now: others may have changed what a process remembers.
    fresh: bool,
}

/// Reserves, releases or ships an order's stock. Done twice, it changes nothing.
pub async fn execute(
    app: &App,
    order_id: &OrderId,
    command: reservation::Command,
    cause: &Cause,
) -> Result<(), Failure> {
    let stream_id = format!("reservation#{order_id}");
    // What is known is good enough to try; what it forbids is asked again.
    let mut known = true;
    for _ in 0..ATTEMPTS {
        let history = match (known, &command) {
            (true, reservation::Command::Reserve(_)) => {
                History::<reservation::Event>::known_or_none(&app.store, &stream_id)?
            }
            (true, _) => History::known(&app.store, &stream_id).await?,
            (false, _) => History::load(&app.store, &stream_id).await?,
        };
        let before = history.events.iter().fold(Reservation::None, reservation::evolve);
        let mut shelves = BTreeMap::new();
        for product_id in before.products(&command) {
            let shelf = shelf(app, &product_id, known).await?;
            shelves.insert(product_id, shelf);
        }
        let fresh = history.fresh && shelves.values().all(|shelf| shelf.fresh);
        known = false;
        let stocks = shelves.iter().map(|(id, shelf)| (id.clone(), shelf.stock.clone())).collect();
        let outcome = reservation::decide(&before, command.clone(), &stocks);
        let refused = matches!(outcome.event, Some(Event::ReservationRefused { .. }));
        if !fresh && (refused || outcome.event.is_none()) {
            continue;
        }
        let Some(event) = outcome.event else {
            return match stocks.is_empty() {
                true => Ok(()),
                // The stock was read after the reservation, so it knows of it.
                false => Err(Failure::GiveUp(format!("stock lacks what {stream_id} holds"))),
            };
        };
        let youngest = shelves.values().map(|shelf| shelf.recorded_at).max();
        let not_before = history.recorded_at.max(youngest.unwrap_or(history.recorded_at));
        let mut draft = Draft::new(app, Source::Inventory, Some(order_id), cause, not_before);
        let payload = from_reservation(&event);
        draft.append(&stream_id, &history.tip, &[(event, payload)], None);
        for (product_id, events) in outcome.stock {
            let shelf = shelves.remove(&product_id).expect("only loaded stock is changed");
            append(&mut draft, &product_id, shelf, events);
        }
        match draft.commit().await {
            Ok(()) => return Ok(()),
            Err(CommitError::Conflict) => {}
            Err(CommitError::Failed(failure)) => return Err(failure),
        }
    }
    Err(contended(&stream_id))
}

/// Counts or receives stock and answers what there is then. With a `key`, it is done once for all
/// requests that have the same.
pub async fn change_stock(
    app: &App,
    product_id: &ProductId,
    command: stock::Command,
    key: Option<&IdempotencyKey>,
    cause: &Cause,
) -> Result<Stock, CommandError<StockError>> {
    let asked = || match command {
        stock::Command::Count { on_hand } => format!("count {on_hand}"),
        stock::Command::Receive { quantity } => format!("receive {quantity}"),
        stock::Command::Reserve { quantity } => format!("reserve {quantity}"),
        stock::Command::Release { quantity } => format!("release {quantity}"),
        stock::Command::Ship { quantity } => format!("ship {quantity}"),
    };
    let once = key.map(|key| once(&stream_id(product_id), key, asked()));
    for _ in 0..ATTEMPTS {
        let shelf = load(app, product_id).await.map_err(CommandError::Failed)?;
        if let Some(once) = &once
            && was_done(app, once).await?
        {
            return Ok(shelf.stock);
        }
        let events =
            stock::decide(product_id, &shelf.stock, command).map_err(CommandError::Refused)?;
        let after = events.iter().fold(shelf.stock.clone(), stock::evolve);
        let mut draft = Draft::new(app, Source::Inventory, None, cause, shelf.recorded_at);
        draft.once(once.as_ref());
        append(&mut draft, product_id, shelf, events);
        match draft.commit().await {
            Ok(()) => return Ok(after),
            Err(CommitError::Conflict) => {}
            Err(CommitError::Failed(failure)) => return Err(CommandError::Failed(failure)),
        }
    }
    Err(CommandError::Failed(contended(&stream_id(product_id))))
}

/// The stock of a product.
pub async fn stock(app: &App, product_id: &ProductId) -> Result<Stock, Failure> {
    Ok(load(app, product_id).await?.stock)
}

/// A product's history grows with every order, so its state is read from the snapshot that each
/// commit renews.
async fn load(app: &App, product_id: &ProductId) -> Result<Shelf, Failure> {
    shelf(app, product_id, false).await
}

/// `known`: as this process knows it, and as it is now if it does not.
async fn shelf(app: &App, product_id: &ProductId, known: bool) -> Result<Shelf, Failure> {
    let stream_id = stream_id(product_id);
    let known = app.store.known_snapshot(&stream_id).filter(|_| known);
    let fresh = known.is_none();
    let snapshot = match known {
        Some(known) => Some(known),
        None => app.store.load_snapshot(&stream_id).await?,
    };
    let Some(snapshot) = snapshot else {
        let recorded_at = Timestamp::from_millis(0);
        return Ok(Shelf { stock: Stock::Unknown, tip: Tip::default(), recorded_at, fresh });
    };
    let stock = serde_json::from_str(&snapshot.state)
        .map_err(|error| Failure::GiveUp(format!("{stream_id} has a damaged snapshot: {error}")))?;
    let Snapshot { tip, recorded_at, .. } = snapshot;
    Ok(Shelf { stock, tip, recorded_at, fresh })
}

fn append(draft: &mut Draft<'_>, product_id: &ProductId, shelf: Shelf, events: Vec<stock::Event>) {
    let mut after = shelf.stock;
    let mut told = Vec::with_capacity(events.len());
    for event in events {
        after = stock::evolve(after, &event);
        let payload = from_stock(product_id, &event, &after);
        told.push((event, payload));
    }
    let snapshot = serde_json::to_string(&after).expect("plain fields always serialise");
    draft.append(&stream_id(product_id), &shelf.tip, &told, Some(snapshot));
}

fn stream_id(product_id: &ProductId) -> String {
    format!("stock#{product_id}")
}
