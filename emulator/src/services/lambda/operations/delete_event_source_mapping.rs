//! DeleteEventSourceMapping: the function is invoked no more.
//!
//! Errors: `InvalidParameterValueException`, `ResourceConflictException`, `ResourceInUseException`,
//! `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DeleteEventSourceMapping".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::mapping::Deed;
use crate::services::lambda::mapping::shapes::EventSourceMappingConfiguration;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    #[serde(rename = "UUID")]
    pub uuid: Option<String>,
}

pub type Response = EventSourceMappingConfiguration;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let mapping = lambda.mappings.get(ctx, request.uuid.as_deref())?;
    mapping.check_not_busy(ctx)?;
    // What stops brings no news.
    let _nothing = mapping.pass(ctx, Deed::Delete);
    Ok(mapping.told(ctx))
}
