//! Commands to an order, and what can be seen of it.

use super::context::App;
use super::draft::{ATTEMPTS, Cause, CommandError, Draft, History, contended, once, was_done};
use crate::adapters::event_store::CommitError;
use crate::adapters::inbox::Once;
use crate::adapters::order_table::{OrderCursor, OrderRow, Progress};
use crate::contracts::{Source, from_order};
use crate::domain::order::{self, Command, Order, OrderError};
use crate::domain::{CustomerId, IdempotencyKey, OrderId, Timestamp};
use crate::failure::Failure;

/// What became of a command that may have been given before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// After the command.
    pub order: Order,
    /// What the command led to when it was given before.
    pub before: Option<order::Event>,
}

/// Carries out a command and answers the order after it.
pub async fn execute(
    app: &App,
    order_id: &OrderId,
    command: Command,
    cause: &Cause,
) -> Result<Order, CommandError<OrderError>> {
    // Without a key nothing was done under it.
    Ok(carry_out(app, order_id, &command, None, cause).await?.unwrap_or_default())
}

/// Carries out a customer's command, unless that was done before: then the answer is the same.
/// Under a `key` it is done once, whatever has become of the order since.
pub async fn execute_once(
    app: &App,
    order_id: &OrderId,
    command: Command,
    key: Option<&IdempotencyKey>,
    cause: &Cause,
) -> Result<Done, CommandError<OrderError>> {
    let once = key.map(|key| under_key(order_id, &command, key));
    let carried_out = carry_out(app, order_id, &command, once.as_ref(), cause).await;
    let refusal = match carried_out {
        Ok(Some(order)) => return Ok(Done { order, before: None }),
        // What is not in the inbox's few words, the history knows.
        Ok(None) => CommandError::KeyReused,
        Err(CommandError::Refused(refusal)) => CommandError::Refused(refusal),
        Err(error) => return Err(error),
    };
    let by_key = matches!(refusal, CommandError::KeyReused);
    let History { events, .. } =
        load(app, &stream_id(order_id)).await.map_err(CommandError::Failed)?;
    let place = match &command {
        Command::Place(_) => placed_before(&events, &command, app.clock.now()),
        _ if by_key => order::done_at(&events, &command),
        _ => order::done_before(&events, &command),
    };
    let Some(place) = place else { return Err(named_by_key(refusal, order_id, key)) };
    if let (Some(once), false) = (&once, by_key) {
        let recorded = app.inbox.record_asked(once, app.clock.now()).await;
        recorded.map_err(CommandError::Failed)?;
    }
    let order = match &command {
        Command::Place(_) => order::fold(&events),
        _ => order::fold(&events[..=place]),
    };
    Ok(Done { order, before: Some(events[place].clone()) })
}

/// `None`: it was done before under the key.
async fn carry_out(
    app: &App,
    order_id: &OrderId,
    command: &Command,
    once: Option<&Once>,
    cause: &Cause,
) -> Result<Option<Order>, CommandError<OrderError>> {
    let stream_id = stream_id(order_id);
    // What is known of the order is good enough to try; what it forbids is asked again.
    let mut known = true;
    for _ in 0..ATTEMPTS {
        if let Some(once) = once
            && was_done(app, once).await?
        {
            return Ok(None);
        }
        let history = match (known, command) {
            (true, Command::Place(_)) => History::known_or_none(&app.store, &stream_id),
            (true, _) => History::known(&app.store, &stream_id).await,
            (false, _) => load(app, &stream_id).await,
        };
        let history = history.map_err(CommandError::Failed)?;
        known = false;
        let mut order = order::fold(&history.events);
        let events = match order::decide(&order, command.clone(), app.clock.now()) {
            Ok(events) if events.is_empty() && !history.fresh => continue,
            Err(_) if !history.fresh => continue,
            decided => decided.map_err(CommandError::Refused)?,
        };
        let mut told = Vec::with_capacity(events.len());
        for event in events {
            order = order::evolve(order, &event);
            let details = order.details().expect("an order that has an event was placed");
            let payload = from_order(&event, details);
            told.push((event, payload));
        }
        let not_before = history.recorded_at;
        let mut draft = Draft::new(app, Source::Orders, Some(order_id), cause, not_before);
        draft.once(once);
        draft.append(&stream_id, &history.tip, &told, None);
        match draft.commit().await {
            Ok(()) => return Ok(Some(order)),
            Err(CommitError::Conflict) => {}
            Err(CommitError::Failed(failure)) => return Err(CommandError::Failed(failure)),
        }
    }
    Err(CommandError::Failed(contended(&stream_id)))
}

