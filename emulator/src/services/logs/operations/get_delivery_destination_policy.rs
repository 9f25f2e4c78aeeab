//! GetDeliveryDestinationPolicy: one.
//!
//! Limits: documents of 51,200 letters.
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API references of these names; recordings of 2026-02-04.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, DELIVERY_NAME, as_validation, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::shapes::Policy;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub delivery_destination_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub policy: Option<Policy>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    let name = request.delivery_destination_name.as_ref();
    DELIVERY_NAME.required(&mut check, "deliveryDestinationName", name);
    check.done().map_err(as_validation)?;
    let name = given("deliveryDestinationName", request.delivery_destination_name)?;
    let missing =
        || LogsError::NotFound("Requested Delivery Destination does not exist in this account.");
    logs.deliveries.destinations.get(&name).ok_or_else(missing)?;
    let text = logs.deliveries.policies.get(&name).cloned();
    let policy = text.map(|text| Policy { delivery_destination_policy: Some(text) });
    Ok(Response { policy: Some(policy.unwrap_or_default()) })
}
