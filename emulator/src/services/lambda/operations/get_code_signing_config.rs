//! GetCodeSigningConfig: whose signatures code may have.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "GetCodeSigningConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::shapes::CodeSigningConfig;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub code_signing_config_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub code_signing_config: Option<CodeSigningConfig>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let config = lambda.code_signing(request.code_signing_config_arn.as_deref())?;
    Ok(Response { code_signing_config: Some(config.told()) })
}
