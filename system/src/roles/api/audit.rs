//! The audit trails of orders and products over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::ApiError;
use super::input::{Search, Segment};
use crate::adapters::audit_table::AuditEntry;
use crate::app::App;
use crate::app::trail::{self, Gap, Subject, TrailCursor, TrailFilter};
use crate::domain::stock::StockError;
use crate::domain::{OrderId, ProductId, Timestamp};
use crate::failure::Failure;

/// Events of a page, unless asked for fewer or more.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrailQuery {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    r#type: Option<String>,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Serialize)]
pub(super) struct TrailBody {
    /// Of the whole trail, whatever part of it is shown.
    complete: bool,
    gaps: Vec<Gap>,
    events: Vec<EventBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
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
    detail: Value,
}

pub(super) async fn of_order(
    State(app): State<Arc<App>>,
    Segment(order_id): Segment,
    Search(query): Search<TrailQuery>,
) -> Result<Json<TrailBody>, ApiError> {
    let subject = Subject::Order(OrderId::parse(&order_id)?);
    answer(&app, subject, query).await?.ok_or_else(ApiError::order_not_found)
}

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
    let place =
        |token: String| TrailCursor::parse(&token).ok_or_else(|| invalid("no such next_token"));
    let after = query.next_token.map(place).transpose()?;
    let wanted = TrailFilter { from: query.from, to: query.to, event_type: query.r#type, after };
    let trail = trail::read(app, subject).await?;
    if trail.entries.is_empty() {
        return Ok(None);
    }
    let gaps = trail.gaps();
    let (page, next) = trail.page(&wanted, limit);
    let events = page.into_iter().map(event).collect::<Result<_, Failure>>()?;
    let next_token = next.map(|place| place.to_token());
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
