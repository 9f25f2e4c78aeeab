//! Orders over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use tracing::Instrument;
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::input::{Input, MaybeInput, Origin, Repeatable, Search, Segment};
use super::page;
use super::router::CORRELATION_HEADER;
use crate::adapters::order_table::{OrderCursor, OrderRow};
use crate::app::{App, Cause, orders};
use crate::domain::order::{
    self, Address, CancelReason, Command, Event, Line, Order, OrderError, PlaceOrder, Status,
};
use crate::domain::{
    Currency, CustomerId, IdempotencyKey, Money, OrderId, PaymentMethod, ProductId, Timestamp,
};

/// Orders of a page, unless asked for fewer or more.
const PAGE: i32 = 20;
const PAGE_MAX: i32 = 100;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceBody {
    /// Lets a caller repeat a request whose answer was lost; so does the header `idempotency-key`,
    /// which is the order's id then.
    order_id: Option<OrderId>,
    customer_id: CustomerId,
    currency: Currency,
    items: Vec<PlaceLine>,
    shipping_address: Option<Address>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlaceLine {
    product_id: ProductId,
    quantity: u64,
    /// In whole minor units of the currency; any number, so that one rule says which are prices.
    #[schema(value_type = u64)]
    unit_price_minor_units: Number,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmBody {
    payment_method: String,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CancelBody {
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct ViewQuery {
    /// Read the history instead of the read side.
    consistent: bool,
}

#[derive(Serialize, ToSchema)]
struct OrderBody {
    order_id: OrderId,
    customer_id: CustomerId,
    status: Status,
    items: Vec<Line>,
    total: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_address: Option<Address>,
    /// Why it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    sequence: u64,
    placed_at: Timestamp,
    updated_at: Timestamp,
}

impl From<OrderRow> for OrderBody {
    fn from(OrderRow { details, placed_at, progress }: OrderRow) -> Self {
        Self {
            order_id: details.order_id,
            customer_id: details.customer_id,
            status: progress.status,
            items: details.items,
            total: details.total,
            shipping_address: details.shipping_address,
            reason: progress.reason,
            sequence: progress.sequence,
            placed_at,
            updated_at: progress.updated_at,
        }
    }
}

/// Some of a customer's orders, the newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct OrdersBody {
    orders: Vec<OrderBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OrdersQuery {
    /// From 1 to 100; 20 unless given.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Of the page before; says nothing by itself.
    next_token: Option<String>,
}

/// The answer to a command.
#[derive(Serialize, ToSchema)]
struct Receipt {
    order_id: OrderId,
    status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmation_code: Option<String>,
}

/// Places an order. Repeated under the same key or id, it is done once and gets the same answer.
#[utoipa::path(
    post,
    path = "/orders",
    operation_id = "placeOrder",
    tag = "orders",
    request_body = PlaceBody,
    params(
        ("idempotency-key" = Option<String>, Header, description = "Done once under one key"),
        ("x-correlation-id" = Option<String>, Header, description = "Goes with all that follows"),
    ),
    responses(
        (status = 201, description = "It was placed", body = Receipt),
        (status = 200, description = "It was placed before, by the same request", body = Receipt),
    ),
)]
pub(super) async fn place(
    State(app): State<Arc<App>>,
    origin: Origin,
    Repeatable(key): Repeatable,
    Input(body): Input<PlaceBody>,
) -> Result<Response, ApiError> {
    let cause = origin.begins();
    let order_id = match (&body.order_id, &key) {
        (Some(order_id), _) => order_id.clone(),
        (None, Some(key)) => OrderId::parse(key.as_str())?,
        (None, None) => OrderId::parse(&app.ids.next_id())?,
    };
    let items = body.items.into_iter().map(|line| priced(line, body.currency));
    let place = PlaceOrder {
        order_id: order_id.clone(),
        customer_id: body.customer_id,
        items: items.collect::<Result<_, OrderError>>()?,
        shipping_address: body.shipping_address,
    };
    let command = Command::Place(place);
    // What is wrong with the order itself is said without reading anything.
    order::decide(&Order::Absent, command.clone(), app.clock.now())?;
    let span = cause.span(command.participle(), Some(&order_id));
    let executed = orders::execute_once(&app, &order_id, command, key.as_ref(), &cause);
    let done = executed.instrument(span).await?;
    let status = if done.before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    let location = [("location", format!("/orders/{order_id}"))];
    let receipt = receipt(order_id, &done.order, None);
    Ok((status, correlation(&cause), location, Json(receipt)).into_response())
}

/// Confirms an order. The same again, with the same payment method, gets the same answer and does
/// nothing more.
#[utoipa::path(
    post,
    path = "/orders/{id}/confirm",
    operation_id = "confirmOrder",
    tag = "orders",
    request_body = ConfirmBody,
    params(
        ("id" = OrderId, Path),
        ("idempotency-key" = Option<String>, Header, description = "Done once under one key"),
        ("x-correlation-id" = Option<String>, Header, description = "Goes with all that follows"),
    ),
    responses((status = 200, description = "It is confirmed", body = Receipt)),
)]
pub(super) async fn confirm(
    State(app): State<Arc<App>>,
    Segment(order_id): Segment,
    origin: Origin,
    Repeatable(key): Repeatable,
    Input(body): Input<ConfirmBody>,
) -> Result<Response, ApiError> {
    let confirmation_code = app.ids.next_id();
    let command = Command::Confirm {
        payment_method: PaymentMethod::parse(&body.payment_method).map_err(OrderError::from)?,
        confirmation_code: confirmation_code.clone(),
    };
    answer(&app, &order_id, command, origin, key, Some(confirmation_code)).await
}

