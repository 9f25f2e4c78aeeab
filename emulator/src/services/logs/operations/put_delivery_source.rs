//! PutDeliverySource: makes or replaces one.
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
use crate::services::logs::shapes::DeliverySource;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub delivery_source_configuration: Option<BTreeMap<String, String>>,
    pub log_type: Option<String>,
    pub name: Option<String>,
    pub resource_arn: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub delivery_source: Option<DeliverySource>,
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
    let resource = given("resourceArn", request.resource_arn)?;
    let log_type = given("logType", request.log_type)?;
    let service = resource.split(':').nth(2).filter(|service| !service.is_empty());
    let service =
        service.ok_or_else(|| LogsError::Validation("Invalid resource ARN.".to_owned()))?;
    Deliveries::check_room(&logs.deliveries.sources, &name)?;
    if service != "events" {
        ctx.not_honoured("resourceArn")?;
    }
    let source = DeliverySource {
        arn: Some(ctx.arn(format!("delivery-source:{name}")).to_string()),
        delivery_source_configuration: request.delivery_source_configuration,
        log_type: Some(log_type),
        name: Some(name.clone()),
        service: Some(service.to_owned()),
        resource_arns: Some(vec![resource]),
        tags: request.tags,
        ..DeliverySource::default()
    };
    logs.deliveries.sources.insert(name, source.clone());
    Ok(Response { delivery_source: Some(source) })
}
