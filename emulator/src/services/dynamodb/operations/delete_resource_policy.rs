//! DeleteResourcePolicy: forgets the policy of a table or a stream; one that is not there does not
//! matter.
//!
//! Errors: `ResourceNotFoundException`, `PolicyNotFoundException`, `ValidationException`.
//! Source: API reference "DeleteResourcePolicy".

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
    pub expected_revision_id: Option<String>,
    pub resource_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub revision_id: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::DELETE_RESOURCE_POLICY, &request)?;
    let arn = request.resource_arn.ok_or_else(|| missing("resourceArn"))?;
    let policies = &mut resource_policy::table(ctx, db, &arn)?.options.policies;
    let expected = request.expected_revision_id.as_deref();
    resource_policy::check_revision(&arn, policies.get(&arn), expected)?;
    let gone = policies.remove(&arn);
    Ok(Response { revision_id: gone.map(|policy| policy.revision) })
}
