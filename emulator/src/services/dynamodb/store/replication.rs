//! What a table knows of its replicas in other regions, and which write of an item was the last.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::shapes::CreateReplicationGroupMemberAction;
use super::key_schema::PrimaryKey;
use super::table::DELETING;
use crate::kernel::{Context, Passing, Region, pairs};
use crate::wire::Timestamp;

/// How long it is known when a removed item was removed: longer than a write is on its way.
const REMOVED_KNOWN: Duration = Duration::from_secs(2 * 86_400);
/// Removed items that are known; the first are forgotten first.
const REMOVED_MAX: usize = 1_000_000;

/// When an item was written and where. The greatest wins in every region.
///
/// Source: Developer Guide, "Global tables": the last writer wins, for the whole item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Version {
    at: Timestamp,
    /// Tells writes of the same millisecond apart, and those after one of a later time.
    count: u32,
    region: Region,
}

/// A replica in another region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Replica {
    /// What was said of it when it was made; told by DescribeTable.
    pub(crate) given: CreateReplicationGroupMemberAction,
    /// A status that passes by itself; otherwise it is ACTIVE.
    pub(crate) passing: Option<Passing>,
    /// Why it could not be made.
    pub(crate) failed: Option<String>,
    /// It is there and takes writes.
    pub(crate) is_ready: bool,
    /// What was written while it was being made.
    pub(crate) missed: BTreeSet<PrimaryKey>,
}

/// A table's place in a global table of version 2019.11.21.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Replication {
    /// By region, without this one.
    pub(crate) replicas: BTreeMap<Region, Replica>,
    /// When this table was last what a replica was made of.
    pub(crate) source_at: Option<Timestamp>,
    /// It is or was a replica: writes have versions.
    pub(crate) counts_versions: bool,
    #[serde(with = "pairs")]
    versions: BTreeMap<PrimaryKey, Version>,
    /// Versions of items that were removed, the first one first.
    removed: VecDeque<(PrimaryKey, Version)>,
}

impl Replica {
    /// Whether UpdateTable removed it; it is gone as soon as its status has passed.
    pub(crate) fn is_deleted(&self) -> bool {
        self.passing.as_ref().is_some_and(|it| it.status == DELETING)
    }

    pub(crate) fn status(&self, ctx: &Context<'_>) -> &str {
        let settled = if self.failed.is_some() { "CREATION_FAILED" } else { "ACTIVE" };
        self.passing.as_ref().filter(|it| it.lasts(ctx)).map_or(settled, |it| &*it.status)
    }
}

impl Replication {
    /// The replicas that can be told, shown and removed.
    pub(crate) fn living(&self) -> impl Iterator<Item = (&Region, &Replica)> {
        self.replicas.iter().filter(|(_, replica)| !replica.is_deleted())
    }

    /// The regions whose replicas take writes.
    pub(crate) fn ready(&self) -> impl Iterator<Item = &Region> {
        self.living().filter(|(_, replica)| replica.is_ready).map(|(region, _)| region)
    }

    /// Forgets the replicas that were removed and whose status has passed.
    pub(crate) fn forget_deleted(&mut self, ctx: &Context<'_>) {
        self.replicas.retain(|_, it| !it.is_deleted() || it.status(ctx) == DELETING);
    }

    /// The version of a write that is made here now.
    pub(crate) fn next_version(
        &mut self,
        (now, region): (Timestamp, &Region),
        key: &PrimaryKey,
        removes: bool,
    ) -> Version {
        let region = region.clone();
        let version = match self.versions.get(key) {
            Some(last) if last.at >= now => {
                Version { at: last.at, count: last.count.saturating_add(1), region }
            }
            _ => Version { at: now, count: 0, region },
        };
        self.keep(now, key, version.clone(), removes);
        version
    }

    /// Whether a write with this version is later than what is here; then it counts from now on.
    pub(crate) fn admits(
        &mut self,
        now: Timestamp,
        key: &PrimaryKey,
        version: &Version,
        removes: bool,
    ) -> bool {
        if self.versions.get(key).is_some_and(|own| own >= version) {
            return false;
        }
        self.keep(now, key, version.clone(), removes);
        true
    }

    /// The version of the last write of an item.
    pub(crate) fn version(&self, key: &PrimaryKey) -> Option<&Version> {
        self.versions.get(key)
    }

    fn keep(&mut self, now: Timestamp, key: &PrimaryKey, version: Version, removes: bool) {
        if removes {
            self.removed.push_back((key.clone(), version.clone()));
        }
        self.versions.insert(key.clone(), version);
        let oldest = now - REMOVED_KNOWN;
        while let Some((key, version)) = self.removed.front()
            && (version.at < oldest || self.removed.len() > REMOVED_MAX)
        {
            if self.versions.get(key) == Some(version) {
                self.versions.remove(key);
            }
            self.removed.pop_front();
        }
    }
}
