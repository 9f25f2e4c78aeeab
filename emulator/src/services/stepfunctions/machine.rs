//! A state machine: its revision, its versions and its aliases.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::alias::Alias;
use super::error::StepFunctionsError;
use super::metrics::Activity;
use super::names::{self, MachineArn};
use super::revision::Revision;
use super::state::StepFunctions;
use crate::kernel::{Arn, Context, Passing};
use crate::wire::Timestamp;

/// Source: "Step Functions service quotas".
pub(super) const MACHINES_MAX: usize = 100_000;
const VERSIONS_MAX: usize = 1_000;
/// How long a deletion lasts that nothing holds up. Unverified.
const DELETION: Duration = Duration::from_secs(5);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Machine {
    pub(super) arn: Arn,
    pub(super) name: String,
    /// The ARN as metrics name it.
    pub(super) metric_name: Arc<str>,
    pub(super) created: Timestamp,
    pub(super) revision: Arc<Revision>,
    pub(super) versions: BTreeMap<u64, Version>,
    /// Numbers are never used again.
    pub(super) last_version: u64,
    pub(super) aliases: BTreeMap<String, Alias>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) activity: Activity,
    pub(super) deletion: Option<Passing>,
    /// Executions that have not ended.
    pub(super) running: u64,
    /// The log stream of the minute.
    pub(super) log_stream: Option<Arc<str>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Version {
    pub(super) number: u64,
    pub(super) description: Option<String>,
    pub(super) created: Timestamp,
    pub(super) revision: Arc<Revision>,
}

impl Machine {
    pub(super) fn new(
        now: Timestamp,
        (arn, name): (Arn, &str),
        revision: Arc<Revision>,
        tags: BTreeMap<String, String>,
    ) -> Self {
        Self {
            metric_name: arn.as_str().into(),
            arn,
            name: name.to_owned(),
            created: now,
            revision,
            versions: BTreeMap::new(),
            last_version: 0,
            aliases: BTreeMap::new(),
            tags,
            activity: Activity::default(),
            deletion: None,
            running: 0,
            log_stream: None,
        }
    }

    pub(super) fn is_express(&self) -> bool {
        self.revision.settings.express
    }

    pub(super) fn version_arn(&self, number: u64) -> String {
        format!("{}:{number}", self.arn)
    }

    /// The version of this number, if a text is one.
    pub(super) fn version(&self, qualifier: &str) -> Option<&Version> {
        self.versions.get(&qualifier.parse().ok()?)
    }

    /// Makes a version of the present revision, unless the last one is just that.
    ///
    /// # Errors
    /// `ConflictException` if another revision was meant, `ServiceQuotaExceededException`.
    pub(super) fn publish(
        &mut self,
        now: Timestamp,
        description: Option<String>,
        wanted: Option<&str>,
    ) -> Result<&Version, StepFunctionsError> {
        let present = self.revision.name();
        if let Some(wanted) = wanted.filter(|wanted| *wanted != present) {
            return Err(StepFunctionsError::Conflict(format!(
                "Failed to publish the State Machine version for revision {wanted}. The current \
                 State Machine revision is {present}."
            )));
        }
        let newest = self.versions.last_key_value();
        let same = newest.filter(|(_, it)| Arc::ptr_eq(&it.revision, &self.revision));
        if let Some(number) = same.map(|(number, _)| *number) {
            return Ok(&self.versions[&number]);
        }
        if self.versions.len() >= VERSIONS_MAX {
            return Err(StepFunctionsError::QuotaExceeded("versions of a state machine"));
        }
        self.last_version += 1;
        let number = self.last_version;
        let revision = Arc::clone(&self.revision);
        let version = Version { number, description, created: now, revision };
        Ok(self.versions.entry(number).or_insert(version))
    }

    pub(super) fn begin_deletion(&mut self, ctx: &Context<'_>) {
        self.deletion.get_or_insert_with(|| Passing::begin(ctx, "DELETING", DELETION));
    }

    pub(super) fn status(&self) -> String {
        self.deletion.as_ref().map_or("ACTIVE", |it| &*it.status).to_owned()
    }
}

impl StepFunctions {
    /// Forgets the machine if its deletion is over.
    pub(super) fn settle_deletion(&mut self, ctx: &Context<'_>, name: &str) {
        let is_over = |machine: &Machine| {
            machine.running == 0 && machine.deletion.as_ref().is_some_and(|it| !it.lasts(ctx))
        };
        if self.machines.get(name).is_some_and(is_over) {
            self.machines.remove(name);
        }
    }

    /// The machine that an ARN names.
    ///
    /// # Errors
    /// `StateMachineDoesNotExist`.
    pub(super) fn machine(
        &mut self,
        ctx: &Context<'_>,
        of: &MachineArn,
    ) -> Result<&mut Machine, StepFunctionsError> {
        let missing = || StepFunctionsError::MachineDoesNotExist(of.arn.to_string());
        if !names::is_here(ctx, &of.arn) {
            return Err(missing());
        }
        self.settle_deletion(ctx, &of.name);
        self.machines.get_mut(&of.name).ok_or_else(missing)
    }

    /// The same for who wants to change it or start executions of it.
    ///
    /// # Errors
    /// `StateMachineDoesNotExist`, `StateMachineDeleting`.
    pub(super) fn live_machine(
        &mut self,
        ctx: &Context<'_>,
        of: &MachineArn,
    ) -> Result<&mut Machine, StepFunctionsError> {
        let machine = self.machine(ctx, of)?;
        if machine.deletion.is_some() {
            return Err(StepFunctionsError::MachineDeleting(machine.arn.to_string()));
        }
        Ok(machine)
    }
}
