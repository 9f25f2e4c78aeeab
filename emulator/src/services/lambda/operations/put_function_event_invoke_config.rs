//! PutFunctionEventInvokeConfig: sets retries, age and destinations of events that nobody
//! waits for, all of them.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "PutFunctionEventInvokeConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::event_invoke::{EventInvoke, Wanted};
use crate::services::lambda::shapes::DestinationConfig;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub destination_config: Option<DestinationConfig>,
    pub function_name: Option<String>,
    pub maximum_event_age_in_seconds: Option<i32>,
    pub maximum_retry_attempts: Option<i32>,
    pub qualifier: Option<String>,
}

pub use crate::services::lambda::shapes::FunctionEventInvokeConfig as Response;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    let function = lambda.function(ctx, &address)?;
    let key = function.check_qualifier(address.qualifier.as_deref())?;
    let wanted = Wanted {
        destinations: request.destination_config,
        age_seconds: request.maximum_event_age_in_seconds,
        retries: request.maximum_retry_attempts,
    };
    wanted.check(function)?;
    let it = wanted.applied(ctx, EventInvoke::default());
    let shown = it.shown(function, &key);
    function.event_invoke.insert(key, it);
    Ok(shown)
}
