//! What a request says of a schedule, checked.

use serde::{Deserialize, Serialize};

use super::error::SchedulerError;
use super::shapes::{self, FlexibleTimeWindow};
use super::target::Target;
use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::shared::schedule::Schedule as Expression;
use crate::services::shared::zone::Zone;
use crate::wire::Timestamp;

const EXPRESSION_CHARACTERS: (usize, usize) = (1, 256);
const ZONE_CHARACTERS: (usize, usize) = (1, 50);
const DESCRIPTION_CHARACTERS: (usize, usize) = (0, 512);
const KEY_CHARACTERS: (usize, usize) = (1, 2048);
const WINDOW_MINUTES: (i32, i32) = (1, 1440);
/// How long a start may be over already.
const START_AGE_MILLIS: i64 = 5 * 60_000;

/// The members that make and change a schedule.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) group: Option<String>,
    pub(super) name: Option<String>,
    pub(super) client_token: Option<String>,
    pub(super) expression: Option<String>,
    pub(super) zone: Option<String>,
    pub(super) start: Option<Timestamp>,
    pub(super) end: Option<Timestamp>,
    pub(super) description: Option<String>,
    pub(super) state: Option<String>,
    pub(super) kms_key_arn: Option<String>,
    pub(super) target: Option<shapes::Target>,
    pub(super) window: Option<FlexibleTimeWindow>,
    pub(super) after_completion: Option<String>,
}

/// What a schedule is set to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) expression: Expression,
    pub(super) zone: Zone,
    pub(super) start: Option<Timestamp>,
    pub(super) end: Option<Timestamp>,
    pub(super) description: Option<String>,
    pub(super) is_enabled: bool,
    pub(super) kms_key_arn: Option<String>,
    pub(super) target: Target,
    /// 0: it is on time.
    pub(super) window_minutes: u16,
    /// It is deleted after it has rung for the last time.
    pub(super) ends_in_deletion: bool,
}

impl Settings {
    /// Checks all that a request says; the name comes with it.
    ///
    /// # Errors
    /// `ValidationException`, or what strict mode refuses.
    pub(super) fn read(ctx: &mut Context<'_>, wanted: Wanted) -> Result<Self, SchedulerError> {
        check(&wanted)?;
        let text = wanted.expression.unwrap_or_default();
        let invalid =
            |_| SchedulerError::Validation(format!("Invalid Schedule Expression {text}."));
        let expression = Expression::parse_of_any_number(&text).map_err(invalid)?;
        let zone = match wanted.zone {
            None => Zone::default(),
            Some(name) => Zone::try_from(name.clone()).map_err(|_| {
                SchedulerError::Validation(format!("Invalid Schedule Expression Timezone {name}."))
            })?,
        };
        check_dates(ctx.now(), wanted.start, wanted.end)?;
        let window = wanted.window.unwrap_or_default();
        let window_minutes = window_minutes(&window)?;
        let target = Target::read(ctx, wanted.target.unwrap_or_default())?;
        if wanted.kms_key_arn.is_some() {
            ctx.not_honoured("KmsKeyArn")?;
        }
        Ok(Self {
            expression,
            zone,
            start: wanted.start,
            end: wanted.end,
            description: wanted.description,
            is_enabled: wanted.state.is_none_or(|state| state == "ENABLED"),
            kms_key_arn: wanted.kms_key_arn,
            target,
            window_minutes,
            ends_in_deletion: wanted.after_completion.is_some_and(|action| action == "DELETE"),
        })
    }

    /// The first time that is not before `now` for a schedule that was set at `since`.
    ///
    /// Source: user guide, "Schedule types": a rate without a start begins at once.
    pub(super) fn first(&self, since: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let begins = self.start.unwrap_or(since);
        if self.expression.is_rate() && begins >= now {
            return Some(begins).filter(|at| self.is_in_time(*at));
        }
        // A moment that is named by the start itself counts.
        let before = Timestamp::from_millis(begins.max(now).millis() - 1);
        self.after(since, before)
    }

