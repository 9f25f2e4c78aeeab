//! DisableKinesisStreamingDestination: forgets a stream of Kinesis as a destination.
//!
//! Errors: `ResourceNotFoundException`, `ResourceInUseException`, `ValidationException`.
//! Source: API reference "DisableKinesisStreamingDestination"; recordings of 2025-10-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Passing};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::kinesis;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::shapes::EnableKinesisStreamingConfiguration;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::PASSING_TIME;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub enable_kinesis_streaming_configuration: Option<EnableKinesisStreamingConfiguration>,
    pub stream_arn: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub destination_status: Option<String>,
    pub enable_kinesis_streaming_configuration: Option<EnableKinesisStreamingConfiguration>,
    pub stream_arn: Option<String>,
    pub table_name: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::KINESIS_DESTINATION, &request)?;
    let stream = request.stream_arn.ok_or_else(|| missing("streamArn"))?;
    let table = db.described(ctx, request.table_name.as_deref())?;
    let name = table.name.clone();
    let destinations = &mut table.options.destinations;
    let found = kinesis::active(ctx, destinations, (&name, &stream), kinesis::To::Disable)?;
    found.active = false;
    found.passing = Some(Passing::begin(ctx, "DISABLING", PASSING_TIME));
    Ok(Response {
        destination_status: Some(kinesis::status(ctx, found).to_owned()),
        enable_kinesis_streaming_configuration: request.enable_kinesis_streaming_configuration,
        stream_arn: Some(stream),
        table_name: Some(name),
    })
}
