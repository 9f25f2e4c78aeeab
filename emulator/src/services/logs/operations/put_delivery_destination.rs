//! PutDeliveryDestination: makes or replaces one.
//!
//! Limits: names of 60 letters; pages of 50; 1,000 of them, which is this emulator's.
//! Errors: `ResourceNotFoundException`, `ValidationException`, `ConflictException`,
//! `ServiceQuotaExceededException`.
//! Source: API references of these names; recordings of 2026-02-04.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, DELIVERY_NAME, as_validation, given};
use crate::services::logs::delivery::Deliveries;
use crate::services::logs::error::LogsError;
use crate::services::logs::shapes::{DeliveryDestination, DeliveryDestinationConfiguration};
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub delivery_destination_configuration: Option<DeliveryDestinationConfiguration>,
    pub delivery_destination_type: Option<String>,
    pub name: Option<String>,
    pub output_format: Option<String>,
    pub role_arn: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub delivery_destination: Option<DeliveryDestination>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    DELIVERY_NAME.required(&mut check, "name", request.name.as_ref());
    check.done().map_err(as_validation)?;
    let name = given("name", request.name)?;
    let formats = ["json", "plain", "w3c", "raw", "parquet"];
    let mut check = Constraints::default();
    check.one_of("outputFormat", request.output_format.as_deref(), &formats);
    check.done().map_err(as_validation)?;
    let configuration = request.delivery_destination_configuration;
    let arn = configuration.as_ref().and_then(|it| it.destination_resource_arn.as_deref());
    let kind = match request.delivery_destination_type {
        Some(kind) => Some(kind),
        None => arn.and_then(Deliveries::kind_of).map(str::to_owned),
    };
    let invalid = || LogsError::Validation("Invalid destination resource ARN.".to_owned());
    let kind = kind.ok_or_else(invalid)?;
    Deliveries::check_room(&logs.deliveries.destinations, &name)?;
    if kind != "CWL" {
        ctx.not_honoured("deliveryDestinationConfiguration")?;
    }
    let destination = DeliveryDestination {
        arn: Some(ctx.arn(format!("delivery-destination:{name}")).to_string()),
        delivery_destination_configuration: configuration,
        delivery_destination_type: Some(kind),
        name: Some(name.clone()),
        output_format: request.output_format,
        role_arn: request.role_arn,
        tags: request.tags,
    };
    logs.deliveries.destinations.insert(name, destination.clone());
    Ok(Response { delivery_destination: Some(destination) })
}