    /// The first time after `after`.
    pub(super) fn after(&self, since: Timestamp, after: Timestamp) -> Option<Timestamp> {
        let next = match self.expression.is_rate() {
            true => self.expression.next(self.start.unwrap_or(since), after),
            false => self.zone.next(&self.expression, after),
        };
        next.filter(|at| self.is_in_time(*at))
    }

    /// Start and end do not count for what happens once.
    fn is_in_time(&self, at: Timestamp) -> bool {
        self.expression.is_once() || self.end.is_none_or(|end| at <= end)
    }

    pub(super) fn window(&self) -> FlexibleTimeWindow {
        let minutes = Some(i32::from(self.window_minutes)).filter(|minutes| *minutes > 0);
        let mode = if minutes.is_some() { "FLEXIBLE" } else { "OFF" };
        FlexibleTimeWindow { mode: Some(mode.to_owned()), maximum_window_in_minutes: minutes }
    }

    pub(super) fn state(&self) -> String {
        if self.is_enabled { "ENABLED" } else { "DISABLED" }.to_owned()
    }
}

fn check(wanted: &Wanted) -> Result<(), SchedulerError> {
    let mut it = Constraints::default();
    it.required("name", wanted.name.as_ref());
    it.name("name", wanted.name.as_deref());
    it.name("groupName", wanted.group.as_deref());
    it.token(wanted.client_token.as_deref());
    it.required("scheduleExpression", wanted.expression.as_ref());
    it.length("scheduleExpression", wanted.expression.as_deref(), EXPRESSION_CHARACTERS);
    it.length("scheduleExpressionTimezone", wanted.zone.as_deref(), ZONE_CHARACTERS);
    it.length("description", wanted.description.as_deref(), DESCRIPTION_CHARACTERS);
    it.length("kmsKeyArn", wanted.kms_key_arn.as_deref(), KEY_CHARACTERS);
    it.one_of("state", wanted.state.as_deref(), &["ENABLED", "DISABLED"]);
    it.one_of("actionAfterCompletion", wanted.after_completion.as_deref(), &["NONE", "DELETE"]);
    it.required("flexibleTimeWindow", wanted.window.as_ref());
    if let Some(window) = &wanted.window {
        it.required("flexibleTimeWindow.mode", window.mode.as_ref());
        it.one_of("flexibleTimeWindow.mode", window.mode.as_deref(), &["OFF", "FLEXIBLE"]);
        let minutes = window.maximum_window_in_minutes;
        it.range("flexibleTimeWindow.maximumWindowInMinutes", minutes, WINDOW_MINUTES);
    }
    it.required("target", wanted.target.as_ref());
    if let Some(target) = &wanted.target {
        it.target(target);
    }
    Ok(it.done()?)
}

/// The minutes of a window; none without one.
// Unverified: the texts.
fn window_minutes(window: &FlexibleTimeWindow) -> Result<u16, SchedulerError> {
    match (window.mode.as_deref(), window.maximum_window_in_minutes) {
        (Some("FLEXIBLE"), Some(minutes)) => Ok(u16::try_from(minutes).unwrap_or(u16::MAX)),
        (Some("FLEXIBLE"), None) => Err(SchedulerError::validation(
            "A flexible time window must have a MaximumWindowInMinutes.",
        )),
        (_, Some(_)) => Err(SchedulerError::validation(
            "A flexible time window that is OFF cannot have a MaximumWindowInMinutes.",
        )),
        (_, None) => Ok(0),
    }
}

// Source: users' reports of AWS's answers (the first text). Unverified: the others.
fn check_dates(
    now: Timestamp,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
) -> Result<(), SchedulerError> {
    if start.is_some_and(|start| start.millis() < now.millis() - START_AGE_MILLIS) {
        return Err(SchedulerError::validation(
            "The StartDate you specify cannot be earlier than 5 minutes ago.",
        ));
    }
    if end.is_some_and(|end| end < now) {
        return Err(SchedulerError::validation("The EndDate you specify must be in the future."));
    }
    match (start, end) {
        (Some(start), Some(end)) if end <= start => Err(SchedulerError::validation(
            "The StartDate you specify must come before the EndDate you specify.",
        )),
        _ => Ok(()),
    }
}
