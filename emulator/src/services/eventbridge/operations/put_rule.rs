//! PutRule: makes a rule or replaces it; its targets stay.
//!
//! Limits: names of 1 to 64 letters, digits, `.`, `-` and `_`; patterns of 4,096 characters.
//! Errors: `ResourceNotFoundException`, `InvalidEventPatternException`, `LimitExceededException`,
//! `ValidationException`, `NotImplemented` for schedules.
//! Source: API reference "PutRule"; recordings of 2024-07-11.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint::{self, RULE_NAME};
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::rule::{Rule, RuleState};
use crate::services::eventbridge::state::DEFAULT_BUS;
use crate::services::eventbridge::state::EventBridge;
use crate::services::eventbridge::tagging::{self, Tag};
use crate::services::shared::pattern::EventPattern;

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

const NAME_CHARACTERS_MAX: usize = 64;
const PATTERN_CHARACTERS_MAX: usize = 4096;
const DESCRIPTION_CHARACTERS_MAX: usize = 512;
/// Most rules of one bus. AWS begins at 300 and raises it when asked.
const RULES_MAX: usize = 2000;

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("name", request.name)?;
    constraint::name("name", &name, NAME_CHARACTERS_MAX, RULE_NAME)?;
    let description = request.description.as_deref();
    constraint::at_most("description", description, DESCRIPTION_CHARACTERS_MAX)?;
    let state = state(request.state.as_deref())?;
    let tags = tagging::checked(request.tags.unwrap_or_default())?;
    let text = request.event_pattern.filter(|text| !text.is_empty());
    constraint::at_most("eventPattern", text.as_deref(), PATTERN_CHARACTERS_MAX)?;
    if request.schedule_expression.as_deref().is_some_and(|text| !text.is_empty()) {
        return Err(EventsError::NotImplemented(
            "ScheduleExpression (a rule with a schedule)".to_owned(),
        ));
    }
    let text = text.ok_or_else(|| {
        EventsError::validation(
            "Parameter(s) EventPattern or ScheduleExpression must be specified.",
        )
    })?;
    if request.role_arn.is_some() {
        ctx.not_honoured("RoleArn")?;
    }
    let bus = events.bus(ctx, request.event_bus_name.as_deref())?;
    let pattern = EventPattern::parse(&text)?;
    let old = bus.rules.get(&name);
    if old.is_none() && bus.rules.len() >= RULES_MAX {
        return Err(EventsError::LimitExceeded);
    }
    let arn = match bus.name.as_str() {
        DEFAULT_BUS => ctx.arn(format!("rule/{name}")),
        bus => ctx.arn(format!("rule/{bus}/{name}")),
    };
    let rule_arn = Some(arn.to_string());
    let rule = Rule {
        lineage: ctx.name(&arn.to_string()),
        arn,
        description: request.description,
        pattern,
        state,
        role_arn: request.role_arn,
        // Tags of a rule that is there already are ignored, as on AWS.
        tags: old.map_or(tags, |old| old.tags.clone()),
        targets: old.map(|old| old.targets.clone()).unwrap_or_default(),
        name,
    };
    bus.put_rule(rule);
    Ok(Response { rule_arn })
}

fn state(word: Option<&str>) -> Result<RuleState, EventsError> {
    let Some(word) = word else {
        return Ok(RuleState::Enabled);
    };
    RuleState::from_word(word).ok_or_else(|| {
        let words = "Member must satisfy enum value set: \
                     [ENABLED, DISABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS]";
        constraint::broken("state", word, words)
    })
}
