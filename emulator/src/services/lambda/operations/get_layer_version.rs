//! GetLayerVersion: one version of a layer.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
//! Source: API reference "GetLayerVersion".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub layer_name: Option<String>,
    pub version_number: Option<i64>,
}

pub use crate::services::lambda::shapes::LayerVersionShown as Response;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    Ok(lambda.layer_version(ctx, (request.layer_name.as_deref(), request.version_number))?.shown())
}
