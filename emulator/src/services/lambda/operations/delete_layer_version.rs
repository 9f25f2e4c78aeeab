//! DeleteLayerVersion: deletes a version of a layer. Functions that use it keep it.
//!
//! Errors: `ValidationException`.
//! Source: API reference "DeleteLayerVersion".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::layer::layer_name;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub layer_name: Option<String>,
    pub version_number: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let name = layer_name(ctx, request.layer_name.as_deref())?;
    let number = request.version_number.and_then(|it| u64::try_from(it).ok());
    if let Some((layer, number)) = lambda.layers.get_mut(&name).zip(number) {
        layer.versions.remove(&number);
    }
    Ok(Response {})
}
