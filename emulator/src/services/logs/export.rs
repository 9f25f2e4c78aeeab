//! Export tasks: what was asked to be written to S3, which is not here.

use serde::{Deserialize, Serialize};

use super::shapes;

/// A task, which stays what it was when it was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ExportTask {
    pub(super) described: shapes::ExportTask,
    /// Its number: lists are in this order, youngest first.
    pub(super) number: u64,
}

/// Tasks that are kept; ours.
pub(super) const TASKS_MAX: usize = 1000;