/// Cancels an order. The same again, for the same reason, gets the same answer and does nothing
/// more.
#[utoipa::path(
    post,
    path = "/orders/{id}/cancel",
    operation_id = "cancelOrder",
    tag = "orders",
    request_body(content = Option<CancelBody>, description = "May be left out"),
    params(
        ("id" = OrderId, Path),
        ("idempotency-key" = Option<String>, Header, description = "Done once under one key"),
        ("x-correlation-id" = Option<String>, Header, description = "Goes with all that follows"),
    ),
    responses((status = 200, description = "It is cancelled", body = Receipt)),
)]
pub(super) async fn cancel(
    State(app): State<Arc<App>>,
    Segment(order_id): Segment,
    origin: Origin,
    Repeatable(key): Repeatable,
    MaybeInput(body): MaybeInput<CancelBody>,
) -> Result<Response, ApiError> {
    let reason = body.reason.unwrap_or_else(|| "requested by the customer".into());
    let command = Command::Cancel(CancelReason::CustomerRequest(reason));
    answer(&app, &order_id, command, origin, key, None).await
}

/// Shows an order as the read side has it.
#[utoipa::path(
    get,
    path = "/orders/{id}",
    operation_id = "viewOrder",
    tag = "orders",
    params(("id" = OrderId, Path), ViewQuery),
    responses((status = 200, description = "The order", body = OrderBody)),
)]
pub(super) async fn view(
    State(app): State<Arc<App>>,
    Segment(order_id): Segment,
    Search(query): Search<ViewQuery>,
) -> Result<Response, ApiError> {
    let order_id = OrderId::parse(&order_id)?;
    let row = if query.consistent {
        orders::view_of_history(&app, &order_id).await?
    } else {
        orders::view(&app, &order_id).await?
    };
    let row = row.ok_or_else(ApiError::order_not_found)?;
    Ok(Json(OrderBody::from(row)).into_response())
}

/// Lists a customer's orders, the newest first.
#[utoipa::path(
    get,
    path = "/customers/{id}/orders",
    operation_id = "listOrdersOfCustomer",
    tag = "orders",
    params(("id" = CustomerId, Path), OrdersQuery),
    responses((status = 200, description = "A page of orders", body = OrdersBody)),
)]
pub(super) async fn of_customer(
    State(app): State<Arc<App>>,
    Segment(customer_id): Segment,
    Search(query): Search<OrdersQuery>,
) -> Result<Json<OrdersBody>, ApiError> {
    let customer_id = CustomerId::parse(&customer_id)?;
    let invalid = |what: &str| ApiError::new(StatusCode::BAD_REQUEST, "InvalidQuery", what);
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(invalid(&format!("a page has 1 to {PAGE_MAX} orders")));
    }
    let list = format!("customers/{customer_id}");
    let after = page::place(&list, query.next_token, OrderCursor::parse)?;
    let (rows, next) = orders::of_customer(&app, &customer_id, limit, after.as_ref()).await?;
    let next_token = next.map(|place| page::token(&list, place.to_token()));
    let orders = rows.into_iter().map(OrderBody::from).collect();
    Ok(Json(OrdersBody { orders, next_token }))
}

async fn answer(
    app: &App,
    order_id: &str,
    command: Command,
    origin: Origin,
    key: Option<IdempotencyKey>,
    confirmation_code: Option<String>,
) -> Result<Response, ApiError> {
    let order_id = OrderId::parse(order_id)?;
    let cause = origin.continues(app, &order_id).await?;
    let span = cause.span(command.participle(), Some(&order_id));
    let executed = orders::execute_once(app, &order_id, command, key.as_ref(), &cause);
    let done = executed.instrument(span).await?;
    let confirmation_code = match done.before {
        Some(Event::OrderConfirmed { confirmation_code, .. }) => Some(confirmation_code),
        Some(_) => None,
        None => confirmation_code,
    };
    let receipt = receipt(order_id, &done.order, confirmation_code);
    Ok((correlation(&cause), Json(receipt)).into_response())
}

fn receipt(order_id: OrderId, order: &Order, confirmation_code: Option<String>) -> Receipt {
    let total = order.details().map(|details| details.total);
    Receipt { order_id, status: order.status(), total, confirmation_code }
}

fn correlation(cause: &Cause) -> [(&'static str, String); 1] {
    [(CORRELATION_HEADER, cause.correlation_id.clone())]
}

fn priced(line: PlaceLine, currency: Currency) -> Result<Line, OrderError> {
    let PlaceLine { product_id, quantity, unit_price_minor_units } = line;
    let Some(minor_units) = unit_price_minor_units.as_u64() else {
        return Err(OrderError::InvalidPrice(product_id));
    };
    Ok(Line { product_id, quantity, unit_price: Money { minor_units, currency } })
}
