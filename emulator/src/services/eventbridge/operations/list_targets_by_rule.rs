//! ListTargetsByRule: a rule's targets, in pages.
//!
//! Limits: 1 to 100 a page.
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "ListTargetsByRule"; recordings of 2024-06-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::page::page;
use crate::services::eventbridge::state::EventBridge;
use crate::services::eventbridge::target_parameters::Target;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub rule: Option<String>,
    pub event_bus_name: Option<String>,
    pub next_token: Option<String>,
    pub limit: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub targets: Option<Vec<Target>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("rule", request.rule)?;
    let rule = events.rule(ctx, request.event_bus_name.as_deref(), &name)?;
    let targets = rule.targets.iter().map(|(id, target)| (id.as_str(), target.wire.clone()));
    let (targets, next_token) = page(ctx, targets, request.limit, request.next_token.as_deref())?;
    Ok(Response { targets: Some(targets), next_token })
}
