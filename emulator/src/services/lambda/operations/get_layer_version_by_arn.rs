//! GetLayerVersionByArn: one version of a layer, by its ARN.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "GetLayerVersionByArn".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub arn: Option<String>,
}

pub use crate::services::lambda::shapes::LayerVersionShown as Response;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let arn = request.arn.as_deref().unwrap_or_default();
    let (layer, number) = arn.rsplit_once(':').unwrap_or_default();
    Ok(lambda.layer_version(ctx, (Some(layer), number.parse().ok()))?.shown())
}
