//! CreateFunctionUrlConfig: gives a function, or an alias, an address.
//!
//! Errors: `ResourceNotFoundException`, `ResourceConflictException`,
//! `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "CreateFunctionUrlConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::function_url::{FunctionUrl, check_mode};
use crate::services::lambda::shapes::Cors;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub auth_type: Option<String>,
    pub cors: Option<Cors>,
    pub function_name: Option<String>,
    pub invoke_mode: Option<String>,
    pub qualifier: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub auth_type: Option<String>,
    pub cors: Option<Cors>,
    pub creation_time: Option<String>,
    pub function_arn: Option<String>,
    pub function_url: Option<String>,
    pub invoke_mode: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    let mut constraints = Constraints::default();
    constraints.required("authType", request.auth_type.as_ref());
    let (auth_type, mode) = (request.auth_type.as_deref(), request.invoke_mode.as_deref());
    constraints.function_url(auth_type, mode, request.cors.as_ref());
    constraints.done()?;
    check_mode(ctx, mode)?;
    let function = lambda.function(ctx, &address)?;
    let key = function.url_key(address.qualifier.as_deref())?;
    if function.urls.contains_key(&key) {
        let arn = function.qualified(address.qualifier.as_deref());
        return Err(LambdaError::Conflict(format!(
            "Failed to create function url config for [functionArn = {arn}]. Error message:  \
             FunctionUrlConfig exists for this Lambda function"
        )));
    }
    let mut url = FunctionUrl::new(ctx, request.auth_type.unwrap_or_default());
    url.invoke_mode = request.invoke_mode.unwrap_or(url.invoke_mode);
    url.cors = request.cors;
    let shown = url.shown(ctx, function, &key);
    function.urls.insert(key, url);
    Ok(Response {
        auth_type: shown.auth_type,
        cors: shown.cors,
        creation_time: shown.creation_time,
        function_arn: shown.function_arn,
        function_url: shown.function_url,
        invoke_mode: shown.invoke_mode,
    })
}
