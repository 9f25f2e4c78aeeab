//! Time that passes: packing and transit take minutes, and customers, banks and packers have
//! deadlines. A role sends itself a message that becomes visible when the time is over. All of it
//! goes by SQS's clock, which decides when messages become visible; that of the process may differ.

use std::time::Duration;

use super::handler::Handler;
use super::incoming::{Timer, Wait};
use super::participants::tell_order;
use crate::app::{App, Cause, orders};
use crate::domain::order::{Command, Deadline, Order, decide};
use crate::domain::{OrderId, Timestamp};
use crate::failure::Failure;

/// Longest delay of a message; longer waits go on in steps. Source: SendMessage, API reference.
const DELAY_MAX: Duration = Duration::from_secs(900);

/// Starts to wait, unless the order has outlived it, as with events that are replayed. Started
/// twice, it rings twice; the second time is refused as outdated. `received_at`: when SQS handed
/// out the message that starts it.
pub(super) async fn start(
    handler: &Handler,
    wait: Wait,
    order_id: &OrderId,
    cause: &Cause,
    received_at: Timestamp,
) -> Result<(), Failure> {
    let command = command(&handler.app, wait);
    let now = handler.app.clock.now();
    // A timer of an order that has moved on only rings in vain.
    let lasts = |order: &Order| decide(order, command.clone(), now).is_ok();
    let order = orders::known(&handler.app, order_id, lasts).await?;
    if let Err(refusal) = decide(&order, command, now) {
        // No state of an order comes back, so the timer could only ring in vain.
        tracing::info!(%refusal, "outdated");
        return Ok(());
    }
    let duration = wait.duration(&handler.app.timing);
    let timer = Timer {
        timer: wait,
        order_id: order_id.clone(),
        correlation_id: cause.correlation_id.clone(),
        causation_id: cause.causation_id.clone(),
        due_at: (duration > DELAY_MAX).then(|| received_at + duration),
    };
    send(handler, &timer, duration).await
}

/// The time is over, or a part of it. `received_at`: when SQS handed the timer out.
pub(super) async fn ring(
    handler: &Handler,
    timer: &Timer,
    cause: &Cause,
    received_at: Timestamp,
) -> Result<(), Failure> {
    let left = left(timer, received_at);
    if !left.is_zero() {
        return send(handler, timer, left).await;
    }
    let command = command(&handler.app, timer.timer);
    tell_order(&handler.app, &timer.order_id, command, cause).await.map(drop)
}

fn command(app: &App, wait: Wait) -> Command {
    match wait {
        Wait::Packing => Command::Ship { tracking_number: app.ids.next_id() },
        Wait::Transit => Command::Deliver,
        Wait::Confirmation => Command::Expire(Deadline::Confirmation),
        Wait::Payment => Command::Expire(Deadline::Payment),
        Wait::Shipping => Command::Expire(Deadline::Shipping),
    }
}

async fn send(handler: &Handler, timer: &Timer, left: Duration) -> Result<(), Failure> {
    let body = serde_json::to_string(timer).expect("plain fields always serialise");
    handler.intake.send_together(body, left.min(DELAY_MAX)).await
}

fn left(timer: &Timer, now: Timestamp) -> Duration {
    timer.due_at.map_or(Duration::ZERO, |due_at| due_at.since(now))
}
