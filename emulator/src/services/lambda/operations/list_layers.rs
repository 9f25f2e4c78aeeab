//! ListLayers: layers by name, each with its latest version that fits, in pages of 50.
//!
//! Errors: `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "ListLayers".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::constraint::Choice;
use crate::services::lambda::error::LambdaError;
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
    pub marker: Option<String>,
    pub max_items: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub layers: Option<Vec<LayersListItem>>,
    pub next_marker: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LayersListItem {
    pub latest_matching_version: Option<LayerVersionsListItem>,
    pub layer_arn: Option<String>,
    pub layer_name: Option<String>,
}

const MAX_ITEMS: i32 = 50;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let mut constraints = Constraints::default();
    constraints.max_items(request.max_items, MAX_ITEMS);
    constraints.choice(Choice::ARCHITECTURE, request.compatible_architecture.as_deref());
    constraints.done()?;
    let runtime = request.compatible_runtime.as_deref();
    let architecture = request.compatible_architecture.as_deref();
    let all = lambda.layers.iter().filter_map(|(name, layer)| {
        let mut versions = layer.versions.values().rev();
        let latest = versions.find(|it| it.is_for(runtime, architecture))?;
        let item = LayersListItem {
            latest_matching_version: Some(latest.item()),
            layer_arn: Some(ctx.arn(format!("layer:{name}")).to_string()),
            layer_name: Some(name.clone()),
        };
        Some((name.clone(), item))
    });
    let (layers, next_marker) = page(ctx, all, (request.marker, request.max_items))?;
    Ok(Response { layers: Some(layers), next_marker })
}
