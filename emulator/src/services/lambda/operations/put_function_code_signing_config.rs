//! PutFunctionCodeSigningConfig: says whose signatures the code of a function needs; it is stored.
//!
//! Errors: `CodeSigningConfigNotFoundException`, `ResourceNotFoundException`,
//! `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "PutFunctionCodeSigningConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub code_signing_config_arn: Option<String>,
    pub function_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub code_signing_config_arn: Option<String>,
    pub function_name: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let mut constraints = Constraints::default();
    constraints.required("codeSigningConfigArn", request.code_signing_config_arn.as_ref());
    constraints.done()?;
    lambda.check_code_signing(request.code_signing_config_arn.as_deref())?;
    ctx.not_honoured("CodeSigningConfigArn")?;
    let address = Address::unqualified(request.function_name.as_deref())?;
    let function = lambda.function(ctx, &address)?;
    function.code_signing = request.code_signing_config_arn;
    Ok(Response {
        code_signing_config_arn: function.code_signing.clone(),
        function_name: Some(address.name),
    })
}
