//! ListTagsOfResource: a table's tags, all on one page.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "ListTagsOfResource".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::shapes::Tag;
use crate::services::dynamodb::state::DynamoDb;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub next_token: Option<String>,
    pub resource_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub next_token: Option<String>,
    pub tags: Option<Vec<Tag>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::OF_RESOURCE, &request)?;
    let table = db.resource(ctx, request.resource_arn.as_deref())?;
    let tags = table.options.tags.iter();
    let tags = tags.map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) });
    Ok(Response { next_token: None, tags: Some(tags.collect()) })
}
