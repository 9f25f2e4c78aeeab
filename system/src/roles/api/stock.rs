//! Stock over HTTP: count it, receive more, look at it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use tracing::Instrument;
use utoipa::ToSchema;

use super::error::ApiError;
use super::input::{Input, Origin, Repeatable, Segment};
use crate::app::{App, Cause, inventory};
use crate::domain::stock::{Command, Stock, StockError};
use crate::domain::{IdempotencyKey, ProductId};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CountBody {
    on_hand: u64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiveBody {
    quantity: u64,
}

#[derive(Serialize, ToSchema)]
pub(super) struct StockBody {
    product_id: ProductId,
    on_hand: u64,
    reserved: u64,
    available: u64,
}

/// Sets what is on hand.
///
/// Done twice, it changes nothing; with an idempotency key it is done once,
/// also when something else was done meanwhile.
#[utoipa::path(
    put,
    path = "/stock/{product}",
    operation_id = "countStock",
    tag = "stock",
    request_body = CountBody,
    params(
        ("product" = ProductId, Path),
        ("idempotency-key" = Option<String>, Header, description = "Done once under one key"),
        ("x-correlation-id" = Option<String>, Header, description = "Goes with all that follows"),
    ),
    responses((status = 200, description = "The stock as it is now", body = StockBody)),
)]
pub(super) async fn count(
    State(app): State<Arc<App>>,
    Segment(product): Segment,
    origin: Origin,
    Repeatable(key): Repeatable,
    Input(body): Input<CountBody>,
) -> Result<Json<StockBody>, ApiError> {
    let command = Command::Count { on_hand: body.on_hand };
    change(&app, &product, command, key, origin.begins()).await
}

/// Adds to what is on hand; with an idempotency key, once.
#[utoipa::path(
    post,
    path = "/stock/{product}",
    operation_id = "receiveStock",
    tag = "stock",
    request_body = ReceiveBody,
    params(
        ("product" = ProductId, Path),
        ("idempotency-key" = Option<String>, Header, description = "Done once under one key"),
        ("x-correlation-id" = Option<String>, Header, description = "Goes with all that follows"),
    ),
    responses((status = 200, description = "The stock as it is now", body = StockBody)),
)]
pub(super) async fn receive(
    State(app): State<Arc<App>>,
    Segment(product): Segment,
    origin: Origin,
    Repeatable(key): Repeatable,
    Input(body): Input<ReceiveBody>,
) -> Result<Json<StockBody>, ApiError> {
    let command = Command::Receive { quantity: body.quantity };
    change(&app, &product, command, key, origin.begins()).await
}

/// Shows a product's stock.
#[utoipa::path(
    get,
    path = "/stock/{product}",
    operation_id = "viewStock",
    tag = "stock",
    params(("product" = ProductId, Path)),
    responses((status = 200, description = "The stock", body = StockBody)),
)]
pub(super) async fn view(
    State(app): State<Arc<App>>,
    Segment(product): Segment,
) -> Result<Json<StockBody>, ApiError> {
    let product_id = ProductId::parse(&product)?;
    let stock = inventory::stock(&app, &product_id).await?;
    body(product_id, &stock)
}

async fn change(
    app: &App,
    product: &str,
    command: Command,
    key: Option<IdempotencyKey>,
    cause: Cause,
) -> Result<Json<StockBody>, ApiError> {
    let product_id = ProductId::parse(product)?;
    let span = cause.span("stock", None);
    let changed = inventory::change_stock(app, &product_id, command, key.as_ref(), &cause);
    let stock = changed.instrument(span).await?;
    body(product_id, &stock)
}

fn body(product_id: ProductId, stock: &Stock) -> Result<Json<StockBody>, ApiError> {
    match stock {
        Stock::Unknown => Err(StockError::UnknownProduct(product_id).into()),
        Stock::Known { on_hand, reserved } => Ok(Json(StockBody {
            product_id,
            on_hand: *on_hand,
            reserved: *reserved,
            available: stock.available(),
        })),
    }
}
