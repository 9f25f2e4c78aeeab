//! A schedule: what it is set to, when it rings next, and what it calls then.
//!
//! A timer stands only while a schedule is enabled. One that is stale finds nothing due.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::settings::Settings;
use super::state::Scheduler;
use crate::kernel::{Arn, Context, Name};
use crate::wire::Timestamp;

/// What the keys of timers of schedules begin with; those of invocations begin otherwise.
pub(super) const TIMER: &str = "schedule/";

/// One schedule of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Schedule {
    pub(super) arn: Arn,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) settings: Settings,
    /// The token of the request that made it, so that the same request may come again.
    pub(super) client_token: Option<String>,
    pub(super) lineage: Name,
    /// What comes next. Unset while it is disabled, or when nothing will.
    next: Option<Ring>,
}

/// One time at which a schedule rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Ring {
    /// When its expression says.
    scheduled: Timestamp,
    /// When it does: some time in its window.
    at: Timestamp,
}

impl Schedule {
    pub(super) fn new(ctx: &mut Context<'_>, (group, name): (&str, &str), it: Settings) -> Self {
        let arn = ctx.arn(format!("schedule/{group}/{name}"));
        let now = ctx.now();
        let mut schedule = Self {
            lineage: ctx.name(arn.as_str()),
            arn,
            created: now,
            modified: now,
            settings: it,
            client_token: None,
            next: None,
        };
        schedule.wind(ctx, (group, name));
        schedule
    }

    /// Takes other settings, and counts from now on by them.
    pub(super) fn change(&mut self, ctx: &mut Context<'_>, key: (&str, &str), to: Settings) {
        self.settings = to;
        self.modified = ctx.now();
        self.wind(ctx, key);
    }

    /// When it rings next, if it does.
    pub(super) fn next_ring(&self) -> Option<Timestamp> {
        self.next.map(|ring| ring.at)
    }

    /// Begins to wait for the first ring that is not over.
    fn wind(&mut self, ctx: &mut Context<'_>, key: (&str, &str)) {
        let now = ctx.now();
        let first = self.settings.first(self.modified, now);
        self.await_ring(ctx, key, first);
    }

    fn await_ring(&mut self, ctx: &mut Context<'_>, key: (&str, &str), next: Option<Timestamp>) {
        let next = next.filter(|_| self.settings.is_enabled);
        self.next = next.map(|scheduled| {
            let window = f64::from(self.settings.window_minutes) * 60_000.0;
            let late = match self.settings.window_minutes {
                0 => 0.0,
                _ => ctx.ids().fraction() * window,
            };
            Ring { scheduled, at: scheduled + Duration::from_millis(late as u64) }
        });
        if let Some(ring) = self.next {
            let key = format!("{TIMER}{}/{}", key.0, key.1);
            ctx.set_timer(ring.at.max(ctx.now()), &Arc::from(key));
        }
    }
}

impl Scheduler {
    /// The schedule `key`, `GROUP/NAME`, may be due.
    pub(super) fn ring(&mut self, ctx: &mut Context<'_>, key: &str) {
        let Some(key) = key.split_once('/') else { return };
        let Some(schedule) = self.schedules.get_mut(&owned(key)) else { return };
        let Some(ring) = schedule.next.filter(|ring| ring.at <= ctx.now()) else { return };
        let next = schedule.settings.after(schedule.modified, ring.scheduled);
        schedule.await_ring(ctx, key, next);
        let called = schedule.clone();
        if called.next.is_none() && called.settings.is_enabled && called.settings.ends_in_deletion {
            self.schedules.remove(&owned(key));
        }
        self.invoke(ctx, key.0, &called, ring.scheduled);
    }
}

/// A schedule's key in the state.
pub(super) fn owned((group, name): (&str, &str)) -> (String, String) {
    (group.to_owned(), name.to_owned())
}
