//! TagResource: adds tags to a table, or changes their values.
//!
//! Limits: 50 tags a table.
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "TagResource".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::shapes::Tag;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::tags;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub resource_arn: Option<String>,
    pub tags: Option<Vec<Tag>>,
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
    model::check(model_inputs::TAG_RESOURCE, &request)?;
    let added = tags::checked(request.tags.unwrap_or_default())?;
    if added.is_empty() {
        return Err(DynamoDbError::validation("Atleast one Tag needs to be provided as Input."));
    }
    let table = db.resource(ctx, request.resource_arn.as_deref())?;
    let mut all = table.options.tags.clone();
    all.extend(added);
    if all.len() > tags::TAGS_MAX {
        return Err(tags::too_many());
    }
    table.options.tags = all;
    Ok(Response {})
}
