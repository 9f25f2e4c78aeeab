//! Subscribers of the notifications over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::input::{Input, Search, Segment};
use super::page;
use crate::app::App;
use crate::app::subscribers::{Filter, Subscriber, SubscriberName};
use crate::infra::subscribers::{self, Subscribed};

/// Of a page.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 1000;
const LIST: &str = "subscribers";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// From 1 to 1000; 100 unless given.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// Of the page before; says nothing by itself.
    next_token: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct SubscribersBody {
    subscribers: Vec<Subscribed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Lists the subscribers, by name.
#[utoipa::path(
    get,
    path = "/subscribers",
    operation_id = "listSubscribers",
    tag = "subscribers",
    params(ListQuery),
    responses((status = 200, description = "A page of them", body = SubscribersBody)),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Search(query): Search<ListQuery>,
) -> Result<Json<SubscribersBody>, ApiError> {
    let limit = query.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        let message = format!("a page has 1 to {LIMIT_MAX} subscribers");
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "InvalidQuery", message));
    }
    let after = page::place(LIST, query.next_token, |name| Some(name.to_owned()))?;
    let (subscribers, more) =
        subscribers::page(&app.aws, &app.names, after.as_deref(), limit).await?;
    let last = subscribers.last().filter(|_| more);
    let next_token = last.map(|last| page::token(LIST, &last.name));
    Ok(Json(SubscribersBody { subscribers, next_token }))
}

/// Shows a subscriber.
#[utoipa::path(
    get,
    path = "/subscribers/{name}",
    operation_id = "viewSubscriber",
    tag = "subscribers",
    params(("name" = String, Path)),
    responses((status = 200, description = "The subscriber", body = Subscribed)),
)]
pub(super) async fn view(
    State(app): State<Arc<App>>,
    Segment(name): Segment,
) -> Result<Json<Subscribed>, ApiError> {
    Ok(Json(found(&app, &SubscriberName::parse(&name)?).await?))
}

/// Adds a subscriber, or replaces its filter. Of two at once that add it with different filters
/// the second is told so.
#[utoipa::path(
    put,
    path = "/subscribers/{name}",
    operation_id = "putSubscriber",
    tag = "subscribers",
    request_body = Filter,
    params(("name" = String, Path)),
    responses(
        (status = 201, description = "It was added", body = Subscribed),
        (status = 200, description = "It was there; its filter is this one", body = Subscribed),
    ),
)]
pub(super) async fn put(
    State(app): State<Arc<App>>,
    Segment(name): Segment,
    Input(filter): Input<Filter>,
) -> Result<(StatusCode, Json<Subscribed>), ApiError> {
    let (name, filter) = (SubscriberName::parse(&name)?, filter.checked()?);
    let subscriber = Subscriber { name, filter };
    let new = subscribers::put(&app.aws, &app.names, &subscriber).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(found(&app, &subscriber.name).await?)))
}

/// Removes a subscriber with its queue; one that there is not is no error.
#[utoipa::path(
    delete,
    path = "/subscribers/{name}",
    operation_id = "removeSubscriber",
    tag = "subscribers",
    params(("name" = String, Path)),
    responses((status = 204, description = "There is no such subscriber any more")),
)]
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    Segment(name): Segment,
) -> Result<StatusCode, ApiError> {
    subscribers::remove(&app.aws, &app.names, &SubscriberName::parse(&name)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn found(app: &App, name: &SubscriberName) -> Result<Subscribed, ApiError> {
    let found = subscribers::get(&app.aws, &app.names, name).await?;
    found.ok_or_else(|| {
        let message = format!("there is no subscriber {name}");
        ApiError::new(StatusCode::NOT_FOUND, "SubscriberNotFound", message)
    })
}
