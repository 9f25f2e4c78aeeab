//! DeleteDeliveryDestination: deletes one that no delivery uses.
//!
//! Limits: names of 60 letters; pages of 50.
//! Errors: `ResourceNotFoundException`, `ValidationException`, `ConflictException`.
//! Source: API references of these names; recordings of 2026-02-04.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, DELIVERY_NAME, as_validation, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    DELIVERY_NAME.required(&mut check, "name", request.name.as_ref());
    check.done().map_err(as_validation)?;
    let name = given("name", request.name)?;
    let deliveries = &mut logs.deliveries;
    let missing =
        || LogsError::NotFound("Requested Delivery Destination does not exist in this account.");
    let arn = deliveries.destinations.get(&name).ok_or_else(missing)?.arn.clone();
    if deliveries.deliveries.values().any(|it| it.delivery_destination_arn == arn) {
        return Err(LogsError::Conflict("The delivery destination is used by a delivery."));
    }
    deliveries.policies.remove(&name);
    deliveries.destinations.remove(&name).map(|_| Response {}).ok_or_else(missing)
}
