//! ListRuleNamesByTarget: the rules of a bus that send to a target, in pages.
//!
//! Limits: 1 to 100 a page.
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "ListRuleNamesByTarget".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::page::page;
use crate::services::eventbridge::state::EventBridge;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub target_arn: Option<String>,
    pub event_bus_name: Option<String>,
    pub next_token: Option<String>,
    pub limit: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub rule_names: Option<Vec<String>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let target = constraint::required("targetArn", request.target_arn)?;
    let bus = events.bus(ctx, request.event_bus_name.as_deref())?;
    let names = bus
        .rules
        .values()
        .filter(|rule| rule.targets.values().any(|t| t.wire.arn.as_deref() == Some(&target)))
        .map(|rule| (rule.name.as_str(), rule.name.clone()));
    let (names, next_token) = page(ctx, names, request.limit, request.next_token.as_deref())?;
    Ok(Response { rule_names: Some(names), next_token })
}
