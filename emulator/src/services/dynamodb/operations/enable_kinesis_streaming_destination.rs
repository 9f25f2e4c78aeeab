//! EnableKinesisStreamingDestination: names a stream of Kinesis for a table's changes.
//!
//! Errors: `ResourceNotFoundException`, `ResourceInUseException`, `ValidationException`.
//! Source: API reference "EnableKinesisStreamingDestination"; recordings of 2025-10-08.

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
use crate::services::dynamodb::store::{Destination, PASSING_TIME};

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
    let configuration = request.enable_kinesis_streaming_configuration.unwrap_or_default();
    let precision = configuration.approximate_creation_date_time_precision.clone();
    let name = request.table_name.as_deref();
    let table = db.described(ctx, name)?;
    if table.options.destinations.iter().any(|it| it.stream == stream && it.active) {
        return Err(DynamoDbError::validation(
            "Table is not in a valid state to enable Kinesis Streaming Destination: \
             EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE \
             operation.",
        ));
    }
    ctx.not_honoured("StreamArn")?;
    let passing = Some(Passing::begin(ctx, "ENABLING", PASSING_TIME));
    let new = Destination { stream: stream.clone(), active: true, precision, passing };
    let status = kinesis::status(ctx, &new).to_owned();
    table.options.destinations.retain(|it| it.stream != stream);
    table.options.destinations.push(new);
    Ok(Response {
        destination_status: Some(status),
        enable_kinesis_streaming_configuration: Some(configuration),
        stream_arn: Some(stream),
        table_name: Some(table.name.clone()),
    })
}
