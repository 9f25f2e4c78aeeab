//! Keeps the read side up to date with the orders' events.

use crate::adapters::order_table::{OrderRow, Progress};
use crate::app::App;
use crate::contracts::{IntegrationEvent, Payload, status_after};
use crate::domain::order::Details;
use crate::failure::Failure;

pub(super) async fn project(app: &App, event: &IntegrationEvent) -> Result<(), Failure> {
    let Some(status) = status_after(&event.payload) else {
        return Ok(());
    };
    let Some(order_id) = &event.order_id else {
        return Err(Failure::GiveUp("an order's event names no order".into()));
    };
    let reason = match &event.payload {
        Payload::OrderCancelled { reason, .. } => Some(reason.text().to_owned()),
        _ => None,
    };
    let progress =
        Progress { status, reason, sequence: event.sequence, updated_at: event.timestamp };
    if let Payload::OrderPlaced { customer_id, items, total, shipping_address } = &event.payload {
        let details = Details {
            order_id: order_id.clone(),
            customer_id: customer_id.clone(),
            items: items.clone(),
            total: *total,
            shipping_address: shipping_address.clone(),
        };
        let row = OrderRow { details, placed_at: event.timestamp, progress };
        return app.order_table.place(&row).await;
    }
    app.order_table.advance(order_id, &progress).await
}
