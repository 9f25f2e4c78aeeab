//! Actions that are held back: by a composite alarm's suppressor, before and after it, and by mute
//! rules.
//!
//! Source: API reference "PutCompositeAlarm"; user guide "Suppressing composite alarm actions",
//! "Alarm mute rules". Unverified: that an alarm which is back in the state it acted on last does
//! nothing when it may act again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::{Context, NodeId};
use crate::services::cloudwatch::alarm::state::State;
use crate::services::cloudwatch::alarm::{Alarms, StateValue};
use crate::wire::Timestamp;

/// What holds an alarm's actions back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) enum HeldBy {
    /// The suppressor may still go into ALARM.
    WaitPeriod,
    /// The suppressor has just left ALARM.
    ExtensionPeriod,
    /// The suppressor is in ALARM.
    Alarm,
    /// A mute rule.
    Mute,
}

impl HeldBy {
    /// AWS's word, if a suppressor is what holds them.
    pub(in crate::services::cloudwatch::alarm) fn suppressed_by(self) -> Option<&'static str> {
        match self {
            Self::WaitPeriod => Some("WaitPeriod"),
            Self::ExtensionPeriod => Some("ExtensionPeriod"),
            Self::Alarm => Some("Alarm"),
            Self::Mute => None,
        }
    }
}

/// Actions that are held back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Held {
    pub(in crate::services::cloudwatch) by: HeldBy,
    /// When to look again; `None` as long as the suppressor does not change.
    pub(in crate::services::cloudwatch::alarm) until: Option<Timestamp>,
    /// The state on which the alarm acted last.
    pub(in crate::services::cloudwatch::alarm) before: State,
    /// Since when it had that state.
    #[serde(default)]
    pub(in crate::services::cloudwatch::alarm) since: Timestamp,
    pub(in crate::services::cloudwatch::alarm) cause: NodeId,
}

/// What holds back, and until when.
pub(in crate::services::cloudwatch::alarm) type Hold = (HeldBy, Option<Timestamp>);

impl Alarms {
    /// What holds back the actions of an alarm that changes now.
    pub(in crate::services::cloudwatch::alarm) fn hold(
        &self,
        name: &str,
        now: Timestamp,
    ) -> Option<Hold> {
        let wait = || {
            let composite = self.get(name)?.config.composite()?;
            composite.actions_suppressor.as_ref()?;
            let seconds = composite.actions_suppressor_wait_period.unwrap_or(0);
            let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
            Some((HeldBy::WaitPeriod, Some(now + Duration::from_secs(seconds))))
        };
        self.suppressed(name, now).or_else(wait).or_else(|| self.muted(name, now))
    }

    /// What holds them back whether or not the alarm changes.
    fn hold_on(&self, name: &str, now: Timestamp) -> Option<Hold> {
        self.suppressed(name, now).or_else(|| self.muted(name, now))
    }

    fn suppressed(&self, name: &str, now: Timestamp) -> Option<Hold> {
        let alarm = self.get(name)?;
        let suppressor = self.get(alarm.suppressor()?);
        if suppressor.is_some_and(|it| it.state.value == StateValue::Alarm) {
            return Some((HeldBy::Alarm, None));
        }
        let until = alarm.extended_until.filter(|until| *until > now)?;
        Some((HeldBy::ExtensionPeriod, Some(until)))
    }

    fn muted(&self, name: &str, now: Timestamp) -> Option<Hold> {
        self.mute_rules.until(name, now).map(|until| (HeldBy::Mute, Some(until)))
    }

    /// Lets an alarm act whose actions were held back, unless something still holds them.
    pub(in crate::services::cloudwatch::alarm) fn release(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
    ) {
        let hold = self.hold_on(name, ctx.now());
        self.touch(name, |alarm, history| alarm.release(ctx, history, hold));
    }

    /// The suppressor `name` changed, or is gone.
    pub(in crate::services::cloudwatch::alarm) fn suppressor_changed(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
    ) {
        let Some(composites) = self.suppressed_by.get(name).cloned() else { return };
        let alarming =
            self.get(name).is_some_and(|suppressor| suppressor.state.value == StateValue::Alarm);
        for composite in composites {
            if alarming {
                self.touch(&composite, |alarm, _| {
                    if let Some(held) = &mut alarm.held
                        && held.by != HeldBy::Mute
                    {
                        (held.by, held.until) = (HeldBy::Alarm, None);
                        alarm.state.suppressed_by = Some(HeldBy::Alarm);
                    }
                });
                continue;
            }
            let now = ctx.now();
            let held = self.touch(&composite, |alarm, _| {
                let seconds = alarm
                    .config
                    .composite()
                    .and_then(|it| it.actions_suppressor_extension_period)
                    .and_then(|seconds| u64::try_from(seconds).ok());
                alarm.extended_until = Some(now + Duration::from_secs(seconds.unwrap_or(0)));
                alarm.held.as_ref().is_some_and(|held| held.by == HeldBy::Alarm)
            });
            if held == Some(true) {
                self.release(ctx, &composite);
            }
        }
    }
}
