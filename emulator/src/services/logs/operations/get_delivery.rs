//! GetDelivery: one by its id.
//!
//! Limits: pages of 50.
//! Errors: `ResourceNotFoundException`, `ValidationException`, `ConflictException`.
//! Source: API references of these names; recordings of 2026-02-04.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::given;
use crate::services::logs::error::LogsError;
use crate::services::logs::shapes::Delivery;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub delivery: Option<Delivery>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let id = given("id", request.id)?;
    let missing = || LogsError::NotFound("Requested Delivery does not exist in this account.");
    let delivery = logs.deliveries.deliveries.get(&id).cloned();
    delivery.map(|it| Response { delivery: Some(it) }).ok_or_else(missing)
}
