//! A rule's schedule: when it rings next, and the event that it puts then.
//!
//! A timer stands only while the schedule is enabled. One that is stale finds nothing due.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::event::{NewEvent, Parts};
use super::rule::{Rule, RuleState};
use super::state::EventBridge;
use crate::kernel::Context;
use crate::services::shared::schedule::Schedule;
use crate::wire::Timestamp;

/// What the keys of timers of schedules begin with; no name of a replay does.
pub(super) const TIMER: &str = "schedule/";

/// The schedule of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RuleSchedule {
    pub(super) expression: Schedule,
    /// Since when it has been enabled; rates count from then.
    since: Timestamp,
    /// When it rings next. Unset while it is disabled, or when it never will.
    next: Option<Timestamp>,
}

impl RuleSchedule {
    pub(super) fn new(expression: Schedule) -> Self {
        Self { expression, since: Timestamp::default(), next: None }
    }
}

impl Rule {
    /// Lets the schedule run, or stop, as the rule's state says. One that runs goes on as it was.
    pub(super) fn wind(&mut self, ctx: &mut Context<'_>) {
        let Some(schedule) = &mut self.schedule else { return };
        if self.state == RuleState::Disabled {
            schedule.next = None;
        } else if schedule.next.is_none() {
            schedule.since = ctx.now();
            schedule.next = schedule.expression.next(ctx.now(), ctx.now());
            set_timer(ctx, &self.name, schedule.next);
        }
    }
}

impl EventBridge {
    /// The schedule of the rule `name` of the default bus may be due.
    pub(super) fn ring(&mut self, ctx: &mut Context<'_>, name: &str) {
        let Ok(bus) = self.bus(ctx, None) else { return };
        let rule = bus.rules.get_mut(name);
        let Some(schedule) = rule.and_then(|rule| rule.schedule.as_mut()) else {
            return;
        };
        let Some(due) = schedule.next.filter(|at| *at <= ctx.now()) else {
            return;
        };
        schedule.next = schedule.expression.next(schedule.since, due);
        set_timer(ctx, name, schedule.next);
        self.put_scheduled(ctx, name, due);
    }

    /// Puts the event of the schedule of the rule `name`, which rings at `due`.
    pub(super) fn put_scheduled(&mut self, ctx: &mut Context<'_>, name: &str, due: Timestamp) {
        let Ok(bus) = self.bus(ctx, None) else { return };
        let Some(rule) = bus.rules.get(name).map(|rule| rule.arn.clone()) else { return };
        let parts = Parts {
            source: "aws.events",
            detail_type: "Scheduled Event",
            detail: "{}",
            detail_value: Value::Object(Map::new()),
            resources: &[rule.to_string()],
            time: Some(due),
        };
        let event = NewEvent { scheduled: Some(name.into()), ..NewEvent::new(ctx, parts) };
        bus.put(ctx, &event);
    }
}

fn set_timer(ctx: &mut Context<'_>, rule: &str, at: Option<Timestamp>) {
    if let Some(at) = at {
        ctx.set_timer(at, &Arc::from(format!("{TIMER}{rule}")));
    }
}
