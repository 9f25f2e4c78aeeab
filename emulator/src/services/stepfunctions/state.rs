//! Step Functions in one account and region.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::creating::Pending;
use super::machine::Machine;
use super::run::Run;
use super::trying::Waiting;
use crate::wire::Timestamp;

/// All state machines, activities and executions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StepFunctions {
    pub(super) machines: BTreeMap<String, Machine>,
    pub(super) activities: BTreeMap<String, Activity>,
    /// By what stands behind `execution:` or `express:` in their ARNs. Those of Express machines
    /// are forgotten when they end.
    pub(super) executions: BTreeMap<Arc<str>, Run>,
    /// Those that have ended, and when, the first first.
    pub(super) closed: VecDeque<(Timestamp, Arc<str>)>,
    /// Bytes of what is kept of executions that have ended.
    pub(super) closed_bytes: usize,
    /// Executions that have not ended.
    pub(super) open: usize,
    /// Executions that were ever started; their order.
    pub(super) started: u64,
    /// Executions that other services started in this second.
    pub(super) burst: (i64, u32),
    /// Which task of which execution a token belongs to.
    pub(super) tokens: BTreeMap<String, (Arc<str>, u64)>,
    /// Machines that wait for what Logs says of their log groups.
    pub(super) pending: BTreeMap<Arc<str>, Pending>,
    /// States that are tried and wait for what they call.
    pub(super) trials: BTreeMap<Arc<str>, Waiting>,
    /// The number of the next of either.
    pub(super) next: u64,
}

impl StepFunctions {
    /// The number of the next machine or trial that waits.
    pub(super) fn number(&mut self) -> Arc<str> {
        self.next += 1;
        self.next.to_string().into()
    }
}
