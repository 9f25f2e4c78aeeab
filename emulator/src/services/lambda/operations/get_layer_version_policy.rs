//! GetLayerVersionPolicy: the policy of a layer's version.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "GetLayerVersionPolicy".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::permission;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub layer_name: Option<String>,
    pub version_number: Option<i64>,
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
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let version =
        lambda.layer_version(ctx, (request.layer_name.as_deref(), request.version_number))?;
    let policy = version.policy.as_ref().ok_or_else(permission::no_policy)?;
    Ok(Response {
        policy: Some(policy.policy.as_str().to_owned()),
        revision_id: Some(policy.revision.to_string()),
    })
}
