//! Packing and transit take minutes: fulfilment sends itself a message that becomes visible when
//! the work is done.

use super::handler::Handler;
use super::incoming::{Timer, Work};
use super::participants::tell_order;
use crate::app::{App, Cause};
use crate::domain::{OrderId, order};
use crate::failure::Failure;

/// Starts the work. Started twice, it is finished twice; the second time is refused as outdated.
pub(super) async fn start(
    handler: &Handler,
    work: Work,
    order_id: &OrderId,
    cause: &Cause,
) -> Result<(), Failure> {
    let timer = Timer {
        timer: work,
        order_id: order_id.clone(),
        correlation_id: cause.correlation_id.clone(),
        causation_id: cause.causation_id.clone(),
    };
    let body = serde_json::to_string(&timer).expect("plain fields always serialise");
    handler.queue.send(&body, work.duration(&handler.app.timing)).await
}

pub(super) async fn finish(app: &App, timer: &Timer, cause: &Cause) -> Result<(), Failure> {
    let command = match timer.timer {
        Work::Packing => order::Command::Ship,
        Work::Transit => order::Command::Deliver,
    };
    tell_order(app, &timer.order_id, command, cause).await.map(drop)
}
