//! DeletePolicy: ends a managed policy that nobody has any more.
//!
//! Errors: NoSuchEntity, InvalidInput; DeleteConflict for a policy that is in use or has versions
//! beside the default one; AccessDenied for one of AWS's. Source: API reference "DeletePolicy".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::iam::constraint::Check;
use crate::services::iam::entity::key;
use crate::services::iam::error::IamError;
use crate::services::iam::state::Iam;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub policy_arn: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(ctx: &mut Context<'_>, iam: &mut Iam, request: Request) -> Result<Response, IamError> {
    let mut check = Check::default();
    check.required_arn("policyArn", request.policy_arn.as_ref());
    check.done()?;
    let arn = request.policy_arn.unwrap_or_default();
    let has_versions = iam.policy(ctx, &arn)?.versions.len() > 1;
    let usage = iam.usage(&arn);
    if usage.attached + usage.boundaries > 0 {
        return Err(IamError::DeleteConflict("a policy attached to entities"));
    }
    if has_versions {
        return Err(IamError::HasVersions);
    }
    let name = arn.rsplit('/').next().unwrap_or_default();
    iam.policies.remove(&*key(name));
    Ok(Response {})
}
