//! ListEventSourceMappings: mappings, of one source or function or of all, a page at a time.
//!
//! Errors: `InvalidParameterValueException`, `ResourceConflictException`, `ResourceInUseException`,
//! `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "ListEventSourceMappings".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::mapping::shapes::EventSourceMappingConfiguration;
use crate::services::lambda::page::page;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub event_source_arn: Option<String>,
    pub function_name: Option<String>,
    pub marker: Option<String>,
    pub max_items: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub event_source_mappings: Option<Vec<EventSourceMappingConfiguration>>,
    pub next_marker: Option<String>,
}

const ITEMS_MAX: i32 = 10_000;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let mut it = Constraints::default();
    it.max_items(request.max_items, ITEMS_MAX);
    it.done()?;
    let mut function = None;
    if let Some(name) = &request.function_name {
        let address = Address::read(Some(name), None)?;
        lambda.function(ctx, &address)?;
        function = Some(address.arn(ctx).to_string());
    }
    lambda.mappings.forget_deleted(ctx);
    let source = request.event_source_arn;
    let all = lambda.mappings.all.iter().filter(|(_, mapping)| {
        (source.is_none() || mapping.wire.event_source_arn == source)
            && (function.is_none() || mapping.wire.function_arn == function)
    });
    let all = all.map(|(id, mapping)| (id.to_string(), mapping.told(ctx)));
    let (shown, next_marker) = page(ctx, all, (request.marker, request.max_items))?;
    Ok(Response { event_source_mappings: Some(shown), next_marker })
}
