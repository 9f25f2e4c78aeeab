//! DescribeRule: one rule.
//!
//! Errors: `ResourceNotFoundException`.
//! Source: API reference "DescribeRule"; recordings of 2024-06-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::state::EventBridge;
use crate::services::eventbridge::state::bus_name;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub event_bus_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub name: Option<String>,
    pub arn: Option<String>,
    pub event_pattern: Option<String>,
    pub schedule_expression: Option<String>,
    pub state: Option<String>,
    pub description: Option<String>,
    pub role_arn: Option<String>,
    pub managed_by: Option<String>,
    pub event_bus_name: Option<String>,
    pub created_by: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("name", request.name)?;
    let bus = request.event_bus_name.as_deref();
    let rule = events.rule(ctx, bus, &name)?;
    Ok(Response {
        name: Some(rule.name.clone()),
        arn: Some(rule.arn.to_string()),
        event_pattern: rule.pattern_text(),
        schedule_expression: rule.schedule_text(),
        state: Some(rule.state.as_str().to_owned()),
        description: rule.description.clone(),
        role_arn: rule.role_arn.clone(),
        managed_by: rule.managed_by.clone(),
        event_bus_name: Some(bus_name(bus).to_owned()),
        created_by: Some(rule.arn.account().to_owned()),
    })
}
