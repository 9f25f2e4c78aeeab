//! The figures of the stream: as JSON, and as a page that shows them as they come.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{Html, IntoResponse};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use utoipa::IntoParams;

use super::error::ApiError;
use super::input::Search;
use crate::app::App;
use crate::app::figures::{self, SHOWN_MAX, View};

const SHOWN: u32 = 60;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FiguresQuery {
    /// Closed minutes, counted from the newest; at most a day.
    #[param(minimum = 1, maximum = 1440)]
    minutes: Option<u32>,
}

pub(super) async fn page() -> Html<&'static str> {
    Html(include_str!("figures.html"))
}

/// Beside the page, as pages here have no scripts and styles inside.
pub(super) async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("figures.js"))
}

pub(super) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("figures.css"))
}

/// Shows the figures of the stream.
#[utoipa::path(
    get,
    path = "/analytics/figures",
    operation_id = "viewFigures",
    tag = "analytics",
    params(FiguresQuery),
    responses((status = 200, description = "Totals, minutes and alerts", body = View)),
)]
pub(super) async fn view(
    State(app): State<Arc<App>>,
    Search(wanted): Search<FiguresQuery>,
) -> Result<Json<View>, ApiError> {
    let minutes = wanted.minutes.unwrap_or(SHOWN);
    if !(1..=SHOWN_MAX).contains(&minutes) {
        let message = format!("minutes is from 1 to {SHOWN_MAX}");
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "InvalidQuery", message));
    }
    Ok(Json(figures::view(&app, minutes).await?))
}
