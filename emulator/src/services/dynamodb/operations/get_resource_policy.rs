//! GetResourcePolicy: the policy of a table or a stream.
//!
//! Errors: `ResourceNotFoundException`, `PolicyNotFoundException`, `ValidationException`.
//! Source: API reference "GetResourcePolicy".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::resource_policy;
use crate::services::dynamodb::state::DynamoDb;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub resource_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub policy: Option<String>,
    pub revision_id: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::OF_RESOURCE, &request)?;
    let arn = request.resource_arn.ok_or_else(|| missing("resourceArn"))?;
    let policies = &resource_policy::table(ctx, db, &arn)?.options.policies;
    let policy = policies.get(&arn).ok_or(DynamoDbError::PolicyNotFound(arn))?;
    let (policy, revision_id) = (Some(policy.text.clone()), Some(policy.revision.clone()));
    Ok(Response { policy, revision_id })
}
