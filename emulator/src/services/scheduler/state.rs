//! EventBridge Scheduler in one account and region.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::activity::{Count, METRICS};
use super::error::SchedulerError;
use super::group::Group;
use super::invocation::Invocation;
use super::schedule::{Schedule, owned};
use crate::kernel::{Context, WantedMetrics, pairs};

/// Source: "Quotas for Amazon EventBridge Scheduler".
const SCHEDULES_MAX: usize = 1_000_000;

/// All groups, schedules, and what they have called.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Scheduler {
    /// Ask with [`Scheduler::groups`]: the default one is made at the first look.
    pub(super) groups: BTreeMap<String, Group>,
    /// By group and name.
    #[serde(with = "pairs")]
    pub(super) schedules: BTreeMap<(String, String), Schedule>,
    /// Calls that were made, by the invocation's id.
    pub(super) invocations: BTreeMap<Arc<str>, Invocation>,
    /// Those that are made again later.
    pub(super) waiting: BTreeMap<Arc<str>, Invocation>,
}

impl Scheduler {
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn schedule(&mut self, key: (&str, &str)) -> Result<&mut Schedule, SchedulerError> {
        let missing = || SchedulerError::ScheduleNotFound(key.1.to_owned());
        self.schedules.get_mut(&owned(key)).ok_or_else(missing)
    }

    /// # Errors
    /// `ConflictException`, `ServiceQuotaExceededException`.
    pub(super) fn check_new_schedule(&self, key: (&str, &str)) -> Result<(), SchedulerError> {
        if self.schedules.contains_key(&owned(key)) {
            return Err(SchedulerError::ScheduleExists(key.1.to_owned()));
        }
        if self.schedules.len() >= SCHEDULES_MAX {
            return Err(SchedulerError::TooManySchedules);
        }
        Ok(())
    }

    /// Counts something for a group's metric.
    pub(super) fn count(&mut self, ctx: &mut Context<'_>, group: &str, what: Count) {
        if let Some(group) = self.groups.get_mut(group) {
            group.activity.count(ctx, &group.name, what);
        }
    }

    pub(super) fn publish_activity(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        let wanted = wanted.resources(METRICS.0, METRICS.1);
        let is_wanted = |name: &str| wanted.as_ref().is_none_or(|names| names.contains(&name));
        for group in self.groups.values_mut().filter(|group| is_wanted(&group.name)) {
            group.activity.publish(ctx, &group.name);
        }
    }
}

/// Which part of a list is asked for.
pub(super) struct Page {
    pub(super) max_results: Option<i32>,
    pub(super) token: Option<String>,
}

/// Entries of a page where nothing else is asked for.
const PAGE: usize = 100;

/// The part of `all`, which is in the order of its keys, and the token of the part after it.
///
/// # Errors
/// `ValidationException` for a token that is none.
pub(super) fn page<T>(
    ctx: &Context<'_>,
    all: impl Iterator<Item = (String, T)>,
    asked: Page,
) -> Result<(Vec<T>, Option<String>), SchedulerError> {
    // Unverified: the text.
    let no_token = || SchedulerError::validation("Invalid NextToken.");
    let from = asked.token.map(|it| ctx.page_position(&it).ok_or_else(no_token)).transpose()?;
    let limit = asked.max_results.map_or(PAGE, |max| max.unsigned_abs() as usize);
    let mut rest = all.filter(|(key, _)| from.as_ref().is_none_or(|from| key > from));
    let mut last = None;
    let mut shown = Vec::new();
    for (key, entry) in rest.by_ref().take(limit) {
        last = Some(key);
        shown.push(entry);
    }
    let more = rest.next().is_some();
    Ok((shown, last.filter(|_| more).map(|key| ctx.page_token(&key))))
}
