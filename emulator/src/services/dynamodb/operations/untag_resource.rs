//! UntagResource: removes tags from a table; those that it does not have do not matter.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "UntagResource".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::tags;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub resource_arn: Option<String>,
    pub tag_keys: Option<Vec<String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::UNTAG_RESOURCE, &request)?;
    let keys = request.tag_keys.unwrap_or_default();
    tags::check_keys(&keys)?;
    let table = db.resource(ctx, request.resource_arn.as_deref())?;
    table.options.tags.retain(|key, _| !keys.contains(key));
    Ok(Response {})
}
