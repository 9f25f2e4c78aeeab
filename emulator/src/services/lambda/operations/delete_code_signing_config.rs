//! DeleteCodeSigningConfig: forgets whose signatures code may have, if no function needs them.
//!
//! Errors: `ResourceNotFoundException`, `ResourceConflictException`, `ValidationException`.
//! Source: API reference "DeleteCodeSigningConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub code_signing_config_arn: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    _ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let arn = lambda.code_signing(request.code_signing_config_arn.as_deref())?.arn().to_owned();
    if lambda.functions.values().any(|it| it.code_signing.as_ref() == Some(&arn)) {
        // Unverified: the text.
        return Err(LambdaError::Conflict(
            "The code signing configuration is used by at least one function.".to_owned(),
        ));
    }
    lambda.code_signing.remove(&arn);
    Ok(Response {})
}
