//! UpdateFunctionUrlConfig: changes what is said of an address.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "UpdateFunctionUrlConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::function_url::check_mode;
use crate::services::lambda::permission;
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

pub use crate::services::lambda::shapes::FunctionUrlConfig as Response;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    let mut constraints = Constraints::default();
    let (auth_type, mode) = (request.auth_type.as_deref(), request.invoke_mode.as_deref());
    constraints.function_url(auth_type, mode, request.cors.as_ref());
    constraints.done()?;
    check_mode(ctx, mode)?;
    let function = lambda.function(ctx, &address)?;
    let key = function.url_key(address.qualifier.as_deref())?;
    let mut url = function.urls.get(&key).cloned().ok_or_else(permission::no_resource)?;
    url.auth_type = request.auth_type.unwrap_or(url.auth_type);
    url.invoke_mode = request.invoke_mode.unwrap_or(url.invoke_mode);
    url.cors = request.cors.or(url.cors);
    url.modified = ctx.now();
    let shown = url.shown(ctx, function, &key);
    function.urls.insert(key, url);
    Ok(shown)
}
