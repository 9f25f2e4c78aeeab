//! GetEventSourceMapping: what a mapping is set to, and its state.
//!
//! Errors: `InvalidParameterValueException`, `ResourceConflictException`, `ResourceInUseException`,
//! `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "GetEventSourceMapping".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
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
    Ok(lambda.mappings.get(ctx, request.uuid.as_deref())?.told(ctx))
}
