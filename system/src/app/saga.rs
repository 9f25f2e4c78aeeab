//! What a coordinator of the saga is told: which event ended a step that it had somebody take.
//!
//! The histories are the truth. A step that has ended already is answered at once; for one that
//! waits (for the customer, for a parcel) the token is kept until the event comes.

use serde::de::DeserializeOwned;

use super::context::App;
use super::stored::read;
use crate::adapters::event_store::StoredEvent;
use crate::adapters::tokens_table::Waiting;
use crate::contracts::{
    Because, History, IntegrationEvent, Payload, Step, Task, from_order, from_payment,
    from_reservation, happened,
};
use crate::domain::saga::{Command, Participant, react};
use crate::domain::{OrderId, order, payment, reservation};
use crate::failure::Failure;

/// The command that a participant is to carry out: what the reaction table says of the event that
/// the task names. `None` for a task that is about a deadline.
pub async fn command(
    app: &App,
    task: &Task,
    participant: Participant,
) -> Result<Option<Command>, Failure> {
    if task.task.deadline().is_some() {
        return Ok(None);
    }
    let Because { event_type, sequence, .. } = &task.because;
    let all = told(app, &task.order_id, event_type.history()).await?;
    let event = all.iter().find(|(stored, _)| stored.version == *sequence);
    let happened = event.and_then(|(_, payload)| happened(payload));
    let reactions = happened.map(|it| react(&it)).unwrap_or_default();
    let mut own = reactions.into_iter().filter(|(who, _)| *who == participant);
    let command = own.find(|(_, command)| Step::of(command) == Some(task.task));
    let unknown = || {
        let (step, event, order) = (task.task.as_str(), event_type.name(), &task.order_id);
        Failure::GiveUp(format!("{step} does not follow from {event} {sequence} of {order}"))
    };
    Ok(Some(command.ok_or_else(unknown)?.1))
}

/// Tells the coordinator how the task ended, or keeps its token until it has.
pub async fn answer(app: &App, task: &Task) -> Result<(), Failure> {
    if let Some(because) = ended(app, &task.order_id, task.task).await? {
        return reply(app, task.task, &task.token, &because).await;
    }
    let waiting = Waiting {
        step: task.task.as_str().to_owned(),
        attempt: task.attempt.to_string(),
        token: task.token.clone(),
    };
    app.tokens.put(&task.order_id, &waiting).await?;
    // The event may have come just before, and have found nobody who waits for it.
    match ended(app, &task.order_id, task.task).await? {
        Some(because) => release(app, &task.order_id, &waiting, task.task, &because).await,
        None => Ok(()),
    }
}

/// Tells those who wait for this event.
pub async fn tell(app: &App, order_id: &OrderId, event: &IntegrationEvent) -> Result<(), Failure> {
    let event_type = event.payload.event_type();
    for waiting in app.tokens.of_order(order_id).await? {
        let step = Step::parse(&waiting.step).filter(|step| step.ends_with(event_type));
        if let Some(step) = step {
            release(app, order_id, &waiting, step, &event.into()).await?;
        }
    }
    Ok(())
}

async fn release(
    app: &App,
    order_id: &OrderId,
    waiting: &Waiting,
    step: Step,
    because: &Because,
) -> Result<(), Failure> {
    reply(app, step, &waiting.token, because).await?;
    app.tokens.remove(order_id, waiting).await
}

/// A coordinator that waits no longer went on by itself, or was told before.
async fn reply(app: &App, step: Step, token: &str, because: &Because) -> Result<(), Failure> {
    let said = serde_json::to_string(because).expect("plain fields always serialise");
    let waited = if step.done().contains(&because.event_type) {
        app.stepfunctions.succeed(token, &said).await?
    } else {
        app.stepfunctions.fail(token, &Because::error(because.event_type), &said).await?
    };
    if !waited {
        tracing::info!(step = step.as_str(), "nobody waits for it any more");
    }
    Ok(())
}

/// The event that ended the step, if it has ended.
async fn ended(app: &App, order_id: &OrderId, step: Step) -> Result<Option<Because>, Failure> {
    let mut seen: Vec<(History, Vec<(StoredEvent, Payload)>)> = Vec::new();
    for event_type in step.done().iter().chain(step.failed()) {
        let history = event_type.history();
        if !seen.iter().any(|(known, _)| *known == history) {
            seen.push((history, told(app, order_id, history).await?));
        }
        let all = seen.iter().filter(|(known, _)| *known == history).flat_map(|(_, all)| all);
        let mut found = all.filter(|(_, payload)| payload.event_type() == *event_type);
        if let Some((stored, payload)) = found.next() {
            let StoredEvent { event_id, version, correlation_id, .. } = stored;
            return Ok(Some(Because::of(payload, event_id, *version, correlation_id)));
        }
    }
    Ok(None)
}

/// A history of the order, each event with what the world is told of it.
async fn told(
    app: &App,
    order_id: &OrderId,
    history: History,
) -> Result<Vec<(StoredEvent, Payload)>, Failure> {
    let kind = match history {
        History::Order => "order",
        History::Reservation => "reservation",
        History::Payment => "payment",
        // A product's, which is no order's.
        History::Stock => return Ok(Vec::new()),
    };
    let stored = app.store.load(&format!("{kind}#{order_id}")).await?;
    let payloads: Vec<_> = match history {
        History::Order => {
            let events: Vec<order::Event> = typed(&stored)?;
            let order = order::fold(&events);
            let details = order.details();
            let told = details.map(|it| events.iter().map(|event| from_order(event, it)).collect());
            told.unwrap_or_default()
        }
        History::Reservation => {
            typed::<reservation::Event>(&stored)?.iter().map(from_reservation).collect()
        }
        History::Payment => typed::<payment::Event>(&stored)?.iter().map(from_payment).collect(),
        History::Stock => Vec::new(),
    };
    Ok(stored.into_iter().zip(payloads).collect())
}

fn typed<E: DeserializeOwned>(stored: &[StoredEvent]) -> Result<Vec<E>, Failure> {
    let unreadable = |error| Failure::GiveUp(format!("unreadable history: {error}"));
    stored.iter().map(|event| read(event).map_err(unreadable)).collect()
}
