//! CreateDelivery: joins a source and a destination.
//!
//! Limits: pages of 50; 1,000 of them, which is this emulator's.
//! Errors: `ResourceNotFoundException`, `ValidationException`, `ConflictException`,
//! `ServiceQuotaExceededException`.
//! Source: API references of these names; recordings of 2026-02-04.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::given;
use crate::services::logs::delivery::{CLOUDFRONT_FIELDS, Deliveries};
use crate::services::logs::error::LogsError;
use crate::services::logs::shapes::{Delivery, S3DeliveryConfiguration};
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub delivery_destination_arn: Option<String>,
    pub delivery_source_name: Option<String>,
    pub field_delimiter: Option<String>,
    pub record_fields: Option<Vec<String>>,
    pub s3_delivery_configuration: Option<S3DeliveryConfiguration>,
    pub tags: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub delivery: Option<Delivery>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let source = given("deliverySourceName", request.delivery_source_name)?;
    let arn = given("deliveryDestinationArn", request.delivery_destination_arn)?;
    let deliveries = &logs.deliveries;
    let no_source =
        LogsError::NotFound("Requested Delivery Source does not exist in this account.");
    let service = deliveries.sources.get(&source).ok_or(no_source)?.service.as_deref();
    let (of_cloudfront, of_events) = (service == Some("cloudfront"), service == Some("events"));
    let mut destinations = deliveries.destinations.values();
    let destination = destinations.find(|it| it.arn.as_deref() == Some(arn.as_str()));
    let no_destination =
        LogsError::NotFound("Requested Delivery Destination does not exist in this account.");
    let kind = destination.ok_or(no_destination)?.delivery_destination_type.clone();
    let is_there = deliveries.deliveries.values().any(|it| {
        it.delivery_source_name.as_ref() == Some(&source)
            && it.delivery_destination_arn.as_ref() == Some(&arn)
    });
    if is_there {
        return Err(LogsError::Conflict("Delivery already exists."));
    }
    Deliveries::check_room(&deliveries.deliveries, "")?;
    if !(of_events && kind.as_deref() == Some("CWL")) {
        ctx.not_honoured("deliverySourceName")?;
    }
    let id = format!("{:016x}", ctx.ids().next_u64());
    let fields = || CLOUDFRONT_FIELDS.map(str::to_owned).to_vec();
    let to_s3 = kind.as_deref() == Some("S3");
    let given = request.s3_delivery_configuration.unwrap_or_default();
    let path = || of_cloudfront.then(|| "AWSLogs/{account-id}/CloudFront/".to_owned());
    let configuration = S3DeliveryConfiguration {
        enable_hive_compatible_path: Some(given.enable_hive_compatible_path.unwrap_or_default()),
        suffix_path: given.suffix_path.or_else(path),
    };
    let delivery = Delivery {
        arn: Some(ctx.arn(format!("delivery:{id}")).to_string()),
        delivery_destination_arn: Some(arn),
        delivery_destination_type: kind,
        delivery_source_name: Some(source),
        field_delimiter: request.field_delimiter,
        id: Some(id.clone()),
        record_fields: request.record_fields.or_else(|| of_cloudfront.then(fields)),
        s3_delivery_configuration: to_s3.then_some(configuration),
        tags: request.tags,
    };
    logs.deliveries.deliveries.insert(id, delivery.clone());
    Ok(Response { delivery: Some(delivery) })
}
