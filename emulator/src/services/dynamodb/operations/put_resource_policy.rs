//! PutResourcePolicy: keeps the policy of a table or a stream.
//!
//! Limits: 20 KB.
//! Errors: `ResourceNotFoundException`, `PolicyNotFoundException`, `AccessDeniedException`,
//! `ValidationException`.
//! Source: API reference "PutResourcePolicy".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::resource_policy;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::ResourcePolicy;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub confirm_remove_self_resource_access: Option<bool>,
    pub expected_revision_id: Option<String>,
    pub policy: Option<String>,
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
    model::check(model_inputs::PUT_RESOURCE_POLICY, &request)?;
    let text = request.policy.ok_or_else(|| missing("policy"))?;
    let arn = request.resource_arn.ok_or_else(|| missing("resourceArn"))?;
    resource_policy::check(&text)?;
    let policies = &resource_policy::table(ctx, db, &arn)?.options.policies;
    if request.confirm_remove_self_resource_access != Some(true) {
        resource_policy::check_lockout(ctx, &arn, &text)?;
    }
    let current = policies.get(&arn);
    let expected = request.expected_revision_id.as_deref();
    resource_policy::check_revision(&arn, current, expected)?;
    // The same policy once more is no new state of it.
    let same = current.filter(|current| current.text == text).map(|same| same.revision.clone());
    ctx.not_honoured("Policy")?;
    let revision = same.unwrap_or_else(|| resource_policy::revision(ctx));
    let kept = ResourcePolicy { text, revision: revision.clone() };
    resource_policy::table(ctx, db, &arn)?.options.policies.insert(arn, kept);
    Ok(Response { revision_id: Some(revision) })
}
