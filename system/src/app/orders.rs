//! Commands to an order, and what can be seen of it.

use super::context::App;
use super::draft::{ATTEMPTS, Cause, CommandError, Draft, History, contended};
use crate::adapters::event_store::CommitError;
use crate::adapters::order_table::{OrderCursor, OrderRow, Progress};
use crate::contracts::{Source, from_order};
use crate::domain::order::{self, Command, Order, OrderError};
use crate::domain::{CustomerId, OrderId, Timestamp};
use crate::failure::Failure;

/// Carries out a command and answers the order after it.
pub async fn execute(
    app: &App,
    order_id: &OrderId,
    command: Command,
    cause: &Cause,
) -> Result<Order, CommandError<OrderError>> {
    let stream_id = stream_id(order_id);
    for _ in 0..ATTEMPTS {
        let history = load(app, &stream_id).await.map_err(CommandError::Failed)?;
        let mut order = order::fold(&history.events);
        let events = order::decide(&order, command.clone(), app.clock.now())
            .map_err(CommandError::Refused)?;
        let mut told = Vec::with_capacity(events.len());
        for event in events {
            order = order::evolve(order, &event);
            let details = order.details().expect("an order that has an event was placed");
            let payload = from_order(&event, details);
            told.push((event, payload));
        }
        let not_before = history.recorded_at;
        let mut draft = Draft::new(app, Source::Orders, Some(order_id), cause, not_before);
        draft.append(&stream_id, history.version, &told, None);
        match draft.commit().await {
            Ok(()) => return Ok(order),
            Err(CommitError::Conflict) => {}
            Err(CommitError::Failed(failure)) => return Err(CommandError::Failed(failure)),
        }
    }
    Err(CommandError::Failed(contended(&stream_id)))
}

/// What the same command answered before: the order after it, and the event it led to. `None` when
/// it was not carried out, or what it did no longer stands.
pub async fn done_before(
    app: &App,
    order_id: &OrderId,
    command: &Command,
) -> Result<Option<(Order, order::Event)>, Failure> {
    let History { events, .. } = load(app, &stream_id(order_id)).await?;
    let Some(place) = order::done_before(&events, command) else {
        return Ok(None);
    };
    Ok(Some((order::fold(&events[..=place]), events[place].clone())))
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

/// The order as its history makes it.
pub async fn current(app: &App, order_id: &OrderId) -> Result<Order, Failure> {
    let history = load(app, &stream_id(order_id)).await?;
    Ok(order::fold(&history.events))
}

/// What the order was placed under.
pub async fn correlation_id(app: &App, order_id: &OrderId) -> Result<Option<String>, Failure> {
    let events = app.store.load(&stream_id(order_id)).await?;
    Ok(events.into_iter().next().map(|event| event.correlation_id))
}

async fn load(app: &App, stream_id: &str) -> Result<History<order::Event>, Failure> {
    History::load(&app.store, stream_id).await
}

fn stream_id(order_id: &OrderId) -> String {
    format!("order#{order_id}")
}
