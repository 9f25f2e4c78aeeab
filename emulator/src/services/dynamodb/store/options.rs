//! What a table is told beside its keys, its indexes and its capacity.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::attribute_value::Item;
use super::super::shapes::{ProvisionedThroughput, RestoreSummary, WarmThroughput};
use super::super::streams::image;
use super::replication::Replication;
use super::view::StoredItem;
use crate::kernel::Passing;
use crate::wire::Timestamp;

/// How far back a table can be restored.
pub(crate) const RECOVERY_DAYS_MAX: i32 = 35;
/// Changes that the log of a table holds, at most; the oldest go first, and with them the moments
/// to which the table could have been restored.
const LOG_MAX: usize = 1_000_000;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct TableOptions {
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) time_to_live: TimeToLive,
    /// With a key of KMS; AWS's own key needs no word.
    pub(crate) encryption: Option<Encryption>,
    pub(crate) recovery: Recovery,
    /// Contributor insights of the table and of its indexes.
    pub(crate) insights: Vec<Insights>,
    /// Streams of Kinesis that were named as destinations.
    pub(crate) destinations: Vec<Destination>,
    /// Resource policies of the table and of its stream, by ARN.
    pub(crate) policies: BTreeMap<String, ResourcePolicy>,
    pub(crate) restored: Option<RestoreSummary>,
    pub(crate) warm: Option<WarmThroughput>,
    pub(crate) throughput_changes: ThroughputChanges,
    /// The last changes of the table's class, as far as they count.
    pub(crate) class_changes: Vec<Timestamp>,
    pub(crate) replication: Replication,
}

/// Which attribute says when an item expires.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TimeToLive {
    pub(crate) attribute: Option<String>,
    /// The attribute that was disabled last.
    pub(crate) former: Option<String>,
    pub(crate) passing: Option<Passing>,
    /// When the timer rings that looks for items that have expired.
    pub(crate) timer: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Encryption {
    /// The ARN of a key of KMS.
    pub(crate) key: String,
    pub(crate) passing: Option<Passing>,
}

/// Contributor insights of a table, or of an index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Insights {
    pub(crate) index: Option<String>,
    pub(crate) enabled: bool,
    pub(crate) mode: String,
    pub(crate) changed: Timestamp,
    pub(crate) passing: Option<Passing>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Destination {
    pub(crate) stream: String,
    pub(crate) active: bool,
    /// As given.
    pub(crate) precision: Option<String>,
    pub(crate) passing: Option<Passing>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ResourcePolicy {
    pub(crate) text: String,
    pub(crate) revision: String,
}

/// When the capacities of a table or of an index were changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ThroughputChanges {
    pub(crate) increased: Option<Timestamp>,
    pub(crate) decreased: Option<Timestamp>,
    /// The day, counted from 1970, and how often capacities were decreased on it.
    pub(crate) decreases: (i64, i64),
    /// What there was before the last change, if that was one of capacities.
    pub(crate) before: Option<Before>,
    /// When the table was set to be paid by request.
    pub(crate) to_pay_per_request: Option<Timestamp>,
    /// The last of such switches, as far as they count.
    pub(crate) switches: Vec<Timestamp>,
}

/// Capacities before a change, and [`ThroughputChanges::decreases`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Before {
    pub(crate) throughput: ProvisionedThroughput,
    pub(crate) decreases: (i64, i64),
}

/// Point-in-time recovery: how to undo what was written, change by change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Recovery {
    /// Since when changes are written down; unset is off.
    since: Option<Timestamp>,
    days: i32,
    log: VecDeque<Undo>,
}

/// What stood under a key before something was written there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Undo {
    pub(crate) at: Timestamp,
    pub(crate) keys: Item,
    #[serde(with = "image", default)]
    pub(crate) old: Option<Arc<StoredItem>>,
}

impl Recovery {
    /// Begins to write changes down, for `days`, or goes on with it.
    pub(crate) fn enable(&mut self, now: Timestamp, days: i32) {
        self.since.get_or_insert(now);
        self.days = days;
        self.trim(now);
    }

    pub(crate) fn disable(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.since.is_some()
    }

    pub(crate) fn days(&self) -> i32 {
        self.days
    }

    /// The earliest moment to which the table can be restored.
    pub(crate) fn earliest(&self, now: Timestamp) -> Option<Timestamp> {
        Some(self.since?.max(now - self.period()))
    }

    pub(crate) fn push(&mut self, now: Timestamp, undo: Undo) {
        self.log.push_back(undo);
        self.trim(now);
    }

    /// What has to be undone to come back to `moment`, the last change first.
    pub(crate) fn after(&self, moment: Timestamp) -> impl Iterator<Item = &Undo> {
        self.log.iter().rev().take_while(move |undo| undo.at > moment)
    }

    fn period(&self) -> Duration {
        Duration::from_secs(86_400 * u64::try_from(self.days).unwrap_or(0))
    }

    fn trim(&mut self, now: Timestamp) {
        let oldest = now - self.period();
        while self.log.front().is_some_and(|undo| undo.at < oldest) || self.log.len() > LOG_MAX {
            let Some(undo) = self.log.pop_front() else { break };
            self.since = self.since.map(|since| since.max(undo.at));
        }
    }
}
