//! All that CloudWatch Logs holds in one account and region.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::delivery::Deliveries;
use super::destination::Destination;
use super::error::LogsError;
use super::export::ExportTask;
use super::group::LogGroup;
use super::live_tail::LiveTail;
use super::query::Queries;
use super::resource_policy::ResourcePolicies;
use super::shapes::QueryDefinition;
use super::stream::LogStream;
use crate::kernel::{Arn, Context};

/// Most groups.
///
/// Source: user guide "CloudWatch Logs quotas".
const GROUPS_MAX: usize = 1_000_000;
/// Most streams of a group.
// Differs from AWS: a group has 100,000 streams at most; AWS has no bound.
const STREAMS_MAX: usize = 100_000;
/// Most destinations.
// Differs from AWS: there are 1,000 destinations at most; AWS gives no bound.
pub(super) const DESTINATIONS_MAX: usize = 1_000;

/// The state of CloudWatch Logs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Logs {
    pub(super) groups: BTreeMap<Arc<str>, LogGroup>,
    /// The number of the next event.
    pub(super) next_sequence: u64,
    /// What all streams hold.
    pub(super) bytes: u64,
    pub(super) policies: ResourcePolicies,
    pub(super) destinations: BTreeMap<String, Destination>,
    pub(super) deliveries: Deliveries,
    pub(super) exports: BTreeMap<String, ExportTask>,
    pub(super) queries: Queries,
    pub(super) live: LiveTail,
    pub(super) query_definitions: BTreeMap<String, QueryDefinition>,
}

impl Logs {
    /// A group by its name.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn group(&self, name: &str) -> Result<&LogGroup, LogsError> {
        self.groups.get(name).ok_or(LogsError::GroupNotFound)
    }

    /// The same, to be changed.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn group_mut(&mut self, name: &str) -> Result<&mut LogGroup, LogsError> {
        self.groups.get_mut(name).ok_or(LogsError::GroupNotFound)
    }

    /// The name of the group that a request names, by one of two members.
    ///
    /// # Errors
    /// `ValidationException` where both say it, or none. Recorded for both.
    pub(super) fn named<'r>(
        &self,
        ctx: &Context<'_>,
        name: Option<&'r str>,
        identifier: Option<&'r str>,
    ) -> Result<&'r str, LogsError> {
        match (name, identifier) {
            (Some(_), Some(_)) => Err(LogsError::Validation(
                "LogGroup name and LogGroup ARN are mutually exclusive parameters.".to_owned(),
            )),
            (Some(name), None) => Ok(name),
            (None, Some(identifier)) => of_identifier(ctx, identifier),
            // Unverified: the text.
            (None, None) => Err(LogsError::Validation(
                "Either LogGroup name or LogGroup ARN must be specified.".to_owned(),
            )),
        }
    }

    /// Forgets what is older than the retention of a group, before somebody looks at it.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn settled(&mut self, now: i64, name: &str) -> Result<&LogGroup, LogsError> {
        let group = self.groups.get_mut(name).ok_or(LogsError::GroupNotFound)?;
        self.bytes -= group.settle(now);
        Ok(group)
    }

    /// Adds a group.
    ///
    /// # Errors
    /// `ResourceAlreadyExistsException`, `LimitExceededException`.
    pub(super) fn add_group(&mut self, group: LogGroup) -> Result<(), LogsError> {
        if self.groups.contains_key(&group.name) {
            return Err(LogsError::GroupExists);
        }
        check_number(self.groups.len(), GROUPS_MAX)?;
        self.groups.insert(Arc::clone(&group.name), group);
        Ok(())
    }

    /// Adds a stream to a group.
    ///
    /// # Errors
    /// `ResourceNotFoundException`, `ResourceAlreadyExistsException`, `LimitExceededException`.
    pub(super) fn add_stream(
        &mut self,
        ctx: &Context<'_>,
        group: &str,
        name: &str,
    ) -> Result<(), LogsError> {
        let group = self.group_mut(group)?;
        if group.streams.contains_key(name) {
            return Err(LogsError::StreamExists);
        }
        check_number(group.streams.len(), STREAMS_MAX)?;
        group.streams.insert(name.into(), LogStream::new(ctx.now().millis()));
        Ok(())
    }

    /// The tags of what an ARN names: a group, a destination, or a part of a delivery.
    pub(super) fn tags_of(&mut self, arn: &str) -> Option<&mut BTreeMap<String, String>> {
        let arn: Arn = arn.parse().ok()?;
        let (kind, name) = arn.resource.split_once(':')?;
        match kind {
            "log-group" => {
                let name = name.strip_suffix(":*").unwrap_or(name);
                let group = self.groups.get_mut(name)?;
                (group.arn.scope == arn.scope).then_some(&mut group.tags)
            }
            "destination" => Some(&mut self.destinations.get_mut(name)?.tags),
            _ => self.deliveries.tags_of(kind, name),
        }
    }
}

/// Refuses one more than there may be.
///
/// # Errors
/// `LimitExceededException`.
pub(super) fn check_number(count: usize, max: usize) -> Result<(), LogsError> {
    if count < max { Ok(()) } else { Err(LogsError::LimitExceeded) }
}

/// The name in a group's name or ARN.
///
/// # Errors
/// `ResourceNotFoundException` for an ARN of elsewhere; `InvalidParameterException` for one of
/// something else.
pub(super) fn of_identifier<'r>(
    ctx: &Context<'_>,
    identifier: &'r str,
) -> Result<&'r str, LogsError> {
    if !identifier.starts_with("arn:") {
        return Ok(identifier);
    }
    let invalid = || LogsError::parameter("Invalid log group identifier.");
    let arn: Arn = identifier.parse().map_err(|_| invalid())?;
    let is_group = &*arn.service == "logs" && arn.resource.starts_with("log-group:");
    if !is_group {
        return Err(invalid());
    }
    if arn.scope != *ctx.scope() {
        return Err(LogsError::GroupNotFound);
    }
    let (_, name) = identifier.split_once(":log-group:").ok_or_else(invalid)?;
    Ok(name.strip_suffix(":*").unwrap_or(name))
}
