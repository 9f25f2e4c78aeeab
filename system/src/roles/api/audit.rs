//! The audit trails of orders and products over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::input::{Search, Segment};
use super::page;
use crate::adapters::audit_table::AuditEntry;
use crate::app::App;
use crate::app::trail::{self, Gap, Subject, TrailCursor, TrailFilter};
use crate::domain::stock::StockError;
use crate::domain::{OrderId, ProductId, Timestamp};
use crate::failure::Failure;

/// Events of a page, unless asked for fewer or more.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 1000;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TrailQuery {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    r#type: Option<String>,
    /// From 1 to 1000; 100 unless given.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// Of the page before; says nothing by itself.
    next_token: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct TrailBody {
    /// Of the whole trail, whatever part of it is shown.
    complete: bool,
    gaps: Vec<Gap>,
    events: Vec<EventBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct EventBody {
    event_id: String,
    r#type: String,
    source: String,
    stream: String,
    sequence: u64,
    time: Timestamp,
    recorded_at: Timestamp,
    correlation_id: String,
    causation_id: String,
    #[schema(value_type = Object)]
    detail: Value,
}

/// Shows what the bus told of an order, and whether something is missing.
#[utoipa::path(
    get,
    path = "/orders/{id}/audit",
    operation_id = "auditOrder",
    tag = "audit",
    params(("id" = OrderId, Path), TrailQuery),
    responses((status = 200, description = "A page of the trail", body = TrailBody)),
)]
pub(super) async fn of_order(
    State(app): State<Arc<App>>,
    Segment(order_id): Segment,
    Search(query): Search<TrailQuery>,
) -> Result<Json<TrailBody>, ApiError> {
    let subject = Subject::Order(OrderId::parse(&order_id)?);
    answer(&app, subject, query).await?.ok_or_else(ApiError::order_not_found)
}

/// Shows what the bus told of a product's stock, and whether something is missing.
#[utoipa::path(
    get,
    path = "/products/{id}/audit",
    operation_id = "auditProduct",
    tag = "audit",
    params(("id" = ProductId, Path), TrailQuery),
    responses((status = 200, description = "A page of the trail", body = TrailBody)),
)]
pub(super) async fn of_product(
    State(app): State<Arc<App>>,
    Segment(product_id): Segment,
    Search(query): Search<TrailQuery>,
) -> Result<Json<TrailBody>, ApiError> {
    let product_id = ProductId::parse(&product_id)?;
    let subject = Subject::Product(product_id.clone());
    let found = answer(&app, subject, query).await?;
    found.ok_or_else(|| StockError::UnknownProduct(product_id).into())
}

/// `None` when nothing was recorded.
async fn answer(
    app: &App,
    subject: Subject,
    query: TrailQuery,
) -> Result<Option<Json<TrailBody>>, ApiError> {
    let invalid = |what: &str| ApiError::new(StatusCode::BAD_REQUEST, "InvalidQuery", what);
    let limit = query.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(invalid(&format!("a page has 1 to {LIMIT_MAX} events")));
    }
    let list = subject.key();
    let after = page::place(&list, query.next_token, TrailCursor::parse)?;
    let wanted = TrailFilter { from: query.from, to: query.to, event_type: query.r#type, after };
    let trail = trail::read(app, subject).await?;
    if trail.entries.is_empty() {
        return Ok(None);
    }
    let gaps = trail.gaps();
    let (page, next) = trail.page(&wanted, limit);
    let events = page.into_iter().map(event).collect::<Result<_, Failure>>()?;
    let next_token = next.map(|place| page::token(&list, &place.to_token()));
    Ok(Some(Json(TrailBody { complete: gaps.is_empty(), gaps, events, next_token })))
}

fn event(entry: &AuditEntry) -> Result<EventBody, Failure> {
    let entry = entry.clone();
    let detail = serde_json::from_str(&entry.detail)
        .map_err(|error| Failure::GiveUp(format!("a damaged audit entry: {error}")))?;
    Ok(EventBody {
        event_id: entry.event_id,
        r#type: entry.event_type,
        source: entry.source,
        stream: entry.stream,
        sequence: entry.sequence,
        time: entry.happened_at,
        recorded_at: entry.recorded_at,
        correlation_id: entry.correlation_id,
        causation_id: entry.causation_id,
        detail,
    })
}
