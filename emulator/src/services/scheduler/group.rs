//! Groups of schedules.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::error::SchedulerError;
use super::state::Scheduler;
use crate::kernel::{Arn, Context, Passing};
use crate::wire::Timestamp;

/// The group that is always there.
pub(super) const DEFAULT: &str = "default";
/// Source: "Quotas for Amazon EventBridge Scheduler".
const GROUPS_MAX: usize = 500;
/// How long a group is being deleted with a lifecycle of its own time.
const PASSING_TIME: Duration = Duration::from_secs(30);

/// One group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) arn: Arn,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) client_token: Option<String>,
    /// Its name as a metric's dimension.
    pub(super) name: Arc<str>,
    pub(super) activity: Activity,
    passing: Option<Passing>,
}

impl Group {
    pub(super) fn new(ctx: &Context<'_>, name: &str, tags: BTreeMap<String, String>) -> Self {
        let now = ctx.now();
        Self {
            arn: ctx.arn(format!("schedule-group/{name}")),
            created: now,
            modified: now,
            tags,
            client_token: None,
            name: Arc::from(name),
            activity: Activity::default(),
            passing: None,
        }
    }

    pub(super) fn state(&self) -> String {
        self.passing.as_ref().map_or("ACTIVE", |passing| &passing.status).to_owned()
    }
}

impl Scheduler {
    /// Every group by its name, the default one included, without those that are deleted by now.
    pub(super) fn groups(&mut self, ctx: &Context<'_>) -> &mut BTreeMap<String, Group> {
        if !self.groups.contains_key(DEFAULT) {
            let group = Group::new(ctx, DEFAULT, BTreeMap::new());
            self.groups.insert(DEFAULT.to_owned(), group);
        }
        let over = |group: &Group| group.passing.as_ref().is_some_and(|it| !it.lasts(ctx));
        self.groups.retain(|_, group| !over(group));
        &mut self.groups
    }

    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn group(
        &mut self,
        ctx: &Context<'_>,
        name: &str,
    ) -> Result<&mut Group, SchedulerError> {
        let missing = || SchedulerError::GroupNotFound(name.to_owned());
        self.groups(ctx).get_mut(name).ok_or_else(missing)
    }

    /// A group that takes schedules.
    ///
    /// # Errors
    /// `ResourceNotFoundException`, or `ConflictException` while it is being deleted.
    pub(super) fn active_group(
        &mut self,
        ctx: &Context<'_>,
        name: &str,
    ) -> Result<&mut Group, SchedulerError> {
        let group = self.group(ctx, name)?;
        match group.passing {
            None => Ok(group),
            Some(_) => Err(SchedulerError::GroupIsDeleted(name.to_owned())),
        }
    }

    /// # Errors
    /// `ConflictException`, `ServiceQuotaExceededException`.
    pub(super) fn add_group(
        &mut self,
        ctx: &Context<'_>,
        group: Group,
    ) -> Result<&Group, SchedulerError> {
        let groups = self.groups(ctx);
        let name = group.name.to_string();
        if let Some(old) = groups.get(&name) {
            let again = old.client_token.is_some()
                && (&old.client_token, &old.tags) == (&group.client_token, &group.tags);
            if !again {
                return Err(SchedulerError::GroupExists(name));
            }
        } else if groups.len() >= GROUPS_MAX {
            return Err(SchedulerError::TooManyGroups);
        }
        Ok(groups.entry(name).or_insert(group))
    }

    /// Deletes a group with all of its schedules.
    ///
    /// # Errors
    /// `ResourceNotFoundException`; `ValidationException` for the default group.
    pub(super) fn delete_group(
        &mut self,
        ctx: &Context<'_>,
        name: &str,
    ) -> Result<(), SchedulerError> {
        if name == DEFAULT {
            // Unverified: the text.
            return Err(SchedulerError::validation("The default schedule group can't be deleted."));
        }
        let group = self.group(ctx, name)?;
        group.passing = Some(Passing::begin(ctx, "DELETING", PASSING_TIME));
        group.modified = ctx.now();
        self.schedules.retain(|(of, _), _| of != name);
        Ok(())
    }
}
