//! ListRules: a bus's rules by prefix, in pages.
//!
//! Limits: 1 to 100 a page.
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "ListRules"; recordings of 2024-06-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::page::page;
use crate::services::eventbridge::state::EventBridge;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name_prefix: Option<String>,
    pub event_bus_name: Option<String>,
    pub next_token: Option<String>,
    pub limit: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub rules: Option<Vec<RuleSummary>>,
    pub next_token: Option<String>,
}

/// A rule in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RuleSummary {
    pub name: Option<String>,
    pub arn: Option<String>,
    pub event_pattern: Option<String>,
    pub state: Option<String>,
    pub description: Option<String>,
    pub schedule_expression: Option<String>,
    pub role_arn: Option<String>,
    pub managed_by: Option<String>,
    pub event_bus_name: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let prefix = request.name_prefix.unwrap_or_default();
    let bus = events.bus(ctx, request.event_bus_name.as_deref())?;
    let rules = bus.rules.values().filter(|rule| rule.name.starts_with(&prefix));
    let rules = rules.map(|rule| (rule.name.as_str(), rule));
    let (shown, next_token) = page(ctx, rules, request.limit, request.next_token.as_deref())?;
    let shown = shown.into_iter().map(|rule| RuleSummary {
        name: Some(rule.name.clone()),
        arn: Some(rule.arn.to_string()),
        event_pattern: rule.pattern_text(),
        state: Some(rule.state.as_str().to_owned()),
        description: rule.description.clone(),
        schedule_expression: rule.schedule_text(),
        role_arn: rule.role_arn.clone(),
        managed_by: rule.managed_by.clone(),
        event_bus_name: Some(bus.name.clone()),
    });
    Ok(Response { rules: Some(shown.collect()), next_token })
}
