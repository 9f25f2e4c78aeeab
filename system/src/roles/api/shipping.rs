//! Shipping quotes over HTTP. The answer waits for the carrier's, for a while.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use tracing::Instrument;
use utoipa::ToSchema;

use super::error::ApiError;
use super::input::{Input, Origin, Segment};
use super::router::CORRELATION_HEADER;
use crate::app::shipping::{self, OfOrder};
use crate::app::{App, Cause};
use crate::domain::order::Address;
use crate::domain::shipping::{Parcel, Quote, Shipment, WeightClass, Zone, check};
use crate::domain::{Money, OrderId};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuoteBody {
    destination: Address,
    items: Vec<Parcel>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ShippingQuote)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<OrderId>,
    price: Money,
    zone: Zone,
    weight_class: WeightClass,
    pieces: u64,
}

/// Asks the carrier what it costs to send something.
#[utoipa::path(
    post,
    path = "/shipping-quotes",
    operation_id = "quoteShipping",
    tag = "shipping",
    request_body = QuoteBody,
    params(
        ("x-correlation-id" = Option<String>, Header, description = "Goes with all that follows"),
    ),
    responses((status = 200, description = "The carrier's price", body = Answer)),
)]
pub(super) async fn quote(
    State(app): State<Arc<App>>,
    origin: Origin,
    Input(QuoteBody { destination, items }): Input<QuoteBody>,
) -> Result<Response, ApiError> {
    let shipment = Shipment { destination, items };
    check(&shipment)?;
    answer(&app, None, shipment, &origin.begins()).await
}

/// Asks the carrier what it costs to send an order, by its own address and items.
#[utoipa::path(
    get,
    path = "/orders/{id}/shipping-quote",
    operation_id = "quoteShippingOfOrder",
    tag = "shipping",
    params(
        ("id" = OrderId, Path),
        ("x-correlation-id" = Option<String>, Header, description = "Goes with all that follows"),
    ),
    responses((status = 200, description = "The carrier's price", body = Answer)),
)]
pub(super) async fn quote_order(
    State(app): State<Arc<App>>,
    Segment(order_id): Segment,
    origin: Origin,
) -> Result<Response, ApiError> {
    let order_id = OrderId::parse(&order_id)?;
    match shipping::of_order(&app, &order_id).await?.ok_or_else(ApiError::order_not_found)? {
        OfOrder::Shipment(shipment) => {
            let cause = origin.continues(&app, &order_id).await?;
            answer(&app, Some(order_id), shipment, &cause).await
        }
        OfOrder::NoAddress => {
            let message = "the order was placed without a shipping address";
            Err(ApiError::new(StatusCode::CONFLICT, "NoShippingAddress", message))
        }
    }
}

async fn answer(
    app: &App,
    order_id: Option<OrderId>,
    shipment: Shipment,
    cause: &Cause,
) -> Result<Response, ApiError> {
    let span = cause.span("shipping quote", order_id.as_ref());
    let quoted = shipping::quote(app, order_id.as_ref(), shipment, cause).instrument(span).await?;
    let Quote { price, zone, weight_class, pieces } = quoted;
    let answer = Answer { order_id, price, zone, weight_class, pieces };
    let correlation = [(CORRELATION_HEADER, cause.correlation_id.clone())];
    Ok((correlation, Json(answer)).into_response())
}
