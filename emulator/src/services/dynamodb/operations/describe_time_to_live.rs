//! DescribeTimeToLive: by which attribute a table's items expire.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DescribeTimeToLive".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::shapes::TimeToLiveDescription;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::{CREATING, DELETING};
use crate::services::dynamodb::time_to_live;

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
    pub time_to_live_description: Option<TimeToLiveDescription>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::OF_TABLE, &request)?;
    let table = db.described(ctx, request.table_name.as_deref())?;
    if let status @ (CREATING | DELETING) = table.status(ctx) {
        return Err(DynamoDbError::validation(format!(
            "Cannot describe time to live while table is in {status} state: Current table state \
             is {status}"
        )));
    }
    Ok(Response { time_to_live_description: Some(time_to_live::describe(ctx, table)) })
}
