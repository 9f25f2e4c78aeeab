//! UpdateKinesisStreamingDestination: changes the precision of the times that a destination gets.
//!
//! Errors: `ResourceNotFoundException`, `ResourceInUseException`, `ValidationException`.
//! Source: API reference "UpdateKinesisStreamingDestination"; recordings of 2025-10-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Passing};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::kinesis;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::shapes::UpdateKinesisStreamingConfiguration;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::PASSING_TIME;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub stream_arn: Option<String>,
    pub table_name: Option<String>,
    pub update_kinesis_streaming_configuration: Option<UpdateKinesisStreamingConfiguration>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub destination_status: Option<String>,
    pub stream_arn: Option<String>,
    pub table_name: Option<String>,
    pub update_kinesis_streaming_configuration: Option<UpdateKinesisStreamingConfiguration>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::KINESIS_DESTINATION, &request)?;
    let stream = request.stream_arn.ok_or_else(|| missing("streamArn"))?;
    let configuration = request.update_kinesis_streaming_configuration;
    let wanted = configuration
        .as_ref()
        .and_then(|configuration| configuration.approximate_creation_date_time_precision.clone());
    let wanted = wanted.ok_or_else(|| {
        DynamoDbError::validation(
            "Streaming destination cannot be updated with given parameters: \
             UpdateKinesisStreamingConfiguration cannot be null or contain only null values",
        )
    })?;
    let table = db.described(ctx, request.table_name.as_deref())?;
    let (name, id) = (table.name.clone(), table.id.clone());
    let destinations = &mut table.options.destinations;
    let found = kinesis::active(ctx, destinations, (&name, &stream), kinesis::To::Update)?;
    if found.precision.as_deref().unwrap_or("MILLISECOND") == wanted {
        return Err(DynamoDbError::validation(format!(
            "Invalid Request: Precision is already set to the desired value of {wanted} for \
             tableId: {id}, kdsArn: {stream}"
        )));
    }
    found.precision = Some(wanted);
    found.passing = Some(Passing::begin(ctx, "UPDATING", PASSING_TIME));
    Ok(Response {
        destination_status: Some(kinesis::status(ctx, found).to_owned()),
        stream_arn: Some(stream),
        table_name: Some(name),
        update_kinesis_streaming_configuration: configuration,
    })
}
