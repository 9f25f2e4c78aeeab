//! UntagResource: removes tags from a table; those that it does not have do not matter.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "UntagResource".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::state::DynamoDb;

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
    let keys = request.tag_keys.ok_or_else(|| missing("tagKeys"))?;
    let table = db.resource(ctx, request.resource_arn.as_deref())?;
    table.options.tags.retain(|key, _| !keys.contains(key));
    Ok(Response {})
}
