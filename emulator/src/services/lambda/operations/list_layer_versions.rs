//! ListLayerVersions: the versions of a layer, the newest first, in pages of 50.
//!
//! Errors: `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "ListLayerVersions".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::constraint::Choice;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::layer::layer_name;
use crate::services::lambda::page::page;
use crate::services::lambda::shapes::LayerVersionsListItem;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub compatible_architecture: Option<String>,
    pub compatible_runtime: Option<String>,
    pub layer_name: Option<String>,
    pub marker: Option<String>,
    pub max_items: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub layer_versions: Option<Vec<LayerVersionsListItem>>,
    pub next_marker: Option<String>,
}

const MAX_ITEMS: i32 = 50;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let name = layer_name(ctx, request.layer_name.as_deref())?;
    let mut constraints = Constraints::default();
    constraints.max_items(request.max_items, MAX_ITEMS);
    constraints.choice(Choice::ARCHITECTURE, request.compatible_architecture.as_deref());
    constraints.done()?;
    let runtime = request.compatible_runtime.as_deref();
    let architecture = request.compatible_architecture.as_deref();
    let versions = lambda.layers.get(&name).into_iter().flat_map(|layer| layer.versions.iter());
    let wanted = versions.rev().filter(|(_, it)| it.is_for(runtime, architecture));
    // The newest has the smallest key.
    let all = wanted.map(|(number, it)| (format!("{:020}", u64::MAX - number), it.item()));
    let (shown, next_marker) = page(ctx, all, (request.marker, request.max_items))?;
    Ok(Response { layer_versions: Some(shown), next_marker })
}
