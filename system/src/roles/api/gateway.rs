//! Breaks and repairs the simulated payment gateway, for rehearsals.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::error::ApiError;
use super::input::Input;
use crate::adapters::simulated_gateway::GatewayRules;
use crate::app::App;

/// Shows how the simulated gateway misbehaves.
#[utoipa::path(
    get,
    path = "/simulated/gateway",
    operation_id = "viewGateway",
    tag = "rehearsals",
    responses((status = 200, description = "Its rules", body = GatewayRules)),
)]
pub(super) async fn view(State(app): State<Arc<App>>) -> Result<Json<GatewayRules>, ApiError> {
    Ok(Json(app.simulated_gateway.rules().await?))
}

/// Replaces all rules of the simulated gateway; `{}` repairs it.
#[utoipa::path(
    put,
    path = "/simulated/gateway",
    operation_id = "setGateway",
    tag = "rehearsals",
    request_body = GatewayRules,
    responses((status = 200, description = "Its rules", body = GatewayRules)),
)]
pub(super) async fn set(
    State(app): State<Arc<App>>,
    Input(rules): Input<GatewayRules>,
) -> Result<Json<GatewayRules>, ApiError> {
    for matcher in rules.broken.iter().chain(&rules.declined) {
        matcher.currency.map_or(Ok(()), |currency| currency.known().map(drop))?;
    }
    app.simulated_gateway.set_rules(&rules).await?;
    Ok(Json(rules))
}