/// Orders are placed under keys of one space, as a key may be the order's id; what is done with an
/// order has the order's own.
fn under_key(order_id: &OrderId, command: &Command, key: &IdempotencyKey) -> Once {
    match command {
        Command::Place(_) => once("orders", key, order_id.to_string()),
        // Neither the payment method nor the reason: the history has them.
        _ => once(&stream_id(order_id), key, command.participle().to_owned()),
    }
}

/// An order that has its id from the key is there: so the key was used for another one.
fn named_by_key(
    refusal: CommandError<OrderError>,
    order_id: &OrderId,
    key: Option<&IdempotencyKey>,
) -> CommandError<OrderError> {
    let named = key.is_some_and(|key| key.as_str() == order_id.as_str());
    match refusal {
        CommandError::Refused(OrderError::AlreadyExists) if named => CommandError::KeyReused,
        refusal => refusal,
    }
}

/// Whether the same order was placed.
fn placed_before(events: &[order::Event], command: &Command, now: Timestamp) -> Option<usize> {
    let asked = order::decide(&Order::Absent, command.clone(), now).ok()?;
    (events.first() == asked.first() && !asked.is_empty()).then_some(0)
}

/// The order as the read side shows it; an order too young for that is read from its history.
pub async fn view(app: &App, order_id: &OrderId) -> Result<Option<OrderRow>, Failure> {
    match app.order_table.get(order_id).await? {
        Some(row) => Ok(Some(row)),
        None => view_of_history(app, order_id).await,
    }
}

/// A customer's orders as the read side shows them, the newest first; and where to go on.
pub async fn of_customer(
    app: &App,
    customer_id: &CustomerId,
    limit: i32,
    after: Option<&OrderCursor>,
) -> Result<(Vec<OrderRow>, Option<OrderCursor>), Failure> {
    app.order_table.of_customer(customer_id, limit, after).await
}

/// The order as its history makes it: what the read side shows once it has caught up.
pub async fn view_of_history(app: &App, order_id: &OrderId) -> Result<Option<OrderRow>, Failure> {
    let History { events, recorded, .. } = load(app, &stream_id(order_id)).await?;
    Ok(row_of(events.iter().zip(recorded)))
}

/// What the read side must show of a history: each event with its version and time. `None` when
/// there are no events.
pub fn row_of<'a>(
    history: impl IntoIterator<Item = (&'a order::Event, (u64, Timestamp))>,
) -> Option<OrderRow> {
    let mut order = Order::Absent;
    let never = Timestamp::from_millis(0);
    let (mut placed_at, mut sequence, mut updated_at) = (never, 0, never);
    for (event, recorded) in history {
        order = order::evolve(order, event);
        if let order::Event::OrderPlaced(_) = event {
            placed_at = recorded.1;
        }
        // It changes nothing that is shown, so the read side does not hear of it.
        if !matches!(event, order::Event::StockAllocated) {
            (sequence, updated_at) = recorded;
        }
    }
    let reason = match &order {
        Order::Cancelled { reason, .. } => Some(reason.text().to_owned()),
        _ => None,
    };
    let (status, details) = (order.status()?, order.details()?.clone());
    Some(OrderRow {
        details,
        placed_at,
        progress: Progress { status, reason, sequence, updated_at },
    })
}

/// The order as its history makes it, if `is_good` takes what this process knows of it; else as it
/// is now. For what stays as it is once it is so.
pub async fn known(
    app: &App,
    order_id: &OrderId,
    is_good: impl Fn(&Order) -> bool,
) -> Result<Order, Failure> {
    let stream_id = stream_id(order_id);
    let history = History::known(&app.store, &stream_id).await?;
    let order = order::fold(&history.events);
    if history.fresh || is_good(&order) {
        return Ok(order);
    }
    Ok(order::fold(&load(app, &stream_id).await?.events))
}

/// What the order was placed under.
pub async fn correlation_id(app: &App, order_id: &OrderId) -> Result<Option<String>, Failure> {
    let stream_id = stream_id(order_id);
    let events = match app.store.known(&stream_id) {
        Some(events) => events,
        None => app.store.load(&stream_id).await?,
    };
    Ok(events.into_iter().next().map(|event| event.correlation_id))
}

async fn load(app: &App, stream_id: &str) -> Result<History<order::Event>, Failure> {
    History::load(&app.store, stream_id).await
}

fn stream_id(order_id: &OrderId) -> String {
    format!("order#{order_id}")
}
