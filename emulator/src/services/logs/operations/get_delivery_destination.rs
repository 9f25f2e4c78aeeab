//! GetDeliveryDestination: one by its name.
//!
//! Limits: names of 60 letters; pages of 50.
//! Errors: `ResourceNotFoundException`, `ValidationException`, `ConflictException`.
//! Source: API references of these names; recordings of 2026-02-04.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, DELIVERY_NAME, as_validation, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::shapes::DeliveryDestination;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub delivery_destination: Option<DeliveryDestination>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    DELIVERY_NAME.required(&mut check, "name", request.name.as_ref());
    check.done().map_err(as_validation)?;
    let name = given("name", request.name)?;
    let destination = logs.deliveries.destinations.get(&name).cloned();
    let missing =
        LogsError::NotFound("Requested Delivery Destination does not exist in this account.");
    destination.map(|it| Response { delivery_destination: Some(it) }).ok_or(missing)
}
