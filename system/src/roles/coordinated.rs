//! The saga with a coordinator: participants do what it sends them, and the orders tell it what
//! has happened. What is done, and why, is the same as without one: the reaction table's.

use super::handler::Handler;
use super::participants::{carry_out, tell_order};
use crate::app::{Cause, saga};
use crate::contracts::{Because, IntegrationEvent, Payload, Task};
use crate::domain::order::Command;
use crate::domain::{OrderId, Timestamp};
use crate::failure::Failure;

/// Does what the coordinator wants done, and tells it how that ended. Done again, it changes
/// nothing, and is told again.
pub(super) async fn perform(
    handler: &Handler,
    task: &Task,
    cause: &Cause,
    received_at: Timestamp,
) -> Result<(), Failure> {
    let done = act(handler, task, cause, received_at).await;
    // Also where it failed: the order may have been called off, and nobody need wait for it then.
    let answered = saga::answer(&handler.app, task).await;
    done.and(answered)
}

async fn act(
    handler: &Handler,
    task: &Task,
    cause: &Cause,
    received_at: Timestamp,
) -> Result<(), Failure> {
    let participant = handler.role.participant();
    let nobody = || Failure::GiveUp(format!("{} takes no part in the saga", handler.role));
    let participant = participant.ok_or_else(nobody)?;
    if let Some(deadline) = task.task.deadline() {
        let command = Command::Expire(deadline);
        return tell_order(&handler.app, &task.order_id, command, cause).await.map(drop);
    }
    match saga::command(&handler.app, task, participant).await? {
        Some(command) => carry_out(handler, &task.order_id, command, cause, received_at).await,
        None => Ok(()),
    }
}

/// Begins the order's saga, or lets it go on.
pub(super) async fn report(handler: &Handler, event: &IntegrationEvent) -> Result<(), Failure> {
    let Some(order_id) = &event.order_id else {
        return Err(Failure::GiveUp("an event of the saga names no order".into()));
    };
    match event.payload {
        Payload::OrderPlaced { .. } => begin(handler, order_id, event).await,
        _ => saga::tell(&handler.app, order_id, event).await,
    }
}

/// Under the order's id: an event that comes again begins nothing.
async fn begin(
    handler: &Handler,
    order_id: &OrderId,
    event: &IntegrationEvent,
) -> Result<(), Failure> {
    let none = || Failure::Retry("there is no state machine to lead the order".into());
    let machine_arn = handler.machine_arn.as_deref().ok_or_else(none)?;
    let because = Because::from(event);
    let input = serde_json::to_string(&because).expect("plain fields always serialise");
    handler.app.stepfunctions.start(machine_arn, order_id.as_str(), &input).await
}
