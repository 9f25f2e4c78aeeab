//! How a poller is set.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::filter::Filter;
use crate::kernel::Arn;

/// Where the reading of a stream begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum StartingPosition {
    /// With the oldest record that is there.
    TrimHorizon,
    /// With the next record.
    Latest,
}

/// How a poller is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// A queue's or a stream's ARN.
    pub(crate) source: Arn,
    /// Most records of a batch.
    pub(crate) batch_size: usize,
    /// How long a batch that is not full is gathered.
    pub(crate) window: Duration,
    /// A record has to match one of them, if there are any.
    pub(crate) filters: Vec<Filter>,
    /// Most batches of a queue that are dealt with at the same time.
    pub(crate) concurrency: usize,
    /// Set for streams.
    pub(crate) stream: Option<StreamSettings>,
}

/// What is set of the reading of a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StreamSettings {
    pub(crate) from: StartingPosition,
    /// Batches of one shard at the same time, 1 to 10; what has the same key is in one lane.
    pub(crate) lanes: usize,
    /// A batch that fails is halved.
    pub(crate) bisects: bool,
    /// Retries of a batch; unset as many as its records live.
    pub(crate) retries_max: Option<u32>,
    /// How old records may be that are tried; unset as old as they live.
    pub(crate) age_max: Option<Duration>,
    /// Records are dealt with in windows of so long, each of which has an end of its own.
    pub(crate) tumbling: Option<Duration>,
}

impl Settings {
    pub(super) fn is_queue(&self) -> bool {
        self.stream.is_none()
    }

    /// Whether the event passes the filters.
    pub(super) fn wants(&self, event: &str) -> bool {
        if self.filters.is_empty() {
            return true;
        }
        let Ok(event) = serde_json::from_str(event) else { return false };
        self.filters.iter().any(|filter| filter.matches(&event))
    }
}
