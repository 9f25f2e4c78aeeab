//! DescribeKinesisStreamingDestination: the streams of Kinesis that were named for a table.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DescribeKinesisStreamingDestination"; recordings of 2025-10-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::kinesis;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::shapes::KinesisDataStreamDestination;
use crate::services::dynamodb::state::DynamoDb;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub kinesis_data_stream_destinations: Option<Vec<KinesisDataStreamDestination>>,
    pub table_name: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::OF_TABLE, &request)?;
    let table = db.described(ctx, request.table_name.as_deref())?;
    let told = table.options.destinations.iter().map(|it| KinesisDataStreamDestination {
        approximate_creation_date_time_precision: it.precision.clone(),
        destination_status: Some(kinesis::status(ctx, it).to_owned()),
        destination_status_description: None,
        stream_arn: Some(it.stream.clone()),
    });
    Ok(Response {
        kinesis_data_stream_destinations: Some(told.collect()),
        table_name: Some(table.name.clone()),
    })
}
