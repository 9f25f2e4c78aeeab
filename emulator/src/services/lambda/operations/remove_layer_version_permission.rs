//! RemoveLayerVersionPermission: takes a statement out of the policy of a layer's version.
//!
//! Errors: `ResourceNotFoundException`, `PreconditionFailedException`, `ValidationException`.
//! Source: API reference "RemoveLayerVersionPermission".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::permission::ResourcePolicy;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub layer_name: Option<String>,
    pub revision_id: Option<String>,
    pub statement_id: Option<String>,
    pub version_number: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let version =
        lambda.layer_version(ctx, (request.layer_name.as_deref(), request.version_number))?;
    let sid = request.statement_id.unwrap_or_default();
    let expected = (request.revision_id.as_deref(), "GetLayerVersionPolicy");
    version.policy = ResourcePolicy::without(ctx, version.policy.as_ref(), &sid, expected)?;
    Ok(Response {})
}
