//! PutRule: makes a rule or replaces it; its targets stay.
//!
//! Limits: names of 1 to 64 letters, digits, `.`, `-` and `_`; patterns of 4,096 characters,
//! schedules of 256; 300 rules a bus.
//! Errors: `ResourceNotFoundException`, `InvalidEventPatternException`, `LimitExceededException`,
//! `ManagedRuleException`, `ValidationException`.
//! Source: API reference "PutRule"; recordings of 2024-07-11 and 2025-01-22.
//! Unverified: the words for a schedule on another bus than the default one.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::rule::{Rule, RuleState};
use crate::services::eventbridge::schedule::RuleSchedule;
use crate::services::eventbridge::state::{DEFAULT_BUS, EventBridge};
use crate::services::eventbridge::tagging::{self, Tag};
use crate::services::shared::pattern::EventPattern;
use crate::services::shared::schedule::Schedule;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub schedule_expression: Option<String>,
    pub event_pattern: Option<String>,
    pub state: Option<String>,
    pub description: Option<String>,
    pub role_arn: Option<String>,
    pub tags: Option<Vec<Tag>>,
    pub event_bus_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub rule_arn: Option<String>,
}

/// Most rules of one bus; AWS raises it when asked.
///
/// Source: user guide "Amazon EventBridge quotas".
const RULES_MAX: usize = 300;

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("name", request.name)?;
    let state = state(request.state.as_deref())?;
    let tags = tagging::checked(request.tags.unwrap_or_default())?;
    let text = request.event_pattern.filter(|text| !text.is_empty());
    let schedule = request.schedule_expression.filter(|text| !text.is_empty());
    let schedule = schedule.map(|text| expression(&text)).transpose()?;
    if text.is_none() && schedule.is_none() {
        return Err(EventsError::validation(
            "Parameter(s) EventPattern or ScheduleExpression must be specified.",
        ));
    }
    if request.role_arn.is_some() {
        ctx.not_honoured("RoleArn")?;
    }
    let bus = events.bus(ctx, request.event_bus_name.as_deref())?;
    if schedule.is_some() && bus.name != DEFAULT_BUS {
        return Err(EventsError::validation(
            "ScheduleExpression is supported only on the default event bus.",
        ));
    }
    let pattern = text.as_deref().map(EventPattern::parse).transpose()?;
    let old = bus.rules.get(&name);
    old.map_or(Ok(()), |old| old.check_not_managed(None))?;
    if old.is_none() && bus.count_own_rules() >= RULES_MAX {
        return Err(EventsError::LimitExceeded);
    }
    let arn = match bus.name.as_str() {
        DEFAULT_BUS => ctx.arn(format!("rule/{name}")),
        bus => ctx.arn(format!("rule/{bus}/{name}")),
    };
    let rule_arn = Some(arn.to_string());
    let mut rule = Rule {
        lineage: ctx.name(&arn.to_string()),
        arn,
        description: request.description,
        pattern,
        schedule: schedule.map(|schedule| going_on(old, schedule)),
        managed_by: None,
        state,
        role_arn: request.role_arn,
        // Tags of a rule that is there already are ignored, as on AWS.
        tags: old.map_or(tags, |old| old.tags.clone()),
        targets: old.map(|old| old.targets.clone()).unwrap_or_default(),
        activity: old.map(|old| old.activity.clone()).unwrap_or_default(),
        name,
    };
    rule.wind(ctx);
    bus.put_rule(rule);
    Ok(Response { rule_arn })
}

fn expression(text: &str) -> Result<Schedule, EventsError> {
    let schedule = Schedule::parse(text).ok().filter(|schedule| !schedule.is_once());
    schedule.ok_or_else(|| EventsError::validation("Parameter ScheduleExpression is not valid."))
}

/// The rule's schedule: the one that runs already if it is the same.
fn going_on(old: Option<&Rule>, new: Schedule) -> RuleSchedule {
    let running = old.and_then(|old| old.schedule.clone());
    running.filter(|old| old.expression == new).unwrap_or_else(|| RuleSchedule::new(new))
}

fn state(word: Option<&str>) -> Result<RuleState, EventsError> {
    let Some(word) = word else {
        return Ok(RuleState::Enabled);
    };
    RuleState::from_word(word)
        .ok_or_else(|| constraint::broken("state", word, "Member must be a state"))
}
