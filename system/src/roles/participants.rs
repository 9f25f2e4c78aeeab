//! The roles of the saga: each carries out its own reactions to an event.

use super::handler::Handler;
use super::incoming::Wait;
use super::timers;
use crate::app::payments::DesiredPayment;
use crate::app::{App, Cause, CommandError, inventory, orders, payments};
use crate::contracts::{IntegrationEvent, happened};
use crate::domain::saga::{Command, react};
use crate::domain::{OrderId, Timestamp, order, reservation};
use crate::failure::Failure;
use crate::metrics::Counter;

pub(super) async fn react_to(
    handler: &Handler,
    event: &IntegrationEvent,
    cause: &Cause,
    received_at: Timestamp,
) -> Result<(), Failure> {
    let Some(happened) = happened(&event.payload) else {
        return Ok(());
    };
    let Some(order_id) = &event.order_id else {
        return Err(Failure::GiveUp("an event of the saga names no order".into()));
    };
    for (participant, command) in react(&happened) {
        if handler.role.participant() == Some(participant) {
            carry_out(handler, order_id, command, cause, received_at).await?;
        }
    }
    Ok(())
}

/// Tells an order something that it may have outlived: a repeated or overtaken event is no error.
pub(super) async fn tell_order(
    app: &App,
    order_id: &OrderId,
    command: order::Command,
    cause: &Cause,
) -> Result<bool, Failure> {
    match orders::execute(app, order_id, command, cause).await {
        Ok(_) => Ok(true),
        Err(CommandError::Refused(refusal)) => {
            tracing::info!(%refusal, "outdated");
            Ok(false)
        }
        Err(error @ CommandError::KeyReused) => Err(Failure::GiveUp(error.to_string())),
        Err(CommandError::Failed(failure)) => Err(failure),
    }
}

pub(super) async fn carry_out(
    handler: &Handler,
    order_id: &OrderId,
    command: Command,
    cause: &Cause,
    received_at: Timestamp,
) -> Result<(), Failure> {
    let start = |wait| timers::start(handler, wait, order_id, cause, received_at);
    let app = &*handler.app;
    let reserve = |command| inventory::execute(app, order_id, command, cause);
    match command {
        Command::ReserveStock { items } => reserve(reservation::Command::Reserve(items)).await,
        Command::ReleaseStock => reserve(reservation::Command::Release).await,
        Command::ShipStock => reserve(reservation::Command::Ship).await,
        Command::TakePayment(payment) => {
            payments::pursue(app, order_id, &DesiredPayment::Taken(payment), cause).await
        }
        Command::RefundPayment => {
            payments::pursue(app, order_id, &DesiredPayment::GivenBack, cause).await
        }
        Command::AcceptReservation => {
            tell_order(app, order_id, order::Command::AcceptReservation, cause).await.map(drop)
        }
        Command::StartProcessing => {
            if tell_order(app, order_id, order::Command::StartProcessing, cause).await? {
                app.metrics.add(Counter::OrdersProcessed, 1);
            }
            Ok(())
        }
        Command::CancelOrder { reason } => {
            tell_order(app, order_id, order::Command::Cancel(reason), cause).await.map(drop)
        }
        Command::PackOrder => start(Wait::Packing).await,
        Command::CarryToCustomer => start(Wait::Transit).await,
        Command::Expect(deadline) => start(deadline.into()).await,
    }
}
